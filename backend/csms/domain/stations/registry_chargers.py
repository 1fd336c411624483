"""The registry of chargers: their names, keys and connectors, entered by operators."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from csms.domain.identity.actor import Actor
from csms.domain.stations.credentials import KEY_LENGTH, generate_key
from csms.domain.stations.errors import (
    BadChargePointIdError,
    BadChargerKeyError,
    BadConnectorsError,
    ChargerInUseError,
    OpenChargersRefusedError,
    SecurityProfileNotServedError,
)
from csms.domain.stations.handshakes import StoredCredential
from csms.kernel.clock import Clock
from csms.kernel.ids import ChargePointId, ChargerId, ConnectorNumber, OrganizationId, StationId

CHARGE_POINT_ID: Final = re.compile(r"[^/\\?#%\s](?:[^/\\?#%]{0,46}[^/\\?#%\s])?")
"""One path segment of a URL, 48 characters at most; others than ASCII travel percent-encoded."""
GENERATED_ID_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GENERATED_ID_LENGTH: Final = 8
MIN_KEY_BYTES: Final = 16
"""Security whitepaper A00.FR.205: a Basic password has 16 to 20 bytes."""
OPEN_AND_BASIC: Final = frozenset({0, 1})
"""The security profiles that need nothing but a port."""
MAX_CONNECTORS: Final = 64


@dataclass(frozen=True, slots=True)
class ConnectorPlan:
    """One outlet as an operator describes it; `max_power_kw` bounds what can be believed."""

    connector: ConnectorNumber
    connector_type: str | None = None
    max_power_kw: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ChargerPlan:
    """What an operator enters of a charger. `leniency_off` names rules that it does not get.

    `pushes_authorizations`: its cache and local list are kept in step with the id tags.
    `resends_availability`: what is wanted of its availability is asked again when it comes back.
    """

    station_id: StationId
    name: str
    vendor: str | None = None
    model: str | None = None
    serial_number: str | None = None
    security_profile: int = 1
    is_strict: bool = False
    leniency_off: tuple[str, ...] = ()
    is_disabled: bool = False
    heartbeat_interval_s: int = 300
    ping_interval_s: int = 25
    free_id_tag: str | None = None
    assumes_subprotocol: bool = False
    pushes_authorizations: bool = False
    resends_availability: bool = False
    connectors: tuple[ConnectorPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredCharger:
    """A charger as registered, apart from what it reports of itself."""

    id: ChargerId
    organization_id: OrganizationId
    charge_point_id: ChargePointId
    plan: ChargerPlan
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MadeCharger:
    """A new charger; `key` is its Basic password when we made one, shown this once."""

    charger_id: ChargerId
    charge_point_id: ChargePointId
    key: str | None


class ChargerKeys(Protocol):
    """Turns keys into what may be stored of them."""

    async def generated(self, key: str) -> StoredCredential:
        """Return the stored form of a key that we made."""
        ...

    async def chosen(self, key: str) -> StoredCredential:
        """Return the stored form of a key that a person chose."""
        ...


class ChargerStore(Protocol):
    """Keeps chargers. Each change is one database transaction with one audit entry."""

    async def add(
        self,
        actor: Actor,
        charge_point_id: ChargePointId,
        plan: ChargerPlan,
        credential: StoredCredential | None,
    ) -> ChargerId:
        """Store a charger. Raises StationNotFoundError, StationArchivedError,
        ChargePointIdTakenError.
        """
        ...

    async def change(
        self,
        actor: Actor,
        charger_id: ChargerId,
        action: str,
        decide: Callable[[RegisteredCharger], RegisteredCharger],
        credential: StoredCredential | None = None,
    ) -> RegisteredCharger:
        """Lock the charger, let the pure `decide` say what it becomes, store that.

        A given `credential` replaces the active ones. Connectors left out of the plan stay when
        the charger has reported them. Raises ChargerNotFoundError and what `decide` raises.
        """
        ...

    async def remove(
        self, actor: Actor, charger_id: ChargerId, check: Callable[[bool], None]
    ) -> None:
        """Delete the charger if `check`, told whether history hangs on it, lets it."""
        ...


class ChargerRegistry:
    """Changes to chargers, for operators.

    `settings_changed` is told of a charger whose connection was admitted on other terms than now
    hold: closed, it comes back under the new ones.
    """

    def __init__(
        self,
        store: ChargerStore,
        keys: ChargerKeys,
        clock: Clock,
        *,
        may_open_chargers: bool,
        served_profiles: frozenset[int] = OPEN_AND_BASIC,
        settings_changed: Callable[[ChargerId], object] = lambda _: None,
    ) -> None:
        self._settings_changed = settings_changed
        self._store = store
        self._keys = keys
        self._clock = clock
        self._may_open_chargers = may_open_chargers
        self._served_profiles = served_profiles

    async def create(
        self,
        actor: Actor,
        plan: ChargerPlan,
        *,
        charge_point_id: str | None = None,
        key: str | None = None,
    ) -> MadeCharger:
        """Register a charger; without a `key` one is made, unless its profile needs none.

        Raises the errors of this feature; the plan's station must exist and not be archived.
        """
        actor.require("chargers.write", plan.station_id)
        self._checked(plan)
        name = ChargePointId(charge_point_id or _generated_id())
        if not (CHARGE_POINT_ID.fullmatch(name) and name.isprintable()):
            raise BadChargePointIdError(
                "charge_point_id has 1 to 48 printable characters without / \\ ? # %"
            )
        shown, credential = await self._credential(plan, key)
        charger_id = await self._store.add(actor, name, plan, credential)
        return MadeCharger(charger_id, name, shown)

    async def update(
        self,
        actor: Actor,
        charger_id: ChargerId,
        change: Callable[[ChargerPlan], ChargerPlan],
        *,
        key: str | None = None,
    ) -> None:
        """Change a charger's registration; a given `key` ends the present one at once."""
        actor.require("chargers.write")
        credential = None if key is None else await self._keys.chosen(_checked_key(key))
        plans: list[tuple[ChargerPlan, ChargerPlan]] = []

        def decide(charger: RegisteredCharger) -> RegisteredCharger:
            actor.require("chargers.write", charger.plan.station_id)
            plan = self._checked(change(charger.plan))
            actor.require("chargers.write", plan.station_id)
            plans.append((charger.plan, plan))
            return replace(charger, plan=plan)

        await self._store.change(actor, charger_id, "charger.updated", decide, credential)
        before, after = plans[-1]
        if key is not None or _connection_terms(before) != _connection_terms(after):
            self._settings_changed(charger_id)

    async def archive(self, actor: Actor, charger_id: ChargerId) -> None:
        """Take a charger out of the lists for good; its history stays."""
        actor.require("chargers.write")
        now = self._clock.now()

        def decide(charger: RegisteredCharger) -> RegisteredCharger:
            actor.require("chargers.write", charger.plan.station_id)
            return _archived(charger, now)

        await self._store.change(actor, charger_id, "charger.archived", decide)

    async def delete(self, actor: Actor, charger_id: ChargerId) -> None:
        """Delete a charger that never did anything. Raises ChargerInUseError otherwise."""
        actor.require("chargers.write")
        await self._store.remove(actor, charger_id, _require_unused)

    def _checked(self, plan: ChargerPlan) -> ChargerPlan:
        if plan.security_profile not in self._served_profiles:
            raise SecurityProfileNotServedError(_why_not_served(plan.security_profile))
        if plan.security_profile == 0 and not self._may_open_chargers:
            raise OpenChargersRefusedError(
                "security profile 0 lets anybody speak for the charger and is not allowed here"
            )
        numbers = [c.connector for c in plan.connectors]
        if len(set(numbers)) != len(numbers):
            raise BadConnectorsError("a connector_id stands twice in connectors")
        if any(n < 1 for n in numbers) or len(numbers) > MAX_CONNECTORS:
            raise BadConnectorsError(f"connectors count from 1, {MAX_CONNECTORS} at most")
        return plan

    async def _credential(
        self, plan: ChargerPlan, key: str | None
    ) -> tuple[str | None, StoredCredential | None]:
        if key is not None:
            return None, await self._keys.chosen(_checked_key(key))
        if plan.security_profile not in {1, 2}:
            return None, None
        made = generate_key()
        return made, await self._keys.generated(made)


def _why_not_served(profile: int) -> str:
    words = f"security profile {profile} needs TLS, which chargers are not served here: "
    if profile == 3:
        return words + (
            "set CSMS_OCPP_TLS_PORT, or CSMS_TRUSTED_PROXIES with CSMS_PROXY_CERTIFICATE_HEADER "
            "and a PUBLIC_URL with https"
        )
    return words + "set CSMS_OCPP_TLS_PORT, or CSMS_TRUSTED_PROXIES and a PUBLIC_URL with https"


def _connection_terms(plan: ChargerPlan) -> ChargerPlan:
    """Return what a connection is admitted on: everything but names and place."""
    return replace(
        plan,
        station_id=StationId(0),
        name="",
        vendor=None,
        model=None,
        serial_number=None,
        pushes_authorizations=False,
        resends_availability=False,
    )


def _archived(charger: RegisteredCharger, now: datetime) -> RegisteredCharger:
    return charger if charger.archived_at is not None else replace(charger, archived_at=now)


def _require_unused(has_history: bool) -> None:  # noqa: FBT001  # the store's one word
    if has_history:
        raise ChargerInUseError("history hangs on this charger: archive it instead")


def _checked_key(key: str) -> str:
    if not MIN_KEY_BYTES <= len(key.encode()) <= KEY_LENGTH:
        raise BadChargerKeyError(f"password has {MIN_KEY_BYTES} to {KEY_LENGTH} bytes")
    return key


def _generated_id() -> str:
    letters = (secrets.choice(GENERATED_ID_ALPHABET) for _ in range(GENERATED_ID_LENGTH))
    return "CP" + "".join(letters)
