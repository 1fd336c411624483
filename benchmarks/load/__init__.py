"""The load generator: virtual chargers in processes of their own.

It shares no code with the server, so a shared codec cannot hide a shared mistake.
"""
