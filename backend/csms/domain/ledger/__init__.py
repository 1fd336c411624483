"""The double-entry ledger: accounts, immutable balanced transfers, wallets."""
