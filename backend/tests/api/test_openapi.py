"""The OpenAPI document: complete, with examples that fit, and nothing that points nowhere."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI

from csms.api.app import create_app
from csms.api.settings import ApiSettings

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app: FastAPI = create_app(None, ApiSettings(csrf_secret=b"x" * 32))  # type: ignore[arg-type]
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name


def test_every_operation_documents_its_refusals(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        path = name.partition(" ")[2]
        documented = set(operation["responses"])
        assert "422" in documented, name
        if "security" in operation:
            assert {"401", "403"} <= documented, name
        if path.startswith(("/api/admin", "/users", "/api/charge-points", "/api/logs")):
            assert "security" in operation, name
        if "{" in path:
            assert "404" in documented, name
        for status, response in operation["responses"].items():
            if int(status) >= 400 and name != "GET /readyz":
                assert list(response["content"]) == ["application/problem+json"], name


def test_every_answer_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    checked = 0
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if status == "204":
                assert "content" not in response, name
                continue
            for content in response["content"].values():
                schema = content["schema"] | {"components": document["components"]}
                jsonschema.Draft202012Validator(schema).validate(content["example"])
                checked += 1
    assert checked > 200


def test_every_body_has_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert "example" in content, name
            schema = content["schema"] | {"components": document["components"]}
            jsonschema.Draft202012Validator(schema).validate(content["example"])
    assert schemas["MoneyBody"]["properties"]["currency"]["examples"] == ["EUR"]


def test_moments_and_money_are_typed(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["TransactionView"]["properties"]["started_at"]["format"] == "date-time"
    assert schemas["MoneyView"]["properties"]["amount"]["type"] == "string"
    assert "HTTPValidationError" not in schemas
