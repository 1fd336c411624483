"""Every action of every version: who sends it, what it is for, its types, schemas and examples."""

import copy
from collections.abc import Mapping
from typing import Any, Final, Literal

from csms.ocpp.action_spec import ActionSpec, Block, Kind, Sender
from csms.ocpp.errors import UnknownActionError
from csms.ocpp.schema import SchemaFault, faults_of_payload
from csms.ocpp.v16.actions import ACTIONS as V16_ACTIONS
from csms.ocpp.v16.schemas import load_schema

__all__ = [
    "ACTIONS",
    "ActionSpec",
    "Block",
    "Kind",
    "SchemaFault",
    "Sender",
    "Version",
    "actions_of",
    "find_action",
    "published_schema_of",
    "schema_of",
    "validate_payload",
]

Version = Literal["1.6"]

ACTIONS: Final[Mapping[Version, tuple[ActionSpec, ...]]] = {"1.6": V16_ACTIONS}
_BY_NAME: Final = {
    (version, spec.name): spec for version, specs in ACTIONS.items() for spec in specs
}


def actions_of(version: Version) -> tuple[ActionSpec, ...]:
    """All actions of a version, in the order of its specification's blocks."""
    return ACTIONS[version]


def find_action(version: Version, name: str) -> ActionSpec | None:
    """The action of this exact name, or None (names are case-sensitive, OCPP-J 1.6 §4.2.1)."""
    return _BY_NAME.get((version, name))


def schema_of(version: Version, action: str, kind: Kind) -> dict[str, Any]:
    """The OCA's JSON schema with its known bugs fixed, as a copy without references.

    Raises `UnknownActionError`.
    """
    _require(version, action)
    return copy.deepcopy(load_schema(action, kind, "fixed"))


def published_schema_of(version: Version, action: str, kind: Kind) -> dict[str, Any]:
    """The OCA's JSON schema as published, as a copy without references.

    Raises `UnknownActionError`.
    """
    _require(version, action)
    return copy.deepcopy(load_schema(action, kind, "published"))


def validate_payload(
    action: str, kind: Kind, payload: Any, *, version: Version = "1.6"
) -> list[SchemaFault]:
    """Every fault of a raw payload against its schema alone; empty when it may be sent.

    Raises `UnknownActionError`.
    """
    _require(version, action)
    return faults_of_payload(load_schema(action, kind, "fixed"), payload)


def _require(version: Version, action: str) -> ActionSpec:
    spec = find_action(version, action)
    if spec is None:
        raise UnknownActionError(f"OCPP {version} has no action {action[:50]!r}")
    return spec
