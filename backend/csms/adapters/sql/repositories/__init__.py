"""What operators keep: accounts, stations, chargers, id tags, tariffs, and calls with a key.

Each change is one database transaction with one audit entry.
"""
