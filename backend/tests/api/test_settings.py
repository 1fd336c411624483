"""What holds for the whole network: shown, changed, audited, and never a secret."""

from dataclasses import replace
from decimal import Decimal

import pytest

from csms.adapters.sql.engine import Database
from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.bootstrap.settings import load_settings
from csms.bootstrap.shown_variables import shown_variables
from csms.domain.identity.organization import OrganizationSettings
from csms.kernel.ids import OrganizationId
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

PATH = "/api/admin/settings"


async def test_a_change_is_shown_stored_and_audited(operator: Caller, anybody: Caller) -> None:
    before = (await operator.get(PATH))["organization"]
    assert (before["currency"], before["is_currency_fixed"]) == ("EUR", False)
    changed = await operator.put(
        PATH,
        {
            "name": "Quay Power",
            "minimum_balance": {"amount": "5.00", "currency": "EUR"},
            "reconcile_after_s": 900,
        },
    )
    assert changed["organization"]["minimum_balance"] == {"amount": "5.00", "currency": "EUR"}
    assert changed["organization"]["hold_amount"] == before["hold_amount"]
    assert (await anybody.get("/api/config"))["organization"] == "Quay Power"
    entries = (await operator.get("/api/admin/audit", target_kind="organization"))["data"]
    (entry,) = entries
    assert entry["action"] == "organization.updated"
    assert entry["before"] == {
        "minimum_balance": "0",
        "name": before["name"],
        "reconcile_after_s": 1800,
    }
    assert entry["after"] == {
        "minimum_balance": "5",
        "name": "Quay Power",
        "reconcile_after_s": 900,
    }


async def test_the_same_again_is_no_change(operator: Caller) -> None:
    await operator.put(PATH, {"reconcile_after_s": 1800})
    assert (await operator.get("/api/admin/audit", target_kind="organization"))["total"] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"currency": "euro"},
        {"minimum_balance": {"amount": "-1.00", "currency": "EUR"}},
        {"hold_amount": {"amount": "1.005", "currency": "EUR"}},
        {"hold_amount": {"amount": "1.00", "currency": "USD"}},
        {"reconcile_after_s": 5},
        {"offline_cap_s": 10**9},
    ],
)
async def test_what_makes_no_sense_is_refused(operator: Caller, fields: dict[str, object]) -> None:
    await operator.put(PATH, fields, expect=422)


async def test_the_currency_changes_only_while_no_money_depends_on_it(
    operator: Caller, network: Network
) -> None:
    tariff = {"name": "T", "currency": "EUR", "price_per_kwh": "0.45"}
    made = await operator.post("/api/admin/tariffs", tariff, expect=201)
    refused = await operator.put(PATH, {"currency": "CHF"}, expect=409)
    assert refused["code"] == "currency_in_use"
    assert "tariffs" in refused["detail"]
    await operator.put(f"/api/admin/tariffs/{made['id']}", {"currency": "CHF"})
    changed = await operator.put(PATH, {"currency": "CHF"})
    assert changed["organization"]["hold_amount"]["currency"] == "CHF"
    await network.add_transaction()
    refused = await operator.put(PATH, {"currency": "EUR"}, expect=409)
    assert "sessions" in refused["detail"]
    assert (await operator.get(PATH))["organization"]["is_currency_fixed"] is True


async def test_drivers_see_and_change_no_settings(driver: Caller) -> None:
    await driver.get(PATH, expect=403)
    await driver.put(PATH, {"name": "Mine"}, expect=403)


async def test_of_a_secret_only_is_told_that_it_is_set(
    services: Services, settings: ApiSettings, operator: Caller
) -> None:
    given = load_settings(
        database_url="postgresql://csms:hunter2@db.example.org/csms",
        admin_email="olga@example.org",
        admin_password="a secret of olga",
        cors_origins="https://a.example.org,https://b.example.org",
    )
    told = replace(settings, variables=shown_variables(given))
    async with Caller(create_app(services, told)) as other:
        person = await other.signed_in("olga@example.org", "olga's long password")
        answer = await person.get(PATH)
    assert "hunter2" not in str(answer)
    assert "a secret" not in str(answer)
    shown = {variable["name"]: variable for variable in answer["server"]["variables"]}
    assert shown["DATABASE_URL"] == {
        "name": "DATABASE_URL",
        "value": None,
        "is_set": True,
        "is_secret": True,
    }
    assert shown["REDIS_URL"]["is_set"] is False
    assert shown["CORS_ORIGINS"]["value"] == "https://a.example.org, https://b.example.org"
    assert shown["CSMS_METRICS"]["value"] == "false"


async def test_whoever_must_follow_a_change_is_told(
    services: Services, operator: Caller, database: Database
) -> None:
    del database
    told: list[tuple[OrganizationId, OrganizationSettings]] = []
    services.organization._settings_changed = lambda *what: told.append(what)
    await operator.put(PATH, {"hold_amount": {"amount": "7.50", "currency": "EUR"}})
    ((organization_id, settings),) = told
    assert (organization_id, settings.hold_amount) == (1, Decimal("7.5000"))
