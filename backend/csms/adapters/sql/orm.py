"""How Tortoise is told of the tables: one app, one connection, migrations beside this file."""

from typing import Any

APP = "csms"
MODELS = "csms.adapters.sql.models"
MIGRATIONS = "csms.adapters.sql.migrations"


def orm_config(credentials: dict[str, Any]) -> dict[str, Any]:
    """Return Tortoise's configuration; `credentials` is {"pool": an asyncpg pool}."""
    return {
        "connections": {
            "default": {"engine": "csms.adapters.sql.orm_client", "credentials": credentials}
        },
        "apps": {
            APP: {"models": [MODELS], "migrations": MIGRATIONS, "default_connection": "default"}
        },
        "use_tz": True,
        "timezone": "UTC",
    }
