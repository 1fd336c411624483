"""What every case has at hand: the product over REST, virtual chargers, and a record of its steps.

Nothing here knows the product's inside: it is met through its sockets and its public REST alone.
"""

import asyncio
import secrets
import ssl
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from csms_simulator.charger import VirtualCharger
from csms_simulator.connector import Transaction
from csms_simulator.frames import Frame
from csms_simulator.ocpp16 import Payload
from csms_simulator.options import Habits
from tests.flows.product import Network, Product, Rest

PATIENCE_S = 15.0
OPERATOR = "Example Operator"
POLL_S = 0.05
Fits = Callable[[Any], Any]


def _any(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case that held, with the section that asks for it."""

    section: str
    says: str


@dataclass
class Stage:
    """The steps of one case, its operator and its chargers."""

    product: Product
    network: Network
    rest: Rest
    steps: list[Step] = field(default_factory=list)
    units: list["Unit"] = field(default_factory=list)

    def step(self, section: str, says: str, holds: object = True) -> None:
        """Note a step with its section; fail when what it says does not hold."""
        assert holds, f"{section}: {says}"
        self.steps.append(Step(section, says))

    async def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        """Read from the REST API while the chargers go on."""
        return await asyncio.to_thread(self.rest.get, path, expect, **query)

    async def post(self, path: str, body: Any = None, expect: Any = (200, 201)) -> Any:
        """Write to the REST API while the chargers go on."""
        return await asyncio.to_thread(self.rest.post, path, body, expect)

    async def put(self, path: str, body: Any) -> Any:
        """Change something through the REST API while the chargers go on."""
        return await asyncio.to_thread(self.rest.put, path, body)

    async def until(self, path: str, fits: Fits, **query: Any) -> Any:
        """Return what the path answers once it fits; fail with the last answer otherwise."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = await self.get(path, **query)
            if fits(found):
                return found
            assert time.monotonic() < deadline, f"{path} stayed {found}"
            await asyncio.sleep(POLL_S)

    async def tag(self, **fields: Any) -> str:
        """Register an id tag and return it."""
        name = f"T{secrets.token_hex(5).upper()}"
        await self.post("/api/admin/id-tags", {"id_tag": name, **fields}, 201)
        return name

    async def unit(
        self, *, connectors: int = 1, profile: int = 1, serial: str | None = None, **options: Any
    ) -> "Unit":
        """Register a charger and return the virtual one that plays it, still without power."""
        record, password = await asyncio.to_thread(
            self.network.add_charger,
            connectors=connectors,
            security_profile=profile,
            serial_number=serial,
        )
        habits = Habits(
            reconnect_min_real_s=0.05,
            reconnect_max_real_s=0.2,
            reboot_s=0.1,
            transfer_s=0.02,
            unplugs_after_s=0.05,
        )
        charger = VirtualCharger(
            record["ocpp_url"].rpartition("/")[0],
            record["charge_point_id"],
            password=options.pop("password", password),
            connectors=connectors,
            habits=options.pop("habits", habits),
            **options,
        )
        unit = Unit(self, charger, record, password or "")
        if profile >= 2 and charger.tls is None:
            charger.tls = lambda: self.client_context(unit)
        self.units.append(unit)
        return unit

    @property
    def tls_url(self) -> str:
        """Where chargers of profiles 2 and 3 connect."""
        return f"wss://127.0.0.1:{self.product.tls_port}/ocpp"

    def client_context(self, unit: "Unit | None" = None) -> ssl.SSLContext:
        """What a charger dials TLS with: the operator's roots, and its certificate if it has one."""
        context = ssl.create_default_context(cafile=self.product.roots_file)
        if unit is not None:
            held = unit.charger.certificates
            if held.chain_pem is None:
                return context
            with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
                file.write(held.chain_pem + held.key_pem)
                file.flush()
                context.load_cert_chain(file.name)
        return context

    async def booted(self, *, connectors: int = 1, **options: Any) -> "Unit":
        """Register a charger and bring it up: booted, accepted, every status reported."""
        unit = await self.unit(connectors=connectors, **options)
        await unit.charger.power_on()
        await unit.until_status(1, "Available")
        return unit

    async def close(self) -> None:
        """Take every charger's power away."""
        for unit in self.units:
            await unit.charger.close()


@dataclass
class Unit:
    """A virtual charger with its record in the product."""

    stage: Stage
    charger: VirtualCharger
    record: dict[str, Any]
    password: str

    @property
    def id(self) -> int:
        return int(self.record["id"])

    @property
    def name(self) -> str:
        return str(self.record["charge_point_id"])

    async def ask(self, operation: str, body: Any = None, expect: Any = 200) -> dict[str, Any]:
        """Ask the charger for something, as an operator does, and return the honest answer."""
        path = f"/api/admin/chargers/{self.id}/{operation}"
        answer: dict[str, Any] = await self.stage.post(path, body, expect)
        return answer

    async def raw(self, action: str, payload: Payload, expect: Any = 200) -> dict[str, Any]:
        """Send any request of OCPP."""
        path = f"/api/charge-points/{self.name}/request"
        answer: dict[str, Any] = await self.stage.post(
            path, {"action": action, "payload": payload}, expect
        )
        return answer

    async def shown(self) -> dict[str, Any]:
        """Return the charger as the product shows it."""
        found: dict[str, Any] = await self.stage.get(f"/api/admin/chargers/{self.id}")
        return found

    async def until_shown(self, fits: Fits) -> dict[str, Any]:
        """Return the charger once it is shown as wanted."""
        found: dict[str, Any] = await self.stage.until(f"/api/admin/chargers/{self.id}", fits)
        return found

    async def until_status(self, connector_id: int, status: str) -> dict[str, Any]:
        """Return the connector once it is shown with this status."""
        shown = await self.until_shown(
            lambda found: connector_of(found, connector_id).get("status") == status
        )
        return connector_of(shown, connector_id)

    async def transactions(self) -> list[dict[str, Any]]:
        """Return the charger's sessions, the newest first."""
        found = await self.stage.get("/api/admin/transactions", charger_id=self.id)
        data: list[dict[str, Any]] = found["data"]
        return data

    async def transaction(self, fits: Fits = bool) -> dict[str, Any]:
        """Return the charger's only session once it fits."""
        found = await self.stage.until(
            "/api/admin/transactions",
            lambda page: len(page["data"]) == 1 and fits(page["data"][0]),
            charger_id=self.id,
        )
        one: dict[str, Any] = found["data"][0]
        return one

    async def ended(self) -> dict[str, Any]:
        """Return the charger's only session once it has ended."""
        return await self.transaction(lambda one: one["status"] == "ENDED")

    async def begin(self, id_tag: str, connector_id: int = 1) -> Transaction:
        """Plug in, tap, start; the session is on record."""
        await self.charger.plug_in(connector_id)
        session = await self.charger.begin_session(connector_id, id_tag)
        assert session is not None, "the charger refused to start"
        await self.charger.queue.wait_drained(PATIENCE_S)
        return session

    async def end(self, session: Transaction, reason: str = "Local") -> None:
        """Stop, unplug, and let everything arrive."""
        await self.charger.end_session(session, reason, session.id_tag)
        await self.charger.unplug(session.connector_id)
        await self.charger.queue.wait_drained(PATIENCE_S)

    async def sent(self, action: str, fits: Fits = _any, *, after: int = 0) -> Frame:
        """Return the charger's CALL of that action once it went out."""
        return await self.charger.wait_sent(
            lambda frame: frame.kind == "CALL" and frame.action == action and fits(frame.payload),
            after=after,
            timeout_s=PATIENCE_S,
        )

    async def told(self, action: str, *, after: int = 0) -> Payload:
        """Return the payload of the product's CALL of that action."""
        frame = await self.charger.wait_command(action, after=after, timeout_s=PATIENCE_S)
        return frame.payload

    async def answer_to(self, frame: Frame) -> Frame:
        """Return the frame that answers a CALL of the charger."""
        return await self.charger.wait_received(
            lambda one: (
                one.kind in {"CALLRESULT", "CALLERROR"} and one.message_id == frame.message_id
            ),
            timeout_s=PATIENCE_S,
        )

    async def all_answered(self) -> bool:
        """Whether every request so far has its result, and none an error."""
        for frame in [one for one in self.charger.sent if one.kind == "CALL"]:
            if (await self.answer_to(frame)).kind != "CALLRESULT":
                return False
        return True


def connector_of(shown: dict[str, Any], connector_id: int) -> dict[str, Any]:
    """Return one connector of a charger as it is shown; empty where it is not."""
    return next((c for c in shown["connectors"] if c["connector_id"] == connector_id), {})


def in_future(**delta: float) -> str:
    """Return a moment to come as the REST API takes it."""
    return (datetime.now(UTC) + timedelta(**delta)).isoformat().replace("+00:00", "Z")
