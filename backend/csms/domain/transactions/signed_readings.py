"""The signed readings of a session: checked by a job, kept with the result, compared."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

import msgspec

from csms.domain.identity.actor import Actor
from csms.domain.metering.canonical import SIGNED
from csms.domain.metering.signatures import Verification, fingerprint, verify
from csms.domain.metering.signed_sessions import PlainRegisters, contradictions
from csms.kernel.clock import Clock
from csms.kernel.facts import DeskCaseOpened, Fact, ReadingsTaken
from csms.kernel.ids import ChargerId, ConnectorNumber, OrganizationId, TransactionId
from csms.kernel.jobs import JobRequest
from csms.kernel.journal import JournalEntry

CHECK_SIGNED: Final = "check_signed_readings"
RECORDS_MAX: Final = 2_000
"""More signed records of one session are kept as readings, and not checked."""
_MARK: Final = f'"{SIGNED}"'
KeySource = Literal["set", "learned"]


class CheckSignedJob(msgspec.Struct, frozen=True):
    """The payload of a job that checks a session's signed readings."""

    transaction_id: TransactionId


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A signed record as it came, with the time and context of its sample."""

    text: str
    sampled_at: datetime
    context: str | None

    @property
    def digest(self) -> str:
        """Its name: the same record sent twice is one."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedSession:
    """A session with its signed records, its plain registers, and the key that counts for it."""

    transaction_id: TransactionId
    plain: PlainRegisters
    is_ended: bool
    records: tuple[SignedRecord, ...]
    public_key: str | None
    key_source: KeySource | None


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """A record with what was found of it, under which key."""

    record: SignedRecord
    verification: Verification


class SignedReadingStore(Protocol):
    """Keeps signed records, their results, and meters' public keys."""

    async def session(self, transaction_id: TransactionId) -> SignedSession | None:
        """Return the session with its records; None where there is none."""
        ...

    async def keep(
        self,
        session: SignedSession,
        checked: Sequence[CheckedRecord],
        cases: Sequence[DeskCaseOpened],
        checked_at: datetime,
    ) -> None:
        """Store the results in the place of earlier ones, and open what is new at the desk."""
        ...

    async def set_key(
        self,
        actor: Actor,
        charger_id: ChargerId,
        connector: ConnectorNumber,
        public_key: str,
        key_fingerprint: str,
    ) -> None:
        """Store the key, audited, and queue the sessions that it may verify. Raises NotFoundError."""
        ...

    async def remove_key(
        self, actor: Actor, charger_id: ChargerId, connector: ConnectorNumber
    ) -> None:
        """Forget the key, audited. Raises NotFoundError."""
        ...

    async def queue(self, organization_id: OrganizationId, transaction_id: TransactionId) -> None:
        """Queue a check of the session now."""
        ...


class SignedReadings:
    """Checks signed readings and keeps the keys that they are checked with."""

    def __init__(self, store: SignedReadingStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def check(self, transaction_id: TransactionId) -> None:
        """Check all records of a session anew; safe to repeat."""
        session = await self._store.session(transaction_id)
        if session is None or not session.records:
            return
        checked = [
            CheckedRecord(record, verify(record.text, session.public_key))
            for record in session.records
        ]
        now = self._clock.now()
        await self._store.keep(session, checked, _cases(session, checked, now), now)

    async def queue(self, organization_id: OrganizationId, transaction_id: TransactionId) -> None:
        """Have the session checked again soon."""
        await self._store.queue(organization_id, transaction_id)

    async def set_key(
        self, actor: Actor, charger_id: ChargerId, connector: ConnectorNumber, public_key: str
    ) -> None:
        """Keep a meter's public key. Raises PublicKeyUnreadableError, NotFoundError."""
        actor.require("chargers.configure")
        name = fingerprint(public_key)
        await self._store.set_key(actor, charger_id, connector, public_key.strip(), name)

    async def remove_key(
        self, actor: Actor, charger_id: ChargerId, connector: ConnectorNumber
    ) -> None:
        """Forget a meter's public key. Raises NotFoundError."""
        actor.require("chargers.configure")
        await self._store.remove_key(actor, charger_id, connector)


def check_job_of(entry: JournalEntry, fact: Fact) -> JobRequest | None:
    """Return the job that checks the session whose signed readings have just come."""
    if not isinstance(fact, ReadingsTaken) or fact.transaction_id is None:
        return None
    if _MARK not in fact.samples:
        return None
    digest = hashlib.sha256(fact.samples.encode()).hexdigest()[:16]
    return JobRequest(
        kind=CHECK_SIGNED,
        unique_key=f"{CHECK_SIGNED}:{fact.transaction_id}:{digest}",
        payload=msgspec.json.encode(CheckSignedJob(fact.transaction_id)).decode(),
        organization_id=entry.organization_id,
    )


def _cases(
    session: SignedSession, checked: Sequence[CheckedRecord], now: datetime
) -> list[DeskCaseOpened]:
    found = contradictions([one.verification for one in checked], session.plain)
    return [
        DeskCaseOpened(
            kind=kind,
            case_key=f"{kind}:{session.transaction_id}",
            summary=f"Session {session.transaction_id}: {sentence}.",
            evidence=msgspec.json.encode(
                {
                    "transaction_id": session.transaction_id,
                    "key_source": session.key_source,
                    "records": [
                        {
                            "sampled_at": one.record.sampled_at,
                            "result": one.verification.result,
                            "reason": one.verification.reason,
                        }
                        for one in checked[:20]
                    ],
                }
            ).decode(),
            opened_at=now,
            transaction_id=session.transaction_id,
        )
        for kind, sentence in found
    ]
