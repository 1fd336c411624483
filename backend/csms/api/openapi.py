"""The OpenAPI document: FastAPI's, completed with the schemas of what we answer."""

from typing import Any, Final

import msgspec
from fastapi import FastAPI

from csms.api.answers import REF_TEMPLATE
from csms.api.body_examples import body_example
from csms.api.errors import Problem
from csms.api.operations import OperationAnswer, OperationProblem
from csms.api.routes.actions import Actions, FrameExplanation
from csms.api.routes.audit import AuditCheck
from csms.api.routes.composite_schedules import CompositeAnswer
from csms.api.routes.health import Front, Health, Readiness
from csms.api.routes.map import AppConfig
from csms.api.routes.settings import NetworkSettings
from csms.api.schemas.access import HeldPermissions, RoleTable
from csms.api.schemas.api_keys import MadeApiKeyAnswer
from csms.api.schemas.certificates import AuthorityView
from csms.api.schemas.chargers import MadeCharger
from csms.api.schemas.identity import (
    Asked,
    EndedSessions,
    IssuedTokenAnswer,
    OpenSessions,
    RecoveryCodes,
    SecondFactorProposal,
    SecurityState,
    SessionAnswer,
)
from csms.api.schemas.users import ToppedUp
from csms.reads.api_keys import ApiKeyView
from csms.reads.audit import AuditView
from csms.reads.billing import BillState, UnsettledBill
from csms.reads.certificates import (
    CertificateRequestView,
    ChargerCertificates,
    IssuedCertificateView,
)
from csms.reads.charger import ChargerDetail
from csms.reads.charger_findings import Diagnosed
from csms.reads.chargers import ChargerView, ConnectedView
from csms.reads.charging_profiles import ChargingProfileView, ToldProfileView
from csms.reads.composite_schedules import CompositeScheduleView
from csms.reads.configuration_templates import (
    ConfigurationTemplateView,
    PushesView,
    TemplateApplied,
    TemplateComparison,
)
from csms.reads.desk import ClosedItem, DeskItem, RetriedJob
from csms.reads.faults import FaultView
from csms.reads.firmware_campaigns import CampaignDetail, CampaignView
from csms.reads.flight_record import FlightRecord
from csms.reads.handshakes import HandshakeView
from csms.reads.id_tags import IdTagView
from csms.reads.ledger import TransferView, WalletView
from csms.reads.leniency import ChargerLeniency, ModelView, Rules
from csms.reads.local_lists import LocalListView
from csms.reads.maintenance import MaintenanceJobDetail, MaintenanceJobView
from csms.reads.messages import MessagePage
from csms.reads.operations import OperationView
from csms.reads.outbox import OutboxLetter
from csms.reads.overview import Overview
from csms.reads.page import Page
from csms.reads.pending import PendingSession
from csms.reads.public_map import PublicStation, ScannedCharger
from csms.reads.receipt import Receipt
from csms.reads.requests import OwnRequests
from csms.reads.reservations import ReservationView
from csms.reads.search import Findings
from csms.reads.security import SecurityEventView
from csms.reads.signed_readings import MeterKeyView, SignedReadings
from csms.reads.stations import StationView
from csms.reads.tariffs import TariffView
from csms.reads.transaction import MeterValueView, TransactionDetail
from csms.reads.transactions import TransactionPage
from csms.reads.uptime import Uptime
from csms.reads.users import UserView

ANSWERED: Final[tuple[Any, ...]] = (
    Actions,
    FrameExplanation,
    Uptime,
    AppConfig,
    Asked,
    BillState,
    CampaignDetail,
    ChargerCertificates,
    ChargerDetail,
    ChargerLeniency,
    ChargingProfileView,
    ClosedItem,
    CompositeAnswer,
    CompositeScheduleView,
    ConfigurationTemplateView,
    EndedSessions,
    AuditCheck,
    Findings,
    FlightRecord,
    Front,
    Health,
    HeldPermissions,
    IdTagView,
    IssuedTokenAnswer,
    LocalListView,
    MadeApiKeyAnswer,
    MadeCharger,
    MaintenanceJobDetail,
    MessagePage,
    NetworkSettings,
    OpenSessions,
    OperationAnswer,
    OperationProblem,
    OperationView,
    OwnRequests,
    Overview,
    Page[ApiKeyView],
    Page[AuditView],
    Page[CampaignView],
    Page[ConfigurationTemplateView],
    Page[ChargerView],
    Page[ChargingProfileView],
    Page[ConnectedView],
    Page[MaintenanceJobView],
    Page[ReservationView],
    Page[SecurityEventView],
    AuthorityView,
    Page[CertificateRequestView],
    Page[IssuedCertificateView],
    IssuedCertificateView,
    Page[ToldProfileView],
    Page[DeskItem],
    Page[FaultView],
    Page[HandshakeView],
    Page[IdTagView],
    Page[MeterKeyView],
    Page[MeterValueView],
    Page[ModelView],
    Page[OperationView],
    Page[PendingSession],
    Page[OutboxLetter],
    Page[PublicStation],
    Page[StationView],
    Page[TariffView],
    Page[TransferView],
    Page[UnsettledBill],
    Page[UserView],
    Problem,
    PublicStation,
    Readiness,
    Receipt,
    Rules,
    ModelView,
    RecoveryCodes,
    RetriedJob,
    RoleTable,
    ScannedCharger,
    SecondFactorProposal,
    SecurityState,
    SessionAnswer,
    PushesView,
    SignedReadings,
    TemplateApplied,
    TemplateComparison,
    StationView,
    TariffView,
    ToppedUp,
    Diagnosed,
    TransactionDetail,
    TransactionPage,
    UserView,
    WalletView,
)
"""Every type that an operation answers."""

DESCRIPTION: Final = """
Operators, drivers and integrators use the same API. Times are UTC and end in `Z`; money is
`{"amount": "12.34", "currency": "EUR"}`; energy is in Wh. Lists take `page`, `limit` (1 to 100),
`search` and `sort` (`-field` descends); totals are over the whole filter. Errors are problem
documents (RFC 9457). Unsafe calls may carry an `Idempotency-Key`: a repeat within a day gets the
first answer, the same key with another content is refused.
"""
SIGN_IN_FORM: Final = {
    "grant_type": "password",
    "username": "dana@example.org",
    "password": "correct horse battery",
}
_REPLACED: Final = ("HTTPValidationError", "ValidationError")


def complete_openapi(app: FastAPI) -> None:
    """Let `app.openapi()` return the completed document, made once."""
    made_by_fastapi = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = made_by_fastapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for name in _REPLACED:
                schemas.pop(name, None)
            _, answered = msgspec.json.schema_components(ANSWERED, ref_template=REF_TEMPLATE)
            schemas.update(answered)
            _add_body_examples(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _add_body_examples(document: dict[str, Any]) -> None:
    """Give every request body an example, out of the examples of its members."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                is_form = media_type != "application/json"
                content["example"] = (
                    SIGN_IN_FORM if is_form else body_example(content["schema"], schemas)
                )
