"""StartTransaction: a session is recorded whatever comes, and the same start only once."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from csms.domain.authorization.authorize import hold_amount, minimum_balance, spendable, verdict_of
from csms.domain.authorization.verdict import Verdict
from csms.domain.metering.plausibility import bounded_register
from csms.domain.stations.charger import Charger
from csms.domain.tariffs.terms import TariffTerms
from csms.domain.transactions.commands import StartCommand
from csms.domain.transactions.deadlines import reconcile_after
from csms.domain.transactions.decision import Decision
from csms.domain.transactions.outlets import outlet_of
from csms.domain.transactions.ports import StartReads, TransactionReads
from csms.domain.transactions.remote_starts import waiting_for
from csms.domain.transactions.resume import SUPERSEDED
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.same_start import RepeatedStart, repeated_start
from csms.domain.transactions.session import ChargerSessions, OpenSession, PendingRemoteStart
from csms.domain.transactions.times import start_key_of
from csms.kernel.facts import (
    AuthorizationStatus,
    Fact,
    TransactionStarted,
    TransactionStatusChanged,
)
from csms.kernel.ids import TransactionId, fold_id_tag

REPLAYED: Final = "replayed"


@dataclass(frozen=True, slots=True)
class StartAnswer:
    """What StartTransaction.conf carries: always an id of ours, and the true status."""

    transaction_id: TransactionId
    verdict: Verdict


async def start_session(
    charger: Charger,
    sessions: ChargerSessions,
    command: StartCommand,
    reads: TransactionReads,
    received_at: datetime,
    rules: SessionRules,
) -> Decision[StartAnswer]:
    """Record that a session has begun (OCPP 1.6 §4.8). It is never refused.

    The same start gets the same id and changes nothing, or only its time. Otherwise a later start
    takes the connector from the session that stands there; an earlier one, replayed from a
    charger's queue, is recorded without displacing it.
    """
    command = _storable(command, charger, sessions)
    start_key = start_key_of(command)
    found = await reads.for_start(charger.organization_id, charger.id, command.id_tag, start_key)
    waiting = waiting_for(sessions, command, received_at, rules)
    found = _with_hold_of_request(_without_own_connector(found, sessions, command), waiting)
    verdict = verdict_of(found.tag, charger, command.id_tag, received_at, rules)
    repeated = await repeated_start(charger, sessions, command, start_key, found, reads)
    if repeated is not None:
        return _answer_again(repeated, verdict)

    displaced, is_replayed = _neighbours(sessions, command)
    deadline = received_at + reconcile_after(charger, rules)
    started = _started(charger, command, found, verdict, received_at, rules)
    if is_replayed:
        started = msgspec.structs.replace(
            started,
            status="PENDING_RECONCILIATION",
            reconcile_by=deadline,
            hold_amount=None,
            note=_joined(started.note, REPLAYED),
        )
    if waiting is not None:
        started = msgspec.structs.replace(started, remote_start_operation_id=waiting.operation_id)
    facts: list[Fact] = [
        TransactionStatusChanged(
            transaction_id=older.transaction_id,
            status="PENDING_RECONCILIATION",
            reason=SUPERSEDED,
            changed_at=received_at,
            reconcile_by=deadline
            if older.reconcile_by is None
            else min(deadline, older.reconcile_by),
        )
        for older in displaced
    ]
    return Decision(StartAnswer(started.transaction_id, verdict), (*facts, started))


def _storable(command: StartCommand, charger: Charger, sessions: ChargerSessions) -> StartCommand:
    """Return the start on an outlet and with a register that can be kept; what was odd is noted.

    Connector 0 is the charger as a whole, where no session can be.
    """
    note = command.clock_note
    connector = outlet_of(command.connector, charger, sessions)
    if connector != command.connector:
        note = _joined(note, f"reported_connector_{command.connector}")
    register_wh = bounded_register(command.meter_start_wh)
    if register_wh != command.meter_start_wh:
        note = _joined(note, "register_out_of_bounds")
    if note == command.clock_note:
        return command
    return msgspec.structs.replace(
        command, connector=connector, meter_start_wh=register_wh, clock_note=note
    )


def _answer_again(repeated: RepeatedStart, verdict: Verdict) -> Decision[StartAnswer]:
    """Answer as at first: credit and other sessions of the tag have changed by this very one."""
    if repeated.authorization is not None and repeated.authorization != verdict.status:
        verdict = replace(verdict, status=repeated.authorization, reason="as at the first start")
        if repeated.authorization == "Accepted":
            verdict = replace(verdict, expires_at=None)
    return Decision(StartAnswer(repeated.transaction_id, verdict), repeated.facts)


def _neighbours(sessions: ChargerSessions, command: StartCommand) -> tuple[list[OpenSession], bool]:
    """Return the open sessions that this start displaces, and whether one stands that is later."""
    on_connector = sessions.open_on(command.connector)
    later = [
        s
        for s in on_connector
        if s.started_at > command.started_at and s.status_reason != SUPERSEDED
    ]
    if later:
        return [], True
    return [s for s in on_connector if s.status_reason != SUPERSEDED], False


def _started(
    charger: Charger,
    command: StartCommand,
    found: StartReads,
    verdict: Verdict,
    received_at: datetime,
    rules: SessionRules,
) -> TransactionStarted:
    tag, terms = found.tag, found.tariff
    user_id = None if tag is None or verdict.is_free else tag.user_id
    is_billable = user_id is not None
    return TransactionStarted(
        transaction_id=found.transaction_id,
        connector=command.connector,
        id_tag=command.id_tag,
        started_at=command.started_at,
        received_at=received_at,
        meter_start_wh=command.meter_start_wh,
        status="ACTIVE",
        authorization=verdict.status,
        is_billable=is_billable,
        start_key=start_key_of(command),
        charger_started_at=command.charger_time,
        user_id=user_id,
        tariff_id=terms.tariff_id if terms is not None else None,
        tariff_terms=msgspec.json.encode(terms).decode() if terms is not None else None,
        reservation_number=command.reservation_number,
        hold_amount=_hold(charger, found, verdict, rules) if is_billable else None,
        currency=terms.currency if terms is not None else charger.currency,
        note=command.clock_note,
        parent_id_tag=tag.parent_id_tag if tag is not None else None,
    )


def _hold(
    charger: Charger, found: StartReads, verdict: Verdict, rules: SessionRules
) -> Decimal | None:
    """Return what is put aside: the usual amount, or what there is; nothing for the refused."""
    status: AuthorizationStatus = verdict.status
    if status != "Accepted" or found.tag is None or not _in_wallet_currency(charger, found.tariff):
        return None
    credit = spendable(found.tag, minimum_balance(charger, rules))
    if credit is None or credit <= 0:
        return None
    return min(hold_amount(charger, rules), credit) or None


def _without_own_connector(
    found: StartReads, sessions: ChargerSessions, command: StartCommand
) -> StartReads:
    """Count as concurrent only what is elsewhere: this start takes the place of what is here."""
    tag = found.tag
    if tag is None or not tag.forbids_concurrent:
        return found
    id_tag = fold_id_tag(command.id_tag)
    here = [s for s in sessions.open_on(command.connector) if fold_id_tag(s.id_tag) == id_tag]
    return replace(found, tag=replace(tag, open_elsewhere=max(0, tag.open_elsewhere - len(here))))


def _with_hold_of_request(found: StartReads, waiting: PendingRemoteStart | None) -> StartReads:
    """Count what the remote start has put aside as spendable: its session is what it is for."""
    tag = found.tag
    if tag is None or tag.available is None or waiting is None or waiting.hold_amount is None:
        return found
    return replace(found, tag=replace(tag, available=tag.available + waiting.hold_amount))


def _in_wallet_currency(charger: Charger, terms: TariffTerms | None) -> bool:
    return terms is not None and terms.currency == charger.currency


def _joined(note: str | None, more: str) -> str:
    return more if note is None else f"{note}; {more}"
