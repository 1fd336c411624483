"""Tariffs and rating: what a session costs, and why. Pure."""
