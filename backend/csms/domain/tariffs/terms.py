"""The terms of a price, as they are fixed at the start of a session."""

from decimal import Decimal

import msgspec

from csms.kernel.ids import TariffId


class TariffTerms(msgspec.Struct, frozen=True, omit_defaults=True):
    """Prices include tax. Per kWh, per minute, per session and per idle minute, in `currency`."""

    tariff_id: TariffId
    name: str
    currency: str
    price_per_kwh: Decimal
    price_per_minute: Decimal | None = None
    price_per_session: Decimal | None = None
    idle_price_per_minute: Decimal | None = None
    idle_grace_minutes: int | None = None
    tax_percent: Decimal | None = None
