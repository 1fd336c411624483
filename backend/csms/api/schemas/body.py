"""The base of all request bodies, and the values that recur in them."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from csms.kernel.money import Money


class Body(BaseModel):
    """A request body: unknown members are refused, so that a misspelled one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Changes(BaseModel):
    """What is to change: what is left out stays, and so does what only we can set."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    def given(self, *, nullable: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return what was sent; null counts only where a value may be absent."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        return {n: value for n, value in sent.items() if value is not None or n in nullable}


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=1000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Price = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=6, examples=["0.45"], description="Decimal string."),
]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class MoneyBody(Body):
    """An exact amount: a decimal string with its currency (ISO 4217)."""

    amount: Annotated[
        Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False, examples=["25.00"])
    ]
    currency: Annotated[CurrencyCode, Field(examples=["EUR"])]

    def money(self) -> Money:
        """Return the amount in the domain's type."""
        return Money(self.amount, self.currency)
