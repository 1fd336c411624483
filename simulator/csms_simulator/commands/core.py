"""The Core profile's requests of the server (OCPP 1.6 §5)."""

from functools import partial
from typing import Any

from csms_simulator.connector import Connector
from csms_simulator.errors import CallRefusedError
from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload
from csms_simulator.unit import Answer

READY = frozenset({"Available", "Preparing", "Reserved", "Finishing"})


async def change_availability(charger: LivingUnit, request: Payload) -> Answer:
    """Operative or inoperative, scheduled while a session runs (OCPP 1.6 §5.2)."""
    connector_id = request["connectorId"]
    if connector_id not in charger.connectors:
        return Answer({"status": "Rejected"})
    targets = (
        list(charger.connectors.values())
        if connector_id == 0
        else [charger.connectors[connector_id]]
    )
    waits = any(c.transaction is not None and c.availability != request["type"] for c in targets)

    async def apply() -> None:
        for connector in targets:
            await charger.change_availability(connector, request["type"])

    return Answer({"status": "Scheduled" if waits else "Accepted"}, apply)


async def change_configuration(charger: LivingUnit, request: Payload) -> Answer:
    """Set a key; a new AuthorizationKey is used at once, on a new link (whitepaper A01)."""
    status = charger.configuration.change(request["key"], request["value"])
    answer = {"status": status}
    if status == "Accepted" and request["key"].lower() == "authorizationkey":
        charger.password = bytes.fromhex(request["value"])
        return Answer(answer, charger.relink)
    return Answer(answer)


async def get_configuration(charger: LivingUnit, request: Payload) -> Answer:
    """The asked keys, or all (OCPP 1.6 §5.8)."""
    asked = request.get("key") or charger.configuration.visible()
    if len(asked) > charger.configuration.number("GetConfigurationMaxKeys"):
        raise CallRefusedError("PropertyConstraintViolation", "more keys than allowed at once")
    known: list[dict[str, Any]] = []
    unknown: list[str] = []
    for name in asked:
        spelled = charger.configuration.name_of(name)
        if spelled is None:
            unknown.append(name)
            continue
        entry = {"key": spelled, "readonly": charger.configuration.key(spelled).is_readonly}
        if not charger.configuration.key(spelled).is_write_only:
            entry["value"] = charger.configuration.text(spelled)
        known.append(entry)
    answer: Payload = {"configurationKey": known}
    return Answer({**answer, "unknownKey": unknown} if unknown else answer)


async def clear_cache(charger: LivingUnit, _request: Payload) -> Answer:
    """Forget the cached tags (OCPP 1.6 §5.4)."""
    if not charger.configuration.is_on("AuthorizationCacheEnabled"):
        return Answer({"status": "Rejected"})
    charger.cache.clear()
    return Answer({"status": "Accepted"})


async def data_transfer(charger: LivingUnit, request: Payload) -> Answer:
    """Answer our own vendor's `Echo` message; all else is unknown (OCPP 1.6 §5.6)."""
    if request["vendorId"] != charger.model.vendor:
        return Answer({"status": "UnknownVendorId"})
    if request.get("messageId") != "Echo":
        return Answer({"status": "UnknownMessageId"})
    return Answer({"status": "Accepted", "data": request.get("data", "")})


async def remote_start_transaction(charger: LivingUnit, request: Payload) -> Answer:
    """Accept when an outlet is ready, then authorize, plug in and start (OCPP 1.6 §5.11)."""
    id_tag, profile = request["idTag"], request.get("chargingProfile")
    connector = _ready_connector(charger, id_tag, request.get("connectorId"))
    is_fit = profile is None or (
        profile["chargingProfilePurpose"] == "TxProfile" and "transactionId" not in profile
    )
    if connector is None or not is_fit:
        return Answer({"status": "Rejected"})
    connector.is_claimed = True
    work = partial(charger.remote_session, connector, id_tag, profile)
    return Answer({"status": "Accepted"}, work)


def _ready_connector(
    charger: LivingUnit, id_tag: str, connector_id: int | None
) -> Connector | None:
    for connector in charger.outlets:
        if connector_id not in {None, connector.connector_id}:
            continue
        is_free = connector.transaction is None and not connector.is_claimed
        known = charger.known_tag(id_tag)
        parent = known.parent_id_tag if known else None
        reserved = connector.reservation
        is_ours = (
            reserved is None or bool(reserved.parent_id_tag) or reserved.admits(id_tag, parent)
        )
        if is_free and is_ours and connector.status in READY:
            return connector
    return None


async def remote_stop_transaction(charger: LivingUnit, request: Payload) -> Answer:
    """Stop the named transaction when it runs here (OCPP 1.6 §5.12)."""
    connector = charger.holder_of(request["transactionId"])
    if connector is None or connector.transaction is None:
        return Answer({"status": "Rejected"})
    work = partial(charger.end_session, connector.transaction, "Remote")
    return Answer({"status": "Accepted"}, work)


async def reset(charger: LivingUnit, request: Payload) -> Answer:
    """Restart, softly or hard (OCPP 1.6 §5.14)."""
    is_hard = request["type"] == "Hard"
    reason = "HardReset" if is_hard else "SoftReset"
    return Answer({"status": "Accepted"}, partial(charger.reboot, reason, is_hard=is_hard))


async def unlock_connector(charger: LivingUnit, request: Payload) -> Answer:
    """Release the cable, a session first (OCPP 1.6 §5.18)."""
    connector = charger.connectors.get(request["connectorId"])
    if connector is None or connector.connector_id == 0:
        return Answer({"status": "NotSupported"})
    if connector.is_lock_stuck:
        return Answer({"status": "UnlockFailed"})

    async def release() -> None:
        if connector.transaction is not None:
            await charger.end_session(connector.transaction, "UnlockCommand")
        await charger.unplug(connector.connector_id)

    return Answer({"status": "Unlocked"}, release)
