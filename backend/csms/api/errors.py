"""Every failure as a problem document (RFC 9457): one table from the domain's kinds to HTTP."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, cast

import asyncpg
import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from csms.kernel.errors import CsmsError, ErrorKind

PROBLEM_JSON: Final = "application/problem+json"
STATUS_OF_KIND: Final[Mapping[ErrorKind, int]] = {
    "not_found": 404,
    "conflict": 409,
    "forbidden": 403,
    "unauthenticated": 401,
    "invalid": 422,
    "too_many": 429,
    "unavailable": 503,
}
RETRY_AFTER_S: Final = "5"
DATABASE_GONE: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)


class FaultyField(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong where: `pointer` into the body (RFC 6901), or the name of a `parameter`."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(msgspec.Struct, frozen=True):
    """A problem document. `code` is a stable word for programs, `detail` a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultyField] = []


def problem(
    status: int,
    detail: str,
    *,
    code: str | None = None,
    errors: Sequence[FaultyField] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document as the response."""
    title = HTTPStatus(status).phrase
    word = code or title.lower().replace(" ", "_")
    body = Problem(f"urn:csms:problem:{word}", title, status, detail, word, list(errors))
    found = dict(headers or {})
    if status == 401:
        found.setdefault("WWW-Authenticate", 'Bearer realm="csms"')
    if status == 503:
        found.setdefault("Retry-After", RETRY_AFTER_S)
    return Response(msgspec.json.encode(body), status, found, PROBLEM_JSON)


def problem_of(error: CsmsError) -> Response:
    """Return the problem document of a failure that the domain raised."""
    wait_s = error.values.get("retry_after_s")
    return problem(
        STATUS_OF_KIND[error.kind],
        error.detail,
        code=error.code,
        errors=_faults_of(error),
        headers=None if wait_s is None else {"Retry-After": str(wait_s)},
    )


def _faults_of(error: CsmsError) -> list[FaultyField]:
    """The faulty places that the domain names: one `field`, or several `faults` with pointers."""
    match error.values:
        case {"faults": list(faults)}:
            return [FaultyField(str(detail), pointer=str(pointer)) for pointer, detail in faults]
        case {"field": str(field)}:
            return [FaultyField(error.detail, pointer=f"#/{field}")]
        case _:
            return []


def install_error_handlers(app: FastAPI) -> None:
    """Let every failure of `app` end as a problem document."""
    app.add_exception_handler(CsmsError, _on_csms_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(asyncpg.DataError, _on_unstorable)
    for kind in DATABASE_GONE:
        app.add_exception_handler(kind, _on_database_gone)
    app.add_exception_handler(Exception, _on_our_fault)


async def _on_csms_error(_: Request, error: Exception) -> Response:
    return problem_of(cast("CsmsError", error))


async def _on_http_exception(_: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    return problem(refused.status_code, str(refused.detail), headers=refused.headers)


async def _on_invalid_request(_: Request, error: Exception) -> Response:
    found = cast("RequestValidationError", error).errors()
    faults = [_faulty_field(fault) for fault in found]
    if any(fault["type"] == "json_invalid" for fault in found):
        return problem(400, "the body is not JSON", code="not_json", errors=faults)
    where = ", ".join(f.pointer or f.parameter or "the body" for f in faults)
    return problem(422, f"check {where}", code="invalid_request", errors=faults)


async def _on_unstorable(_: Request, __: Exception) -> Response:
    return problem(422, "a value is out of range or holds characters that cannot be stored")


async def _on_database_gone(_: Request, __: Exception) -> Response:
    return problem(503, "the database does not answer at present", code="database_unavailable")


async def _on_our_fault(_: Request, __: Exception) -> Response:
    return problem(500, "the server failed; the log says why", code="internal_error")


def _faulty_field(fault: Mapping[str, Any]) -> FaultyField:
    place, *path = fault["loc"]
    detail = str(fault["msg"]).removeprefix("Value error, ")
    if place == "body":
        escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
        return FaultyField(detail, pointer="#/" + "/".join(escaped))
    return FaultyField(detail, parameter=str(path[0]) if path else str(place))
