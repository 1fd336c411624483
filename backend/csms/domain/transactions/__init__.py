"""Charging sessions: start, readings, stop, and everything that links and reboots do to them."""
