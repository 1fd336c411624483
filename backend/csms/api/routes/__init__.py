"""The addresses, one file per feature: read the request, call the use case or the read, answer."""
