"""The tables as Tortoise sees them, one file per feature; what it cannot say is in migrations/."""

from csms.adapters.sql.models.access import (
    ApiKey,
    AuditSeal,
    Retention,
    RoleGrant,
    WebhookDelivery,
    WebhookEndpoint,
)
from csms.adapters.sql.models.authorization import IdTag
from csms.adapters.sql.models.faults import Fault
from csms.adapters.sql.models.firmware_campaigns import CampaignCharger, FirmwareCampaign
from csms.adapters.sql.models.identity import AppUser, IdempotencyKey, Organization, ServerSecret
from csms.adapters.sql.models.ledger import LedgerAccount, LedgerEntry, LedgerTransfer
from csms.adapters.sql.models.leniency import LeniencyCount, ModelLeniency
from csms.adapters.sql.models.local_lists import (
    AuthorizationState,
    AuthorizationStep,
    LocalList,
    LocalListUpdate,
)
from csms.adapters.sql.models.log import (
    AuditEntry,
    DeskCase,
    HandshakeAttempt,
    JournalMarker,
    Message,
    Quarantine,
)
from csms.adapters.sql.models.maintenance import MaintenanceEvent, MaintenanceJob
from csms.adapters.sql.models.pushes import ChargerPushes, ConfigurationTemplate
from csms.adapters.sql.models.reservations import Reservation
from csms.adapters.sql.models.security import (
    CertificateAuthority,
    CertificateRequest,
    InstalledCertificate,
    IssuedCertificate,
    SecurityEvent,
)
from csms.adapters.sql.models.sign_in import (
    ExternalIdentity,
    MailToken,
    OutgoingMail,
    RecoveryCode,
    RefreshToken,
    SecondFactor,
    UserSession,
    WebhookReceipt,
)
from csms.adapters.sql.models.signed_readings import MeterKey, SignedReading
from csms.adapters.sql.models.smart_charging import ChargerProfile, ChargingProfile
from csms.adapters.sql.models.stations import (
    Charger,
    ChargerCredential,
    ChargerEpoch,
    ConfigurationKey,
    Connection,
    Connector,
    ConnectorStatusEvent,
    Station,
)
from csms.adapters.sql.models.tariffs import Tariff
from csms.adapters.sql.models.transactions import MeterValue, Transaction
from csms.adapters.sql.models.work import Job, Operation

__all__ = [
    "ApiKey",
    "AppUser",
    "AuditEntry",
    "AuditSeal",
    "AuthorizationState",
    "AuthorizationStep",
    "CampaignCharger",
    "CertificateAuthority",
    "CertificateRequest",
    "Charger",
    "ChargerCredential",
    "ChargerEpoch",
    "ChargerProfile",
    "ChargerPushes",
    "ChargingProfile",
    "ConfigurationKey",
    "ConfigurationTemplate",
    "Connection",
    "Connector",
    "ConnectorStatusEvent",
    "DeskCase",
    "ExternalIdentity",
    "Fault",
    "FirmwareCampaign",
    "HandshakeAttempt",
    "IdTag",
    "IdempotencyKey",
    "InstalledCertificate",
    "IssuedCertificate",
    "Job",
    "JournalMarker",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTransfer",
    "LeniencyCount",
    "LocalList",
    "LocalListUpdate",
    "MailToken",
    "MaintenanceEvent",
    "MaintenanceJob",
    "Message",
    "MeterKey",
    "MeterValue",
    "ModelLeniency",
    "Operation",
    "Organization",
    "OutgoingMail",
    "Quarantine",
    "RecoveryCode",
    "RefreshToken",
    "Reservation",
    "Retention",
    "RoleGrant",
    "SecondFactor",
    "SecurityEvent",
    "ServerSecret",
    "SignedReading",
    "Station",
    "Tariff",
    "Transaction",
    "UserSession",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookReceipt",
]
