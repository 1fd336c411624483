"""Charging profiles: what operators keep and push, and what all of them together allow."""
