"""The OCA's JSON schemas of OCPP 1.6, as they ship in the package `ocpp`, and our amendments."""

import copy
import json
from functools import cache
from importlib import resources
from typing import Any, Literal

from csms.ocpp.v16.amendments import AMENDMENTS, INTEGER_BOUNDS

Kind = Literal["request", "response"]
Edition = Literal["published", "fixed", "wire"]


class SchemaMissingError(LookupError):
    """There is no schema for this action."""


@cache
def load_schema(action: str, kind: Kind, edition: Edition) -> dict[str, Any]:
    """The schema without references; callers must not change it.

    `published` is the OCA's file, `fixed` has its known bugs repaired, `wire` adds the bounds of
    the specification's text. Raises `SchemaMissingError`.
    """
    if edition == "published":
        return _published(action, kind)
    schema = copy.deepcopy(load_schema(action, kind, "published"))
    for amendment in AMENDMENTS:
        if (amendment.action, amendment.kind) == (action, kind) and (
            amendment.nature == "fix" or edition == "wire"
        ):
            node = node_at(schema, amendment.path)
            for keyword, value in amendment.keywords.items():
                node.pop(keyword, None)
                if value is not None:
                    node[keyword] = value
    if edition == "wire":
        _bound_integers(schema)
    return schema


def node_at(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """The part of a schema that a path such as `meterValue[].sampledValue[].unit` names."""
    node = schema
    for step in path.split("."):
        name = step.removesuffix("[]")
        node = node["properties"][name]
        if name != step:
            node = node["items"]
    return node


def _published(action: str, kind: Kind) -> dict[str, Any]:
    name = f"{action}.json" if kind == "request" else f"{action}Response.json"
    file = resources.files("ocpp").joinpath("v16", "schemas", name)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SchemaMissingError(f"OCPP 1.6 has no schema for the {kind} of {action}") from error
    schema: dict[str, Any] = json.loads(text)
    definitions = schema.pop("definitions", {})
    return {name: _resolve(member, definitions) for name, member in schema.items()}


def _resolve(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_resolve(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str):
        return _resolve(definitions[reference.removeprefix("#/definitions/")], definitions)
    return {name: _resolve(member, definitions) for name, member in node.items()}


def _bound_integers(node: dict[str, Any]) -> None:
    if node.get("type") == "integer":
        for keyword, value in INTEGER_BOUNDS.items():
            node.setdefault(keyword, value)
    for member in node.get("properties", {}).values():
        _bound_integers(member)
    if "items" in node:
        _bound_integers(node["items"])
