"""Billing: from a stopped session to a transfer, once."""
