"""A charging unit on the wire: its link, its CALLs and its answers, each frame under control."""

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Unpack
from uuid import uuid4

from csms_simulator.clock import Clock, format_timestamp
from csms_simulator.errors import CallRefusedError, LinkLostError
from csms_simulator.frames import Frame, FrameRecord, Predicate
from csms_simulator.link import Link, LinkTarget, password_bytes
from csms_simulator.ocpp16 import (
    DecodedFrame,
    Payload,
    check_request,
    encode_error,
    encode_result,
    is_known_action,
    to_wire,
)
from csms_simulator.options import ChargerOptions
from csms_simulator.statistics import Statistics


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer a CALL with, and what to do once that answer is on the wire."""

    payload: Payload = field(default_factory=dict)
    then: Callable[[], Awaitable[Any]] | None = None
    is_silent: bool = False


SILENCE = Answer(is_silent=True)
Handler = Callable[[Payload], Answer | Payload | Awaitable[Answer | Payload]]
Moment = datetime | str | None


class ChargingUnit:
    """The part of a charger that speaks: it knows frames and handlers, not charging."""

    def __init__(
        self,
        url: str,
        charge_point_id: str,
        **options: Unpack[ChargerOptions],
    ) -> None:
        self.url = url
        self.charge_point_id = charge_point_id
        self.password = password_bytes(options.get("password"))
        self.username = options.get("username")
        self.clock = options.get("clock") or Clock()
        self.statistics = options.get("statistics") or Statistics()
        self.tls = options.get("tls")
        self.headers = dict(options.get("headers", {}))
        self.subprotocols = options.get("subprotocols", ("ocpp1.6",))
        self.response_timeout_s = options.get("response_timeout_s", 30.0)
        self.is_checked = options.get("is_checked", True)
        frames_kept_max = options.get("frames_kept_max")
        self._sent = FrameRecord(frames_kept_max)
        self._received = FrameRecord(frames_kept_max)
        self.ping_interval_s: float | None = None
        self._link: Link | None = None
        self._handlers: dict[str, Handler] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.failures: list[BaseException] = []

    @property
    def sent(self) -> list[Frame]:
        """The raw frames that went out, oldest first."""
        return self._sent.frames

    @property
    def received(self) -> list[Frame]:
        """The raw frames that came in, oldest first."""
        return self._received.frames

    @property
    def sent_count(self) -> int:
        """How many frames ever went out; a position for `after`."""
        return self._sent.count

    @property
    def received_count(self) -> int:
        """How many frames ever came in; a position for `after`."""
        return self._received.count

    def watch(self, watcher: Callable[[str, Frame], None]) -> None:
        """Show every frame from now on, with `>` for sent and `<` for received."""
        self._sent.watcher = partial(watcher, ">")
        self._received.watcher = partial(watcher, "<")

    @property
    def is_connected(self) -> bool:
        """True while the link is open."""
        return self._link is not None and self._link.is_open

    @property
    def close_code(self) -> int | None:
        """The WebSocket close code of the last link once it has ended."""
        return self._link.close_code if self._link else None

    @property
    def link(self) -> Link | None:
        """The newest link, open or not."""
        return self._link

    async def connect(self) -> None:
        """Open a new link, leaving an older one of ours to the server to evict.

        Raises ConnectRefusedError with a plain reason.
        """
        target = LinkTarget(
            self.url,
            self.charge_point_id,
            password=self.password,
            username=self.username,
            subprotocols=self.subprotocols,
            tls=self.tls() if callable(self.tls) else self.tls,
            headers=self.headers,
            ping_interval_s=self.ping_interval_s,
        )
        link = Link(target, self._sent, self._received, self.statistics, self._take_call)
        await link.open()
        self._link = link

    def drop(self) -> None:
        """Cut the link without a close frame."""
        if self._link is not None:
            self._link.drop()

    async def close(self) -> None:
        """Close the link politely and end every task of this unit."""
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        if self._tasks:
            await asyncio.gather(
                *(t for t in self._tasks if t is not asyncio.current_task()),
                return_exceptions=True,
            )
        if self._link is not None:
            await self._link.close()

    async def wait_closed(self) -> None:
        """Wait until the present link has ended."""
        if self._link is not None:
            await self._link.wait_closed()

    async def send_raw(self, text: str) -> None:
        """Send any text as one frame, OCPP or not."""
        await self._open_link().send_text(text)

    async def call(
        self,
        action: str,
        payload: Payload | None = None,
        *,
        message_id: str | None = None,
        timeout_s: float | None = None,
        is_checked: bool | None = None,
    ) -> Payload:
        """Send any CALL as given and return the payload of its CALLRESULT.

        Raises CallRefusedError, NoAnswerError, LinkLostError or InvalidFrameError.
        """
        return await self._open_link().call(
            action,
            {} if payload is None else payload,
            message_id or str(uuid4()),
            self.response_timeout_s if timeout_s is None else timeout_s,
            is_checked=self.is_checked if is_checked is None else is_checked,
        )

    async def request(self, message: object, *, message_id: str | None = None) -> Payload:
        """Send one of the library's `call` objects and return the answer's payload."""
        return await self.call(type(message).__name__, to_wire(message), message_id=message_id)

    def on(self, action: str, handler: Handler) -> None:
        """Answer this action with `handler` from now on.

        It gets the payload, and returns a payload or an Answer, raises CallRefusedError to send
        a CALLERROR, or returns SILENCE.
        """
        self._handlers[action] = handler

    def answer(self, action: str, payload: Payload) -> None:
        """Answer this action always with this payload, and do nothing else."""
        self.on(action, lambda _request: Answer(payload))

    def stay_silent(self, action: str) -> None:
        """Never answer this action."""
        self.on(action, lambda _request: SILENCE)

    def answer_after(self, action: str, release: asyncio.Event) -> None:
        """Answer this action as before, but only once the event is set."""
        before = self._handlers[action]

        async def late(request: Payload) -> Answer | Payload:
            await release.wait()
            result = before(request)
            return await result if inspect.isawaitable(result) else result

        self.on(action, late)

    async def wait_received(
        self, fits: Predicate, *, after: int = 0, timeout_s: float = 10.0
    ) -> Frame:
        """Return the first received frame that fits, now or later; TimeoutError otherwise."""
        return await self._received.wait(fits, after=after, timeout_s=timeout_s)

    async def wait_sent(self, fits: Predicate, *, after: int = 0, timeout_s: float = 10.0) -> Frame:
        """Return the first sent frame that fits, now or later; TimeoutError otherwise."""
        return await self._sent.wait(fits, after=after, timeout_s=timeout_s)

    async def wait_command(self, action: str, *, after: int = 0, timeout_s: float = 10.0) -> Frame:
        """Return the first CALL of this action that the server sent."""
        return await self.wait_received(
            lambda frame: frame.kind == "CALL" and frame.action == action,
            after=after,
            timeout_s=timeout_s,
        )

    def moment(self, moment: Moment) -> str:
        """Write a time for the wire: None is now, a text goes out as it is."""
        if isinstance(moment, str):
            return moment
        return self.clock.timestamp() if moment is None else format_timestamp(moment)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run work beside the link; what it raises lands in `failures`."""
        task = asyncio.create_task(work, name=f"{self.charge_point_id}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures.append(error)

    def _open_link(self) -> Link:
        if self._link is None or not self._link.is_open:
            raise LinkLostError("the charger is not connected")
        return self._link

    async def _take_call(self, link: Link, frame: DecodedFrame) -> None:
        self.statistics.received[frame.action] += 1
        self.spawn(self._answer_call(link, frame), f"answer {frame.action}")

    async def _answer_call(self, link: Link, frame: DecodedFrame) -> None:
        try:
            answer = await self._handle(frame)
        except CallRefusedError as error:
            text = encode_error(frame.message_id, error.code, error.description, error.details)
            await link.send_text(text)
            return
        except Exception as error:
            text = encode_error(frame.message_id, "InternalError", str(error)[:255], {})
            await link.send_text(text)
            raise
        if answer.is_silent:
            return
        with contextlib.suppress(LinkLostError):
            await link.send_text(encode_result(frame.message_id, answer.payload))
        if answer.then is not None:
            await answer.then()

    async def _handle(self, frame: DecodedFrame) -> Answer:
        handler = self._handlers.get(frame.action)
        if handler is None:
            code = "NotSupported" if is_known_action(frame.action) else "NotImplemented"
            raise CallRefusedError(code, f"{frame.action} is not offered by this charger")
        if self.is_checked:
            await check_request(frame.message_id, frame.action, frame.payload)
        result = handler(frame.payload)
        if inspect.isawaitable(result):
            result = await result
        return result if isinstance(result, Answer) else Answer(result)
