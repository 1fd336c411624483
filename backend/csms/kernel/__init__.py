"""Words that every room shares: ids, units, money, time, errors, facts and the Journal port.

Nothing of ours is imported here, and nothing here does I/O.
"""
