"""Ports that need no second process, served in the memory of this one. Lost when it ends."""
