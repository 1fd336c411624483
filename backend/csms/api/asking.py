"""What has to be known before a charger is asked: whose tag, for how long, is it a request."""

from fastapi import Request

from csms.api.auth import Principal, settings_of
from csms.api.services import Services
from csms.kernel.errors import ConflictError, InvalidError
from csms.ocpp import catalog
from csms.reads.users import app_tag_of

MAX_FAULTS = 20


class NoAppTagError(ConflictError):
    """The person has no tag under which sessions could start."""


class NotARequestError(InvalidError):
    """A charger could not understand it."""


def wait_of(request: Request, asked_s: float | None) -> float:
    """Return how long to wait for the charger, within the settings."""
    settings = settings_of(request)
    return settings.default_wait_s if asked_s is None else min(asked_s, settings.max_wait_s)


async def own_app_tag(services: Services, person: Principal) -> str:
    """Return the caller's own app tag. Raises NoAppTagError."""
    tag = await app_tag_of(services.database, person.actor.organization_id, person.account.id)
    if tag is None:
        raise NoAppTagError("you have no app tag; send an id_tag")
    return tag


def require_known_request(action: str, payload: dict[str, object]) -> None:
    """Check a raw request against its schema. Raises NotARequestError."""
    spec = catalog.find_action("1.6", action)
    if spec is None or spec.sender is catalog.Sender.CHARGER:
        raise NotARequestError(
            f"no charger understands a request {action[:50]!r} of OCPP 1.6", field="action"
        )
    faults = catalog.validate_payload(action, "request", payload)
    if faults:
        raise NotARequestError(
            "the payload does not fit its schema",
            faults=[(_pointer(fault.path), fault.detail) for fault in faults[:MAX_FAULTS]],
        )


def _pointer(path: str) -> str:
    """Return the catalog's path (`a.b[0]`) as a pointer into our body (RFC 6901)."""
    parts = path.replace("[", ".").replace("]", "").split(".")
    return "/".join(["#", "payload", *(part for part in parts if part)])
