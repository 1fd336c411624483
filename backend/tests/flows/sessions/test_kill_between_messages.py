"""The server is killed between any two messages of a session, before and after each answer.

Whatever was not answered is sent again, as a charger does; in the end everything is as if nothing
had happened: one session, its energy to the Wh, one debit.
"""

import asyncio
import base64
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import websockets

from tests.flows.sessions.stage import Stage, in_thread

pytestmark = pytest.mark.integration

ANSWER_TIMEOUT_S = 30
SOON_S = 30
POLL_S = 0.05
MESSAGES = 8
START_WH, STOP_WH = 1000, 7000
COST = Decimal("2.70")

# Where the kill falls: with a frame on its way, or right after its answer.
MOMENTS = ("on its way", "answered")


class StubbornUnit:
    """A charger with a session to tell, that sends each message until it is answered."""

    def __init__(self, stage: Stage, charger: Mapping[str, Any], password: str, tag: str) -> None:
        self.id = int(charger["id"])
        name = charger["charge_point_id"]
        self._url = f"{stage.product.ocpp_url}/{name}"
        basic = base64.b64encode(f"{name}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}
        self._link: websockets.ClientConnection | None = None
        self._began = datetime.now(UTC) - timedelta(minutes=60)
        self._tag = tag
        self._number = 0
        self.transaction_id = 0

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the session's eight messages; an id of 0 stands for the one it gets."""
        boot = {"chargePointVendor": "V", "chargePointModel": "M"}
        start = {"connectorId": 1, "idTag": self._tag, "meterStart": START_WH}
        return [
            ("BootNotification", boot),
            ("Authorize", {"idTag": self._tag}),
            ("StartTransaction", {**start, "timestamp": self._time(0)}),
            ("StatusNotification", self._status("Charging", 1)),
            ("MeterValues", self._reading(15, 3000)),
            ("MeterValues", self._reading(30, 5000)),
            (
                "StopTransaction",
                {"transactionId": 0, "meterStop": STOP_WH, "timestamp": self._time(45)},
            ),
            ("StatusNotification", self._status("Available", 46)),
        ]

    async def put(self, action: str, payload: dict[str, Any]) -> None:
        """Send one message without waiting for its answer."""
        self._number += 1
        if "transactionId" in payload:
            payload = {**payload, "transactionId": self.transaction_id}
        await self._send(json.dumps([2, str(self._number), action, payload]))

    async def deliver(self, action: str, payload: dict[str, Any]) -> None:
        """Send one message until it is answered."""
        while True:
            try:
                await self.put(action, payload)
                answer = await self._answer()
            except (OSError, TimeoutError, EOFError, websockets.WebSocketException):
                await self.drop()
                await asyncio.sleep(POLL_S)
                continue
            assert answer[0] == 3, answer
            if action == "StartTransaction":
                told = int(answer[2]["transactionId"])
                assert self.transaction_id in (0, told), "one start, two ids"
                self.transaction_id = told
            return

    async def drop(self) -> None:
        """Forget the link."""
        if self._link is not None:
            with contextlib.suppress(Exception):
                self._link.transport.abort()
            self._link = None

    async def _send(self, frame: str) -> None:
        if self._link is None:
            self._link = await websockets.connect(
                self._url,
                subprotocols=[websockets.Subprotocol("ocpp1.6")],
                additional_headers=self._headers,
                ping_interval=None,
            )
        await self._link.send(frame)

    async def _answer(self) -> Any:
        assert self._link is not None
        while True:
            frame = json.loads(await asyncio.wait_for(self._link.recv(), ANSWER_TIMEOUT_S))
            if frame[1] == str(self._number):
                return frame

    def _time(self, minute: int) -> str:
        return (self._began + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _status(self, status: str, minute: int) -> dict[str, Any]:
        named = {"connectorId": 1, "errorCode": "NoError", "status": status}
        return {**named, "timestamp": self._time(minute)}

    def _reading(self, minute: int, register_wh: int) -> dict[str, Any]:
        taken = {"timestamp": self._time(minute), "sampledValue": [{"value": str(register_wh)}]}
        return {"connectorId": 1, "transactionId": 0, "meterValue": [taken]}


@dataclass(frozen=True)
class Victim:
    """A charger whose session is at message `number` when the kill falls."""

    unit: StubbornUnit
    user_id: int
    number: int
    moment: str

    async def come_to_the_kill(self) -> None:
        """Deliver what is before the kill."""
        messages = self.unit.messages()
        for action, payload in messages[: self.number]:
            await self.unit.deliver(action, payload)
        if self.moment == "answered":
            await self.unit.deliver(*messages[self.number])

    async def go_on(self) -> None:
        """Deliver what was not answered, to the end."""
        first = self.number + (self.moment == "answered")
        for action, payload in self.unit.messages()[first:]:
            await self.unit.deliver(action, payload)
        await self.unit.drop()


async def victims_of(stage: Stage) -> list[Victim]:
    """Return a charger with a driver for each moment between two messages."""
    found = []
    for number in range(MESSAGES):
        for moment in MOMENTS:
            user_id = await in_thread(stage.add_driver, "50.00")
            tag = f"KILL{user_id}"
            body = {"id_tag": tag, "user_id": user_id}
            await in_thread(stage.rest.post, "/api/admin/id-tags", body)
            charger, password = await in_thread(stage.add_charger)
            unit = StubbornUnit(stage, charger, password, tag)
            found.append(Victim(unit, user_id, number, moment))
    return found


@pytest.mark.parametrize("time", [1, 2])
async def test_a_server_killed_between_any_two_messages_loses_and_doubles_nothing(
    stage: Stage, time: int
) -> None:
    victims = await victims_of(stage)
    await asyncio.gather(*[victim.come_to_the_kill() for victim in victims])
    for victim in victims:
        if victim.moment == "on its way":
            await victim.unit.put(*victim.unit.messages()[victim.number])

    await in_thread(stage.restart, kill=True)
    # What the dead worker had claimed is free when its lease has run out.
    await stage.run_sql("UPDATE job SET leased_until = now() WHERE state = 'RUNNING'")
    for victim in victims:
        await victim.unit.drop()
    await asyncio.gather(*[victim.go_on() for victim in victims])

    for victim in victims:
        await check(stage, victim)
    await stage.check_books()


async def check(stage: Stage, victim: Victim) -> None:
    """Compare what stands with what the charger has told."""
    where = f"killed with message {victim.number} {victim.moment}"
    found = await billed(stage, victim.unit)
    assert found["energy_wh"] == STOP_WH - START_WH, where
    assert Decimal(found["cost"]["amount"]) == COST, where
    path = "/api/admin/transactions"
    listed = await in_thread(stage.rest.get, path, charger_id=victim.unit.id)
    assert listed["total"] == 1, where
    path = f"{path}/{victim.unit.transaction_id}/meter-values"
    readings = await in_thread(stage.rest.get, path)
    assert [one["value"] for one in readings["data"]] == [3000, 5000], where
    user = await in_thread(stage.rest.get, f"/users/{victim.user_id}")
    assert Decimal(user["wallet"]["balance"]["amount"]) == Decimal(50) - COST, where
    charges = [one for one in found["transfers"] if one["kind"] in {"charge", "correction"}]
    assert len(charges) == 1, where


async def billed(stage: Stage, unit: StubbornUnit) -> dict[str, Any]:
    """Return the unit's session once its bill is settled."""
    path = f"/api/admin/transactions/{unit.transaction_id}"
    async with asyncio.timeout(SOON_S):
        while True:
            found: dict[str, Any] = await in_thread(stage.rest.get, path)
            if found["billing_status"] != "PENDING":
                assert (found["status"], found["billing_status"]) == ("ENDED", "BILLED"), found
                return found
            await asyncio.sleep(POLL_S)
