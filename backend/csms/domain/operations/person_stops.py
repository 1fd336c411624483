"""What happens to the open sessions of somebody whose account was shut: they are asked to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from csms.domain.identity.actor import Actor
from csms.domain.operations.commands import RemoteStop
from csms.domain.operations.service import OperationService
from csms.kernel.errors import ConflictError
from csms.kernel.ids import ChargerId, OrganizationId, TransactionId, UserId

STOP_SESSIONS_OF_PERSON: Final = "stop_sessions_of_person"
"""Kind of the job; payload PersonStopJob. It is stored with the change that shuts the account."""
ANSWER_WAIT_S: Final = 30.0


class PersonStopJob(msgspec.Struct, frozen=True):
    """Whose sessions are to end."""

    organization_id: OrganizationId
    user_id: UserId


class SessionsStillOpenError(ConflictError):
    """Not every session has ended yet; the job tries again."""


@dataclass(frozen=True, slots=True)
class OpenSessionOf:
    """A session that runs."""

    transaction_id: TransactionId
    charger_id: ChargerId


class SessionsOfPeople(Protocol):
    """Knows who has which session open."""

    async def to_be_stopped(self, user_id: UserId) -> Sequence[OpenSessionOf]:
        """Return the open sessions; none once the account is active again."""
        ...


class PersonStops:
    """Asks chargers to stop, until the sessions have ended or the account is open again."""

    def __init__(self, sessions: SessionsOfPeople, operations: OperationService) -> None:
        self._sessions = sessions
        self._operations = operations

    async def stop_all(self, job: PersonStopJob) -> None:
        """Send a RemoteStop for each open session.

        Raises SessionsStillOpenError while any is open: an asked stop is not yet a stop, and an
        offline charger is asked when it is back.
        """
        found = await self._sessions.to_be_stopped(job.user_id)
        if not found:
            return
        server = Actor(None, "ADMIN", job.organization_id)
        for session in found:
            await self._operations.request(
                server,
                session.charger_id,
                RemoteStop(transaction_id=session.transaction_id),
                ANSWER_WAIT_S,
            )
        raise SessionsStillOpenError(
            f"asked {len(found)} sessions to stop", user_id=job.user_id, sessions=len(found)
        )
