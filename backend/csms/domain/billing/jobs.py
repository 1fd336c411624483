"""The billing job: queued in the commit of the stop, done once per end of a session."""

import hashlib
from typing import Final

import msgspec

from csms.kernel.facts import Fact, TransactionStopped
from csms.kernel.ids import TransactionId
from csms.kernel.jobs import JobRequest
from csms.kernel.journal import JournalEntry

BILL: Final = "bill"
MAX_ATTEMPTS: Final = 100
"""With back-off this is days; after that the job is dead, and shown to a person."""


class BillJob(msgspec.Struct, frozen=True):
    """The payload of a billing job."""

    transaction_id: TransactionId


def bill_job_of(entry: JournalEntry, fact: Fact) -> JobRequest | None:
    """Return the job that bills a stopped session, one per different end of it.

    Sessions that are not billable get one too: their hold, if any, is given back. What FAILED
    waits for a person.
    """
    if not isinstance(fact, TransactionStopped) or fact.billing_status == "FAILED":
        return None
    end = f"{fact.stop_source}|{fact.stopped_at.isoformat()}|{fact.meter_stop_wh}|{fact.energy_wh}"
    digest = hashlib.sha256(end.encode()).hexdigest()[:16]
    return JobRequest(
        kind=BILL,
        unique_key=f"{BILL}:{fact.transaction_id}:{digest}",
        payload=msgspec.json.encode(BillJob(fact.transaction_id)).decode(),
        organization_id=entry.organization_id,
        max_attempts=MAX_ATTEMPTS,
    )
