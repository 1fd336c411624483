"""API keys: narrowed, expiring, revocable, and never more than their owner."""

from datetime import timedelta
from typing import Any

import pytest

from csms.adapters.sql.engine import Database
from tests.api.access.people import PASSWORD, other_organization
from tests.api.caller import Caller
from tests.api.fakes import TurnedClock
from tests.api.network import Network

pytestmark = pytest.mark.integration


async def key_for(admin: Caller, *permissions: str, **fields: Any) -> tuple[dict[str, Any], Caller]:
    body = {"name": "Dashboard", "permissions": list(permissions), **fields}
    made = await admin.post("/api/admin/api-keys", body, expect=201)
    return made["api_key"], Caller(admin.app, made["key"], admin.contract)


async def test_a_key_opens_what_it_names_and_nothing_else(
    operator: Caller, network: Network
) -> None:
    view, key = await key_for(operator, "chargers.read")
    assert (await key.get("/api/admin/chargers"))["total"] == 1
    await key.get("/api/admin/transactions", expect=403)
    await key.get("/auth/profile", expect=403)
    await key.get("/users", expect=403)
    await key.post("/api/admin/stations", expect=403)
    await key.post(f"/api/admin/chargers/{network.charger['id']}/reset", expect=403)
    await key.get("/api/admin/api-keys", expect=403)
    held = await key.get("/auth/permissions")
    assert [h["permission"] for h in held["permissions"]] == ["chargers.read"]
    assert view["prefix"].startswith("csms_")
    assert view["last_used_at"] is None


async def test_a_key_is_shown_once_and_kept_as_a_hash(operator: Caller, database: Database) -> None:
    body = {"name": "Once", "permissions": ["chargers.read"]}
    key = (await operator.post("/api/admin/api-keys", body, expect=201))["key"]
    listed = (await operator.ask("GET", "/api/admin/api-keys", 200)).text
    stored = await database.pool.fetchval("SELECT k::text FROM api_key k")
    audited = await database.pool.fetchval("SELECT string_agg(a::text, '') FROM audit_entry a")
    for place in (listed, stored, audited):
        assert key not in place
        assert key[13:] not in place


async def test_what_a_key_does_is_audited_under_its_name_and_its_use_is_shown(
    operator: Caller,
) -> None:
    view, key = await key_for(operator, "stations.write", "stations.read")
    made = {"name": "Quay", "latitude": 1, "longitude": 2, "address": "here"}
    await key.post("/api/admin/stations", made, expect=201)
    entry = (await operator.get("/api/admin/audit", action="station.created"))["data"][0]
    assert entry["actor"] == f"key {view['prefix']} of user {view['user_id']}"
    assert entry["remote_address"] == "192.0.2.17"
    shown = (await operator.get("/api/admin/api-keys"))["data"][0]
    assert shown["last_used_at"] is not None
    assert shown["last_used_from"] == "192.0.2.17"


async def test_revoked_expired_and_unknown_keys_open_nothing(
    operator: Caller, clock: TurnedClock
) -> None:
    view, key = await key_for(operator, "chargers.read")
    _, short = await key_for(
        operator,
        "chargers.read",
        expires_at=(clock.now() + timedelta(hours=1)).isoformat(),
    )
    await operator.delete(f"/api/admin/api-keys/{view['id']}")
    await operator.delete(f"/api/admin/api-keys/{view['id']}")
    await operator.delete("/api/admin/api-keys/4242", expect=404)
    assert (await key.get("/api/admin/chargers", expect=401))["code"] == "bad_token"
    await short.get("/api/admin/chargers")
    clock.turn(timedelta(hours=2))
    await short.get("/api/admin/chargers", expect=401)
    forged = Caller(operator.app, view["prefix"] + "_" + "x" * 43, operator.contract)
    await forged.get("/api/admin/chargers", expect=401)


async def test_a_key_ends_with_its_owner(operator: Caller, anybody: Caller) -> None:
    second = await operator.post(
        "/users",
        {"email": "amir@example.org", "full_name": "A", "role": "ADMIN", "password": PASSWORD},
        expect=201,
    )
    amir = await anybody.signed_in("amir@example.org", PASSWORD)
    _, key = await key_for(amir, "chargers.read")
    await key.get("/api/admin/chargers")
    await operator.put(f"/users/{second['id']}", {"role": "USER"})
    await key.get("/api/admin/chargers", expect=403)
    await operator.post(f"/users/{second['id']}/deactivate")
    await key.get("/api/admin/chargers", expect=401)


@pytest.mark.parametrize(
    "wrong",
    [
        {"permissions": ["access.manage"]},
        {"permissions": ["own"]},
        {"permissions": []},
        {"permissions": ["flying"]},
        {"permissions": ["chargers.read"], "station_ids": []},
        {"permissions": ["chargers.read"], "expires_at": "2001-01-01T00:00:00Z"},
        {"permissions": ["chargers.read"], "organization_id": 2},
    ],
)
async def test_what_no_key_can_be(operator: Caller, wrong: dict[str, Any]) -> None:
    await operator.post("/api/admin/api-keys", {"name": "Bad", **wrong}, expect=422)


async def test_a_key_names_only_stations_of_its_organization(
    operator: Caller, anybody: Caller, database: Database, network: Network
) -> None:
    _, stranger = await other_organization(database, operator, anybody)
    body = {
        "name": "Spy",
        "permissions": ["chargers.read"],
        "station_ids": [network.station["id"]],
    }
    await stranger.post("/api/admin/api-keys", body, expect=404)
