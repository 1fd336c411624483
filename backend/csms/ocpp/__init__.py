"""The languages of chargers: frames, wire types, catalog, codec, leniency. Translation only.

No I/O, no database, no rule of the business lives here.
"""
