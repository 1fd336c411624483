"""Where the house is put together: settings, wiring, start and stop, the embedded PostgreSQL.

The only room that picks adapters. No rules of the business live here.
"""
