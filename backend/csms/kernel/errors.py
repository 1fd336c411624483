"""The kinds of failure that the domain knows. Rooms at the edge translate them to HTTP or OCPP."""

from typing import ClassVar, Literal

ErrorKind = Literal[
    "not_found", "conflict", "forbidden", "unauthenticated", "invalid", "unavailable"
]


class CsmsError(Exception):
    """Base of every error that the product raises on purpose.

    `detail` is a sentence for a person; `code` a stable word for a program.
    """

    kind: ClassVar[ErrorKind]

    def __init__(self, detail: str, *, code: str | None = None, **values: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or _word_of(type(self).__name__)
        self.values = values


class NotFoundError(CsmsError):
    """What was named does not exist, or not for this person."""

    kind = "not_found"


class ConflictError(CsmsError):
    """The present state refuses it."""

    kind = "conflict"


class ForbiddenError(CsmsError):
    """The person is known and may not do it."""

    kind = "forbidden"


class UnauthenticatedError(CsmsError):
    """Nobody has proved who they are."""

    kind = "unauthenticated"


class InvalidError(CsmsError):
    """The input breaks a rule, whatever the state."""

    kind = "invalid"


class UnavailableError(CsmsError):
    """Something that we depend on does not answer; later may work."""

    kind = "unavailable"


def _word_of(class_name: str) -> str:
    stem = class_name.removesuffix("Error")
    return "".join("_" + c.lower() if c.isupper() else c for c in stem).lstrip("_")
