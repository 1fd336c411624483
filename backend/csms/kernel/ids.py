"""Typed identifiers. All are database integers except where a type says otherwise."""

from typing import NewType

OrganizationId = NewType("OrganizationId", int)
UserId = NewType("UserId", int)
SessionId = NewType("SessionId", int)
StationId = NewType("StationId", int)
ChargerId = NewType("ChargerId", int)
"""Our own key of a charger; the charger itself only knows its ChargePointId."""
ChargePointId = NewType("ChargePointId", str)
"""The name under which a charger connects: the last part of its URL (OCPP-J 1.6 §3.1.1)."""
ConnectorNumber = NewType("ConnectorNumber", int)
"""1.6 connectorId: 0 is the charger as a whole, outlets count from 1 (OCPP 1.6 §2.2)."""
IdTag = NewType("IdTag", str)
"""A token as it was spelled; compare through `fold_id_tag`."""
TransactionId = NewType("TransactionId", int)
"""Positive, fits 31 bits, never reused (OCPP 1.6 errata §3.54)."""
OperationId = NewType("OperationId", int)
TariffId = NewType("TariffId", int)
AccountId = NewType("AccountId", int)
TransferId = NewType("TransferId", int)
JobId = NewType("JobId", int)
Epoch = NewType("Epoch", int)
"""Rises with each connection of a charger; what carries an older one changes nothing."""

MAX_TRANSACTION_ID = 2**31 - 1


def fold_id_tag(id_tag: str) -> str:
    """Return the form under which two spellings of one id tag are equal (OCPP 1.6 §7.28)."""
    return id_tag.strip().casefold()
