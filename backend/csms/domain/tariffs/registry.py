"""The registry of tariffs: what a session costs from now on. Running sessions keep their price."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.clock import Clock
from csms.kernel.errors import ConflictError, InvalidError, NotFoundError
from csms.kernel.ids import OrganizationId, TariffId
from csms.kernel.money import Money


class TariffNotFoundError(NotFoundError):
    """No such tariff in this organization."""


class TariffArchivedError(ConflictError):
    """An archived tariff cannot be changed."""


class DefaultTariffError(ConflictError):
    """The default tariff cannot go before another one takes its place."""


class BadTariffError(InvalidError):
    """The prices contradict each other."""


@dataclass(frozen=True, slots=True)
class TariffDetails:
    """Prices in `currency`, tax included; `tax_percent` is the share that is tax."""

    name: str
    currency: str
    price_per_kwh: Decimal
    price_per_minute: Decimal | None = None
    price_per_session: Decimal | None = None
    idle_price_per_minute: Decimal | None = None
    idle_grace_minutes: int | None = None
    tax_percent: Decimal | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price list."""

    id: TariffId
    organization_id: OrganizationId
    details: TariffDetails
    archived_at: datetime | None = None


class TariffStore(Protocol):
    """Keeps tariffs. Each change is one database transaction with one audit entry."""

    async def add(self, actor: Actor, details: TariffDetails) -> TariffId:
        """Store a tariff; a new default takes the place of the present one."""
        ...

    async def change(
        self, actor: Actor, tariff_id: TariffId, action: str, decide: Callable[[Tariff], Tariff]
    ) -> Tariff:
        """Lock the tariff, let the pure `decide` say what it becomes, store that.

        A new default takes the place of the present one. Raises TariffNotFoundError.
        """
        ...


class TariffRegistry:
    """Changes to tariffs, for operators."""

    def __init__(self, store: TariffStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(self, actor: Actor, details: TariffDetails) -> TariffId:
        """Store a tariff. Raises BadTariffError."""
        actor.require("tariffs.write")
        return await self._store.add(actor, _checked(details))

    async def update(
        self,
        actor: Actor,
        tariff_id: TariffId,
        change: Callable[[TariffDetails], TariffDetails],
    ) -> None:
        """Change the prices for sessions that start from now on.

        Raises TariffNotFoundError, TariffArchivedError, DefaultTariffError, BadTariffError.
        """
        actor.require("tariffs.write")

        def decide(tariff: Tariff) -> Tariff:
            if tariff.archived_at is not None:
                raise TariffArchivedError("an archived tariff cannot be changed")
            checked = _checked(change(tariff.details))
            if tariff.details.is_default and not checked.is_default:
                raise DefaultTariffError("make another tariff the default instead")
            return replace(tariff, details=checked)

        await self._store.change(actor, tariff_id, "tariff.updated", decide)

    async def archive(self, actor: Actor, tariff_id: TariffId) -> None:
        """Offer a tariff no longer. Raises TariffNotFoundError, DefaultTariffError."""
        actor.require("tariffs.write")
        now = self._clock.now()

        def decide(tariff: Tariff) -> Tariff:
            if tariff.archived_at is not None:
                return tariff
            if tariff.details.is_default:
                raise DefaultTariffError("make another tariff the default before this one goes")
            return replace(tariff, archived_at=now)

        await self._store.change(actor, tariff_id, "tariff.archived", decide)


def _checked(details: TariffDetails) -> TariffDetails:
    Money.zero(details.currency)
    prices = (
        details.price_per_kwh,
        details.price_per_minute,
        details.price_per_session,
        details.idle_price_per_minute,
        details.tax_percent,
    )
    if any(price is not None and (price < 0 or not price.is_finite()) for price in prices):
        raise BadTariffError("prices and tax are not negative")
    if details.idle_grace_minutes is not None and details.idle_price_per_minute is None:
        raise BadTariffError("idle_grace_minutes needs an idle_price_per_minute")
    return details
