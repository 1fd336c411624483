"""A charger as the node that holds its socket knows it: settings, and connectors as reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from csms.kernel.facts import ConnectorReported, RegistrationStatus
from csms.kernel.ids import ChargePointId, ChargerId, ConnectorNumber, OrganizationId, StationId


@dataclass(slots=True)
class ConnectorState:
    """The last current report of one connector. `status` is None until the first report."""

    connector: ConnectorNumber
    status: str | None = None
    error_code: str | None = None
    reported_at: datetime | None = None
    max_power_w: int | None = None


@dataclass(slots=True)
class Charger:
    """Identity and settings of one charger, loaded at admission.

    `leniency_off` names the leniency rules that this charger does not get; `is_strict` is all of
    them; `model_rules` says which ones its model gets or does not get. `free_id_tag` counts as staff use. `heartbeat_interval_s` goes out in BootNotification.conf.
    What is None of an organization's own limits has the installation's default (SessionRules).
    `replayed_faults`: connectors whose queue told of a fault, and not yet of its end.
    `keeps_serial_number`: its certificate is tied to the registered one, whatever it reports.
    """

    id: ChargerId
    organization_id: OrganizationId
    charge_point_id: ChargePointId
    station_id: StationId
    registration: RegistrationStatus = "Accepted"
    is_disabled: bool = False
    is_strict: bool = False
    leniency_off: frozenset[str] = frozenset()
    heartbeat_interval_s: int = 300
    ping_interval_s: int = 25
    free_id_tag: str | None = None
    serial_number: str | None = None
    vendor: str | None = None
    model: str | None = None
    model_rules: Mapping[str, bool] = field(default_factory=dict)
    keeps_serial_number: bool = False
    currency: str = "EUR"
    connectors: dict[ConnectorNumber, ConnectorState] = field(default_factory=dict)
    minimum_balance: Decimal | None = None
    hold_amount: Decimal | None = None
    reconcile_after_s: int | None = None
    offline_cap_s: int | None = None
    replayed_faults: set[ConnectorNumber] = field(default_factory=set)

    def connector(self, number: ConnectorNumber) -> ConnectorState:
        """Return the state of connector `number`, known or not yet reported."""
        state = self.connectors.get(number)
        if state is None:
            state = self.connectors[number] = ConnectorState(number)
        return state

    def reported_serial(self, serial_number: str | None) -> None:
        """Take over the serial number that it booted with, unless a certificate is tied to one."""
        if serial_number and not (self.keeps_serial_number and self.serial_number):
            self.serial_number = serial_number

    def is_newer_report(self, number: ConnectorNumber, reported_at: datetime) -> bool:
        """Whether a report of that time replaces the one that stands (OCPP 1.6 §4.9)."""
        standing = self.connector(number).reported_at
        return standing is None or reported_at >= standing

    def apply_report(self, fact: ConnectorReported) -> None:
        """Take over a committed status report when it is the current one."""
        if not fact.is_current:
            return
        state = self.connector(fact.connector)
        state.status = fact.status
        state.error_code = fact.error_code
        state.reported_at = fact.reported_at
