"""Routers that cannot be made without saying who may come in, and calls under a caller's key."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from csms.api.answers import JSON, problems
from csms.api.auth import (
    SAFE_METHODS,
    find_principal,
    require_operator,
    require_own,
    services_of,
)
from csms.api.errors import PROBLEM_JSON, problem
from csms.domain.identity.actor import Actor
from csms.domain.identity.repeated_calls import KeptAnswer, KeyedCall
from csms.kernel.errors import CsmsError, InvalidError

Access = Literal["public", "person", "operator"]
KEY_HEADER: Final = "Idempotency-Key"
MAX_KEY_LENGTH: Final = 200
_GUARDS: Final[dict[Access, list[Any]]] = {
    "public": [],
    "person": [Depends(require_own)],
    "operator": [Depends(require_operator)],
}
_REFUSALS: Final[dict[Access, tuple[int, ...]]] = {
    "public": (),
    "person": (401, 403),
    "operator": (401, 403),
}


class BadIdempotencyKeyError(InvalidError):
    """The header's value cannot be a key."""


class KeyedRoute(APIRoute):
    """A route whose unsafe calls may carry an Idempotency-Key: a repeat gets the first answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, wrapped for calls that carry a key."""
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            key = request.headers.get(KEY_HEADER)
            if key is None or request.method in SAFE_METHODS:
                return await handle(request)
            principal = await find_principal(request)
            if principal is None:
                return await handle(request)
            call = await _keyed_call(request, key)
            kept = await services_of(request).repeated_calls.begin(principal.actor, call)
            if kept is not None:
                return _replayed(kept)
            return await _first_call(request, handle, principal.actor, call)

        return handle_once


class AccessRouter(APIRouter):
    """A router whose every route lets in only `access`; made by the three functions below."""

    def __init__(self, access: Access, prefix: str, tag: str) -> None:
        super().__init__(
            prefix=prefix,
            tags=[tag],
            dependencies=_GUARDS[access],
            route_class=KeyedRoute,
            responses=problems(*_REFUSALS[access], 422),
            default_response_class=JSON,
        )
        self.access = access


def public_router(prefix: str, tag: str) -> AccessRouter:
    """Return a router for everybody."""
    return AccessRouter("public", prefix, tag)


def person_router(prefix: str, tag: str) -> AccessRouter:
    """Return a router for signed-in people; whose things they see is up to each route."""
    return AccessRouter("person", prefix, tag)


def operator_router(prefix: str, tag: str) -> AccessRouter:
    """Return a router for operators."""
    return AccessRouter("operator", prefix, tag)


async def _keyed_call(request: Request, key: str) -> KeyedCall:
    if not (1 <= len(key) <= MAX_KEY_LENGTH and key.isprintable()):
        raise BadIdempotencyKeyError(f"{KEY_HEADER} has 1 to {MAX_KEY_LENGTH} printable characters")
    content = request.url.query.encode() + b"\0" + await request.body()
    return KeyedCall(
        key=key,
        method=request.method,
        path=request.url.path,
        body_hash=hashlib.sha256(content).digest(),
    )


async def _first_call(
    request: Request,
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
    actor: Actor,
    call: KeyedCall,
) -> Response:
    """Make the call; what was refused may be tried again, what failed inside may not."""
    repeated_calls = services_of(request).repeated_calls
    try:
        response = await handle(request)
    except (CsmsError, HTTPException, RequestValidationError):
        await repeated_calls.release(actor, call)
        raise
    except Exception:
        failed = problem(500, "the first call failed; what it did is unknown")
        await repeated_calls.keep(actor, call, KeptAnswer(500, bytes(failed.body)))
        raise
    if 400 <= response.status_code < 500:
        await repeated_calls.release(actor, call)
    else:
        answer = KeptAnswer(response.status_code, bytes(response.body))
        await repeated_calls.keep(actor, call, answer)
    return response


def _replayed(kept: KeptAnswer) -> Response:
    media_type = PROBLEM_JSON if kept.status >= 400 else JSON.media_type
    response = Response(kept.body, kept.status, media_type=media_type if kept.body else None)
    response.headers["Idempotency-Replayed"] = "true"
    return response
