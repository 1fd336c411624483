"""Tells a story to the product: sends its frames, compares what comes back, looks in the end."""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

import httpx
import websockets

from tests.flows.sessions.stage import Stage, in_thread
from tests.flows.sessions.story import Names, Story, words_of

ANSWER_TIMEOUT_S = 20
SOON_S = 20
POLL_S = 0.03


class Unit:
    """A charger of a story: nothing but a socket and what it last was asked."""

    def __init__(self, url: str, charger: Mapping[str, Any], password: str) -> None:
        self.id = int(charger["id"])
        charge_point_id = charger["charge_point_id"]
        self._url = f"{url}/{charge_point_id}"
        basic = base64.b64encode(f"{charge_point_id}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}
        self._link: websockets.ClientConnection | None = None
        self._asked = ""

    async def link(self) -> websockets.ClientConnection:
        """Return the open link, opened if need be."""
        if self._link is None:
            self._link = await websockets.connect(
                self._url,
                subprotocols=[websockets.Subprotocol("ocpp1.6")],
                additional_headers=self._headers,
                ping_interval=None,
            )
        return self._link

    async def send(self, frame: str) -> None:
        """Send a frame as it is, `*` standing for the id of the last question to this charger."""
        link = await self.link()
        await link.send(frame.replace('"*"', json.dumps(self._asked), 1))

    async def receive(self) -> Any:
        """Return the next frame."""
        link = await self.link()
        frame = json.loads(await asyncio.wait_for(link.recv(), ANSWER_TIMEOUT_S))
        if frame[0] == 2:
            self._asked = frame[1]
        return frame

    async def drop(self) -> None:
        """Lose the link without a word."""
        if self._link is not None:
            self._link.transport.abort()
            await self._link.wait_closed()
            self._link = None


class Telling:
    """One story on its way."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage, self.story = stage, story
        self.names = Names()
        self.units: dict[str, Unit] = {}
        self._asking: asyncio.Task[httpx.Response] | None = None
        self._user_id = 0
        self._deadlines: dict[int, str] = {}
        self._steps: tuple[tuple[re.Pattern[str], Callable[..., Awaitable[None]]], ...] = (
            (re.compile(r"([AB]?)([<>]) (.+)"), self._frame),
            (re.compile(r"(?:([AB]) )?(drop|link)"), self._change_link),
            (re.compile(r"(restart|kill)"), self._end_server),
            (re.compile(r"is (\w+) (\{.*\})"), self._is),
            (re.compile(r"(overdue|late|remember|unmoved) (\w+)"), self._deadline),
            (re.compile(r"waits (\w+)"), self._until_put_off),
            (re.compile(r"schedule"), stage.queue_overdue),
            (re.compile(r"offline"), self._until_offline),
            (re.compile(r"done"), self._until_done),
            (re.compile(r"wallet (\{.*\})"), self._wallet),
            (
                re.compile(r"(rest|ask) ([A-Z]+) (\S+)(?: (\{.*?\}))?(?: = (\d+)(?: (\{.*\}))?)?"),
                self._rest,
            ),
            (re.compile(r"told (\d+)(?: (\{.*\}))?"), self._told),
            (re.compile(r"sql (.+)"), stage.run_sql),
        )

    async def tell(self) -> None:
        """Play every step, then compare what stands."""
        await self._lay()
        try:
            for number, line in enumerate(self.story.lines):
                try:
                    await self._step(line)
                except (AssertionError, TimeoutError) as error:
                    raise AssertionError(f"step {number + 1}: {line}\n{error!r}") from None
        finally:
            for unit in self.units.values():
                await unit.drop()
        await self._look()

    async def _lay(self) -> None:
        self._user_id = await in_thread(self.stage.add_driver, self.story.top_up)
        rest, values = self.stage.rest, self.names.values
        await in_thread(
            rest.post,
            "/api/admin/id-tags",
            {"id_tag": values["card"], "user_id": self._user_id},
        )
        values["user"] = str(self._user_id)
        values["tariff"] = str(self.stage.tariff_id)
        for name in ("A", "B") if re.search(r"^\s*B", self.story.script, re.M) else ("A",):
            given = json.loads(self.names.fill(json.dumps(dict(self.story.charger))))
            charger, password = await in_thread(self.stage.add_charger, **given)
            self.units[name] = Unit(self.stage.product.ocpp_url, charger, password)
            values[f"charger_{name}"] = str(charger["id"])

    async def _step(self, line: str) -> None:
        line = self.names.fill(line)
        for pattern, step in self._steps:
            if found := pattern.fullmatch(line):
                await step(*found.groups())
                return
        raise ValueError(f"no such step: {line}")

    async def _change_link(self, name: str | None, change: str) -> None:
        unit = self.units[name or "A"]
        await (unit.drop() if change == "drop" else unit.link())

    async def _end_server(self, how: str) -> None:
        for unit in self.units.values():
            await unit.drop()
        await in_thread(self.stage.restart, kill=how == "kill")

    async def _is(self, name: str, expected: str) -> None:
        await self._show(self.names.sessions[name], json.loads(expected))

    async def _told(self, status: str, answer: str | None) -> None:
        assert self._asking is not None
        self._answered(await self._asking, status, answer)

    async def _frame(self, name: str, direction: str, text: str) -> None:
        unit = self.units[name or "A"]
        if direction == ">":
            await unit.send(text)
        else:
            found = await unit.receive()
            expected = json.loads(text)
            self.names.match(expected, found, str(found))

    async def _rest(
        self, kind: str, method: str, path: str, body: str | None, status: str, answer: str | None
    ) -> None:
        content = json.loads(body) if body is not None else None
        call = in_thread(self.stage.rest.client.request, method, path, json=content)
        if kind == "ask":
            self._asking = asyncio.create_task(call)
            return
        self._answered(await call, status, answer)

    def _answered(self, found: httpx.Response, status: str, answer: str | None) -> None:
        assert found.status_code == int(status), f"{found.status_code}: {found.text}"
        if answer is not None:
            self.names.match(json.loads(answer), found.json(), found.text)

    async def _until_put_off(self, name: str) -> None:
        transaction_id = self.names.sessions[name]
        await self._until(lambda: self.stage.is_bill_put_off(transaction_id))

    async def _wallet(self, text: str) -> None:
        expected = json.loads(text)
        user = await in_thread(self.stage.rest.get, f"/users/{self._user_id}")
        found = {name: money["amount"] for name, money in user["wallet"].items()}
        self.names.match(expected, found, "wallet")

    async def _deadline(self, step: str, name: str) -> None:
        transaction_id = self.names.sessions[name]
        found = (await self._session(transaction_id))["reconcile_by"]
        if step == "overdue":
            await self.stage.pass_deadline(transaction_id)
        elif step == "remember":
            assert found is not None
            self._deadlines[transaction_id] = found
        elif step == "unmoved":
            assert found == self._deadlines[transaction_id]
        else:

            async def has_passed() -> bool:
                await self.stage.queue_overdue()
                return bool((await self._session(transaction_id))["status"] == "ENDED")

            await self._until(has_passed)

    async def _until_offline(self) -> None:
        unit = self.units["A"]

        async def is_offline() -> bool:
            found = await in_thread(self.stage.rest.get, f"/api/admin/chargers/{unit.id}")
            return not found["is_connected"]

        await self._until(is_offline)

    async def _until_done(self) -> None:
        await self._until(self.stage.is_work_done)

    async def _until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(SOON_S):
            while not await is_so():  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(POLL_S)

    async def _show(self, transaction_id: int, expected: Mapping[str, Any]) -> dict[str, Any]:
        """Wait until REST shows what is expected of a session; only the failure waits long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + SOON_S
        while True:
            found = await self._session(transaction_id)
            try:
                self.names.match(expected, found, str(transaction_id))
            except AssertionError as error:
                if loop.time() > until:
                    raise AssertionError(f"{error}\nwhole: {found}") from None
                await asyncio.sleep(POLL_S)
            else:
                return found

    async def _session(self, transaction_id: int) -> dict[str, Any]:
        path = f"/api/admin/transactions/{transaction_id}"
        found: dict[str, Any] = await in_thread(self.stage.rest.get, path)
        found["cost"] = None if found["cost"] is None else found["cost"]["amount"]
        return found

    async def _look(self) -> None:
        names, story = self.names, self.story
        spent = Decimal(0)
        for name, expected in story.sessions.items():
            wanted = json.loads(names.fill(json.dumps(dict(expected))))
            found = await self._show(names.sessions[name], wanted)
            if found["billing_status"] == "BILLED" and found["user_id"] == self._user_id:
                spent += Decimal(found["cost"])
        for name, words in story.readings.items():
            path = f"/api/admin/transactions/{names.sessions[name]}/meter-values"
            listed = await in_thread(self.stage.rest.get, path)
            found_words = tuple(words_of(one) for one in listed["data"])
            assert found_words == words, f"{name}: {found_words}"
        await self._look_at_chargers()
        user = await in_thread(self.stage.rest.get, f"/users/{self._user_id}")
        balance = Decimal(user["wallet"]["balance"]["amount"])
        assert Decimal(story.top_up) - balance == spent, f"{balance} is left"
        await self.stage.check_books()

    async def _look_at_chargers(self) -> None:
        sessions, desk = 0, []
        for unit in self.units.values():
            listed = await in_thread(
                self.stage.rest.get, "/api/admin/transactions", charger_id=unit.id, limit=100
            )
            sessions += listed["total"]
            waiting = await in_thread(
                self.stage.rest.get, "/api/admin/desk", charger_id=unit.id, limit=100
            )
            desk += [one["kind"] for one in waiting["data"]]
        assert sessions == len(self.names.sessions) + self.story.stray, "sessions at the chargers"
        assert sorted(desk) == sorted(self.story.desk), f"at the desk: {desk}"
