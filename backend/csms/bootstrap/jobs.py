"""Which facts cause jobs, and who does them: two tables."""

from collections.abc import Mapping

import msgspec

from csms.adapters.sql.chargers_in_step import (
    KEEP_AUTHORIZATIONS,
    RESEND_AVAILABILITY,
    ChargerJob,
)
from csms.adapters.sql.upkeep import CLOSE_OVERDUE_SESSION
from csms.domain.billing.idle_wait import BillNotDueError, IdleWait, decide_due_bill
from csms.domain.billing.jobs import BILL, BillJob, bill_job_of
from csms.domain.billing.ports import Bills
from csms.domain.identity.actor import Actor
from csms.domain.local_lists.in_step import AuthorizationsInStep
from csms.domain.local_lists.jobs import SEND_FULL_LIST, FullListJob, full_list_job_of
from csms.domain.local_lists.service import LocalLists
from csms.domain.operations.availability import AvailabilityKeeper
from csms.domain.operations.person_stops import (
    STOP_SESSIONS_OF_PERSON,
    PersonStopJob,
    PersonStops,
)
from csms.domain.security.authority import CertificateAuthority
from csms.domain.security.jobs import (
    DELIVER_CERTIFICATE,
    SIGN_CERTIFICATE,
    DeliverCertificateJob,
    SignCertificateJob,
    sign_job_of,
)
from csms.domain.transactions.reconcile import Reconciliation
from csms.domain.transactions.signed_readings import (
    check_job_of,
)
from csms.kernel.facts import (
    CertificateRequested,
    Fact,
    LocalListAnswered,
    ReadingsTaken,
    TransactionStopped,
)
from csms.kernel.ids import TransactionId
from csms.kernel.jobs import ClaimedJob, JobOfFact
from csms.worker.errors import JobNotDueError
from csms.worker.runner import Handler

JOBS_FOR: Mapping[type[Fact], JobOfFact] = {
    CertificateRequested: sign_job_of,
    LocalListAnswered: full_list_job_of,
    ReadingsTaken: check_job_of,
    TransactionStopped: bill_job_of,
}


class OverdueSession(msgspec.Struct, frozen=True):
    """The payload of a job that ends a session whose deadline has passed."""

    transaction_id: TransactionId


def job_handlers(
    bills: Bills,
    reconciliation: Reconciliation,
    local_lists: LocalLists,
    in_step: AuthorizationsInStep,
    availability: AvailabilityKeeper,
    idle_wait: IdleWait,
    authority: CertificateAuthority,
) -> Mapping[str, Handler]:
    """Return the handler of each kind of job."""

    async def bill(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=BillJob)
        try:
            return await bills.settle(
                order.transaction_id, lambda billable: decide_due_bill(billable, idle_wait)
            )
        except BillNotDueError as early:
            raise JobNotDueError(early.due_at, early.detail) from early

    async def close_overdue(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=OverdueSession)
        return await reconciliation.close_overdue(order.transaction_id)

    async def send_full_list(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=FullListJob)
        server = Actor(None, "ADMIN", order.organization_id)
        return await local_lists.send_full(server, order.charger_id)

    async def keep_authorizations(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=ChargerJob)
        server = Actor(None, "ADMIN", order.organization_id)
        return await in_step.bring(server, order.charger_id)

    async def resend_availability(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=ChargerJob)
        server = Actor(None, "ADMIN", order.organization_id)
        return await availability.resend(server, order.charger_id)

    async def sign_certificate(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=SignCertificateJob)
        server = Actor(None, "ADMIN", order.organization_id)
        return await authority.sign_automatically(server, order.charger_id, order.csr_digest)

    async def deliver_certificate(job: ClaimedJob) -> object:
        order = msgspec.json.decode(job.payload, type=DeliverCertificateJob)
        return await authority.deliver(order.certificate_id)

    return {
        BILL: bill,
        KEEP_AUTHORIZATIONS: keep_authorizations,
        RESEND_AVAILABILITY: resend_availability,
        CLOSE_OVERDUE_SESSION: close_overdue,
        DELIVER_CERTIFICATE: deliver_certificate,
        SEND_FULL_LIST: send_full_list,
        SIGN_CERTIFICATE: sign_certificate,
    }


def person_handlers(person_stops: PersonStops) -> Mapping[str, Handler]:
    """Return the handlers of what a change of a person's account causes."""

    async def stop_sessions(job: ClaimedJob) -> object:
        await person_stops.stop_all(msgspec.json.decode(job.payload, type=PersonStopJob))
        return None

    return {STOP_SESSIONS_OF_PERSON: stop_sessions}
