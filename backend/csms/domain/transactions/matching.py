"""Which session a stop ends: by its id where that is plausible, else by all that it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.metering.plausibility import max_energy_wh
from csms.domain.stations.charger import Charger
from csms.domain.transactions.commands import StopCommand
from csms.domain.transactions.ports import StoredTransaction, TransactionReads
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions
from csms.domain.transactions.times import is_time_known
from csms.kernel.ids import ChargerId, ConnectorNumber, TransactionId, fold_id_tag


@dataclass(frozen=True, slots=True)
class Match:
    """What a stop's session is. `stored` is None where none or several could be meant.

    `is_inferred`: not by its id. `candidates` are for the desk.
    """

    kind: Literal["named", "inferred", "foreign", "ambiguous", "unmatched"]
    charger_id: ChargerId
    stored: StoredTransaction | None = None
    candidates: tuple[StoredTransaction, ...] = ()

    @property
    def is_inferred(self) -> bool:
        """Whether the session was found by what the stop says, not by its id."""
        return self.kind == "inferred"


async def match_stop(
    charger: Charger,
    sessions: ChargerSessions,
    command: StopCommand,
    tag: IdTagRecord | None,
    reads: TransactionReads,
    rules: SessionRules,
) -> Match:
    """Return the session that a stop ends.

    An id counts unless time and register both contradict it. An id of another charger's session
    of that time changes nothing. Otherwise the charger's sessions without a Stop are gone through:
    id tag or its parent, order in time, register.
    """
    stored = None
    if command.transaction_id > 0:
        stored = await reads.find(TransactionId(command.transaction_id))
    if stored is not None:
        if stored.charger_id == charger.id:
            if _is_plausible_id(stored, command, rules):
                return Match("named", charger.id, stored)
        elif _was_open_at(stored, command, rules):
            return Match("foreign", charger.id, stored=None, candidates=(stored,))
    again = await _stopped_before(charger, command, reads)
    if again is not None:
        return Match("inferred", charger.id, again)
    candidates = [
        one
        for one in await reads.without_charger_stop(charger.id)
        if _has_tag(one, command, tag) and _fits(one, command, rules)
    ]
    return _choice(charger, _latest_per_connector(candidates))


async def _stopped_before(
    charger: Charger, command: StopCommand, reads: TransactionReads
) -> StoredTransaction | None:
    """Return the session that this very stop was matched to before: a repeat stays one."""
    found = await reads.with_charger_stop(charger.id, command.charger_time, command.meter_stop_wh)
    return found[-1] if found else None


def _choice(charger: Charger, candidates: list[StoredTransaction]) -> Match:
    if len(candidates) == 1:
        return Match("inferred", charger.id, candidates[0])
    kind: Literal["ambiguous", "unmatched"] = "ambiguous" if candidates else "unmatched"
    return Match(kind, charger.id, candidates=tuple(candidates))


def _is_plausible_id(stored: StoredTransaction, command: StopCommand, rules: SessionRules) -> bool:
    if stored.has_charger_stop:
        return command.stopped_at >= stored.started_at - rules.clock_skew
    is_after = command.stopped_at >= stored.started_at - rules.clock_skew
    return is_after or _fits_register(stored, command, rules)


def _was_open_at(stored: StoredTransaction, command: StopCommand, rules: SessionRules) -> bool:
    """Whether another charger's session ran at the time of the stop, so that the id means it."""
    if command.stopped_at < stored.started_at - rules.clock_skew:
        return False
    return (
        stored.stopped_at is None or command.stopped_at <= stored.stopped_at + rules.reconcile_after
    )


def _fits(stored: StoredTransaction, command: StopCommand, rules: SessionRules) -> bool:
    if command.stopped_at < stored.started_at - rules.clock_skew:
        return False
    return _fits_register(stored, command, rules)


def _fits_register(stored: StoredTransaction, command: StopCommand, rules: SessionRules) -> bool:
    limits = rules.plausibility
    if command.meter_stop_wh < stored.highest_register_wh - limits.register_slack_wh:
        return False
    duration = None
    if command.stopped_at >= stored.started_at and is_time_known(stored.note, command.clock_note):
        duration = command.stopped_at - stored.started_at
    energy_wh = command.meter_stop_wh - stored.meter_start_wh
    return energy_wh <= max_energy_wh(stored.max_power_w, duration, limits)


def _has_tag(stored: StoredTransaction, command: StopCommand, tag: IdTagRecord | None) -> bool:
    """Whether the stop's tag may have started the session: itself, or one of the same parent."""
    if command.id_tag is None:
        return True
    said = {fold_id_tag(command.id_tag)}
    started = {fold_id_tag(stored.id_tag)}
    if tag is not None and tag.parent_id_tag is not None:
        said.add(fold_id_tag(tag.parent_id_tag))
    if stored.parent_id_tag is not None:
        started.add(fold_id_tag(stored.parent_id_tag))
    return bool(said & started)


def _latest_per_connector(candidates: Iterable[StoredTransaction]) -> list[StoredTransaction]:
    """Return the last start before the stop of each connector: order in time decides there."""
    latest: dict[ConnectorNumber, StoredTransaction] = {}
    for one in candidates:
        standing = latest.get(one.connector)
        if standing is None or standing.started_at <= one.started_at:
            latest[one.connector] = one
    return list(latest.values())
