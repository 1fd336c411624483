"""The open sessions of one charger, in memory where its socket is."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from csms.kernel.facts import AuthorizationStatus, TransactionStatus
from csms.kernel.ids import ConnectorNumber, IdTag, OperationId, TransactionId, UserId


@dataclass(slots=True)
class OpenSession:
    """A session without a Stop.

    `last_register_wh` is the highest good register so far and starts as the meter start;
    `last_sampled_at` is the time of the newest reading of any kind and starts as that of the
    start. `has_evidence`: a reading or a status came after the start. `authorization` and
    `charger_started_at` are None where they were not loaded. `note`: what was odd about the
    start's time. `status_reason` and `pending_since` tell why and since when it is not ACTIVE.
    """

    transaction_id: TransactionId
    connector: ConnectorNumber
    id_tag: IdTag
    status: TransactionStatus
    started_at: datetime
    received_at: datetime
    meter_start_wh: Decimal
    last_register_wh: Decimal
    last_sampled_at: datetime
    start_key: str | None
    has_evidence: bool = False
    is_billable: bool = False
    user_id: UserId | None = None
    parent_id_tag: IdTag | None = None
    tariff_terms: str | None = None
    hold_amount: Decimal | None = None
    reconcile_by: datetime | None = None
    remote_start_operation_id: OperationId | None = None
    authorization: AuthorizationStatus | None = None
    charger_started_at: str | None = None
    note: str | None = None
    status_reason: str | None = None
    pending_since: datetime | None = None
    stop_asked_at: datetime | None = None
    stop_requests: int = 0


@dataclass(slots=True)
class PendingRemoteStart:
    """A RemoteStart that was sent and has no session yet. Starts before `requested_at` are others."""

    operation_id: OperationId
    connector: ConnectorNumber | None
    id_tag: IdTag
    expires_at: datetime
    hold_amount: Decimal | None = None
    requested_at: datetime | None = None


@dataclass(slots=True)
class ChargerSessions:
    """All open sessions of one charger, and the remote starts that wait for theirs."""

    open: dict[TransactionId, OpenSession] = field(default_factory=dict)
    remote_starts: list[PendingRemoteStart] = field(default_factory=list)

    def active_on(self, connector: ConnectorNumber) -> OpenSession | None:
        """Return the ACTIVE session of a connector: at most one exists."""
        return next(
            (s for s in self.open.values() if s.connector == connector and s.status == "ACTIVE"),
            None,
        )

    def open_on(self, connector: ConnectorNumber) -> list[OpenSession]:
        """Return every session of a connector that has no Stop, oldest first."""
        found = [s for s in self.open.values() if s.connector == connector]
        return sorted(found, key=lambda session: session.started_at)
