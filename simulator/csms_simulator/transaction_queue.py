"""Transaction-related messages in order, kept over lost links and retried (OCPP 1.6 §3.7)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

from csms_simulator.clock import Clock
from csms_simulator.errors import (
    CallRefusedError,
    InvalidFrameError,
    LinkLostError,
    NoAnswerError,
)
from csms_simulator.ocpp16 import Payload

Send = Callable[[str, Payload, str], Awaitable[Payload]]
Settle = Callable[[Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """TransactionMessageAttempts and TransactionMessageRetryInterval (OCPP 1.6 §9.1.31-32)."""

    attempts_max: int
    interval_s: float


@dataclass(eq=False)
class QueuedMessage:
    """One message to deliver.

    `render` builds the payload when it is sent, since the transaction id may come late;
    `settle` gets the answer; `attempted` is set after the first try, whatever came of it.
    """

    action: str
    render: Callable[[], Payload]
    settle: Settle | None = None
    message_id: str = field(default_factory=lambda: str(uuid4()))
    failures: int = 0
    attempted: asyncio.Event = field(default_factory=asyncio.Event)


class TransactionQueue:
    """Delivers one message at a time while its gate is open; the head blocks those behind it.

    A lost link costs no attempt and keeps the message id; a failure to process costs one
    attempt and takes a new id, since ids must differ within a connection (OCPP-J 1.6 §4.1.4).
    """

    def __init__(
        self,
        send: Send,
        clock: Clock,
        policy: Callable[[], RetryPolicy],
        on_discard: Callable[[QueuedMessage], None],
    ) -> None:
        self._on_discard = on_discard
        self._send = send
        self._clock = clock
        self._policy = policy
        self._messages: deque[QueuedMessage] = deque()
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self.gate = asyncio.Event()

    def __len__(self) -> int:
        return len(self._messages)

    def put(self, message: QueuedMessage) -> QueuedMessage:
        """Append a message; it goes out when those before it are settled."""
        self._messages.append(message)
        self._drained.clear()
        self._filled.set()
        return message

    def clear(self) -> int:
        """Forget everything, as a charger without lasting memory does; returns how many."""
        lost = len(self._messages)
        self._messages.clear()
        self._rest()
        return lost

    async def wait_drained(self, timeout_s: float | None = None) -> None:
        """Wait until nothing is left to deliver.

        Raises TimeoutError after `timeout_s` real seconds.
        """
        async with asyncio.timeout(timeout_s):
            await self._drained.wait()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            await self._filled.wait()
            await self.gate.wait()
            if not self._messages:
                self._rest()
                continue
            await self._deliver(self._messages[0])
            if not self._messages:
                self._rest()

    async def _deliver(self, message: QueuedMessage) -> None:
        try:
            answer = await self._send(message.action, message.render(), message.message_id)
        except LinkLostError:
            # The gate closes with the link; it opens again once the charger is back.
            self.gate.clear()
            message.attempted.set()
            return
        except (CallRefusedError, NoAnswerError, InvalidFrameError):
            await self._after_failure(message)
            return
        self._remove(message)
        if message.settle is not None:
            await message.settle(answer)
        message.attempted.set()

    async def _after_failure(self, message: QueuedMessage) -> None:
        message.failures += 1
        message.attempted.set()
        policy = self._policy()
        if message.failures >= policy.attempts_max:
            self._remove(message)
            self._on_discard(message)
            return
        message.message_id = str(uuid4())
        await self._clock.sleep(policy.interval_s * message.failures)

    def _remove(self, message: QueuedMessage) -> None:
        if self._messages and self._messages[0] is message:
            self._messages.popleft()

    def _rest(self) -> None:
        if not self._messages:
            self._filled.clear()
            self._drained.set()
