"""Fakes of what stands behind the API: chargers that answer as told, a clock that is turned."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from csms.domain.operations.commands import Command, OperationOutcome, OperationRequest
from csms.domain.security.tls_port import TlsState


class TurnedClock:
    """Stands still, or goes on by `step` each time that somebody looks."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.step = timedelta(0)

    def now(self) -> datetime:
        self.moment += self.step
        return self.moment

    def turn(self, delay: timedelta) -> None:
        self.moment += delay


@dataclass
class FakeChargers:
    """The way to chargers: records what is sent to them, answers with `outcome`."""

    outcome: OperationOutcome = field(
        default_factory=lambda: OperationOutcome(
            0, "ANSWERED", message_id="7f4c", response='{"status":"Accepted"}'
        )
    )
    asked: list[OperationRequest] = field(default_factory=list)
    is_silent: bool = False

    @property
    def commands(self) -> list[Command]:
        return [request.command for request in self.asked]

    async def send(self, request: OperationRequest, timeout_s: float) -> OperationOutcome:
        self.asked.append(request)
        if self.is_silent:
            await asyncio.Event().wait()
        return msgspec.structs.replace(self.outcome, operation_id=request.operation_id)


class NoTls:
    """A process that serves chargers without TLS."""

    def state(self) -> TlsState:
        return TlsState()

    async def reload(self) -> TlsState:
        return self.state()
