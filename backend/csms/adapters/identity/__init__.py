"""Built-in identity: passwords, bearer tokens and the stored form of chargers' keys."""
