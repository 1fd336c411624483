"""The catalog: complete, in step with the OCA's schemas, with valid examples."""

import inspect
import json
import re
from importlib import resources
from typing import Any, get_args

import msgspec
import pytest

from csms.ocpp.catalog import (
    ActionSpec,
    Block,
    Kind,
    Sender,
    actions_of,
    find_action,
    published_schema_of,
    schema_of,
    validate_payload,
)
from csms.ocpp.errors import UnknownActionError
from csms.ocpp.schema import IGNORED_KEYWORDS, UNDERSTOOD_KEYWORDS
from csms.ocpp.v16 import (
    core,
    firmware,
    local_auth_list,
    remote_trigger,
    reservation,
    security,
    smart_charging,
    types,
)

pytestmark = pytest.mark.unit

ACTIONS = actions_of("1.6")
KINDS: tuple[Kind, ...] = ("request", "response")


def schema_files() -> set[str]:
    folder = resources.files("ocpp").joinpath("v16", "schemas")
    return {entry.name.removesuffix(".json") for entry in folder.iterdir()}


def test_every_published_message_is_in_the_catalog() -> None:
    ours = {spec.name for spec in ACTIONS} | {f"{spec.name}Response" for spec in ACTIONS}
    assert ours == schema_files()
    assert len(ACTIONS) == 39
    assert sum(spec.block is Block.SECURITY for spec in ACTIONS) == 11


def test_every_wire_message_type_is_used_by_exactly_its_action() -> None:
    modules = (core, firmware, local_auth_list, remote_trigger, reservation, security)
    found = {
        name
        for module in (*modules, smart_charging)
        for name, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, types.WireType) and re.search("Re(quest|sponse)$", name)
    }
    used = {t.__name__ for spec in ACTIONS for t in (spec.request_type, spec.response_type)}
    assert used == found
    for spec in ACTIONS:
        assert spec.request_type.__name__ == f"{spec.name}Request"
        assert spec.response_type.__name__ == f"{spec.name}Response"


def test_the_senders_are_those_of_the_specification() -> None:
    from_charger = {spec.name for spec in ACTIONS if spec.sender is Sender.CHARGER}
    assert from_charger == {
        "Authorize",
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "SecurityEventNotification",
        "SignCertificate",
        "SignedFirmwareStatusNotification",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
    }
    assert {spec.name for spec in ACTIONS if spec.sender is Sender.BOTH} == {"DataTransfer"}


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_an_action_is_explained_in_one_sentence(spec: ActionSpec) -> None:
    assert re.fullmatch(r"(We|The charger|Either side) [^.]+\.", spec.explanation)
    assert re.fullmatch(r"(WP )?\d\.\d+(, \d\.\d+)?", spec.section)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_an_example_is_valid_and_full(spec: ActionSpec, kind: Kind) -> None:
    payload = getattr(spec.example, kind)
    assert validate_payload(spec.name, kind, payload) == []
    missing = set(schema_of("1.6", spec.name, kind).get("properties", {})) - set(payload)
    assert not missing


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_members_stand_in_the_order_of_the_schema(spec: ActionSpec, kind: Kind) -> None:
    wire_type = spec.request_type if kind == "request" else spec.response_type
    assert_same_order(wire_type, published_schema_of("1.6", spec.name, kind))


def assert_same_order(wire_type: type[Any], schema: dict[str, Any]) -> None:
    fields = msgspec.structs.fields(wire_type)
    assert [field.encode_name for field in fields] == list(schema.get("properties", {}))
    for field in fields:
        member = schema["properties"][field.encode_name]
        assert field.required == (field.encode_name in schema.get("required", ()))
        inner = member.get("items", member)
        if inner.get("type") == "object":
            assert_same_order(struct_in(field.type), inner)


def struct_in(annotation: Any) -> type[Any]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next(
        found
        for argument in get_args(annotation)
        if argument is not msgspec.UnsetType and (found := struct_in(argument)) is not None
    )


def test_the_checker_understands_every_keyword_of_the_published_schemas() -> None:
    seen: set[str] = set()
    for name in schema_files():
        file = resources.files("ocpp").joinpath("v16", "schemas", f"{name}.json")
        collect_keywords(json.loads(file.read_text("utf-8-sig")), seen)
    assert seen - {"$ref"} <= UNDERSTOOD_KEYWORDS | IGNORED_KEYWORDS


def collect_keywords(schema: dict[str, Any], seen: set[str]) -> None:
    seen.update(schema)
    for group in ("properties", "definitions"):
        for member in schema.get(group, {}).values():
            collect_keywords(member, seen)
    if "items" in schema:
        collect_keywords(schema["items"], seen)


def test_an_unknown_action_is_an_error_and_names_are_case_sensitive() -> None:
    assert find_action("1.6", "heartbeat") is None
    with pytest.raises(UnknownActionError):
        schema_of("1.6", "NotifyReport", "request")
    with pytest.raises(UnknownActionError):
        validate_payload("NotifyReport", "request", {})


def test_a_schema_handed_out_can_be_changed_without_harm() -> None:
    schema_of("1.6", "Reset", "request")["properties"].clear()
    assert schema_of("1.6", "Reset", "request")["properties"]


def test_every_fault_of_a_raw_payload_is_named() -> None:
    faults = validate_payload("Reset", "request", {"type": "Firm", "x": 1})
    assert {(fault.path, fault.keyword) for fault in faults} == {
        ("type", "enum"),
        ("x", "additionalProperties"),
    }
    assert [fault.keyword for fault in validate_payload("Reset", "request", [])] == ["object"]
    # A raw request follows the schema alone, which knows no lower bound for a connector.
    assert validate_payload("UnlockConnector", "request", {"connectorId": 0}) == []
