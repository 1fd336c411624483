"""THE PATH of a charger's message: admit -> decode -> decide -> commit -> reply.

Nothing is answered before its facts are committed; one message of a charger at a time. The usual
message runs without a task of its own: `_call` goes as far as the journal, and what the journal
calls back, `_stored`, answers. Everything else is a task.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from csms.domain.transactions.apply import apply_facts
from csms.domain.transactions.decision import FollowUp
from csms.gateway import log_entries
from csms.gateway.admission import Answered
from csms.gateway.answers import Answers
from csms.gateway.connection import Connection, LinkNotice, Message, OddMessage
from csms.gateway.link_notices import LinkNotices
from csms.gateway.oddities import Oddities
from csms.gateway.settings import GatewaySettings
from csms.gateway.storing import Storing
from csms.gateway.turns import Turns
from csms.kernel.clock import Clock
from csms.kernel.errors import UnavailableError
from csms.kernel.facts import Fact
from csms.kernel.ids import ChargerId
from csms.kernel.journal import EntryRefusedError, Journal, JournalEntry
from csms.ocpp.codec import decode_request, encode_trusted
from csms.ocpp.errors import ErrorCode, WireError
from csms.ocpp.frame_repair import mend_action, mend_frame, noise_of
from csms.ocpp.frames import (
    ID_LENGTH_TOLERATED,
    BadFrame,
    Call,
    CallError,
    CallResult,
    Frame,
    decode_frame,
    encode_call_error,
    encode_call_result,
)
from csms.ocpp.leniency import Repair
from csms.ocpp.timestamps import format_timestamp
from csms.ocpp.v16.exchange import HandlerPorts, Incoming, Outcome
from csms.ocpp.v16.meanings import read_anew
from csms.ocpp.v16.registration_handlers import registration_of
from csms.ocpp.v16.routes import ROUTES, Route

Announce = Callable[[Connection, tuple[Fact, ...]], None]
"""Told of committed facts, before they change the charger's state in memory."""
FollowUps = Callable[[Connection, tuple[FollowUp, ...]], None]
"""Told what is to follow a message, once its answer is out."""

Repaired = Callable[[ChargerId, tuple[Repair, ...], datetime], None]
"""Told which leniency rules a message needed."""

Steps = Coroutine[Any, Any, None]


class Exchange(msgspec.Struct, gc=False):
    """A CALL under way: what was decided, and the entry whose commit it waits for."""

    connection: Connection
    call: Call
    route: Route
    outcome: Outcome
    payload: bytes
    entry: JournalEntry


class InboundPath:
    """Takes messages from connections to their answers."""

    def __init__(  # noqa: PLR0913 - each is one port
        self,
        *,
        journal: Journal,
        clock: Clock,
        ports: HandlerPorts,
        settings: GatewaySettings,
        answers: Answers,
        announce: Announce,
        follow_up: FollowUps,
        repaired: Repaired,
    ) -> None:
        self._repaired = repaired
        self._journal = journal
        self._clock = clock
        self._ports = ports
        self._backlog_max = settings.journal_backlog_max
        self._answers = answers
        self._announce = announce
        self._follow_up = follow_up
        self._storing = Storing(journal, settings)
        self._oddities = Oddities(self._storing, clock, settings)
        self._notices = LinkNotices(self._storing, ports.rules, announce, follow_up)
        self.turns = Turns(self._begin)

    def _begin(self, connection: Connection, message: Message) -> None:
        """Begin with a message; whatever ends it passes the turn on."""
        if self._journal.backlog > self._backlog_max:
            self.turns.later(connection, self._storing.wait_for_room(), then=message)
            return
        received_at = self._clock.now()
        if type(message) is bytes:
            rare = self._frame(connection, decode_frame(message), message, received_at)
        elif type(message) is LinkNotice:
            rare = self._notices.handle(connection, message)
        else:
            assert type(message) is OddMessage  # noqa: S101 - the last kind
            rare = self._oddities.odd_message(connection, message, received_at)
        if rare is not None:
            self.turns.later(connection, rare)

    def _frame(
        self,
        connection: Connection,
        frame: Frame,
        raw: bytes,
        received_at: datetime,
        mended: tuple[Repair, ...] = (),
    ) -> Steps | None:
        if type(frame) is Call:
            connection.is_answering = True
            return self._call(connection, frame, received_at, mended)
        if type(frame) is BadFrame:
            return self._bad_frame(connection, frame, raw, received_at)
        assert type(frame) is CallResult or type(frame) is CallError  # noqa: S101
        return self._answers.settle(connection, frame, raw, received_at)

    def _bad_frame(
        self, connection: Connection, frame: BadFrame, raw: bytes, received_at: datetime
    ) -> Steps | None:
        """Read under the rules of frames what is none; explain it where they do not help."""
        rules = connection.rules
        word = noise_of(raw, rules)
        if word is not None:
            repair = Repair("text-noise", "", word, "a sign of life")
            self._repaired(connection.charger.id, (repair,), received_at)
            return self._oddities.noise(connection, raw, received_at)
        mended = mend_frame(raw, rules, id_length_max=ID_LENGTH_TOLERATED)
        if mended is None:
            return self._oddities.bad_frame(connection, frame, raw, received_at)
        connection.numeric_id = mended.numeric_id
        if type(mended.frame) is not Call:
            self._repaired(connection.charger.id, mended.repairs, received_at)
        return self._frame(connection, mended.frame, raw, received_at, mended.repairs)

    def _call(  # noqa: PLR0911 - one for each other way
        self,
        connection: Connection,
        call: Call,
        received_at: datetime,
        mended: tuple[Repair, ...] = (),
    ) -> Steps | None:
        """Take a CALL as far as the journal; return the steps of one that goes another way."""
        # Admit: a repeat has its answer, and who is not accepted is told so.
        repeat = connection.answered.answer_to(call)
        if repeat is not None:
            return self._repeat(connection, call, repeat, received_at)
        route = ROUTES.get(call.action)
        if route is None and (spelled := mend_action(call, connection.rules)) is not None:
            call, mended = spelled[0], (*mended, spelled[1])
            route = ROUTES.get(call.action)
        refusal = _refusal(connection, route)
        if refusal is not None:
            return self._oddities.refuse(connection, call, *refusal, received_at)
        # Decode.
        try:
            decoded = decode_request(call.action, call.payload_raw, rules=connection.rules)
        except WireError as error:
            if route is not None and route.is_transaction:
                return self._oddities.keep_unreadable(connection, call, route, error, received_at)
            return self._oddities.refuse(connection, call, error.code, str(error), received_at)
        if route is None:
            detail = f"{call.action} is not handled here"
            code = ErrorCode.NOT_IMPLEMENTED
            return self._oddities.refuse(connection, call, code, detail, received_at)
        request, repairs = decoded.request, decoded.repairs
        if connection.meanings:
            request, more = read_anew(request, connection.meanings, connection.sessions)
            repairs += more
        if repairs or mended:
            repairs = mended + repairs
            self._repaired(connection.charger.id, repairs, received_at)
        # Decide.
        incoming = Incoming(
            request, connection.charger, connection.sessions, received_at, self._ports, repairs
        )
        outcome = None if route.at_once is None else route.at_once(incoming)
        if outcome is None:
            return self._look_up(connection, call, route, incoming)
        # Commit.
        exchange = self._exchange(connection, call, route, incoming, outcome)
        self._journal.submit(exchange.entry, partial(self._stored, exchange))
        return None

    def _stored(self, exchange: Exchange, error: Exception | None) -> None:
        """Answer a CALL whose commit has ended; the journal calls this."""
        connection = exchange.connection
        try:
            if error is None:
                self._answer(exchange)
            elif isinstance(error, UnavailableError) and exchange.route.is_transaction:
                self.turns.later(connection, self._hold(exchange))
                return
            elif isinstance(error, UnavailableError | EntryRefusedError):
                _refuse_unstored(exchange.connection, exchange.call)
            else:
                self.turns.fail(connection, error)
        except Exception as fault:
            self.turns.fail(connection, fault)
        self.turns.pass_on(connection)

    def _answer(self, exchange: Exchange) -> None:
        """Take over what is committed, and reply."""
        connection, call, outcome = exchange.connection, exchange.call, exchange.outcome
        if outcome.facts:
            self._announce(connection, outcome.facts)
            apply_facts(connection.charger, connection.sessions, outcome.facts)
        payload = exchange.payload
        if exchange.route.stamps_time:
            now = format_timestamp(self._clock.now())
            payload = encode_trusted(msgspec.structs.replace(outcome.answer, current_time=now))
        frame = encode_call_result(call.message_id, payload)
        connection.answered.remember(call, frame, payload)
        connection.reply(frame)
        if outcome.follow_ups:
            self._follow_up(connection, outcome.follow_ups)

    def _exchange(
        self,
        connection: Connection,
        call: Call,
        route: Route,
        incoming: Incoming[Any],
        outcome: Outcome,
    ) -> Exchange:
        payload = encode_trusted(outcome.answer)
        message = log_entries.answered(
            call, payload.decode(), incoming.received_at, self._clock.now(), incoming.repairs
        )
        entry = log_entries.entry_of(connection, message, outcome.facts)
        return Exchange(connection, call, route, outcome, payload, entry)

    async def _look_up(
        self, connection: Connection, call: Call, route: Route, incoming: Incoming[Any]
    ) -> None:
        """Decide, store and answer; a transaction message is held while nothing can be stored.

        Raises HoldExpiredError and StaleEpochError. After an unknown outcome the same entry is
        offered again.
        """
        exchange: Exchange | None = None

        async def decide_and_store() -> Exchange:
            nonlocal exchange
            if exchange is None:
                outcome = await route.handle(incoming)
                exchange = self._exchange(connection, call, route, incoming, outcome)
            await self._journal.append(exchange.entry)
            return exchange

        try:
            if route.is_transaction:
                stored = await self._storing.held(connection, decide_and_store)
            else:
                stored = await decide_and_store()
        except (UnavailableError, EntryRefusedError):
            _refuse_unstored(connection, call)
        else:
            self._answer(stored)

    async def _hold(self, exchange: Exchange) -> None:
        """Offer a transaction message's entry again for the named time. Raises HoldExpiredError."""
        connection = exchange.connection
        try:
            await self._storing.held(connection, lambda: self._journal.append(exchange.entry))
        except EntryRefusedError:
            _refuse_unstored(connection, exchange.call)
        else:
            self._answer(exchange)

    async def _repeat(
        self, connection: Connection, call: Call, first: Answered, received_at: datetime
    ) -> None:
        message = log_entries.answered(
            call, first.payload, received_at, self._clock.now(), is_repeat=True
        )
        # The first answer followed its commit, so it stands even if this is not logged.
        await self._storing.log(connection, message)
        connection.reply(first.frame)


def _refuse_unstored(connection: Connection, call: Call) -> None:
    detail = "this could not be stored"
    connection.reply(encode_call_error(call.message_id, ErrorCode.INTERNAL_ERROR, detail))


def _refusal(connection: Connection, route: Route | None) -> tuple[ErrorCode, str] | None:
    """Return why nothing of the charger is handled now: it is not accepted (EJ 3.8)."""
    if route is not None and not route.needs_acceptance:
        return None
    registration = registration_of(connection.charger)
    if registration == "Accepted":
        return None
    # What a disabled charger still has to tell of its sessions is recorded all the same.
    if registration == "Rejected" and route is not None and route.is_transaction:
        return None
    return ErrorCode.SECURITY_ERROR, f"the charger's registration is {registration}"
