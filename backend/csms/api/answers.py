"""Answers: typed structs straight to JSON, and how the OpenAPI document shows them."""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi import Response
from fastapi.responses import JSONResponse

from csms.api.errors import PROBLEM_JSON, Problem
from csms.api.examples import example_of, problem_example

REF_TEMPLATE: Final = "#/components/schemas/{name}"
Responses = dict[int | str, dict[str, Any]]


class JSON(JSONResponse):
    """JSON that is encoded already."""

    def render(self, content: bytes) -> bytes:
        """Return the bytes as they are."""
        return content


def json_answer(body: object, status: int = 200) -> Response:
    """Return a struct (or plain data) as JSON; times end in Z, absent values are null."""
    return JSON(msgspec.json.encode(body), status)


def answers(kind: Any, description: str, *, status: int = 200) -> Responses:
    """Describe the successful answer of an operation, with an example."""
    return {
        status: {
            "description": description,
            "content": {
                "application/json": {"schema": schema_of(kind), "example": example_of(kind)}
            },
        }
    }


def no_content(description: str) -> Responses:
    """Describe an answer without a body."""
    return {204: {"description": description}}


def problems(*statuses: int) -> Responses:
    """Describe the refusals of an operation."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                PROBLEM_JSON: {"schema": schema_of(Problem), "example": problem_example(status)}
            },
        }
        for status in statuses
    }


def schema_of(kind: Any) -> dict[str, Any]:
    """Return the reference to a type's schema."""
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=REF_TEMPLATE)
    return schema
