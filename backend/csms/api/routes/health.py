"""Is the process alive, is it ready, and what is here."""

from typing import Final

import msgspec
from fastapi import Response

from csms.api.access import public_router
from csms.api.answers import Responses, answers, json_answer, problems, schema_of
from csms.api.auth import ServicesOf, SettingsOf
from csms.api.examples import example_of
from csms.kernel.errors import NotFoundError

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

router = public_router("", "health")


class MetricsOffError(NotFoundError):
    """This process serves no metrics."""


class Front(msgspec.Struct, frozen=True):
    """Where things are."""

    name: str
    version: str
    docs: str
    openapi: str


class Health(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class Readiness(msgspec.Struct, frozen=True):
    """Whether everything that must work does."""

    is_ready: bool
    checks: dict[str, bool]


def _not_ready() -> Responses:
    content = {"schema": schema_of(Readiness), "example": example_of(Readiness)}
    return {503: {"description": "Not ready", "content": {"application/json": content}}}


@router.get("/", summary="Say what this is", responses=answers(Front, "Where things are"))
async def front(settings: SettingsOf) -> Response:
    """Name, version, documents."""
    return json_answer(Front("csms", settings.version, "/docs", "/openapi.json"))


@router.get("/healthz", summary="Say that we live", responses=answers(Health, "Alive"))
async def healthz() -> Response:
    """200 while the process answers."""
    return json_answer(Health("ok"))


@router.get(
    "/readyz",
    summary="Say whether we are ready",
    responses=answers(Readiness, "Ready") | _not_ready(),
)
async def readyz(services: ServicesOf) -> Response:
    """200 when everything that must work does, otherwise 503."""
    checks = dict(await services.readiness())
    is_ready = all(checks.values())
    return json_answer(Readiness(is_ready, checks), 200 if is_ready else 503)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus' text format; names carry their units",
            "content": {
                "text/plain": {
                    "schema": {"type": "string"},
                    "example": "csms_chargers_connected 42.0\n",
                }
            },
        },
        **problems(404),
    },
)
async def metrics(services: ServicesOf) -> Response:
    """Served where CSMS_METRICS is on, to everybody who reaches it: keep it inside your network."""
    if services.metrics is None:
        raise MetricsOffError("metrics are switched off; CSMS_METRICS=true serves them")
    return Response(await services.metrics(), media_type=METRICS_TYPE)
