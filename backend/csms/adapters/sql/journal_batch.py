"""The open batch: entries in the order of arrival, one charger at most once per batch."""

from collections import deque

import structlog

from csms.kernel.jobs import JobRequest
from csms.kernel.journal import JournalEntry, Stored

_log = structlog.get_logger(__name__)


class Waiting:
    """An entry that waits for its commit, with the jobs it causes and the moment it gives up.

    `id` is its message's id, set once and kept through every retry: the primary key then refuses
    a second insert.
    """

    __slots__ = ("_stored", "deadline", "entry", "id", "jobs")

    def __init__(
        self,
        entry: JournalEntry,
        jobs: tuple[JobRequest, ...],
        stored: Stored,
        deadline: float,
    ) -> None:
        self.entry = entry
        self.jobs = jobs
        self.deadline = deadline
        self.id = 0
        self._stored: Stored | None = stored

    def settle(self) -> None:
        """Tell the caller that the entry is committed, unless it was told how it ended."""
        self._tell(None)

    def fail(self, error: Exception) -> None:
        """Tell the caller why it is not, unless it was told how it ended."""
        self._tell(error)

    def _tell(self, error: Exception | None) -> None:
        stored, self._stored = self._stored, None
        if stored is None:
            return
        try:
            stored(error)
        except Exception:  # one caller's fault must not keep the others of its batch from theirs
            _log.exception("the end of an entry could not be told", charger=self.entry.charger_id)


class OrderedQueue:
    """Hands out batches such that one charger's entries commit one after the other.

    A charger with an entry in a batch is busy until `release`; its next entries are held back.
    """

    def __init__(self) -> None:
        self._ready: deque[Waiting] = deque()
        self._held: dict[int, deque[Waiting]] = {}
        self._busy: set[int] = set()
        self._size = 0

    def __len__(self) -> int:
        """Entries that wait for a batch; those in a batch under way do not count."""
        return self._size

    @property
    def ready(self) -> int:
        """Entries that the next batches can take at once."""
        return len(self._ready)

    def put(self, waiting: Waiting) -> None:
        """Add an entry behind all others of its charger."""
        self._size += 1
        charger_id = waiting.entry.charger_id
        if charger_id in self._busy:
            self._held.setdefault(charger_id, deque()).append(waiting)
        else:
            self._busy.add(charger_id)
            self._ready.append(waiting)

    def take(self, limit: int) -> list[Waiting]:
        """Return up to `limit` entries of different chargers, which are busy until released."""
        ready = self._ready
        count = min(limit, len(ready))
        self._size -= count
        return [ready.popleft() for _ in range(count)]

    def release(self, batch: list[Waiting]) -> None:
        """Let the next entries of these chargers through."""
        held = self._held
        for done in batch:
            charger_id = done.entry.charger_id
            following = held.get(charger_id)
            if following is None:
                self._busy.discard(charger_id)
                continue
            self._ready.append(following.popleft())
            if not following:
                del held[charger_id]

    def take_expired(self, now: float) -> list[Waiting]:
        """Remove and return the entries whose time is up, with all behind them of their charger."""
        expired: list[Waiting] = []
        freed: list[Waiting] = []
        kept: deque[Waiting] = deque()
        for waiting in self._ready:
            if waiting.deadline <= now:
                freed.append(waiting)
            else:
                kept.append(waiting)
        self._ready = kept
        for charger_id, following in list(self._held.items()):
            while following and following[0].deadline <= now:
                expired.append(following.popleft())
            if not following:
                del self._held[charger_id]
        self._size -= len(expired) + len(freed)
        self.release(freed)
        return freed + expired

    def next_deadline(self) -> float | None:
        """Return the earliest deadline among the waiting, or None when nobody waits."""
        moments = [waiting.deadline for waiting in self._ready]
        moments += [following[0].deadline for following in self._held.values() if following]
        return min(moments, default=None)
