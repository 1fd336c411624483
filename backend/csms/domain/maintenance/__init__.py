"""Firmware campaigns: one version for many chargers. Single updates are operations."""
