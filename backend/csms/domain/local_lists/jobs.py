"""The job that a differential list which was not taken causes (OCPP 1.6 §5.15)."""

from typing import Final

import msgspec

from csms.domain.local_lists.service import must_be_full
from csms.kernel.facts import Fact, LocalListAnswered
from csms.kernel.ids import ChargerId, OrganizationId
from csms.kernel.jobs import JobRequest
from csms.kernel.journal import JournalEntry

SEND_FULL_LIST: Final = "send_full_list"


class FullListJob(msgspec.Struct, frozen=True):
    """Whose list is to be sent in full."""

    organization_id: OrganizationId
    charger_id: ChargerId


def full_list_job_of(entry: JournalEntry, fact: Fact) -> JobRequest | None:
    """Return the job that an answer to a local list causes, or None."""
    if not isinstance(fact, LocalListAnswered) or not must_be_full(fact.update_type, fact.status):
        return None
    order = FullListJob(entry.organization_id, entry.charger_id)
    return JobRequest(
        kind=SEND_FULL_LIST,
        unique_key=f"{SEND_FULL_LIST}:{fact.operation_id}",
        payload=msgspec.json.encode(order).decode(),
        organization_id=entry.organization_id,
    )
