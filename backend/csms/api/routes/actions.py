"""The language of chargers: what can be sent, as schemas for forms, and what a frame means."""

from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Response
from pydantic import Field

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer
from csms.api.auth import Person
from csms.api.schemas.body import Body
from csms.ocpp.catalog import Sender, actions_of, schema_of
from csms.ocpp.explain import explain_frame

router = operator_router("/api/admin/actions", "operations")
explanations = operator_router("/api/admin/messages", "logs")

MAX_FRAME_CHARACTERS: Final = 262_144


class ActionView(msgspec.Struct, frozen=True):
    """An action of OCPP. `sections` is where the specification has it.

    The schemas are the OCA's JSON schemas without references, their known bugs fixed; the examples
    are valid, with every optional member filled in.
    """

    name: str
    sender: Literal["charger", "central_system", "both"]
    block: str
    sections: str
    meaning: str
    request_schema: dict[str, Any]
    response_schema: dict[str, Any]
    request_example: dict[str, Any]
    response_example: dict[str, Any]


class Actions(msgspec.Struct, frozen=True):
    """The actions of one version of OCPP, in the order of its specification's blocks."""

    version: str
    data: list[ActionView]


class FrameFault(msgspec.Struct, frozen=True):
    """One broken rule: where, which, the error class that it earns, and the section."""

    path: str
    rule: str
    detail: str
    error_code: str
    section: str


class FrameRepair(msgspec.Struct, frozen=True):
    """One leniency rule at work: what stood there, what was used instead, and why."""

    rule: str
    path: str
    raw: str
    used: str
    reason: str
    section: str


class FrameExplanation(msgspec.Struct, frozen=True):
    """Everything that can be said of a frame alone; sections: J is OCPP-J 1.6, else OCPP 1.6."""

    kind: str
    message_id: str | None
    action: str | None
    meaning: str
    direction: str | None
    section: str | None
    verdict: Literal["valid", "repaired", "invalid", "unchecked", "ignored"]
    faults: list[FrameFault]
    repairs: list[FrameRepair]
    consequence: str


class FrameBody(Body):
    """A frame as it stands on the wire, and for a CALLRESULT the action that it answers."""

    frame: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_FRAME_CHARACTERS,
            examples=['[2,"7f4c","Authorize",{"idTag":"04A224B9C3"}]'],
        ),
    ]
    answer_to: Annotated[str | None, Field(max_length=100, examples=["Authorize"])] = None


@router.get("", summary="List what can be asked", responses=answers(Actions, "All actions"))
async def list_actions(version: Literal["1.6"] = "1.6", sender: Sender | None = None) -> Response:
    """Actions with their schemas, from which a form can be made; `both` counts for either side."""
    found = [
        ActionView(
            name=spec.name,
            sender=spec.sender.value,
            block=spec.block.value,
            sections=spec.section,
            meaning=spec.explanation,
            request_schema=schema_of(version, spec.name, "request"),
            response_schema=schema_of(version, spec.name, "response"),
            request_example=spec.example.request,
            response_example=spec.example.response,
        )
        for spec in actions_of(version)
        if sender is None or spec.sender in {sender, Sender.BOTH}
    ]
    return json_answer(Actions(version, found))


@explanations.post(
    "/explain",
    summary="Explain a frame",
    responses=answers(FrameExplanation, "What it is, and which rules it breaks"),
)
async def explain(person: Person, body: FrameBody) -> Response:
    """Held against the schemas and the leniency rules; nothing is stored or sent."""
    del person
    found = explain_frame(body.frame.encode(), answer_to=body.answer_to)
    return json_answer(msgspec.convert(asdict(found), FrameExplanation))
