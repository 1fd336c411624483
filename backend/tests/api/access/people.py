"""People with every kind of right, made for one test."""

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller

PASSWORD = "a long enough password"
ROLES = ("viewer", "operator", "manager", "finance")


async def person_with(
    admin: Caller, anybody: Caller, name: str, *grants: dict[str, object]
) -> tuple[int, Caller]:
    """Return a signed-in person who holds these roles."""
    made = await admin.post(
        "/users",
        {"email": f"{name}@example.org", "full_name": name, "password": PASSWORD},
        expect=201,
    )
    await admin.put(f"/users/{made['id']}/roles", {"grants": list(grants)})
    return made["id"], await anybody.signed_in(f"{name}@example.org", PASSWORD)


async def other_organization(
    database: Database, admin: Caller, anybody: Caller
) -> tuple[int, Caller]:
    """Return an administrator of another organization."""
    made = await admin.post(
        "/users",
        {"email": "otto@example.org", "full_name": "Otto", "role": "ADMIN", "password": PASSWORD},
        expect=201,
    )
    async with database.pool.acquire() as connection, connection.transaction():
        other = await connection.fetchval(
            "INSERT INTO organization (name) VALUES ('Other') RETURNING id"
        )
        await connection.execute("DELETE FROM id_tag WHERE user_id = $1", made["id"])
        await connection.execute(
            "UPDATE app_user SET organization_id = $2 WHERE id = $1", made["id"], other
        )
    return other, await anybody.signed_in("otto@example.org", PASSWORD)
