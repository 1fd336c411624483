"""What happened: immutable records that a journal makes durable, all of one message in one commit.

A fact is past tense, complete in itself, and named in the words of CONTEXT.md. `received_at` is
our clock; other times are the charger's, repaired where a flag says so.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from csms.kernel.ids import (
    ConnectorNumber,
    IdTag,
    OperationId,
    TariffId,
    TransactionId,
    UserId,
)

TransactionStatus = Literal["ACTIVE", "PENDING_RECONCILIATION", "ENDED"]
BillingStatus = Literal["NOT_BILLABLE", "PENDING", "BILLED", "FAILED"]
RegistrationStatus = Literal["Accepted", "Pending", "Rejected"]
AuthorizationStatus = Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]
OperationStatus = Literal["REQUESTED", "SENT", "ANSWERED", "FAILED", "TIMED_OUT", "EXPIRED"]
"""ANSWERED covers any CALLRESULT; the charger's own word stands in the operation's response."""


class Fact(msgspec.Struct, frozen=True, gc=False):
    """Base of all facts. Subclasses are plain data; journals match on their type."""


class ChargerBooted(Fact, frozen=True, gc=False):
    """A BootNotification was answered with `registration` (OCPP 1.6 §4.2). No proof of a reboot."""

    received_at: datetime
    registration: RegistrationStatus
    vendor: str
    model: str
    serial_number: str | None = None
    box_serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None


class ConnectorReported(Fact, frozen=True, gc=False):
    """A connector's status as the charger reports it (OCPP 1.6 §4.9).

    `is_current` is false for a report older than the one that stands: history, not the present.
    """

    connector: ConnectorNumber
    status: str
    error_code: str
    reported_at: datetime
    received_at: datetime
    is_current: bool
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None
    clock_note: str | None = None


class FaultReported(Fact, frozen=True, gc=False):
    """A status report told of an error (OCPP 1.6 §4.9); the same one again changes nothing.

    `is_history`: an older report than the one that stands, as from a queue; `over_by` is then when
    the connector was known to be in another state.
    """

    connector: ConnectorNumber
    status: str
    error_code: str
    opened_at: datetime
    received_at: datetime
    is_history: bool = False
    over_by: datetime | None = None
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None


class FaultCleared(Fact, frozen=True, gc=False):
    """A status report without an error ends what its connector had (OCPP 1.6 §4.9)."""

    connector: ConnectorNumber
    status: str
    cleared_at: datetime
    received_at: datetime
    is_history: bool = False


class ReadingsTaken(Fact, frozen=True, gc=False):
    """The samples of one moment at one connector, in canonical units (OCPP 1.6 §4.7).

    `samples` is JSON: a list of {measurand, phase?, context?, location?, format?, value, unit}.
    `register_wh` is the connector's energy register among them, None when absent or suspect.
    """

    connector: ConnectorNumber
    sampled_at: datetime
    received_at: datetime
    samples: str
    transaction_id: TransactionId | None = None
    register_wh: Decimal | None = None
    power_w: Decimal | None = None
    soc_percent: Decimal | None = None
    is_suspect: bool = False
    is_inferred: bool = False
    note: str | None = None


class TransactionStarted(Fact, frozen=True, gc=False):
    """A session began (OCPP 1.6 §4.8). Price and person are fixed here and never change."""

    transaction_id: TransactionId
    connector: ConnectorNumber
    id_tag: IdTag
    started_at: datetime
    received_at: datetime
    meter_start_wh: Decimal
    status: TransactionStatus
    authorization: AuthorizationStatus
    is_billable: bool
    start_key: str | None
    charger_started_at: str
    user_id: UserId | None = None
    tariff_id: TariffId | None = None
    tariff_terms: str | None = None
    reservation_number: int | None = None
    remote_start_operation_id: OperationId | None = None
    hold_amount: Decimal | None = None
    currency: str | None = None
    reconcile_by: datetime | None = None
    note: str | None = None
    parent_id_tag: IdTag | None = None


class TransactionRestamped(Fact, frozen=True, gc=False):
    """The same start came again with a corrected time, before any evidence after the first."""

    transaction_id: TransactionId
    started_at: datetime
    charger_started_at: str
    start_key: str | None


class TransactionStatusChanged(Fact, frozen=True, gc=False):
    """A session moved between ACTIVE and PENDING_RECONCILIATION, for a named reason."""

    transaction_id: TransactionId
    status: Literal["ACTIVE", "PENDING_RECONCILIATION"]
    reason: str
    changed_at: datetime
    reconcile_by: datetime | None = None


class TransactionStopped(Fact, frozen=True, gc=False):
    """A session ended (OCPP 1.6 §4.10), or was closed by us or an operator.

    `energy_wh` is what the bill rests on, None when it cannot be reconciled; `explanation` is JSON
    that says how the figure came about. `is_correction`: an earlier, inferred end is replaced.
    """

    transaction_id: TransactionId
    stopped_at: datetime
    received_at: datetime
    stop_reason: str
    meter_stop_wh: Decimal | None
    energy_wh: Decimal | None
    energy_basis: str
    explanation: str
    billing_status: BillingStatus
    stop_source: Literal["charger", "deadline", "operator"]
    stop_id_tag: IdTag | None = None
    charger_stopped_at: str | None = None
    is_correction: bool = False
    note: str | None = None


class DeskCaseOpened(Fact, frozen=True, gc=False):
    """Something that a machine must not decide waits for a person.

    `case_key` makes a repeat of the same case a no-op. `evidence` is JSON.
    """

    kind: str
    case_key: str
    summary: str
    evidence: str
    opened_at: datetime
    transaction_id: TransactionId | None = None


class OperationAnswered(Fact, frozen=True, gc=False):
    """A charger settled what we asked of it, in time or late."""

    operation_id: OperationId
    status: OperationStatus
    settled_at: datetime
    response: str | None = None
    error_code: str | None = None
    error_detail: str | None = None


class RegistrationChanged(Fact, frozen=True, gc=False):
    """The charger's registration changed (Accepted, Pending, Rejected)."""

    registration: RegistrationStatus
    changed_at: datetime


class ConfigurationLearned(Fact, frozen=True, gc=False):
    """Configuration keys as the charger answered them. `values` is JSON: [{key, value, readonly}]."""

    values: str
    learned_at: datetime


ReservationStatus = Literal["ACCEPTED", "REJECTED", "FAULTED", "OCCUPIED", "UNAVAILABLE"]
MaintenanceKind = Literal["FIRMWARE", "SIGNED_FIRMWARE", "DIAGNOSTICS", "LOG"]
MaintenanceStatus = Literal["ASKED", "RUNNING", "DONE", "FAILED", "REFUSED", "REPLACED"]


class ReservationAsked(Fact, frozen=True, gc=False):
    """A ReserveNow is about to be sent (OCPP 1.6 §5.13); the same id again replaces the older."""

    reservation_id: int
    operation_id: OperationId
    connector: ConnectorNumber
    id_tag: IdTag
    expires_at: datetime
    asked_at: datetime
    parent_id_tag: IdTag | None = None


class ReservationAnswered(Fact, frozen=True, gc=False):
    """The charger said whether it keeps the connector."""

    asked: ReservationAsked
    status: ReservationStatus
    answered_at: datetime


class ReservationCancelled(Fact, frozen=True, gc=False):
    """The charger gave a reservation up on our request (OCPP 1.6 §5.1)."""

    reservation_id: int
    cancelled_at: datetime


class ChargingProfileAsked(Fact, frozen=True, gc=False):
    """A charging profile is about to be sent (OCPP 1.6 §5.16); `profile` is JSON as on the wire."""

    operation_id: OperationId
    connector: ConnectorNumber
    profile_id: int
    purpose: str
    stack_level: int
    profile: str
    asked_at: datetime
    transaction_id: int | None = None


class ChargingProfileAnswered(Fact, frozen=True, gc=False):
    """The charger said whether it took the profile; one that it took replaces its like."""

    operation_id: OperationId
    status: Literal["ACCEPTED", "REJECTED", "NOT_SUPPORTED"]
    answered_at: datetime


class ChargingProfilesCleared(Fact, frozen=True, gc=False):
    """The charger removed the profiles that match everything given (OCPP 1.6 §5.5)."""

    cleared_at: datetime
    profile_id: int | None = None
    connector: ConnectorNumber | None = None
    purpose: str | None = None
    stack_level: int | None = None


class AvailabilityAgreed(Fact, frozen=True, gc=False):
    """The charger agreed to be in or out of service, now or after its session (OCPP 1.6 §5.2)."""

    operation_id: OperationId
    connector: ConnectorNumber
    type: Literal["Operative", "Inoperative"]
    answer: Literal["Accepted", "Scheduled"]
    agreed_at: datetime


class LocalListSent(Fact, frozen=True, gc=False):
    """A local list, or a change of it, is about to be sent; `entries` is JSON as on the wire."""

    operation_id: OperationId
    version: int
    update_type: Literal["Full", "Differential"]
    entries: str
    sent_at: datetime


class LocalListAnswered(Fact, frozen=True, gc=False):
    """The charger's UpdateStatus for a list (OCPP 1.6 §7.47), with what it was sent."""

    operation_id: OperationId
    version: int
    update_type: Literal["Full", "Differential"]
    entries: str
    status: str
    answered_at: datetime


class LocalListVersionTold(Fact, frozen=True, gc=False):
    """The version that the charger says it holds: -1 no lists, 0 empty (OCPP 1.6 §5.10)."""

    version: int
    told_at: datetime


class MaintenanceAsked(Fact, frozen=True, gc=False):
    """A firmware update or an upload is about to be asked for."""

    operation_id: OperationId
    kind: MaintenanceKind
    location: str
    asked_at: datetime
    request_id: int | None = None


class MaintenanceAnswered(Fact, frozen=True, gc=False):
    """What the charger answered to it; `file_name` is that of an upload to come."""

    operation_id: OperationId
    status: MaintenanceStatus
    answered_at: datetime
    charger_status: str | None = None
    file_name: str | None = None


class MaintenanceReported(Fact, frozen=True, gc=False):
    """How it goes, in the charger's own word (OCPP 1.6 §4.4, §4.5, whitepaper §5.13, §5.19).

    Idle has no status: nothing goes on.
    """

    kind: MaintenanceKind
    status: MaintenanceStatus | None
    charger_status: str
    received_at: datetime
    request_id: int | None = None


class SecurityEventReported(Fact, frozen=True, gc=False):
    """A charger reports what touches its security (whitepaper §5.15)."""

    type: str
    occurred_at: datetime
    received_at: datetime
    tech_info: str | None = None


class CertificateRequested(Fact, frozen=True, gc=False):
    """A charger asks for a signature under its key (whitepaper §5.17); `csr` is PEM."""

    csr: str
    status: Literal["Accepted", "Rejected"]
    received_at: datetime
    reason: str | None = None


class CertificatesTold(Fact, frozen=True, gc=False):
    """The installed roots of one use; `hashes` is a JSON list as on the wire (whitepaper §5.8)."""

    use: str
    hashes: str
    told_at: datetime


class ConfigurationPending(Fact, frozen=True, gc=False):
    """A changed key waits for a reboot (OCPP 1.6 §7.22); without a value none waits any more."""

    key: str
    value: str | None
    changed_at: datetime


class CertificateAnswered(Fact, frozen=True, gc=False):
    """The charger took or refused its signed certificate (whitepaper A02.FR.06-07)."""

    status: str
    answered_at: datetime


class SecurityProfileAccepted(Fact, frozen=True, gc=False):
    """The charger took a security profile: it comes back under it (whitepaper A05)."""

    profile: int
    accepted_at: datetime


class KeyChangeAnswered(Fact, frozen=True, gc=False):
    """The charger's word on a new AuthorizationKey decides which one stays (whitepaper A01)."""

    operation_id: OperationId
    status: str
    answered_at: datetime
