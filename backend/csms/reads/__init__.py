"""Queries across features, one file per list or screen: SQL in, typed rows out, for the API only.

Nothing is changed here. The number of queries of a list never depends on its rows.
"""
