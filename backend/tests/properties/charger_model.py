"""A model charger: sessions really happen at its outlets, their messages queue, links come and go.

What a real charger may do is done at random: a message is repeated until it is answered, with the
same id or another; a start whose answer was lost may be stamped anew; an answered message may come
again; links are lost with answers on them; the next link may lead to another server.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import websockets

ANSWER_TIMEOUT_S = 20
PAUSE_S = 0.01
OUTLETS = (1, 2)
NOT_HELD = frozenset({"BootNotification", "StatusNotification"})
"""What a server that cannot store answers with InternalError, and does not hold."""


@dataclass
class RealSession:
    """What happened at an outlet, and which id the server gave it."""

    connector: int
    started_at: datetime
    meter_start: int
    register: int
    readings: dict[datetime, int] = field(default_factory=dict)
    inferred: set[datetime] = field(default_factory=set)
    stopped_at: datetime | None = None
    transaction_id: int | None = None
    # Its first stamps, where a deadline met the start that was on its way with a new one.
    former_stamps: set[datetime] = field(default_factory=set)
    may_keep_former_stamp: bool = False


@dataclass
class Queued:
    """A message that waits for its answer."""

    action: str
    session: RealSession
    at: datetime
    register: int = 0
    message_id: str = ""
    has_been_sent: bool = False
    is_stamp_fixed: bool = False


class ModelCharger:
    """One charger with its queue and its link."""

    def __init__(
        self, charge_point_id: str, tag: str, ports: Sequence[int], random: Random, began: datetime
    ) -> None:
        self.charge_point_id = charge_point_id
        self.sessions: list[RealSession] = []
        self.steps = 0
        self._tag, self._ports, self._random, self._clock = tag, ports, random, began
        self._running: dict[int, RealSession] = {}
        self._registers = {outlet: random.randrange(5000) for outlet in OUTLETS}
        self._queue: deque[Queued] = deque()
        self._answered: list[Queued] = []
        self._link: websockets.ClientConnection | None = None
        self._left: websockets.ClientConnection | None = None
        self._number = 0

    async def live(self, steps: int) -> None:
        """Do `steps` things at random."""
        actions = (
            (self._happen, 8),
            (self._deliver, 12),
            (self._lose_an_answer, 3),
            (self._repeat, 2),
            (self._change_server, 1),
            (self._boot, 1),
            (self._report, 2),
        )
        choices = [action for action, weight in actions for _ in range(weight)]
        for _ in range(steps):
            await self._random.choice(choices)()
            self.steps += 1

    async def come_to_rest(self) -> None:
        """End what runs and deliver all that waits."""
        for outlet in OUTLETS:
            if outlet in self._running:
                self._stop(outlet)
        while self._queue:
            await self._deliver()
        await self.drop()

    def deadlines_pass(self) -> None:
        """Stamp no sent start anew: its session may be closed, and then it would be another one."""
        for message in self._queue:
            message.is_stamp_fixed = message.has_been_sent
            if message.has_been_sent and message.action == "StartTransaction":
                message.session.may_keep_former_stamp = True

    async def drop(self) -> None:
        """Lose the link without a word."""
        if self._link is not None:
            with contextlib.suppress(Exception):
                self._link.transport.abort()
            self._link = None

    async def _happen(self) -> None:
        outlet = self._random.choice(OUTLETS)
        self._clock += timedelta(seconds=self._random.randrange(20, 200))
        session = self._running.get(outlet)
        if session is None:
            register = self._registers[outlet]
            session = RealSession(outlet, self._clock, register, register)
            self._running[outlet] = session
            self.sessions.append(session)
            self._queue.append(Queued("StartTransaction", session, self._clock, register))
        elif self._random.random() < 0.3:
            self._stop(outlet)
        else:
            session.register += self._random.randrange(1, 600)
            session.readings[self._clock] = session.register
            if self._random.random() < 0.15:
                session.inferred.add(self._clock)
            self._queue.append(Queued("MeterValues", session, self._clock, session.register))

    def _stop(self, outlet: int) -> None:
        session = self._running.pop(outlet)
        self._clock += timedelta(seconds=self._random.randrange(20, 200))
        session.register += self._random.randrange(0, 300)
        session.stopped_at = self._clock
        self._registers[outlet] = session.register
        self._queue.append(Queued("StopTransaction", session, self._clock, session.register))

    async def _deliver(self) -> None:
        """Send what waits longest until it is answered."""
        if not self._queue:
            return
        message = self._queue[0]
        answer = await self._call(message)
        if answer is None:
            return
        self._take(message, answer)
        self._queue.popleft()
        self._answered.append(message)

    async def _lose_an_answer(self) -> None:
        """Send what waits longest, and lose the link before its answer can be read."""
        if not self._queue:
            return
        link = await self._open()
        if link is None:
            return
        with contextlib.suppress(OSError, EOFError, websockets.WebSocketException):
            await link.send(self._frame(self._queue[0]))
            await asyncio.sleep(self._random.choice((0, 0, 0.002, 0.01)))
        if self._random.random() < 0.7:
            await self.drop()
        else:
            # The old link stays half open: the server has to notice that a newer one exists.
            self._link = None
            self._left = link

    async def _repeat(self) -> None:
        """Send again what was answered, with its id or with another."""
        if not self._answered:
            return
        message = self._random.choice(self._answered[-6:])
        answer = await self._call(message)
        if answer is not None:
            self._take(message, answer)

    async def _change_server(self) -> None:
        await self.drop()

    async def _boot(self) -> None:
        payload = {"chargePointVendor": "Model", "chargePointModel": "M1"}
        await self._exchange("BootNotification", payload, self._next_id())

    async def _report(self) -> None:
        if self._queue:
            return
        status = self._random.choice(("Charging", "SuspendedEV", "Available", "Finishing"))
        payload = {
            "connectorId": self._random.choice(OUTLETS),
            "errorCode": "NoError",
            "status": status,
            "timestamp": self._spelled(self._clock),
        }
        await self._exchange("StatusNotification", payload, self._next_id())

    def _take(self, message: Queued, answer: Mapping[str, Any]) -> None:
        if message.action == "StartTransaction":
            told = answer["transactionId"]
            session = message.session
            assert session.transaction_id in (None, told), "one start got two ids"
            session.transaction_id = told

    async def _call(self, message: Queued) -> Mapping[str, Any] | None:
        frame = json.loads(self._frame(message))
        return await self._exchange(frame[2], frame[3], frame[1])

    def _frame(self, message: Queued) -> str:
        """Return a message as it goes out now; a start that was not answered may be re-stamped."""
        session, random = message.session, self._random
        is_new_start = message.action == "StartTransaction" and session.transaction_id is None
        may_restamp = is_new_start and message.has_been_sent and not message.is_stamp_fixed
        if may_restamp and random.random() < 0.3:
            session.former_stamps.add(message.at)
            message.at += timedelta(seconds=1)
            session.started_at = message.at
        if not message.message_id or random.random() < 0.5:
            message.message_id = self._next_id()
        message.has_been_sent = True
        return json.dumps([2, message.message_id, message.action, self._payload(message)])

    def _payload(self, message: Queued) -> dict[str, Any]:
        session, at = message.session, self._spelled(message.at)
        match message.action:
            case "StartTransaction":
                return {
                    "connectorId": session.connector,
                    "idTag": self._random.choice((self._tag, self._tag.lower())),
                    "meterStart": message.register,
                    "timestamp": at,
                }
            case "MeterValues":
                named = -1 if message.at in session.inferred else session.transaction_id
                taken = {"timestamp": at, "sampledValue": [{"value": str(message.register)}]}
                return {
                    "connectorId": session.connector,
                    "transactionId": named,
                    "meterValue": [taken],
                }
            case _:
                return {
                    "transactionId": session.transaction_id,
                    "meterStop": message.register,
                    "timestamp": at,
                    "idTag": self._tag,
                }

    async def _exchange(
        self, action: str, payload: Mapping[str, Any], message_id: str
    ) -> Mapping[str, Any] | None:
        """Return the answer, or None when the link was lost on the way."""
        link = await self._open()
        if link is None:
            return None
        try:
            await link.send(json.dumps([2, message_id, action, payload]))
            while True:
                frame = json.loads(await asyncio.wait_for(link.recv(), ANSWER_TIMEOUT_S))
                if frame[1] == message_id:
                    break
        except (OSError, EOFError, websockets.WebSocketException):
            await self.drop()
            return None
        if frame[0] == 4 and frame[2] == "InternalError" and action in NOT_HELD:
            return None
        assert frame[0] == 3, (action, payload, frame)
        answer: Mapping[str, Any] = frame[2]
        return answer

    async def _open(self) -> websockets.ClientConnection | None:
        """Return the link, opened to any server that lets the charger in."""
        if self._link is None:
            port = self._random.choice(self._ports)
            try:
                self._link = await websockets.connect(
                    f"ws://127.0.0.1:{port}/ocpp/{self.charge_point_id}",
                    subprotocols=[websockets.Subprotocol("ocpp1.6")],
                    ping_interval=None,
                    open_timeout=ANSWER_TIMEOUT_S,
                )
            except (OSError, EOFError, websockets.WebSocketException):
                await asyncio.sleep(PAUSE_S)
        return self._link

    def _next_id(self) -> str:
        self._number += 1
        return str(self._number)

    @staticmethod
    def _spelled(moment: datetime) -> str:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
