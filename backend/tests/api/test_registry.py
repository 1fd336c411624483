"""Stations, chargers, id tags and tariffs: what operators enter, and what hangs on it."""

import pytest

from csms.adapters.memory.presence import MemoryPresence
from csms.adapters.sql.engine import Database
from csms.domain.stations.credentials import is_key_of
from csms.domain.stations.handshakes import StoredCredential
from tests.api.caller import Caller
from tests.api.conftest import SERVER_KEY
from tests.api.network import STATION, Network

pytestmark = pytest.mark.integration


async def test_a_station_is_entered_changed_and_deleted(operator: Caller) -> None:
    made = await operator.post("/api/admin/stations", STATION, expect=201)
    path = f"/api/admin/stations/{made['id']}"
    assert {key: made[key] for key in STATION} == STATION
    changed = await operator.put(path, {**made, "name": "Quay", "latitude": 53.12345678})
    assert (changed["name"], changed["latitude"]) == ("Quay", 53.123457)
    assert changed["address"] == STATION["address"]
    await operator.delete(path)
    assert (await operator.get(path, expect=404))["code"] == "station_not_found"


async def test_a_station_with_chargers_is_archived_not_deleted(
    operator: Caller, network: Network
) -> None:
    path = f"/api/admin/stations/{network.station['id']}"
    assert (await operator.delete(path, expect=409))["code"] == "station_in_use"
    archived = await operator.post(f"{path}/archive")
    assert archived["is_archived"] is True
    assert (await operator.get("/api/admin/stations"))["total"] == 0
    assert (await operator.get("/api/admin/stations", archived=True))["total"] == 1
    assert (await operator.get("/api/admin/chargers"))["total"] == 0
    charger = await operator.get(f"/api/admin/chargers/{network.charger['id']}")
    assert charger["is_archived"] is True
    assert (await operator.get("/api/stations"))["total"] == 0
    refused = await operator.post(
        "/api/admin/chargers", {"station_id": network.station["id"], "name": "Late"}, expect=409
    )
    assert refused["code"] == "station_archived"
    assert (await operator.put(path, {"name": "Other"}, expect=409))["code"] == "station_archived"


async def test_a_new_charger_shows_its_password_once(
    operator: Caller, network: Network, database: Database
) -> None:
    body = {"station_id": network.station["id"], "name": "Quay 2", "charge_point_id": "CP 2:é"}
    made = await operator.post("/api/admin/chargers", body, expect=201)
    key = made["password"]
    assert len(key) == 20
    assert made["ocpp_url"] == "wss://csms.example.org/ocpp/CP%202:%C3%A9"
    shown = await operator.get(f"/api/admin/chargers/{made['charger']['id']}")
    assert key not in str(shown)
    row = await database.pool.fetchrow(
        "SELECT id, kind, hash, salt FROM charger_credential WHERE charger_id = $1",
        made["charger"]["id"],
    )
    stored = StoredCredential(row["id"], row["kind"], bytes(row["hash"]), bytes(row["salt"]))
    assert is_key_of(stored, key.encode(), SERVER_KEY)
    assert not is_key_of(stored, b"x" * 20, SERVER_KEY)


async def test_a_charger_gets_an_id_of_its_own_when_none_is_given(
    operator: Caller, network: Network
) -> None:
    body = {"station_id": network.station["id"], "name": "Quay 2", "security_profile": 0}
    made = await operator.post("/api/admin/chargers", body, expect=201)
    assert made["charger"]["charge_point_id"].startswith("CP")
    assert made["password"] is None


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"security_profile": 2}, 422, "security_profile_not_served"),
        ({"security_profile": 3}, 422, "security_profile_not_served"),
        ({"security_profile": 4}, 422, "invalid_request"),
        ({"charge_point_id": "CP001"}, 409, "charge_point_id_taken"),
        ({"charge_point_id": "a/b"}, 422, "bad_charge_point_id"),
        ({"password": "too short"}, 422, "bad_charger_key"),
        ({"station_id": 999}, 404, "station_not_found"),
        ({"connectors": [{"connector_id": 1}, {"connector_id": 1}]}, 422, "bad_connectors"),
        ({"connectors": [{"connector_id": 1, "max_power_kw": 0}]}, 422, "invalid_request"),
        ({"surprise": 1}, 422, "invalid_request"),
    ],
)
async def test_a_charger_that_cannot_be_is_refused(
    operator: Caller, network: Network, fields: dict[str, object], status: int, code: str
) -> None:
    body = {"station_id": network.station["id"], "name": "Quay 2"} | fields
    refused = await operator.post("/api/admin/chargers", body, expect=status)
    assert refused["code"] == code


async def test_a_charger_keeps_what_a_change_leaves_out(
    operator: Caller, network: Network, database: Database
) -> None:
    path = f"/api/admin/chargers/{network.charger['id']}"
    before = await operator.get(path)
    changed = await operator.put(path, {"vendor": "Example", "password": "sixteen bytes key"})
    assert changed["vendor"] == "Example"
    assert changed["connectors"] == before["connectors"]
    again = await operator.put(path, changed | {"name": "Renamed", "vendor": None})
    assert (again["name"], again["vendor"]) == ("Renamed", None)
    kinds = await database.pool.fetch(
        "SELECT kind FROM charger_credential WHERE charger_id = $1 AND retired_at IS NULL",
        network.charger["id"],
    )
    assert [row["kind"] for row in kinds] == ["chosen"]


async def test_connectors_that_reported_stay_when_the_plan_drops_them(
    operator: Caller, network: Network
) -> None:
    path = f"/api/admin/chargers/{network.charger['id']}"
    plan = [{"connector_id": n, "max_power_kw": 11} for n in (1, 2)]
    await operator.put(path, {"connectors": plan})
    await network.report(network.charger, 2, "Available")
    left = await operator.put(path, {"connectors": [{"connector_id": 3}]})
    assert [c["connector_id"] for c in left["connectors"]] == [2, 3]


async def test_a_charger_without_history_is_deleted_one_with_history_archived(
    operator: Caller, network: Network
) -> None:
    fresh = await network.add_charger("CP002")
    await operator.delete(f"/api/admin/chargers/{fresh['id']}")
    await operator.get(f"/api/admin/chargers/{fresh['id']}", expect=404)
    await network.add_transaction(status="ENDED")
    path = f"/api/admin/chargers/{network.charger['id']}"
    assert (await operator.delete(path, expect=409))["code"] == "charger_in_use"
    assert (await operator.post(f"{path}/archive"))["is_archived"] is True
    assert (await operator.get("/api/admin/transactions"))["total"] == 1


async def test_chargers_are_filtered_by_what_is_live(
    operator: Caller, network: Network, presence: MemoryPresence
) -> None:
    second = await network.add_charger("CP002", vendor="Example")
    await network.connect(second)
    await network.report(second, 1, "Charging")

    async def ids(**query: object) -> list[str]:
        found = await operator.get("/api/admin/chargers", **query)
        assert found["total"] == len(found["data"])
        return [charger["charge_point_id"] for charger in found["data"]]

    assert await ids(connected=True) == ["CP002"]
    assert await ids(connected=False) == ["CP001"]
    assert await ids(status="Charging") == ["CP002"]
    assert await ids(vendor="example") == ["CP002"]
    assert await ids(station_id=network.station["id"], sort="-charge_point_id") == [
        "CP002",
        "CP001",
    ]
    assert await ids(search="cp00") == ["CP001", "CP002"]
    assert await ids(search="100%") == []
    listed = (await operator.get("/api/admin/chargers", connected=True))["data"][0]
    assert listed["is_connected"] is True
    assert listed["protocol"] == "ocpp1.6"
    assert listed["last_seen"].endswith("Z")
    connected = await operator.get("/api/charge-points")
    assert [c["charge_point_id"] for c in connected["data"]] == ["CP002"]
    station = await operator.get(f"/api/admin/stations/{network.station['id']}")
    assert (station["charger_count"], station["connected_count"]) == (2, 1)
    assert station["connector_statuses"] == {"Charging": 1}


async def test_the_public_map_shows_free_connectors_and_the_price(
    operator: Caller, anybody: Caller, network: Network
) -> None:
    tariff = {"name": "Day", "currency": "EUR", "price_per_kwh": "0.4", "is_default": True}
    await operator.post("/api/admin/tariffs", tariff, expect=201)
    await network.report(network.charger, 1, "Available")
    offline = await anybody.get("/api/chargers/CP001")
    assert offline["connectors"][0]["status"] == "Offline"
    await network.connect(network.charger)
    scanned = await anybody.get("/api/chargers/CP001")
    assert scanned["connectors"][0]["is_free"] is True
    assert scanned["price"]["price_per_kwh"] == "0.40"
    (station,) = (await anybody.get("/api/stations"))["data"]
    assert (station["connectors_free"], station["max_power_kw"]) == (1, 22)
    assert station == await anybody.get(f"/api/stations/{station['id']}")
    await anybody.get("/api/chargers/CP999", expect=404)


async def test_id_tags_are_compared_without_case_and_kept_as_spelled(
    operator: Caller, driver: Caller
) -> None:
    me = await driver.get("/auth/profile")
    tag = {"id_tag": "Card-1", "user_id": me["id"], "expires_at": "2020-01-01T00:00:00+01:00"}
    made = await operator.post("/api/admin/id-tags", tag, expect=201)
    assert made["id_tag"] == "Card-1"
    assert made["expires_at"] == "2019-12-31T23:00:00Z"
    again = await operator.post("/api/admin/id-tags", {"id_tag": "CARD-1"}, expect=409)
    assert again["code"] == "id_tag_taken"
    assert (await operator.get("/api/admin/id-tags/cARD-1"))["user_name"] == "Dana Driver"
    changed = await operator.put("/api/admin/id-tags/card-1", {"blocked": True})
    assert (changed["blocked"], changed["user_id"]) == (True, me["id"])
    freed = await operator.put("/api/admin/id-tags/card-1", {"user_id": None})
    assert freed["user_id"] is None
    assert (await operator.get("/api/admin/id-tags", blocked=True))["total"] == 1
    await operator.delete("/api/admin/id-tags/CARD-1")
    await operator.get("/api/admin/id-tags/card-1", expect=404)


@pytest.mark.parametrize(
    "fields",
    [{"id_tag": "x" * 21}, {"id_tag": ""}, {"user_id": 999}, {"parent_id_tag": "card-9"}],
)
async def test_an_id_tag_that_cannot_be_is_refused(
    operator: Caller, fields: dict[str, object]
) -> None:
    await operator.post("/api/admin/id-tags", {"id_tag": "Card-9"} | fields, expect=422)


async def test_an_app_tag_lives_as_long_as_its_account(operator: Caller, driver: Caller) -> None:
    me = await driver.get("/auth/profile")
    path = f"/api/admin/id-tags/{me['app_id_tag']}"
    assert (await operator.delete(path, expect=409))["code"] == "app_tag"
    assert (await operator.put(path, {"user_id": None}, expect=409))["code"] == "app_tag"
    assert (await operator.put(path, {"blocked": True}))["blocked"] is True
    await operator.delete(f"/users/{me['id']}")
    await operator.get(path, expect=404)


async def test_a_new_default_tariff_takes_the_place_of_the_old_one(operator: Caller) -> None:
    def tariff(name: str, **more: object) -> dict[str, object]:
        return {"name": name, "currency": "EUR", "price_per_kwh": "0.45"} | more

    first = await operator.post("/api/admin/tariffs", tariff("A", is_default=True), expect=201)
    second = await operator.post(
        "/api/admin/tariffs",
        tariff("B", is_default=True, tax_percent="19", price_per_minute="0.012345"),
        expect=201,
    )
    assert (second["tax_percent"], second["price_per_minute"]) == ("19.00", "0.012345")
    first = await operator.get(f"/api/admin/tariffs/{first['id']}")
    assert first["is_default"] is False
    path = f"/api/admin/tariffs/{second['id']}"
    assert (await operator.post(f"{path}/archive", expect=409))["code"] == "default_tariff"
    assert (await operator.put(path, {"is_default": False}, expect=409))["status"] == 409
    await operator.put(f"/api/admin/tariffs/{first['id']}", {"is_default": True})
    assert (await operator.post(f"{path}/archive"))["is_archived"] is True
    assert (await operator.get("/api/admin/tariffs"))["total"] == 1
    assert (await operator.put(path, {"name": "C"}, expect=409))["code"] == "tariff_archived"


@pytest.mark.parametrize(
    "fields",
    [
        {"price_per_kwh": "-0.1"},
        {"price_per_kwh": "NaN"},
        {"price_per_kwh": "0.1234567"},
        {"currency": "eur"},
        {"idle_grace_minutes": 5},
    ],
)
async def test_a_tariff_that_cannot_be_is_refused(
    operator: Caller, fields: dict[str, object]
) -> None:
    body = {"name": "A", "currency": "EUR", "price_per_kwh": "0.45"} | fields
    await operator.post("/api/admin/tariffs", body, expect=422)


async def test_every_change_leaves_one_audit_entry(operator: Caller, network: Network) -> None:
    path = f"/api/admin/stations/{network.station['id']}"
    await operator.put(path, {"name": "Quay"})
    await operator.put(path, {"name": "Quay"})
    await operator.post(f"{path}/archive")
    found = await operator.get("/api/admin/audit", target_kind="station")
    assert [entry["action"] for entry in found["data"]] == [
        "station.archived",
        "station.updated",
        "station.created",
    ]
    updated = found["data"][1]
    assert (updated["before"], updated["after"]) == ({"name": "Harbour"}, {"name": "Quay"})
    assert updated["actor_name"] == "Administrator"
    assert updated["remote_address"] == "192.0.2.17"


async def test_an_erased_person_is_gone_from_all_but_the_ledger(
    operator: Caller, driver: Caller, database: Database
) -> None:
    me = await driver.get("/auth/profile")
    money = {"amount": {"amount": "5.00", "currency": "EUR"}}
    await operator.post(f"/users/{me['id']}/wallet/top-ups", money, expect=201)
    await operator.delete(f"/users/{me['id']}")
    left = await operator.get(f"/users/{me['id']}")
    assert (left["is_erased"], left["is_active"], left["app_id_tag"]) == (True, False, None)
    assert left["wallet"]["balance"]["amount"] == "5.00"
    assert "dana" not in str(left).lower()
    trail = await database.pool.fetch("SELECT * FROM audit_entry")
    assert "dana" not in str(trail).lower()
    again = {"email": "dana@example.org", "full_name": "Dana", "role": "USER"}
    await operator.post("/users", again, expect=201)
    assert (await operator.post("/users", again, expect=409))["code"] == "email_taken"
    assert (await operator.post(f"/users/{me['id']}/reactivate", expect=409))["status"] == 409


async def test_a_person_with_an_open_session_is_not_erased(
    operator: Caller, driver: Caller, network: Network
) -> None:
    me = await driver.get("/auth/profile")
    await network.add_transaction(user_id=me["id"])
    assert (await operator.delete(f"/users/{me['id']}", expect=409))["code"] == "open_sessions"
