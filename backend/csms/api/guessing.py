"""Slowing down who guesses, without shutting out whom they guess at.

Tries are counted per address, and per address and account; a stranger elsewhere uses up nobody's.
"""

import ipaddress

from fastapi import Request

from csms.api.auth import address_of, services_of, settings_of
from csms.domain.identity.errors import TooManyTriesError


def network_of(address: str | None) -> str:
    """Return what counts as one place: an IPv4 address, the /64 of an IPv6 one (RFC 6177)."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


async def count_sign_in(request: Request, email: str) -> None:
    """Count a try before anything is looked up. Raises TooManyTriesError, later and later."""
    settings = settings_of(request)
    place = network_of(address_of(request))
    await _hit(
        request, f"sign-in:{place}", settings.sign_ins_per_address, settings.sign_in_window_s
    )
    for limit, window_s in settings.sign_in_tiers:
        await _hit(request, _tier_key(place, email, window_s), limit, window_s)


async def forget_sign_ins(request: Request, email: str) -> None:
    """Begin anew after the right password: whoever mistypes now and then is never slowed."""
    place = network_of(address_of(request))
    for _, window_s in settings_of(request).sign_in_tiers:
        await services_of(request).rate_limits.forget(_tier_key(place, email, window_s))


async def count_proof(request: Request, user_id: int) -> None:
    """Count a try at the present password by somebody signed in. Raises TooManyTriesError."""
    await _hit(request, f"proof:{user_id}", 10, 900)


async def may_write_to(request: Request, email: str) -> bool:
    """Whether one more letter may go to that recipient; too many are left out silently.

    Raises TooManyTriesError when one address asks for letters to all and sundry.
    """
    settings = settings_of(request)
    place = network_of(address_of(request))
    await _hit(request, f"letters:{place}", settings.letters_per_address, settings.letter_window_s)
    verdict = await services_of(request).rate_limits.hit(
        f"letters-to:{email.strip().casefold()}",
        limit=settings.letters_per_recipient,
        window_s=settings.letter_window_s,
    )
    return verdict.is_allowed


async def count_link(request: Request) -> None:
    """Count a link from a letter that is tried. Raises TooManyTriesError."""
    await _hit(request, f"links:{network_of(address_of(request))}", 30, 300)


async def _hit(request: Request, key: str, limit: int, window_s: float) -> None:
    verdict = await services_of(request).rate_limits.hit(key, limit=limit, window_s=window_s)
    if not verdict.is_allowed:
        raise TooManyTriesError("too many tries", retry_after_s=verdict.retry_after_s)


def _tier_key(place: str, email: str, window_s: float) -> str:
    return f"sign-in:{place}:{email.strip().casefold()}:{window_s:g}"
