"""Leniency by model over REST: set, counted, effective in order; audited."""

from datetime import UTC, datetime
from typing import Any

import pytest

from csms.adapters.sql.admissions import SqlAdmissions
from csms.adapters.sql.engine import Database
from csms.domain.stations.leniency import RepairCount
from csms.domain.transactions.admission import ConnectionStart
from csms.kernel.ids import ChargerId, OrganizationId
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
MODEL = {"vendor": "Acme", "model": "Duo 22"}


def by_name(rules: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {rule["name"]: rule for rule in rules}


async def test_a_model_gets_its_rules_and_a_charger_has_the_last_word(
    operator: Caller, network: Network, database: Database
) -> None:
    charger = await network.add_charger("CP002", **MODEL, leniency_off=["enum-case"])
    rules = {"kwh-without-unit": True, "missing-subprotocol": True, "overlong-text": False}
    body = MODEL | {"vendor": "ACME", "rules": rules, "note": "firmware 1.2"}
    made = await operator.put("/api/admin/leniency-models", body)
    assert (made["chargers"], made["rules"]) == (1, rules)
    path = f"/api/admin/chargers/{charger['id']}/leniency"
    found = by_name((await operator.get(path))["rules"])
    assert [
        (found[name]["is_on"], found[name]["decided_by"])
        for name in ("kwh-without-unit", "overlong-text", "enum-case", "enum-alias")
    ] == [(True, "model"), (False, "model"), (False, "charger"), (True, "default")]
    admissions = SqlAdmissions(database)
    known = await admissions.look_up("CP002")
    assert known is not None
    assert known.assumes_subprotocol
    admitted = await admissions.admit(
        ConnectionStart(ChargerId(charger["id"]), "n", "192.0.2.1", "ocpp1.6", 1, NOW)
    )
    assert admitted.charger.model_rules == rules
    assert admitted.charger.leniency_off == {"enum-case"}
    assert await admissions.model_rules(OrganizationId(1), "aCme", "DUO 22") == rules
    await operator.put(f"/api/admin/chargers/{charger['id']}", {"is_strict": True})
    strict = (await operator.get(path))["rules"]
    assert {(rule["is_on"], rule["decided_by"]) for rule in strict} == {(False, "strict")}
    await admissions.close()


async def test_a_change_replaces_what_was_set_and_is_audited(
    operator: Caller, network: Network
) -> None:
    first = await operator.put(
        "/api/admin/leniency-models", MODEL | {"rules": {"enum-case": False}}
    )
    again = await operator.put("/api/admin/leniency-models", MODEL | {"rules": {}})
    assert again["id"] == first["id"]
    assert again["rules"] == {}
    entries = (await operator.get("/api/admin/audit", action="model_leniency.set"))["data"]
    assert [entry["after"]["rules"] for entry in entries] == [{}, {"enum-case": False}]
    await operator.delete(f"/api/admin/leniency-models/{first['id']}")
    await operator.delete(f"/api/admin/leniency-models/{first['id']}", expect=404)
    removed = await operator.get("/api/admin/audit", action="model_leniency.removed")
    assert removed["total"] == 1


async def test_an_unknown_rule_is_refused(operator: Caller, network: Network) -> None:
    body = MODEL | {"rules": {"enum-cose": False}}
    refused = await operator.put("/api/admin/leniency-models", body, expect=422)
    assert "enum-cose" in refused["detail"]


async def test_repairs_are_counted_by_rule_model_and_charger(
    operator: Caller, network: Network, database: Database
) -> None:
    charger = await network.add_charger("CP002", **MODEL)
    admissions = SqlAdmissions(database)
    ours, other = ChargerId(charger["id"]), ChargerId(network.charger["id"])
    for _ in range(2):
        await admissions.count_repairs(
            [
                RepairCount(ours, "enum-case", 3, NOW),
                RepairCount(other, "enum-case", 1, NOW),
                RepairCount(ChargerId(99_999), "enum-case", 1, NOW),
            ]
        )
    rules = by_name((await operator.get("/api/admin/leniency-rules"))["rules"])
    used = rules["enum-case"]
    assert (used["hits"], used["chargers"]) == (8, 2)
    assert used["models"][0] == MODEL | {"hits": 6, "chargers": 1}
    assert rules["kwh-without-unit"]["is_default"] is False
    assert rules["kwh-without-unit"]["scope"] == "meaning"
    (model,) = (await operator.get("/api/admin/leniency-models", search="duo"))["data"]
    assert (model["id"], model["hits"]) == (None, {"enum-case": 6})
    found = await operator.get(f"/api/admin/chargers/{charger['id']}/leniency")
    assert by_name(found["rules"])["enum-case"]["hits"] == 6
