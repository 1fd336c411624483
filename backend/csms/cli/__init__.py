"""The command `csms`. Reads arguments and prints; what is done stands in bootstrap."""
