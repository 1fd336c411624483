"""Unsafe calls under a key of the caller: a repeat gets the first answer and changes nothing."""

from dataclasses import dataclass
from typing import Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.errors import ConflictError, InvalidError


class CallInProgressError(ConflictError):
    """The first call with the key has no answer yet."""


class CallKeyReusedError(InvalidError):
    """The key stands for a call with other content."""


@dataclass(frozen=True, slots=True)
class KeyedCall:
    """A call as it is told from others; `body_hash` covers query and body."""

    key: str
    method: str
    path: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to the first call."""

    status: int
    body: bytes


class RepeatedCalls(Protocol):
    """Keeps calls and answers per person for a day."""

    async def begin(self, actor: Actor, call: KeyedCall) -> KeptAnswer | None:
        """Return the first answer of a repeat, or None when the call is to be made now.

        Raises CallInProgressError and CallKeyReusedError.
        """
        ...

    async def keep(self, actor: Actor, call: KeyedCall, answer: KeptAnswer) -> None:
        """Keep the answer for the repeats."""
        ...

    async def release(self, actor: Actor, call: KeyedCall) -> None:
        """Forget the call: it changed nothing."""
        ...
