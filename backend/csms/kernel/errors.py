"""The kinds of failure that the domain knows. Rooms at the edge translate them to HTTP or OCPP."""

from typing import ClassVar, Literal

ErrorKind = Literal[
    "not_found", "conflict", "forbidden", "unauthenticated", "invalid", "too_many", "unavailable"
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


class TooManyError(CsmsError):
    """Too often in too short a time; `retry_after_s` says when it may be tried again."""

    kind = "too_many"

    def __init__(self, detail: str, *, retry_after_s: float) -> None:
        wait_s = max(1, round(retry_after_s))
        super().__init__(f"{detail}; wait {wait_s} s", retry_after_s=wait_s)


class UnavailableError(CsmsError):
    """Something that we depend on does not answer; later may work."""

    kind = "unavailable"


def _word_of(class_name: str) -> str:
    stem = class_name.removesuffix("Error")
    return "".join("_" + c.lower() if c.isupper() else c for c in stem).lstrip("_")
