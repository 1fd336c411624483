"""Asking chargers: what the API needs of operations, and the one translation to HTTP."""

from http import HTTPStatus
from typing import Any, Protocol

import msgspec
from fastapi import Response

from csms.api.answers import Responses, answers, json_answer, problems
from csms.api.errors import PROBLEM_JSON, Problem
from csms.domain.identity.actor import Actor
from csms.domain.operations.commands import Command
from csms.kernel.facts import OperationStatus
from csms.kernel.ids import ChargerId, TransactionId
from csms.reads.transaction import parsed

NOT_SENT: dict[str, str] = {
    "not_connected": "the charger is not connected",
    "held_pending": "the charger is held Pending and takes no such request yet",
    "connection_lost": "the connection broke before the charger answered; what it did is unknown",
}


class Asked(Protocol):
    """What became of an operation, as far as is known."""

    @property
    def operation_id(self) -> int:
        """Its id."""
        ...

    @property
    def status(self) -> OperationStatus:
        """Where it stands."""
        ...

    @property
    def message_id(self) -> str | None:
        """The id of the CALL, once it is sent."""
        ...

    @property
    def response(self) -> str | None:
        """The charger's answer as JSON."""
        ...

    @property
    def error_code(self) -> str | None:
        """The charger's CALLERROR code, or why it was not sent."""
        ...

    @property
    def error_detail(self) -> str | None:
        """What goes with the code."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What we believe speaks against success; never a refusal."""
        ...


class Operations(Protocol):
    """Asks chargers; `domain.operations.service` does it."""

    async def request(
        self, actor: Actor, charger_id: ChargerId, command: Command, wait_s: float
    ) -> Asked:
        """Record the operation, send it, wait up to `wait_s` for the answer; 0 does not wait."""
        ...

    async def remote_stop(
        self,
        actor: Actor,
        charger_id: ChargerId,
        transaction_id: TransactionId | None,
        wait_s: float,
    ) -> Asked:
        """Ask to stop a session; without an id the charger's only open one.

        Raises ConflictError when there is none or more than one.
        """
        ...


class OperationError(msgspec.Struct, frozen=True):
    """The charger's CALLERROR (OCPP-J 1.6 §4.2.3)."""

    code: str
    detail: str | None


class OperationAnswer(msgspec.Struct, frozen=True):
    """What the charger said. Accepted means that it agreed, not that it happened.

    `status` is the charger's own word where its answer has one, otherwise where the operation
    stands. `error` is its CALLERROR.
    """

    operation_id: int
    message_id: str | None
    status: str
    response: Any
    error: OperationError | None
    warnings: list[str]


class OperationProblem(Problem, frozen=True, kw_only=True):
    """Why there is no answer of the charger; the operation is on record all the same."""

    operation_id: int
    message_id: str | None
    warnings: list[str]


def operation_answers() -> Responses:
    """Describe what an operation can answer."""
    return (
        answers(OperationAnswer, "The charger's own answer")
        | answers(OperationAnswer, "Recorded; `wait_s` was 0", status=202)
        | problems(404, 409, 504)
    )


def operation_answer(asked: Asked) -> Response:
    """Return the honest answer: 200 answered, 202 not waited for, 409 not sent, 504 no answer."""
    match asked.status:
        case "ANSWERED":
            return json_answer(answer_of(asked))
        case "FAILED" if asked.error_code == "invalid_request":
            detail = asked.error_detail or "it cannot be said in the charger's protocol"
            return _problem(asked, 422, "invalid_request", detail)
        case "FAILED" | "EXPIRED" if asked.error_code in NOT_SENT or asked.error_code is None:
            detail = asked.error_detail or NOT_SENT.get(asked.error_code or "", "it was not sent")
            code = asked.error_code or "not_sent"
            status = 504 if code == "connection_lost" else 409
            return _problem(asked, status, code, detail)
        case "FAILED" | "EXPIRED":
            return json_answer(answer_of(asked))
        case "TIMED_OUT":
            detail = "the charger did not answer in time; a late answer is recorded"
            return _problem(asked, 504, "no_answer", detail)
        case _:
            return json_answer(answer_of(asked), 202)


def answer_of(asked: Asked) -> OperationAnswer:
    """Return what the charger said, or where the operation stands."""
    response = parsed(asked.response)
    said = response.get("status") if isinstance(response, dict) else None
    error = None
    if asked.status != "ANSWERED" and asked.error_code is not None:
        error = OperationError(asked.error_code, asked.error_detail)
    return OperationAnswer(
        operation_id=asked.operation_id,
        message_id=asked.message_id,
        status=said if isinstance(said, str) else asked.status,
        response=response,
        error=error,
        warnings=list(asked.warnings),
    )


def _problem(asked: Asked, status: int, code: str, detail: str) -> Response:
    body = OperationProblem(
        type=f"urn:csms:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        operation_id=asked.operation_id,
        message_id=asked.message_id,
        warnings=list(asked.warnings),
    )
    return Response(msgspec.json.encode(body), status, media_type=PROBLEM_JSON)
