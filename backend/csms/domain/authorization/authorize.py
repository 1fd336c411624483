"""Whether an id tag may charge: Authorize, and the status that a start is answered with."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from csms.domain.authorization.ports import IdTagRecords
from csms.domain.authorization.rules import CreditRules
from csms.domain.authorization.verdict import IdTagRecord, Verdict
from csms.domain.stations.charger import Charger
from csms.kernel.facts import AuthorizationStatus
from csms.kernel.ids import IdTag, fold_id_tag


async def authorize(
    charger: Charger, id_tag: IdTag, id_tags: IdTagRecords, now: datetime, rules: CreditRules
) -> Verdict:
    """Say whether `id_tag` may charge at `charger` now (OCPP 1.6 §4.1).

    Never ConcurrentTx, which only a start is answered with (OCPP 1.6 §7.2).
    """
    record = await id_tags.find(charger.organization_id, id_tag)
    if record is not None:
        record = replace(record, open_elsewhere=0)
    return verdict_of(record, charger, id_tag, now, rules)


def verdict_of(
    record: IdTagRecord | None,
    charger: Charger,
    id_tag: IdTag,
    now: datetime,
    rules: CreditRules,
) -> Verdict:
    """Judge a tag by what is on record about it; None is an unknown tag.

    The charger's free id tag is accepted as long as it is not blocked or expired, registered or
    not, and asks for no credit. A tag without a person is accepted too; it is never billed.
    """
    is_free = is_free_tag(charger, id_tag)
    if record is None:
        if is_free:
            return Verdict("Accepted", "the charger's free id tag", is_free=True)
        return Verdict("Invalid", "the id tag is not known")
    is_free = is_free or record.is_staff
    refusal = tag_refusal(record, now)
    if refusal is None and not is_free:
        refusal = _credit_verdict(record, charger, rules)
    if refusal is None and record.forbids_concurrent and record.open_elsewhere > 0:
        refusal = ("ConcurrentTx", "the id tag has a session already and may have only one")
    if refusal is not None:
        status, reason = refusal
        # A time that is over keeps the charger from trusting what it remembers of the tag.
        expires_at = now if status == "Blocked" else record.expires_at
        return Verdict(
            status, reason, record.user_id, record.parent_id_tag, expires_at, is_free=is_free
        )
    return Verdict(
        "Accepted",
        "free or staff use" if is_free else "the id tag may charge",
        None if is_free else record.user_id,
        record.parent_id_tag,
        record.expires_at if is_free else _expiry(record, charger, now, rules),
        is_free=is_free,
    )


def tag_refusal(record: IdTagRecord, now: datetime) -> tuple[AuthorizationStatus, str] | None:
    """Return why the tag or its person is refused, credit aside, or None."""
    if record.is_blocked:
        return "Blocked", "the id tag is blocked"
    if record.user_id is not None and not record.is_user_active:
        return "Blocked", "the person's account is not active"
    if record.expires_at is not None and record.expires_at <= now:
        return "Expired", "the id tag has expired"
    return None


def is_free_tag(charger: Charger, id_tag: str) -> bool:
    """Whether this is the tag that counts as free or staff use at this charger."""
    free = charger.free_id_tag
    return free is not None and fold_id_tag(free) == fold_id_tag(id_tag)


def spendable(record: IdTagRecord, minimum: Decimal) -> Decimal | None:
    """Return what the tag's person can still spend; None: nobody is asked to pay.

    A negative minimum balance is a credit line and adds to the wallet.
    """
    if record.user_id is None or record.available is None or record.is_staff:
        return None
    return record.available - min(minimum, Decimal(0))


def minimum_balance(charger: Charger, rules: CreditRules) -> Decimal:
    """Return the organization's minimum balance, or the installation's."""
    own = charger.minimum_balance
    return rules.minimum_balance if own is None else own


def hold_amount(charger: Charger, rules: CreditRules) -> Decimal:
    """Return what a start puts aside in this organization, or in this installation."""
    return rules.hold_amount if charger.hold_amount is None else charger.hold_amount


def has_credit(record: IdTagRecord, minimum: Decimal) -> bool:
    """Whether the tag's person may start a session; credit is asked only of tags with a person."""
    credit = spendable(record, minimum)
    if credit is None or record.available is None:
        return True
    return credit > 0 and record.available >= minimum


def credit_refusal(record: IdTagRecord, minimum: Decimal, currency: str) -> str | None:
    """Return in a sentence why the person's credit does not do, or None."""
    if has_credit(record, minimum):
        return None
    return f"the wallet has {record.available} {currency} to spend; the least is {minimum}"


def _credit_verdict(
    record: IdTagRecord, charger: Charger, rules: CreditRules
) -> tuple[AuthorizationStatus, str] | None:
    reason = credit_refusal(record, minimum_balance(charger, rules), charger.currency)
    return None if reason is None else ("Blocked", reason)


def _expiry(
    record: IdTagRecord, charger: Charger, now: datetime, rules: CreditRules
) -> datetime | None:
    credit = spendable(record, minimum_balance(charger, rules))
    if credit is None or credit >= hold_amount(charger, rules):
        return record.expires_at
    soon = now + rules.low_credit_expiry
    return soon if record.expires_at is None else min(soon, record.expires_at)
