"""Examples for the OpenAPI document, made from the types and one table of typical values."""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from msgspec import inspect

MOMENT: Final = "2026-03-14T09:26:53Z"
TYPICAL: Final[dict[str, Any]] = {
    "account": "wallet",
    "action": "RemoteStartTransaction",
    "address": "12 Harbour Street, 20457 Hamburg",
    "amount": "12.34",
    "app_id_tag": "APP-7K2M9QX4T0HB3ZCW",
    "authorization_status": "Accepted",
    "billing_status": "BILLED",
    "charge_point_id": "CP001",
    "charger_status": "Accepted",
    "charger_started_at": MOMENT,
    "charger_stopped_at": MOMENT,
    "code": "charger_in_use",
    "connector_id": 1,
    "connector_statuses": {"Available": 3, "Charging": 1},
    "connector_type": "TYPE2",
    "cost_explained": {"lines": [{"text": "12.34 kWh at 0.45", "amount": "5.55"}]},
    "currency": "EUR",
    "detail": "history hangs on this charger: archive it instead",
    "email": "dana@example.org",
    "energy_basis": "registers",
    "energy_explained": {"basis": "registers", "meter_stop_wh": 16840, "meter_start_wh": 4500},
    "energy_wh": 12340,
    "error_code": "NoError",
    "evidence": {"transaction_id": 4711},
    "free_id_tag": "STAFF",
    "before": {"name": "Harbour"},
    "after": {"name": "Quay"},
    "warnings": ["connector 1 was last reported Faulted"],
    "full_name": "Dana Driver",
    "id_tag": "04A224B9C3",
    "kind": "top_up",
    "latitude": 53.5413,
    "leniency_off": [],
    "limit": 25,
    "longitude": 9.9841,
    "max_power_kw": 22,
    "measurand": "Energy.Active.Import.Register",
    "message_id": "7f4c",
    "meter_start_wh": 4500,
    "meter_stop_wh": 16840,
    "model": "Duo 22",
    "name": "Harbour",
    "note": "cash at the counter",
    "ocpp_transaction_id": "4711",
    "ocpp_url": "wss://csms.example.org/ocpp/CP001",
    "outcome": "answered",
    "page": 1,
    "password": "x2Wf9!tQ0b#Lr7Kd5Vz_",
    "payload": {"idTag": "04A224B9C3", "connectorId": 1},
    "price_per_kwh": "0.45",
    "protocol": "ocpp1.6",
    "query": "harbour",
    "registration": "Accepted",
    "remote_address": "192.0.2.17",
    "repairs": [
        {
            "rule": "unknown-member",
            "path": "extra",
            "raw": "1",
            "used": "",
            "reason": "Vendors add their own; the known members are still right.",
            "section": "EJ 3.1",
        }
    ],
    "request": {"id_tag": "04A224B9C3", "connector": 1},
    "requested_by_name": "Olga Operator",
    "response": {"status": "Accepted"},
    "role": "USER",
    "security_profile": 1,
    "status": "Available",
    "stop_reason": "Local",
    "stop_source": "charger",
    "summary": "two sessions could own this stop",
    "target_id": "17",
    "target_kind": "charger",
    "tariff": {"name": "Standard", "currency": "EUR", "price_per_kwh": "0.45"},
    "time_zone": "Europe/Berlin",
    "title": "Conflict",
    "token_type": "bearer",
    "total": 1,
    "transaction_id": 4711,
    "unit": "Wh",
    "value": 16840,
    "vendor": "Example",
}


def example_of(kind: Any) -> Any:
    """Return an example of a type: typical values by field name, plain ones by type."""
    return _example(inspect.type_info(kind), "")


def problem_example(status: int) -> dict[str, Any]:
    """Return an example of a problem document."""
    title = HTTPStatus(status).phrase
    word = title.lower().replace(" ", "_")
    return {
        "type": f"urn:csms:problem:{word}",
        "title": title,
        "status": status,
        "detail": "what is wrong, in a sentence",
        "code": word,
        "errors": [{"detail": "must be at least 1", "pointer": "#/limit"}] if status == 422 else [],
    }


def _example(kind: inspect.Type, name: str) -> Any:  # noqa: PLR0911  # one line per kind of type
    match kind:
        case inspect.StructType():
            return {field.encode_name: _field(field) for field in kind.fields}
        case inspect.ListType():
            return [_example(kind.item_type, name)]
        case inspect.UnionType():
            first = next(t for t in kind.types if not isinstance(t, inspect.NoneType))
            return _example(first, name)
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.DateTimeType():
            return MOMENT
        case inspect.DictType():
            return {}
        case inspect.BoolType():
            return False
        case inspect.IntType() | inspect.FloatType():
            return 17
        case inspect.StrType():
            return name.replace("_", " ") or "text"
        case _:
            return {}


def _field(field: inspect.Field) -> Any:
    typical = TYPICAL.get(field.encode_name, msgspec.UNSET)
    made = _example(field.type, field.encode_name)
    if typical is msgspec.UNSET or not _fits(field.type, typical):
        return made
    return typical


def _fits(kind: inspect.Type, value: Any) -> bool:  # noqa: PLR0911  # one line per kind of type
    """Whether a typical value is one of this field's: names repeat with other types."""
    if isinstance(kind, inspect.UnionType):
        return any(_fits(t, value) for t in kind.types)
    match kind:
        case inspect.AnyType():
            return True
        case inspect.LiteralType():
            return value in kind.values
        case inspect.StrType():
            return isinstance(value, str)
        case inspect.IntType() | inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.ListType():
            return isinstance(value, list)
        case inspect.DictType():
            return isinstance(value, dict)
        case inspect.NoneType():
            return value is None
        case _:
            return False
