"""Examples of request bodies, put together from their JSON schemas."""

from collections.abc import Mapping
from typing import Any

Schemas = Mapping[str, Mapping[str, Any]]


def body_example(schema: Mapping[str, Any], schemas: Schemas) -> Any:
    """Return an example: the schema's own one, its default, or what its members make together."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return body_example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    for choice in schema.get("anyOf", ()):
        return body_example(choice, schemas)
    if "enum" in schema:
        return schema["enum"][0]
    return _by_type(schema, schemas)


def _by_type(schema: Mapping[str, Any], schemas: Schemas) -> Any:
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {})
            return {name: body_example(member, schemas) for name, member in members.items()}
        case "array":
            return [body_example(schema["items"], schemas)]
        case "boolean":
            return False
        case "integer" | "number":
            return schema.get("minimum", 1)
        case _:
            return "text"
