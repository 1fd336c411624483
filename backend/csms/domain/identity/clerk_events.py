"""What Clerk's webhooks and its API say of a person, in our words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from csms.domain.identity.actor import Role
from csms.domain.identity.external import ExternalProfile

ADMIN_WORD: Final = "admin"
SESSION_ENDS: Final = frozenset({"session.ended", "session.removed", "session.revoked"})
USER_CHANGES: Final = frozenset({"user.created", "user.updated"})


@dataclass(frozen=True, slots=True)
class EndedElsewhere:
    """The issuer has ended a session."""

    session_id: str


def role_of(value: object) -> Role:
    """Return the role that a metadata entry names; whatever else it is means the least one."""
    values = value if isinstance(value, list) else [value]
    is_admin = any(isinstance(one, str) and one.casefold() == ADMIN_WORD for one in values)
    return "ADMIN" if is_admin else "USER"


def read_event(
    issuer: str, event: Mapping[str, Any], received_at: datetime
) -> ExternalProfile | EndedElsewhere | None:
    """Return what an event tells, None when it is of no concern. Raises KeyError, TypeError,
    ValueError when it is not shaped like Clerk's."""
    kind, data = str(event["type"]), event["data"]
    if kind in USER_CHANGES:
        return read_user(issuer, data)
    if kind == "user.deleted":
        return ExternalProfile(issuer, str(data["id"]), received_at, is_deleted=True)
    if kind in SESSION_ENDS:
        return EndedElsewhere(str(data["id"]))
    return None


def read_user(issuer: str, user: Mapping[str, Any]) -> ExternalProfile:
    """Return a user object as a profile. Raises KeyError, TypeError, ValueError."""
    addresses = {one["id"]: one for one in user.get("email_addresses") or ()}
    primary = addresses.get(user.get("primary_email_address_id")) or {}
    verification = primary.get("verification") or {}
    names = (user.get("first_name"), user.get("last_name"))
    metadata = user.get("public_metadata") or {}
    return ExternalProfile(
        issuer=issuer,
        subject=str(user["id"]),
        as_of=datetime.fromtimestamp(int(user["updated_at"]) / 1000, UTC),
        role=role_of(metadata.get("role")),
        email=primary.get("email_address"),
        is_email_verified=verification.get("status") == "verified",
        full_name=" ".join(str(name) for name in names if name) or None,
    )
