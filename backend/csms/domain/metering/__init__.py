"""Meter readings: defaults, canonical units, the energy register among them, and what is plausible.

Whose session a reading belongs to is decided in `transactions`.
"""
