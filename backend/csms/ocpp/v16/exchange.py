"""What a handler of a charger's message is given, and what it gives back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from csms.domain.authorization.ports import IdTagRecords
from csms.domain.stations.charger import Charger
from csms.domain.transactions.decision import FollowUp
from csms.domain.transactions.ports import TransactionReads
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions
from csms.kernel.clock import Clock
from csms.kernel.facts import Fact
from csms.ocpp.leniency import Repair
from csms.ocpp.v16.types import WireType

RequestT = TypeVar("RequestT", bound=WireType)


@dataclass(frozen=True, slots=True)
class HandlerPorts:
    """What handlers need beyond the charger's state in memory.

    `operator_name` is the organization that chargers' certificates name (whitepaper A00.FR.404).
    """

    reads: TransactionReads
    id_tags: IdTagRecords
    clock: Clock
    rules: SessionRules
    operator_name: str = "CSMS"


class Incoming(msgspec.Struct, Generic[RequestT], frozen=True, gc=False):
    """One request of a charger, with the charger as it is in memory.

    `repairs` are what leniency changed; a time as the charger spelled it may stand there.
    """

    request: RequestT
    charger: Charger
    sessions: ChargerSessions
    received_at: datetime
    ports: HandlerPorts
    repairs: tuple[Repair, ...] = ()


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """The answer, the facts to commit before it is given, and what follows it."""

    answer: WireType
    facts: tuple[Fact, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()


Handler = Callable[[Incoming[RequestT]], Awaitable[Outcome]]
"""Decides, after looking up whatever it needs."""
HandlerAtOnce = Callable[[Incoming[RequestT]], Outcome | None]
"""Decides from the charger's state in memory, without a task; None: something has to be looked up."""
