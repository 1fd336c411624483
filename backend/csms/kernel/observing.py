"""The JournalObserver port: told of every commit, for figures that nobody's answer waits for."""

from collections.abc import Sequence
from typing import Protocol

from csms.kernel.journal import JournalEntry


class JournalObserver(Protocol):
    """Counts what the journal stores. It must not raise, and be quick: it runs on the hot path."""

    def committed(self, entries: Sequence[JournalEntry], seconds: float) -> None:
        """These entries were stored in one commit, which took that long."""
        ...
