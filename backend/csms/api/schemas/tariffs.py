"""Bodies of tariff requests."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from csms.api.schemas.body import Body, Changes, CurrencyCode, Name, Price
from csms.domain.tariffs.registry import TariffDetails

GraceMinutes = Annotated[int | None, Field(ge=0, le=10_080)]
TaxPercent = Annotated[Decimal | None, Field(ge=0, le=100, decimal_places=3, examples=["19"])]
NULLABLE: Final = frozenset(
    {
        "price_per_minute",
        "price_per_session",
        "idle_price_per_minute",
        "idle_grace_minutes",
        "tax_percent",
    }
)


class TariffBody(Body):
    """Prices in `currency`, tax included, as decimal strings."""

    name: Annotated[Name, Field(examples=["Standard"])]
    currency: Annotated[CurrencyCode, Field(examples=["EUR"])]
    price_per_kwh: Price
    price_per_minute: Price | None = None
    price_per_session: Price | None = None
    idle_price_per_minute: Price | None = None
    idle_grace_minutes: GraceMinutes = None
    tax_percent: TaxPercent = None
    is_default: Annotated[bool, Field(description="Applies where nothing else does.")] = False

    def details(self) -> TariffDetails:
        """Return the domain's type."""
        return TariffDetails(**dict(self))


class TariffChanges(Changes):
    """What is to change of a tariff; what is left out stays, null takes a price away."""

    name: Annotated[Name | None, Field(examples=["Standard"])] = None
    currency: Annotated[CurrencyCode | None, Field(examples=["EUR"])] = None
    price_per_kwh: Price | None = None
    price_per_minute: Price | None = None
    price_per_session: Price | None = None
    idle_price_per_minute: Price | None = None
    idle_grace_minutes: GraceMinutes = None
    tax_percent: TaxPercent = None
    is_default: bool | None = None

    def applied_to(self, details: TariffDetails) -> TariffDetails:
        """Return the details with these changes."""
        return replace(details, **self.given(nullable=NULLABLE))
