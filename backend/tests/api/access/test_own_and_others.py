"""One's own, another person's and another organization's: with real objects, real bodies."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from csms.adapters.sql.engine import Database
from tests.api.access.people import other_organization, person_with
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration


async def test_a_driver_sees_and_changes_only_the_own_account(
    operator: Caller, driver: Caller
) -> None:
    me = await driver.get("/auth/profile")
    other = (await operator.get("/auth/profile"))["id"]
    listed = await driver.get("/users")
    assert [user["id"] for user in listed["data"]] == [me["id"]]
    assert (await driver.get(f"/users/{me['id']}"))["email"] == "dana@example.org"
    for path in ("", "/transactions", "/wallet/transfers"):
        refused = await driver.get(f"/users/{other}{path}", expect=403)
        assert refused["code"] == "not_oneself"
    await driver.put(f"/users/{other}", {"full_name": "Mallory"}, expect=403)
    await driver.put(f"/users/{me['id']}", {"role": "ADMIN"}, expect=403)
    assert (await driver.get("/auth/profile"))["role"] == "USER"


async def test_a_manager_cannot_rise_by_changing_who_runs_the_network(
    operator: Caller, driver: Caller, anybody: Caller
) -> None:
    own_id, manager = await person_with(operator, anybody, "mona", {"role": "manager"})
    other_id, _ = await person_with(operator, anybody, "fina", {"role": "finance"})
    admin_id = (await operator.get("/auth/profile"))["id"]
    for user_id in (admin_id, other_id):
        await manager.put(f"/users/{user_id}", {"password": "taken over 123"}, expect=403)
        await manager.post(f"/users/{user_id}/deactivate", expect=403)
        await manager.delete(f"/users/{user_id}", expect=403)
    await manager.put(f"/users/{own_id}", {"role": "ADMIN"}, expect=403)
    await manager.put(f"/users/{own_id}/roles", {"grants": [{"role": "finance"}]}, expect=403)
    refused = {"email": "x@example.org", "full_name": "X", "role": "ADMIN"}
    await manager.post("/users", refused, expect=403)
    driver_id = (await driver.get("/auth/profile"))["id"]
    assert (await manager.put(f"/users/{driver_id}", {"full_name": "Dana D."}))["full_name"]


async def test_granted_roles_show_and_end_at_once(
    operator: Caller, anybody: Caller, network: Network
) -> None:
    user_id, viewer = await person_with(operator, anybody, "vera", {"role": "viewer"})
    held = await viewer.get("/auth/permissions")
    assert {"permission": "stations.read", "stations": None} in held["permissions"]
    assert not any(h["permission"].endswith(".write") for h in held["permissions"])
    await viewer.get("/api/admin/chargers")
    await operator.put(f"/users/{user_id}/roles", {"grants": []})
    await viewer.get("/api/admin/chargers", expect=403)
    entry = (await operator.get("/api/admin/audit", action="user.roles_changed"))["data"][0]
    assert (entry["before"], entry["after"]) == ({"grants": ["viewer"]}, {"grants": []})


def example_of(document: dict[str, Any], path: str, method: str) -> Any:
    body = document["paths"][path][method].get("requestBody")
    return None if body is None else next(iter(body["content"].values()))["example"]


async def test_another_organizations_administrator_reaches_nothing_of_ours(
    anybody: Caller,
    operator: Caller,
    driver: Caller,
    database: Database,
    network: Network,
) -> None:
    app: FastAPI = anybody.app
    document = app.openapi()
    driver_id = (await driver.get("/auth/profile"))["id"]
    transaction = await network.add_transaction()
    tariff = await operator.post("/api/admin/tariffs", TARIFF, expect=201)
    await operator.post("/api/admin/id-tags", {"id_tag": "CARD9"}, expect=201)
    profile = await operator.post(
        "/api/admin/charging-profiles",
        example_of(document, "/api/admin/charging-profiles", "post"),
        expect=201,
    )
    ours = {
        "user_id": driver_id,
        "station_id": network.station["id"],
        "charger_id": network.charger["id"],
        "charge_point_id": network.charger["charge_point_id"],
        "transaction_id": transaction,
        "tariff_id": tariff["id"],
        "id_tag": "CARD9",
        "profile_id": profile["id"],
    }
    _, stranger = await other_organization(database, operator, anybody)
    before = await snapshot(database)
    wrong = []
    for path, methods in document["paths"].items():
        names = re.findall(r"\{([^}]+)\}", path)
        if not names or path.startswith(("/api/stations", "/api/chargers/{charge_point_id}")):
            continue  # the public map is the map of the default organization, for everybody
        place = path
        for name in names:
            place = place.replace("{" + name + "}", str(ours.get(name, 1)))
        for method in methods:
            answer = await stranger.client.request(
                method.upper(), place, json=example_of(document, path, method)
            )
            if answer.status_code == 200 and (answer.json().get("total") == 0):
                continue  # a list that is empty for them
            if answer.status_code not in {403, 404, 409, 422}:
                wrong.append(f"{method.upper()} {place}: {answer.status_code} {answer.text[:200]}")
    assert not wrong
    assert await snapshot(database) == before


async def snapshot(database: Database) -> list[Any]:
    """What strangers must not change, whatever they try."""
    tables = ("station", "charger", "app_user", "tariff", "id_tag", "charging_profile")
    return [
        await database.pool.fetchval(
            f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t "
            "WHERE organization_id = 1"
        )
        for table in (*tables, "transaction", "operation", "ledger_transfer", "role_grant")
    ]


TARIFF = {"name": "Day", "currency": "EUR", "price_per_kwh": "0.45"}
