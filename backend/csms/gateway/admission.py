"""A charger's state in memory, under its epoch, and the answers that its repeats get again."""

from typing import Final

import msgspec

from csms.domain.transactions.admission import RecentExchange
from csms.ocpp.frames import Call, encode_call_result

ANSWERED_AFRESH: Final = frozenset({"BootNotification", "Heartbeat", "Authorize"})
"""Their answers hold what is true now, so a repeat is a new question."""


class Answered(msgspec.Struct, frozen=True, gc=False):
    """What was asked under a message id, as a hash, and the frame that answered it."""

    fingerprint: int
    frame: bytes
    payload: str


class AnsweredCalls:
    """The last answers of one charger by message id; bounded, oldest forgotten first.

    A repeat is the same id, action and payload. The same id with other content is a new call,
    because chargers restart their counters. Payloads are compared by a keyed hash.
    """

    __slots__ = ("_answers", "_max")

    def __init__(self, answers_max: int, recent: tuple[RecentExchange, ...] = ()) -> None:
        self._max = answers_max
        self._answers: dict[str, Answered] = {}
        for exchange in recent[-answers_max:]:
            frame = encode_call_result(exchange.message_id, exchange.answer.encode())
            fingerprint = hash((exchange.action, exchange.request.encode()))
            self._answers[exchange.message_id] = Answered(fingerprint, frame, exchange.answer)

    def answer_to(self, call: Call) -> Answered | None:
        """Return the first answer when `call` is a repeat, else None."""
        first = self._answers.get(call.message_id)
        if first is None or call.action in ANSWERED_AFRESH:
            return None
        if first.fingerprint != hash((call.action, bytes(call.payload_raw))):
            return None
        return first

    def remember(self, call: Call, frame: bytes, payload: bytes) -> None:
        """Keep the answer to a call that is committed."""
        if call.action in ANSWERED_AFRESH:
            return
        answers = self._answers
        answers.pop(call.message_id, None)
        answers[call.message_id] = Answered(
            hash((call.action, bytes(call.payload_raw))), frame, payload.decode()
        )
        if len(answers) > self._max:
            del answers[next(iter(answers))]
