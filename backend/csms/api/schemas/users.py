"""Bodies of requests about people and their money."""

from typing import Annotated, Final, Literal

import msgspec
from pydantic import Field, SecretStr, StringConstraints

from csms.api.schemas.body import Body, Changes, MoneyBody, Name, Text
from csms.reads.ledger import TransferView, WalletView

Email = Annotated[
    str, StringConstraints(min_length=3, max_length=254), Field(examples=["dana@example.org"])
]
Password = Annotated[
    SecretStr, Field(min_length=1, max_length=256, examples=["correct horse battery"])
]
CORRECTION_EXAMPLE: Final = {"amount": "-5.00", "currency": "EUR"}


class NewUserBody(Body):
    """A person to be given an account; without a password they cannot sign in yet."""

    email: Email
    full_name: Annotated[Name, Field(examples=["Dana Driver"])]
    role: Literal["ADMIN", "USER"] = "USER"
    password: Password | None = None


class UserChanges(Changes):
    """What is to change; what is left out stays. Drivers send `current_password` with a new one."""

    email: Email | None = None
    full_name: Annotated[Name, Field(examples=["Dana Driver"])] | None = None
    role: Literal["ADMIN", "USER"] | None = None
    password: Password | None = None
    current_password: Password | None = None


class TopUpBody(Body):
    """Money that was taken in for a person."""

    amount: MoneyBody
    note: Annotated[Text, Field(examples=["cash at the counter"])] = ""


class CorrectionBody(Body):
    """An adjustment of a person's wallet, up or down, with its reason."""

    amount: Annotated[
        MoneyBody, Field(description="Below zero takes away.", examples=[CORRECTION_EXAMPLE])
    ]
    reason: Annotated[
        str,
        StringConstraints(min_length=1, max_length=500),
        Field(examples=["refund of session 4711 after a complaint"]),
    ]


class OwnTopUpBody(Body):
    """How much a driver wants to pay in."""

    amount: MoneyBody


class ToppedUp(msgspec.Struct, frozen=True):
    """The transfer that was posted, and the wallet after it."""

    transfer: TransferView
    wallet: WalletView
