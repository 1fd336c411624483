"""The Local Auth List Management and Reservation profiles (OCPP 1.6 §5.1, 5.10, 5.13, 5.15)."""

from functools import partial

from csms_simulator.clock import parse_timestamp
from csms_simulator.connector import Connector, Reservation
from csms_simulator.errors import CallRefusedError
from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload
from csms_simulator.unit import Answer


async def get_local_list_version(charger: LivingUnit, _request: Payload) -> Answer:
    """The version, 0 without entries, -1 when lists are off (OCPP 1.6 §5.10)."""
    if not charger.configuration.is_on("LocalAuthListEnabled"):
        return Answer({"listVersion": -1})
    return Answer({"listVersion": charger.local_list.version if charger.local_list else 0})


async def send_local_list(charger: LivingUnit, request: Payload) -> Answer:
    """Replace or amend the list (OCPP 1.6 §5.15)."""
    if not charger.configuration.is_on("LocalAuthListEnabled"):
        return Answer({"status": "NotSupported"})
    entries = request.get("localAuthorizationList", [])
    if len(entries) > charger.configuration.number("SendLocalListMaxLength"):
        return Answer({"status": "Failed"})
    status = charger.local_list.update(request["listVersion"], request["updateType"], entries)
    return Answer({"status": status})


async def reserve_now(charger: LivingUnit, request: Payload) -> Answer:
    """Keep an outlet for a tag (OCPP 1.6 §5.13)."""
    connector = charger.connectors.get(request["connectorId"])
    if connector is None:
        return Answer({"status": "Rejected"})
    try:
        expires_at = parse_timestamp(request["expiryDate"])
    except ValueError as error:
        raise CallRefusedError("PropertyConstraintViolation", "expiryDate is no time") from error
    status = _reservation_status(charger, connector, request["reservationId"])
    if status != "Accepted":
        return Answer({"status": status})
    reservation = Reservation(
        request["reservationId"],
        connector.connector_id,
        request["idTag"],
        expires_at,
        request.get("parentIdTag"),
    )
    connector.reservation = reservation
    return Answer({"status": "Accepted"}, partial(charger.keep_reservation, reservation))


def _reservation_status(charger: LivingUnit, connector: Connector, reservation_id: int) -> str:
    candidates = charger.outlets if connector.connector_id == 0 else [connector]
    if all(c.status == "Faulted" for c in candidates):
        return "Faulted"
    if all(c.availability == "Inoperative" for c in candidates):
        return "Unavailable"
    is_replacement = (
        connector.reservation is not None and connector.reservation.reservation_id == reservation_id
    )
    if connector.reservation is not None and not is_replacement:
        return "Occupied"
    if all(c.is_occupied or (c.reservation and not is_replacement) for c in candidates):
        return "Occupied"
    return "Accepted"


async def cancel_reservation(charger: LivingUnit, request: Payload) -> Answer:
    """Give a reserved outlet back (OCPP 1.6 §5.1)."""
    for connector in charger.connectors.values():
        reservation = connector.reservation
        if reservation and reservation.reservation_id == request["reservationId"]:
            return Answer({"status": "Accepted"}, partial(charger.end_reservation, connector))
    return Answer({"status": "Rejected"})
