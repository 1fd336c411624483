"""Benchmarks of the CSMS beside the usual way of building one, measured in the same run.

Nothing here is imported by the product; `python -m benchmarks` is the only way in.
"""
