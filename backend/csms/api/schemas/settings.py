"""Bodies of settings requests."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from csms.api.schemas.body import Changes, CurrencyCode, MoneyBody, Name
from csms.domain.identity.organization import (
    OFFLINE_CAP_MAX_S,
    OFFLINE_CAP_MIN_S,
    RECONCILE_AFTER_MAX_S,
    RECONCILE_AFTER_MIN_S,
    OrganizationSettings,
)
from csms.kernel.money import CurrencyMismatchError


class OrganizationChanges(Changes):
    """What is to change of the organization; what is left out stays. Amounts are in its currency."""

    name: Annotated[Name | None, Field(examples=["Harbour Energy"])] = None
    currency: Annotated[CurrencyCode | None, Field(examples=["EUR"])] = None
    minimum_balance: MoneyBody | None = None
    hold_amount: MoneyBody | None = None
    reconcile_after_s: Annotated[
        int | None, Field(ge=RECONCILE_AFTER_MIN_S, le=RECONCILE_AFTER_MAX_S, examples=[1800])
    ] = None
    offline_cap_s: Annotated[
        int | None, Field(ge=OFFLINE_CAP_MIN_S, le=OFFLINE_CAP_MAX_S, examples=[604800])
    ] = None

    def applied_to(self, settings: OrganizationSettings) -> OrganizationSettings:
        """Return the settings with these changes. Raises CurrencyMismatchError."""
        given = self.given()
        currency = given.get("currency", settings.currency)
        for name in ("minimum_balance", "hold_amount"):
            if name in given:
                given[name] = _amount(given[name], currency, name)
        return replace(settings, **given)


def _amount(money: MoneyBody, currency: str, name: str) -> Decimal:
    if money.currency != currency:
        raise CurrencyMismatchError(f"{name} is in {currency}, not {money.currency}")
    return money.amount
