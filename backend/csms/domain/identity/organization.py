"""What an organization sets for itself: its name, its currency, its limits on credit and waiting."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.errors import ConflictError, InvalidError
from csms.kernel.ids import OrganizationId
from csms.kernel.money import Money, round_amount

RECONCILE_AFTER_MIN_S: Final = 60
RECONCILE_AFTER_MAX_S: Final = 86_400
OFFLINE_CAP_MIN_S: Final = 3_600
OFFLINE_CAP_MAX_S: Final = 90 * 86_400


class CurrencyInUseError(ConflictError):
    """Money was booked, sessions were priced or tariffs are kept in the present currency."""


class BadOrganizationSettingsError(InvalidError):
    """The settings contradict each other or leave their limits."""


@dataclass(frozen=True, slots=True)
class OrganizationSettings:
    """Amounts are in `currency`.

    `minimum_balance`: what a wallet must have to start. `hold_amount`: put aside for a session.
    `reconcile_after_s`: how long a session without a Stop waits for evidence after its charger is
    back; `offline_cap_s`: how long it waits while the charger stays away.
    """

    name: str
    currency: str
    minimum_balance: Decimal
    hold_amount: Decimal
    reconcile_after_s: int
    offline_cap_s: int


class OrganizationStore(Protocol):
    """Keeps the settings of organizations. A change is one transaction with one audit entry."""

    async def change(
        self,
        actor: Actor,
        decide: Callable[[OrganizationSettings], OrganizationSettings],
    ) -> OrganizationSettings:
        """Lock the actor's organization, let the pure `decide` say what it becomes, store that.

        Raises CurrencyInUseError when the currency would change under money that exists.
        """
        ...


class OrganizationRegistry:
    """Changes to the organization, for operators.

    `settings_changed` is told what holds from now on, so that connected chargers follow at once.
    """

    def __init__(
        self,
        store: OrganizationStore,
        settings_changed: Callable[[OrganizationId, OrganizationSettings], object] = (
            lambda _id, _settings: None
        ),
    ) -> None:
        self._store = store
        self._settings_changed = settings_changed

    async def update(
        self, actor: Actor, change: Callable[[OrganizationSettings], OrganizationSettings]
    ) -> OrganizationSettings:
        """Change what holds for sessions from now on; holds that were placed stay as they are.

        Raises CurrencyInUseError, BadOrganizationSettingsError.
        """
        actor.require_everywhere("settings.write")
        changed = await self._store.change(actor, lambda standing: _checked(change(standing)))
        self._settings_changed(actor.organization_id, changed)
        return changed


def _checked(settings: OrganizationSettings) -> OrganizationSettings:
    Money.zero(settings.currency)
    for name in ("minimum_balance", "hold_amount"):
        amount: Decimal = getattr(settings, name)
        if not amount.is_finite() or amount < 0:
            raise BadOrganizationSettingsError(f"{name} is not negative")
        if amount != round_amount(amount, settings.currency):
            raise BadOrganizationSettingsError(
                f"{name} has more digits than {settings.currency} has: {amount}"
            )
    _within("reconcile_after_s", settings, RECONCILE_AFTER_MIN_S, RECONCILE_AFTER_MAX_S)
    _within("offline_cap_s", settings, OFFLINE_CAP_MIN_S, OFFLINE_CAP_MAX_S)
    return settings


def _within(name: str, settings: OrganizationSettings, least_s: int, most_s: int) -> None:
    value_s: int = getattr(settings, name)
    if not least_s <= value_s <= most_s:
        raise BadOrganizationSettingsError(
            f"{name} is from {least_s} to {most_s} seconds, not {value_s}"
        )
