"""Valid messages read anew, for models that mean something else by them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.ids import ConnectorNumber, IdTag, TransactionId
from csms.ocpp.codec import decode_request
from csms.ocpp.leniency import LENIENT, MEANINGS, effective_rules
from csms.ocpp.v16.meanings import read_anew

pytestmark = pytest.mark.unit

AT = "2026-01-01T10:00:00Z"
NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)


def sessions(start_wh: int = 123_456) -> ChargerSessions:
    found = ChargerSessions()
    found.open[TransactionId(5)] = OpenSession(
        transaction_id=TransactionId(5),
        connector=ConnectorNumber(2),
        id_tag=IdTag("A"),
        status="ACTIVE",
        started_at=NOW,
        received_at=NOW,
        meter_start_wh=Decimal(start_wh),
        last_register_wh=Decimal(start_wh),
        last_sampled_at=NOW,
        start_key=None,
    )
    return found


def readings(*samples: dict[str, Any], connector: int = 2, **more: Any) -> Any:
    payload = {
        "connectorId": connector,
        "transactionId": 5,
        "meterValue": [{"timestamp": AT, "sampledValue": list(samples)}],
    } | more
    return decode_request("MeterValues", msgspec.json.encode(payload)).request


def values_of(request: Any) -> list[tuple[str, Any]]:
    return [(s.value, s.unit) for s in request.meter_value[0].sampled_value]


def anew(request: Any, *rules: str) -> tuple[Any, list[tuple[str, str, Any, Any]]]:
    changed, repairs = read_anew(request, frozenset(rules), sessions())
    return changed, [(r.rule, r.path, r.raw, r.repaired) for r in repairs]


def test_no_meaning_is_changed_unless_a_model_asks() -> None:
    assert not MEANINGS & LENIENT
    on = effective_rules(is_strict=False, off=frozenset(), of_model={"kwh-without-unit": True})
    assert on == LENIENT | {"kwh-without-unit"}
    off = effective_rules(is_strict=False, off=frozenset(), of_model={"enum-case": False})
    assert off == LENIENT - {"enum-case"}


def test_the_charger_comes_before_its_model() -> None:
    of_model = {"kwh-without-unit": True, "enum-case": True}
    rules = effective_rules(
        is_strict=False, off=frozenset({"kwh-without-unit", "enum-case"}), of_model=of_model
    )
    assert rules == LENIENT - {"enum-case"}
    assert effective_rules(is_strict=True, off=frozenset(), of_model=of_model) == frozenset()


def test_an_energy_without_a_unit_is_read_as_kwh() -> None:
    request = readings(
        {"value": "12.345"},
        {"value": "7", "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
        {"value": "11", "measurand": "Power.Active.Import"},
        {"value": "x"},
    )
    changed, repairs = anew(request, "kwh-without-unit")
    assert values_of(changed)[:3] == [("12345", "Wh"), ("7", "Wh"), ("11", msgspec.UNSET)]
    path = "meterValue[0].sampledValue[0].value"
    assert repairs == [("kwh-without-unit", path, "12.345", "12345")]


def test_registers_of_the_session_are_added_to_where_it_began() -> None:
    request = readings(
        {"value": "500"},
        {"value": "1.5", "unit": "kWh"},
        {"value": "123999"},
        {"value": "200", "measurand": "Energy.Active.Import.Interval"},
    )
    changed, repairs = anew(request, "session-relative-register")
    assert [value for value, _ in values_of(changed)] == ["123956", "124.956", "123999", "200"]
    assert len(repairs) == 2


def test_a_stop_below_its_start_counts_from_the_start() -> None:
    payload = {
        "transactionId": 5,
        "meterStop": 9_000,
        "timestamp": AT,
        "transactionData": [{"timestamp": AT, "sampledValue": [{"value": "9000"}]}],
    }
    stop = decode_request("StopTransaction", msgspec.json.encode(payload)).request
    changed, repairs = anew(stop, "session-relative-register")
    assert changed.meter_stop == 132_456
    assert changed.transaction_data[0].sampled_value[0].value == "132456"
    assert repairs[-1] == ("session-relative-register", "meterStop", 9_000, 132_456)


def test_readings_of_connector_zero_are_those_of_the_named_session() -> None:
    changed, repairs = anew(readings({"value": "1"}, connector=0), "connector-zero-readings")
    assert changed.connector_id == 2
    assert repairs == [("connector-zero-readings", "connectorId", 0, 2)]
    strange = readings({"value": "1"}, connector=0, transactionId=6)
    assert anew(strange, "connector-zero-readings")[0].connector_id == 0


def test_without_its_session_nothing_is_guessed() -> None:
    request = readings({"value": "500"}, transactionId=6)
    assert anew(request, *MEANINGS - {"kwh-without-unit"}) == (request, [])
