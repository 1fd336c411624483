"""The parts of the PostgreSQL that the server starts for itself when no DATABASE_URL is set.

Not here: the public entry (csms.bootstrap.embedded_postgres), connections, schema, migrations.
"""
