"""The bill of a stopped session: what it costs, what moves, and why, or that a person decides."""

from decimal import Decimal
from typing import Final

import msgspec

from csms.domain.billing.decision import Decision, decision_in
from csms.domain.billing.ports import BillableTransaction, Settlement, StatusSpan
from csms.domain.ledger.transfer import NewTransfer
from csms.domain.ledger.wallet import Wallet
from csms.domain.tariffs.rating import RatedLine, Rating, Usage, rate, terms_of
from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.money import round_amount

_ZERO: Final = Decimal(0)
_encoder: Final = msgspec.json.Encoder(decimal_format="string")


class BillExplanation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a bill came about. Amounts are decimal texts in `currency`.

    `tax` is part of `total`. `charged_before` is what earlier bills took. `debt` is how far the
    wallet is below zero after this bill: the session went past what there was. `decision` is the
    person's whose word the bill rests on.
    """

    currency: str
    total: Decimal
    sentence: str
    lines: tuple[RatedLine, ...]
    revision: int
    tax: Decimal | None = None
    charged_before: Decimal = _ZERO
    released: Decimal = _ZERO
    debt: Decimal | None = None
    decision: Decision | None = None


class WaiverExplanation(msgspec.Struct, frozen=True):
    """Why a session that would have been billed is not: a person waived it."""

    sentence: str
    decision: Decision


def decide_bill(b: BillableTransaction, decision: Decision | None = None) -> Settlement:
    """Return what follows from a stopped session.

    The first bill ends the hold and takes the cost; a later one moves the difference under the
    key of its revision. A session that is not billable gives back its hold. One whose energy or
    price is open is FAILED: nothing is debited and the hold stays until a person has decided.
    A waiver stands, whatever the charger tells later, until `decision` takes its place.
    """
    session = b.transaction
    standing = decision_in(b.bill_explanation)
    is_waived = decision is None and standing is not None and standing.kind == "waiver"
    if session.is_billable and standing is not None and is_waived:
        return waive(b, standing)
    if not session.is_billable or session.user_id is None:
        released = _release(b)
        sentence = "This session is not billed."
        return Settlement("NOT_BILLABLE", None, _plain(sentence), released)
    if session.energy_wh is None:
        return _failed("the energy cannot be reconciled")
    return _priced(b, session.energy_wh, decision)


def waive(b: BillableTransaction, decision: Decision) -> Settlement:
    """Return the end of a session that a person does not bill: hold and charges go back."""
    sentence = f"Not billed: {decision.decided_by} waived it: {decision.reason}"
    if b.charged != 0:
        sentence += f" ({round_amount(b.charged, b.currency)} {b.currency} given back)"
    explanation = _encoder.encode(WaiverExplanation(sentence, decision)).decode()
    return Settlement("NOT_BILLABLE", None, explanation, _release(b) + _debit(b, -b.charged))


def idle_seconds(spans: tuple[StatusSpan, ...]) -> Decimal:
    """Return the seconds that count as idle, before any grace.

    Only a reported SuspendedEV, and after the Stop Finishing: then it is the driver who waits.
    SuspendedEVSE and Faulted are ours, and the spans hold no time in which the charger was offline.
    """
    return sum(
        (
            span.seconds
            for span in spans
            if (span.status == "Finishing" if span.is_after_stop else span.status == "SuspendedEV")
        ),
        _ZERO,
    )


def _priced(b: BillableTransaction, energy_wh: Decimal, decision: Decision | None) -> Settlement:
    if b.tariff_terms is None:
        return _failed("no price was in force when the session began")
    try:
        terms = terms_of(b.tariff_terms)
    except msgspec.MsgspecError as error:
        return _failed(f"the price fixed at the start cannot be read: {error}")
    if terms.currency != b.currency:
        return _failed(f"the price is in {terms.currency}, the session in {b.currency}")
    rating = rate(terms, Usage(energy_wh, b.duration_s, idle_seconds(b.spans)))
    return _billed(b, terms, rating, decision)


def _billed(
    b: BillableTransaction, terms: TariffTerms, rating: Rating, decision: Decision | None
) -> Settlement:
    total = rating.total.amount
    difference = total - b.charged
    transfers = _release(b) + _debit(b, difference)
    explanation = BillExplanation(
        currency=terms.currency,
        total=total,
        sentence=_sentence(b, rating, difference, decision),
        lines=rating.lines,
        revision=b.revision,
        tax=None if rating.tax is None else rating.tax.amount,
        charged_before=round_amount(b.charged, b.currency),
        released=round_amount(b.held, b.currency),
        debt=_debt(b, difference),
        decision=decision,
    )
    return Settlement("BILLED", total, _encoder.encode(explanation).decode(), transfers)


def _debit(b: BillableTransaction, difference: Decimal) -> tuple[NewTransfer, ...]:
    if difference == 0:
        return ()
    wallet, transaction_id = _wallet(b), b.transaction.transaction_id
    if b.revision == 0 and b.charged == 0:
        note = f"session {transaction_id}"
        return (wallet.charge(difference, transaction_id, b.revision, note=note),)
    note = f"correction of session {transaction_id}"
    return (wallet.correction(difference, transaction_id, b.revision, note=note),)


def _release(b: BillableTransaction) -> tuple[NewTransfer, ...]:
    if b.held <= 0 or b.transaction.user_id is None:
        return ()
    return (_wallet(b).release(b.held, b.transaction.transaction_id, b.revision),)


def _wallet(b: BillableTransaction) -> Wallet:
    user_id = b.transaction.user_id
    if user_id is None:
        raise ValueError(f"session {b.transaction.transaction_id} has no person")
    return Wallet(b.organization_id, user_id, b.currency)


def _debt(b: BillableTransaction, difference: Decimal) -> Decimal | None:
    if b.available is None:
        return None
    after = round_amount(b.available + b.held - difference, b.currency)
    return -after if after < 0 else None


def _sentence(
    b: BillableTransaction, rating: Rating, difference: Decimal, decision: Decision | None
) -> str:
    lines = "; ".join(line.sentence for line in rating.lines) or "nothing was used"
    sentence = f"{lines}. Total {rating.total.amount} {rating.total.currency}, rounded once."
    if b.revision > 0 or b.charged != 0:
        word = "more" if difference >= 0 else "given back"
        before = round_amount(b.charged, b.currency)
        moved = round_amount(abs(difference), b.currency)
        sentence += f" {before} was charged before; {moved} {word}."
    if decision is not None:
        sentence += f" {decision.decided_by} entered the energy: {decision.reason}"
        sentence += "" if sentence.endswith((".", "!", "?")) else "."
    debt = _debt(b, difference)
    if debt is not None:
        sentence += f" The wallet did not cover it: {debt} {b.currency} is owed."
    return sentence


def _failed(reason: str) -> Settlement:
    return Settlement("FAILED", None, _plain(f"Not billed: {reason}."), failure=reason)


def _plain(sentence: str) -> str:
    return msgspec.json.encode({"sentence": sentence}).decode()
