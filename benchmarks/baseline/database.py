"""How the baseline reaches PostgreSQL: Tortoise over an asyncpg pool."""

from urllib.parse import parse_qs, urlsplit

MODELS = "benchmarks.baseline.models"


def tortoise_config(dsn: str, pool_size: int) -> dict[str, object]:
    """Return Tortoise's configuration for a libpq URL with the socket's folder as `host`."""
    url = urlsplit(dsn)
    query = parse_qs(url.query)
    credentials = {
        "host": query["host"][0],
        "port": int(query["port"][0]),
        "user": url.username,
        "password": None,
        "database": url.path.removeprefix("/"),
        "minsize": pool_size,
        "maxsize": pool_size,
    }
    return {
        "connections": {
            "default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
        },
        "apps": {"baseline": {"models": [MODELS], "default_connection": "default"}},
    }
