"""What callers send, one file per feature. What they get are the typed rows of `csms.reads`."""
