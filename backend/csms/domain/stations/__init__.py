"""Stations, chargers and connectors: what stands where, and what a charger says of itself."""
