"""Security: certificates that chargers ask for, and what they report. Keys of sockets are in stations."""
