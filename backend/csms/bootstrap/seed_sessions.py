"""Sessions for a seeded network: made up by chance, then judged and billed by the product's rules.

Energy, price, hold, bill and explanation come from the same functions as those of a real session.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from csms.adapters.sql.seeding import DatedTransfer, Outlet, Row, SeedPolicy, SessionBatch
from csms.domain.billing.ports import BillableTransaction, Settlement
from csms.domain.billing.settlement import decide_bill
from csms.domain.ledger.wallet import Wallet
from csms.domain.metering.moment import meter_moment, samples_json
from csms.domain.metering.plausibility import PlausibilityLimits
from csms.domain.metering.samples import SampledValue
from csms.domain.transactions.commands import StartCommand
from csms.domain.transactions.energy import MeterEvidence, SessionEnergy, energy_of_stop
from csms.domain.transactions.ports import StoredTransaction
from csms.domain.transactions.times import start_key_of
from csms.kernel.errors import InvalidError
from csms.kernel.ids import (
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    TransactionId,
    UserId,
    fold_id_tag,
)
from csms.kernel.money import Money

NOTE: Final = "seeded"
FREE_TAG: Final = "SEED-FREE"
SHARE_FREE: Final = 0.04
SHARE_UNRECONCILED: Final = 0.01
MIN_SLOT: Final = timedelta(minutes=20)
LONGEST: Final = timedelta(hours=6)
MOST_WH: Final = 90_000
TOP_UP: Final = Decimal(50)
BILLED_AFTER: Final = timedelta(seconds=1)
_LIMITS: Final = PlausibilityLimits()


class TooManySessionsError(InvalidError):
    """So many sessions do not fit on so few connectors in so few days."""


@dataclass(slots=True)
class Driver:
    """A seeded person with a card, and what the wallet has to spend."""

    user_id: UserId
    card: str
    available: Decimal = Decimal(0)
    top_ups: int = 0


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """How many sessions, where, whose, since when, and with how many readings each."""

    organization_id: OrganizationId
    policy: SeedPolicy
    outlets: Sequence[Outlet]
    drivers: Sequence[Driver]
    sessions: int
    begin: datetime
    end: datetime
    readings: int


@dataclass(slots=True)
class _Made:
    sessions: list[Row] = field(default_factory=list)
    transfers: list[DatedTransfer] = field(default_factory=list)
    readings: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A session before it is judged: what a charger would have said, and whose it is."""

    outlet: Outlet
    driver: Driver | None
    started_at: datetime
    stopped_at: datetime
    meter_start_wh: int
    energy_wh: int
    is_unreconciled: bool

    @property
    def meter_stop_wh(self) -> int:
        """The register at the stop; one below the start cannot be believed."""
        return self.meter_start_wh + (-500 if self.is_unreconciled else self.energy_wh)


def require_fit(sessions: int, connectors: int, length: timedelta) -> None:
    """Raise TooManySessionsError unless each session gets twenty minutes of its connector."""
    rounds = -(-sessions // connectors)
    if rounds and length / rounds < MIN_SLOT:
        most = int(length / MIN_SLOT) * connectors
        raise TooManySessionsError(
            f"{sessions} sessions do not fit on {connectors} connectors in {length.days} days: "
            f"{most} at most; take more chargers or days"
        )


class SessionMaker:
    """Makes the sessions of a plan in the order of their starts; the same chance, the same ones."""

    def __init__(self, plan: SeedPlan, chance: random.Random) -> None:
        self._plan = plan
        self._chance = chance
        self._terms = msgspec.json.encode(plan.policy.terms).decode()
        self._registers = {o: chance.randrange(0, 5_000_000) for o in plan.outlets}
        self._rounds = -(-plan.sessions // len(plan.outlets)) if plan.sessions else 0
        require_fit(plan.sessions, len(plan.outlets), plan.end - plan.begin)
        self._drawn = self._draw_all()

    def make(self, ids: Sequence[int]) -> SessionBatch:
        """Return the next sessions, one under each of `ids`."""
        made = _Made()
        for number, drawn in zip(ids, self._drawn, strict=False):
            self._add(made, drawn, TransactionId(number))
        return SessionBatch(made.sessions, made.transfers, made.readings, made.cases)

    def _draw_all(self) -> Iterator[_Drawn]:
        plan, left = self._plan, self._plan.sessions
        for number in range(self._rounds):
            slot = (plan.end - plan.begin) / self._rounds
            count = min(left, len(plan.outlets))
            left -= count
            outlets = self._chance.sample(plan.outlets, count)
            begins = sorted(self._chance.uniform(0, 0.4) for _ in outlets)
            for outlet, begin in zip(outlets, begins, strict=True):
                yield self._draw(outlet, plan.begin + slot * (number + begin), slot)

    def _draw(self, outlet: Outlet, started_at: datetime, slot: timedelta) -> _Drawn:
        chance = self._chance
        length = min(slot * 0.5, LONGEST) * chance.uniform(0.3, 1)
        started_at = started_at.replace(microsecond=0)
        length_s = int(length.total_seconds())
        share = chance.random()
        most_wh = outlet.max_power_w * length_s / 3600 * chance.uniform(0.3, 0.95)
        register = self._registers[outlet]
        is_unreconciled = SHARE_FREE <= share < SHARE_FREE + SHARE_UNRECONCILED
        drawn = _Drawn(
            outlet=outlet,
            driver=None if share < SHARE_FREE else chance.choice(self._plan.drivers),
            started_at=started_at,
            stopped_at=started_at + timedelta(seconds=length_s),
            meter_start_wh=register,
            energy_wh=min(MOST_WH, int(most_wh)),
            is_unreconciled=is_unreconciled,
        )
        self._registers[outlet] = register + drawn.energy_wh
        return drawn

    def _add(self, made: _Made, drawn: _Drawn, transaction_id: TransactionId) -> None:
        energy = energy_of_stop(_evidence(drawn), _LIMITS)
        hold = self._hold(made, drawn, transaction_id)
        stored = self._stored(drawn, transaction_id, energy)
        settlement = self._settle(drawn, stored, hold)
        for transfer in settlement.transfers:
            made.transfers.append(DatedTransfer(transfer, drawn.stopped_at + BILLED_AFTER))
        if drawn.driver is not None and settlement.status == "BILLED":
            drawn.driver.available += hold - (settlement.cost or 0)
        made.sessions.append(self._row(drawn, stored, energy, settlement, hold))
        made.readings += self._readings(drawn, transaction_id)
        if settlement.failure is not None:
            made.cases.append(self._case(drawn, transaction_id, energy))

    def _hold(self, made: _Made, drawn: _Drawn, transaction_id: TransactionId) -> Decimal:
        """Put money aside for the session, after a top-up where there is not enough."""
        driver, amount = drawn.driver, self._plan.policy.hold_amount
        if driver is None:
            return Decimal(0)
        currency = self._plan.policy.currency
        wallet = Wallet(self._plan.organization_id, driver.user_id, currency)
        while driver.available < amount + 1:
            driver.top_ups += 1
            top_up = wallet.top_up(
                Money(TOP_UP, currency),
                key=f"seed:{driver.user_id}:{driver.top_ups}",
                note=f"{NOTE}: top-up",
                by=None,
            )
            made.transfers.append(DatedTransfer(top_up, drawn.started_at - timedelta(minutes=5)))
            driver.available += TOP_UP
        if amount > 0:
            hold = wallet.hold(amount, transaction_id)
            made.transfers.append(DatedTransfer(hold, drawn.started_at))
            driver.available -= amount
        return amount

    def _settle(self, drawn: _Drawn, stored: StoredTransaction, hold: Decimal) -> Settlement:
        length = drawn.stopped_at - drawn.started_at
        settlement = decide_bill(
            BillableTransaction(
                organization_id=self._plan.organization_id,
                transaction=stored,
                tariff_terms=self._terms,
                currency=self._plan.policy.currency,
                duration_s=Decimal(int(length.total_seconds())),
                spans=(),
                charged=Decimal(0),
                held=hold,
                revision=0,
                available=None if drawn.driver is None else drawn.driver.available,
            )
        )
        transfers = tuple(replace(t, note=f"{NOTE}: {t.note}") for t in settlement.transfers)
        return replace(settlement, transfers=transfers)

    def _stored(
        self, drawn: _Drawn, transaction_id: TransactionId, energy: SessionEnergy
    ) -> StoredTransaction:
        start, stop = Decimal(drawn.meter_start_wh), Decimal(drawn.meter_stop_wh)
        is_billable = drawn.driver is not None
        return StoredTransaction(
            transaction_id=transaction_id,
            charger_id=ChargerId(drawn.outlet.charger_id),
            connector=ConnectorNumber(drawn.outlet.connector_id),
            id_tag=IdTag(FREE_TAG if drawn.driver is None else drawn.driver.card),
            user_id=None if drawn.driver is None else drawn.driver.user_id,
            status="ENDED",
            started_at=drawn.started_at,
            meter_start_wh=start,
            authorization="Accepted",
            is_billable=is_billable,
            billing_status="PENDING" if is_billable else "NOT_BILLABLE",
            stopped_at=drawn.stopped_at,
            charger_stopped_at=_spelled(drawn.stopped_at),
            meter_stop_wh=stop,
            stop_reason="Local",
            has_charger_stop=True,
            last_register_wh=max(start, stop),
            highest_register_wh=max(start, stop),
            energy_wh=energy.energy_wh,
            stop_source="charger",
        )

    def _row(
        self,
        drawn: _Drawn,
        stored: StoredTransaction,
        energy: SessionEnergy,
        settlement: Settlement,
        hold: Decimal,
    ) -> Row:
        plan, started = self._plan, _spelled(drawn.started_at)
        command = StartCommand(
            stored.connector, stored.id_tag, stored.meter_start_wh, drawn.started_at, started
        )
        is_billed = settlement.status == "BILLED"
        return (
            stored.transaction_id, plan.organization_id, stored.charger_id, stored.connector,
            stored.id_tag, fold_id_tag(stored.id_tag), stored.user_id, drawn.started_at, started,
            drawn.started_at, stored.meter_start_wh, "ENDED", drawn.stopped_at, "Accepted",
            stored.is_billable, start_key_of(command), drawn.stopped_at, stored.charger_stopped_at,
            drawn.stopped_at, stored.meter_stop_wh, "Local", "charger", True, energy.energy_wh,
            energy.basis, energy.explanation, plan.policy.terms.tariff_id, self._terms,
            plan.policy.currency, settlement.cost, settlement.status,
            energy.failure if settlement.failure is not None else None, settlement.explanation,
            1 if settlement.transfers else 0,
            drawn.stopped_at + BILLED_AFTER if is_billed else None,
            hold if drawn.driver is not None else None, NOTE,
        )  # fmt: skip

    def _readings(self, drawn: _Drawn, transaction_id: TransactionId) -> Iterator[Row]:
        if drawn.is_unreconciled:
            return
        length = drawn.stopped_at - drawn.started_at
        power_w = int(drawn.energy_wh * 3600 / max(1.0, length.total_seconds()))
        for number in range(1, self._plan.readings + 1):
            part = number / (self._plan.readings + 1)
            at = (drawn.started_at + length * part).replace(microsecond=0)
            register = drawn.meter_start_wh + int(drawn.energy_wh * part)
            moment = meter_moment(
                (
                    SampledValue(str(register)),
                    SampledValue(str(power_w), "Power.Active.Import", "W"),
                )
            )
            yield (
                self._plan.organization_id, drawn.outlet.charger_id, drawn.outlet.connector_id,
                transaction_id, at, at, moment.register_wh, moment.power_w, False, False,
                samples_json(moment.values),
            )  # fmt: skip

    def _case(self, drawn: _Drawn, transaction_id: TransactionId, energy: SessionEnergy) -> Row:
        return (
            self._plan.organization_id,
            "energy_not_reconciled",
            f"energy_not_reconciled:{transaction_id}",
            drawn.outlet.charger_id,
            transaction_id,
            f"Session {transaction_id} ({NOTE}): {energy.failure}.",
            energy.explanation,
            drawn.stopped_at,
        )


def _evidence(drawn: _Drawn) -> MeterEvidence:
    start, stop = Decimal(drawn.meter_start_wh), Decimal(drawn.meter_stop_wh)
    return MeterEvidence(
        meter_start_wh=start,
        highest_wh=max(start, stop),
        meter_stop_wh=stop,
        transaction_end_wh=None,
        duration=drawn.stopped_at - drawn.started_at,
        max_power_w=drawn.outlet.max_power_w,
    )


def _spelled(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
