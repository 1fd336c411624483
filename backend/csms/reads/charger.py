"""One charger with all that its screen shows: connectors, sessions, configuration, connections."""

from urllib.parse import quote

import msgspec

from csms.domain.stations.addresses import OcppUrls
from csms.domain.stations.errors import ChargerNotFoundError
from csms.domain.stations.presence import Presence
from csms.kernel.ids import ChargerId, OrganizationId
from csms.reads.chargers import COLUMNS, ChargerView, charger_views
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import joined
from csms.reads.transactions import (
    COLUMNS as TRANSACTION_COLUMNS,
)
from csms.reads.transactions import (
    TransactionView,
    transaction_view,
)

CONNECTIONS_SHOWN = 10
_IN_A_SEGMENT = "!$&'()*+,;=:@~"
"""What a path segment may hold as it is (RFC 3986 §3.3)."""

CONFIGURATION = """
SELECT key, value, is_readonly, needs_reboot, pending_value, learned_at
  FROM configuration_key WHERE charger_id = $1 ORDER BY key
"""
CONNECTIONS = """
SELECT connected_at, disconnected_at, remote_address, protocol, security_profile, tls,
  client_certificate, close_code, close_reason
FROM connection WHERE charger_id = $1 ORDER BY connected_at DESC LIMIT $2
"""


class ConfigurationView(msgspec.Struct, frozen=True):
    """A configuration key as the charger last told it; `pending_value` waits for a reboot."""

    key: str
    value: str | None
    is_readonly: bool
    needs_reboot: bool
    pending_value: str | None
    learned_at: Moment


class ConnectionView(msgspec.Struct, frozen=True):
    """One connection of the charger, open while `disconnected_at` is null.

    `tls` is version and suite; `client_certificate` a fingerprint (SHA-256).
    """

    connected_at: Moment
    disconnected_at: Moment | None
    remote_address: str | None
    protocol: str
    security_profile: int
    tls: str | None
    client_certificate: str | None
    close_code: int | None
    close_reason: str | None


class ChargerDetail(ChargerView, frozen=True, kw_only=True):
    """A charger with its open sessions, what it told of its configuration, and its connections."""

    ocpp_url: str
    box_serial_number: str | None
    iccid: str | None
    imsi: str | None
    meter_type: str | None
    meter_serial_number: str | None
    current_transactions: list[TransactionView]
    configuration: list[ConfigurationView]
    connections: list[ConnectionView]


async def get_charger(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    charger_id: ChargerId,
    ocpp_urls: OcppUrls,
) -> ChargerDetail:
    """Return one charger, archived or not. Raises ChargerNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, "WHERE c.organization_id = $1 AND c.id = $2"),
            organization_id,
            charger_id,
        )
        if row is None:
            raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
        transactions = await connection.fetch(
            joined(
                TRANSACTION_COLUMNS,
                "WHERE t.charger_id = $1 AND t.status <> 'ENDED' ORDER BY t.started_at",
            ),
            charger_id,
        )
        configuration = await connection.fetch(CONFIGURATION, charger_id)
        connections = await connection.fetch(CONNECTIONS, charger_id, CONNECTIONS_SHOWN)
    (view,) = await charger_views(presence, [row])
    return _detail(
        row, view, ocpp_urls.of(view.security_profile), transactions, configuration, connections
    )


def _detail(  # one argument per query
    row: Row,
    view: ChargerView,
    ocpp_url: str,
    transactions: list[Row],
    configuration: list[Row],
    connections: list[Row],
) -> ChargerDetail:
    return ChargerDetail(
        **{name: getattr(view, name) for name in ChargerView.__struct_fields__},
        ocpp_url=f"{ocpp_url}/{quote(view.charge_point_id, safe=_IN_A_SEGMENT)}",
        box_serial_number=row["box_serial_number"],
        iccid=row["iccid"],
        imsi=row["imsi"],
        meter_type=row["meter_type"],
        meter_serial_number=row["meter_serial_number"],
        current_transactions=[transaction_view(t) for t in transactions],
        configuration=[ConfigurationView(**dict(c)) for c in configuration],
        connections=[ConnectionView(**dict(c)) for c in connections],
    )


async def find_charger_id(
    database: ReadDatabase, organization_id: OrganizationId, charge_point_id: str
) -> ChargerId:
    """Return our key of the charger that connects under that id. Raises ChargerNotFoundError."""
    async with database.reads(organization_id) as connection:
        found = await connection.fetchval(
            "SELECT id FROM charger WHERE organization_id = $1 AND charge_point_id = $2",
            organization_id,
            charge_point_id,
        )
    if found is None:
        raise ChargerNotFoundError(
            f"no charger {charge_point_id!r}", charge_point_id=charge_point_id
        )
    return ChargerId(found)


async def require_charger(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: ChargerId
) -> None:
    """Raise ChargerNotFoundError when there is no such charger."""
    async with database.reads(organization_id) as connection:
        found = await connection.fetchval(
            "SELECT 1 FROM charger WHERE organization_id = $1 AND id = $2",
            organization_id,
            charger_id,
        )
    if found is None:
        raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
