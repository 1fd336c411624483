"""The chain of audit entries: each seal covers an entry and the seal before it. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from csms.kernel.errors import InvalidError

FIRST: Final = bytes(32)
"""What stands before the first seal of an organization."""


def seal_of(previous: bytes, sequence: int, fields: Sequence[str | None]) -> bytes:
    """Return the SHA-256 over the seal before, the place in the chain and the entry's fields.

    Every field is preceded by its length, so that no text can pass for two fields; an absent one
    is told from an empty one.
    """
    digest = hashlib.sha256(previous)
    digest.update(sequence.to_bytes(8, "big"))
    for text in fields:
        if text is None:
            digest.update(b"\xff" * 8)
            continue
        raw = text.encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.digest()


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What checking the chain found. `head` is the last seal in hex: kept elsewhere, it proves later
    that nothing was cut off. `unsealed` entries are newer than the worker's last round."""

    sealed: int
    unsealed: int
    head: str | None
    faults: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether every entry is as it was sealed."""
        return not self.faults


class BadAuditHeadError(InvalidError):
    """A noted seal reads PLACE:HEX."""


def parsed_head(text: str | None) -> tuple[int, str] | None:
    """Return place and seal of a noted head. Raises BadAuditHeadError."""
    if text is None:
        return None
    place, _, seal = text.partition(":")
    if not (place.isascii() and place.isdigit() and len(place) < 19 and len(seal) == 64):
        raise BadAuditHeadError(
            f"{text[:80]!r} is not a head like 42:<64 hex digits>", field="head"
        )
    return int(place), seal.lower()
