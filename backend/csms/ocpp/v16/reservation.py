"""Wire types of the Reservation profile (OCPP 1.6 §6)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from csms.ocpp.v16.types import (
    AcceptedRejected,
    IdToken,
    Integer,
    NaturalNumber,
    Timestamp,
    WireType,
)

ReservationStatus = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]


class CancelReservationRequest(WireType, frozen=True, kw_only=True):
    """Give up a reservation (§6.5)."""

    reservation_id: Integer


class CancelReservationResponse(WireType, frozen=True, kw_only=True):
    """Whether it was given up (§6.6)."""

    status: AcceptedRejected


class ReserveNowRequest(WireType, frozen=True, kw_only=True):
    """Hold a connector, or with 0 any one, for an id tag (§6.37)."""

    connector_id: NaturalNumber
    expiry_date: Timestamp
    id_tag: IdToken
    parent_id_tag: IdToken | UnsetType = UNSET
    reservation_id: Integer


class ReserveNowResponse(WireType, frozen=True, kw_only=True):
    """Whether it is held (§6.38)."""

    status: ReservationStatus
