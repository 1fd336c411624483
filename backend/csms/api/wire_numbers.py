"""Our numbers in what is sent: requests that need one and have none get it here."""

from collections.abc import Mapping
from typing import Any, Final

from csms.api.services import Services

_NUMBERED: Final = {
    "GetLog": "requestId",
    "ReserveNow": "reservationId",
    "SendLocalList": "listVersion",
    "SignedUpdateFirmware": "requestId",
}
_WITH_PROFILE: Final = {
    "RemoteStartTransaction": "chargingProfile",
    "SetChargingProfile": "csChargingProfiles",
}


async def with_our_numbers(
    services: Services, action: str, payload: dict[str, Any]
) -> dict[str, Any]:
    """Return a raw payload in which a missing id of ours is filled in."""
    member = _NUMBERED.get(action)
    if member is not None and member not in payload:
        return payload | {member: await services.numbers.next()}
    profile = payload.get(_WITH_PROFILE.get(action, ""))
    if isinstance(profile, dict):
        return payload | {_WITH_PROFILE[action]: await numbered_profile(services, profile)}
    return payload


async def numbered_profile(services: Services, profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return a profile as on the wire, under a chargingProfileId of ours where it has none."""
    known = dict(profile)
    if "chargingProfileId" not in known:
        known = {"chargingProfileId": await services.numbers.next()} | known
    return known
