"""The signed readings of a session with their results, meters' keys, and the export for checking."""

from decimal import Decimal
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import msgspec

from csms.kernel.ids import OrganizationId, TransactionId
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.moments import Moment

SIGNED = """
SELECT id, sampled_at, context, signed_data, result, reason, algorithm, meter_serial, pagination,
       begin_wh, end_wh, public_key, key_source, checked_at
  FROM signed_reading WHERE organization_id = $1 AND transaction_id = $2 ORDER BY sampled_at, id
"""
PLAIN = """
SELECT meter_start_wh, meter_stop_wh, energy_wh FROM transaction
 WHERE organization_id = $1 AND id = $2
"""
SET_KEYS = """
SELECT connector_id, public_key, fingerprint, created_at FROM meter_key
 WHERE organization_id = $1 AND charger_id = $2 ORDER BY connector_id
"""
LEARNED_KEYS = """
SELECT coalesce(nullif(regexp_replace(k.key, '\\D', '', 'g'), ''), '0')::integer AS connector_id,
       k.value AS public_key, k.learned_at AS created_at
  FROM configuration_key k JOIN charger c ON c.id = k.charger_id
 WHERE c.organization_id = $1 AND c.id = $2 AND k.key ~* '^meterpublickey(\\[\\d{1,4}\\]|\\d{1,4})?$'
   AND k.value <> '' ORDER BY 1
"""


class SignedReadingView(msgspec.Struct, frozen=True):
    """A signed record as it came, with what was found of it; energies in Wh at the meter."""

    id: int
    sampled_at: Moment
    context: str | None
    signed_data: str
    result: Literal["VERIFIED", "INVALID", "UNVERIFIABLE"]
    reason: str | None
    algorithm: str | None
    meter_serial: str | None
    pagination: str | None
    begin_wh: float | None
    end_wh: float | None
    public_key: str | None
    key_source: Literal["set", "learned"] | None
    checked_at: Moment


class SignedSummary(msgspec.Struct, frozen=True):
    """What the signed readings of a session come to.

    `signed_energy_wh` counts verified records alone; `difference_wh` is the session's energy less
    that.
    """

    verified: int
    invalid: int
    unverifiable: int
    signed_energy_wh: float | None
    difference_wh: float | None


class SignedReadings(msgspec.Struct, frozen=True):
    """The signed readings of one session."""

    summary: SignedSummary
    readings: list[SignedReadingView]


class MeterKeyView(msgspec.Struct, frozen=True):
    """A meter's public key: `set` by a person, or `learned` from the charger's configuration.

    Connector 0 is for all that have no own. A key that was set counts before a learned one.
    """

    connector_id: int
    public_key: str
    fingerprint: str | None
    source: Literal["set", "learned"]
    created_at: Moment


async def get_signed_readings(
    database: ReadDatabase, organization_id: OrganizationId, transaction_id: TransactionId
) -> SignedReadings:
    """Return all signed readings of the session, the oldest first."""
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(SIGNED, organization_id, transaction_id)
        plain = await connection.fetchrow(PLAIN, organization_id, transaction_id)
    return SignedReadings(_summary(rows, plain), [_view(row) for row in rows])


async def signed_summary(
    connection: ReadConnection, organization_id: OrganizationId, transaction_id: TransactionId
) -> SignedSummary | None:
    """Return what the session's signed readings come to; None where it has none."""
    rows = await connection.fetch(SIGNED, organization_id, transaction_id)
    if not rows:
        return None
    return _summary(rows, await connection.fetchrow(PLAIN, organization_id, transaction_id))


async def list_meter_keys(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> list[MeterKeyView]:
    """Return the keys that were set, then those that were learned."""
    async with database.reads(organization_id) as connection:
        keys = await connection.fetch(SET_KEYS, organization_id, charger_id)
        learned = await connection.fetch(LEARNED_KEYS, organization_id, charger_id)
    return [
        *(MeterKeyView(**dict(row), source="set") for row in keys),
        *(MeterKeyView(**dict(row), fingerprint=None, source="learned") for row in learned),
    ]


def transparency_xml(transaction_id: int, found: SignedReadings) -> str:
    """Return the readings as transparency software takes them: records and keys as they are."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<values>"]
    for one in found.readings:
        context = quoteattr(one.context or "Other")
        lines.append(f'  <value transactionId="{transaction_id}" context={context}>')
        lines.append(
            f'    <signedData format="OCMF" encoding="plain">{escape(one.signed_data)}</signedData>'
        )
        if one.public_key is not None:
            lines.append(f'    <publicKey encoding="plain">{escape(one.public_key)}</publicKey>')
        lines.append("  </value>")
    lines.append("</values>")
    return "\n".join(lines) + "\n"


def _summary(rows: list[Row], plain: Row | None) -> SignedSummary:
    good = [row for row in rows if row["result"] == "VERIFIED"]
    begins = [row["begin_wh"] for row in good if row["begin_wh"] is not None]
    ends = [row["end_wh"] for row in good if row["end_wh"] is not None]
    energy: Decimal | None = max(ends) - min(begins) if begins and ends else None
    counted = plain["energy_wh"] if plain is not None else None
    counts = [row["result"] for row in rows]
    return SignedSummary(
        verified=len(good),
        invalid=counts.count("INVALID"),
        unverifiable=counts.count("UNVERIFIABLE"),
        signed_energy_wh=None if energy is None else float(energy),
        difference_wh=None if energy is None or counted is None else float(counted - energy),
    )


def _view(row: Row) -> SignedReadingView:
    known: dict[str, Any] = dict(row)
    for name in ("begin_wh", "end_wh"):
        known[name] = None if known[name] is None else float(known[name])
    return SignedReadingView(**known)
