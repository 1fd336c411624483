"""Ways to send letters."""
