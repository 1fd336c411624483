"""What a use case returns: the answer, the facts to commit before it is given, what follows it."""

from typing import Generic, TypeVar

import msgspec

from csms.kernel.facts import Fact
from csms.kernel.ids import ConnectorNumber, TransactionId

AnswerT = TypeVar("AnswerT")


class StopSession(msgspec.Struct, frozen=True):
    """Ask the charger to stop a session, after the answer is out (OCPP 1.6 §5.16.1)."""

    transaction_id: TransactionId
    connector: ConnectorNumber
    reason: str


FollowUp = StopSession


class Decision(msgspec.Struct, Generic[AnswerT], frozen=True):
    """`answer` may be given only after `facts` are committed; `follow_ups` run after that."""

    answer: AnswerT
    facts: tuple[Fact, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
