"""A charger that keeps what it is told: an authorization cache, a local list, its availability."""

import asyncio
import base64
import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Self

import websockets

from tests.flows.sessions.stage import Stage

ANSWER_TIMEOUT_S = 30


class ObedientCharger:
    """Answers ClearCache, SendLocalList and ChangeAvailability, and counts them in `asked`.

    `cache` are the tags it would let charge without asking, `listed` the statuses on its list.
    `refusals` are CALLERRORs that it gives first, by action; what it is `unwilling` to do it answers
    Rejected. While `is_mute` it answers nothing.
    """

    def __init__(self, stage: Stage, charger: Mapping[str, Any], password: str) -> None:
        self.id = int(charger["id"])
        self.name = charger["charge_point_id"]
        self._url = f"{stage.product.ocpp_url}/{self.name}"
        basic = base64.b64encode(f"{self.name}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}
        self._link: websockets.ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._number = 0
        self.asked: Counter[str] = Counter()
        self.calls: list[tuple[str, Any]] = []
        self.refusals: Counter[str] = Counter()
        self.unwilling: set[str] = set()
        self.is_mute = False
        self.cache: set[str] = set()
        self.list_version = 0
        self.listed: dict[str, str] = {}
        self.available: dict[int, str] = {}

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()

    async def connect(self) -> None:
        """Open the link and answer what comes."""
        self._link = await websockets.connect(
            self._url,
            subprotocols=[websockets.Subprotocol("ocpp1.6")],
            additional_headers=self._headers,
            ping_interval=None,
            max_size=None,
        )
        self._listening = asyncio.create_task(self._listen(self._link))

    async def disconnect(self) -> None:
        """Close the link."""
        if self._link is not None:
            await self._link.close()
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        self._link = self._listening = None

    async def call(self, action: str, payload: Mapping[str, Any]) -> Any:
        """Send a CALL and return the payload of its CALLRESULT."""
        assert self._link is not None
        self._number += 1
        message_id = f"o{self._number}"
        answer = self._answers[message_id] = asyncio.get_running_loop().create_future()
        await self._link.send(json.dumps([2, message_id, action, payload]))
        return await asyncio.wait_for(answer, ANSWER_TIMEOUT_S)

    async def report(self, connector: int, status: str) -> None:
        """Send a StatusNotification."""
        await self.call(
            "StatusNotification",
            {"connectorId": connector, "errorCode": "NoError", "status": status},
        )

    async def _listen(self, link: websockets.ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in link:
                frame = json.loads(text)
                if frame[0] == 2:
                    await self._obey(link, frame[1], frame[2], frame[3])
                else:
                    self._answers.pop(frame[1]).set_result(frame[2] if frame[0] == 3 else frame)

    async def _obey(
        self, link: websockets.ClientConnection, message_id: str, action: str, payload: Any
    ) -> None:
        self.asked[action] += 1
        self.calls.append((action, payload))
        if self.is_mute:
            return
        if self.refusals[action] > 0:
            self.refusals[action] -= 1
            await link.send(json.dumps([4, message_id, "InternalError", "not now", {}]))
            return
        answer = {"status": self._done(action, payload)}
        await link.send(json.dumps([3, message_id, answer]))

    def _done(self, action: str, payload: Any) -> str:
        if action in self.unwilling:
            return "Rejected"
        match action:
            case "ClearCache":
                self.cache.clear()
            case "SendLocalList":
                self._change_list(payload)
            case "ChangeAvailability":
                self.available[payload["connectorId"]] = payload["type"]
            case _:
                return "Rejected"
        return "Accepted"

    def _change_list(self, payload: Any) -> None:
        if payload["updateType"] == "Full":
            self.listed.clear()
        for entry in payload.get("localAuthorizationList", []):
            if "idTagInfo" in entry:
                self.listed[entry["idTag"]] = entry["idTagInfo"]["status"]
            else:
                self.listed.pop(entry["idTag"], None)
        self.list_version = payload["listVersion"]
