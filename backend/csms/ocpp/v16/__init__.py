"""OCPP 1.6 edition 2 and its security extension: wire types, one file per block, and their tables.

What the messages mean for sessions and money is decided in the domain, not here.
"""
