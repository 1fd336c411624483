"""What the API can be told."""

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from csms.kernel.ids import OrganizationId

DEFAULT_ORGANIZATION: Final = OrganizationId(1)
"""Whose stations the public map shows."""


class Variable(msgspec.Struct, frozen=True):
    """A setting of the environment as it may be shown: of a secret only whether it is set."""

    name: str
    value: str | None
    is_set: bool
    is_secret: bool


@dataclass(frozen=True, slots=True)
class IdentityOffer:
    """How people may sign in, as the web app is told."""

    provider: Literal["builtin", "clerk", "oidc"] = "builtin"
    name: str | None = None
    clerk_publishable_key: str | None = None


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`public_url` is what `ocpp_url` and QR codes carry; None: the address that was asked.

    `ocpp_tls_port` and `ocpp_tls_url` say the same of chargers over TLS; `served_profiles` are the
    security profiles that a charger can have.
    `csrf_secret` ties the browser's CSRF token to its session. Waits are in seconds. Each of
    `sign_in_tiers` is how many tries at one account one address has within how many seconds.
    `variables` are what operators are shown of the environment.
    """

    csrf_secret: bytes
    version: str = "0.1.0"
    public_url: str | None = None
    ocpp_tls_port: int | None = None
    ocpp_tls_url: str | None = None
    served_profiles: frozenset[int] = frozenset({0, 1})
    organization_id: OrganizationId = DEFAULT_ORGANIZATION
    variables: tuple[Variable, ...] = ()
    cors_origins: tuple[str, ...] = ()
    has_secure_cookies: bool = False
    max_body_bytes: int = 1024 * 1024
    default_wait_s: float = 30
    max_wait_s: float = 120
    sign_ins_per_address: int = 50
    sign_in_window_s: float = 300
    sign_in_tiers: tuple[tuple[int, float], ...] = ((5, 15), (10, 300), (30, 3600))
    letters_per_recipient: int = 5
    letters_per_address: int = 20
    letter_window_s: float = 3600
    has_outbox: bool = False
    identity: IdentityOffer = IdentityOffer()
    map_tiles_url: str | None = None
    map_attribution: str | None = None
    event_heartbeat_s: float = 15
