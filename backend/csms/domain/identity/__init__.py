"""People: accounts, roles and passwords."""
