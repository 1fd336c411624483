"""What a scenario has at hand: its charger, the options of the run, and a voice."""

import asyncio
import random
import time
from collections.abc import Callable

from csms_simulator.charger import VirtualCharger
from csms_simulator.connector import Transaction
from csms_simulator.errors import ConnectRefusedError, ScenarioFailedError
from csms_simulator.frames import Frame
from csms_simulator.run_options import RunOptions

RETRY_REAL_S = 0.5
NOT_READY = frozenset({502, 503, 504})


class Stage:
    """One charger playing one scenario."""

    def __init__(
        self,
        charger: VirtualCharger,
        options: RunOptions,
        make_charger: Callable[[str], VirtualCharger],
        say: Callable[[str], None],
    ) -> None:
        self.charger = charger
        self.options = options
        self.make_charger = make_charger
        self._say = say
        self.random = random.Random(f"{options.seed}/{charger.charge_point_id}")

    @property
    def id_tag(self) -> str:
        """The tag of this run, the first of several."""
        return self.options.id_tags[0]

    def say(self, text: str) -> None:
        """Tell whoever watches what happens."""
        self._say(f"{self.charger.charge_point_id}: {text}")

    async def power_on(self) -> VirtualCharger:
        """Bring the charger up, waiting for the server as long as the options allow.

        Raises ConnectRefusedError with the reason otherwise.
        """
        deadline_s = time.monotonic() + self.options.wait_server_real_s
        while True:
            try:
                await self.charger.power_on()
            except ConnectRefusedError as error:
                may_pass = error.is_unreachable or error.status_code in NOT_READY
                if not may_pass or time.monotonic() >= deadline_s:
                    raise
                await asyncio.sleep(RETRY_REAL_S)
            else:
                self.say("booted and accepted")
                return self.charger

    async def begin(self, connector_id: int = 1, id_tag: str | None = None) -> Transaction:
        """Plug in, tap and start.

        Raises ScenarioFailedError when the tag is refused.
        """
        tag = id_tag or self.id_tag
        await self.charger.plug_in(connector_id)
        transaction = await self.charger.begin_session(connector_id, tag)
        if transaction is None:
            await self.charger.unplug(connector_id)
            raise ScenarioFailedError(f"id tag {tag} was refused")
        self.say(f"connector {connector_id}: session {transaction.wire_id} started")
        return transaction

    async def end(self, transaction: Transaction, reason: str = "Local") -> None:
        """Stop, unplug, and wait until the server has everything."""
        await self.charger.end_session(transaction, reason, transaction.id_tag)
        await self.charger.unplug(transaction.connector_id)
        await self.deliver()
        self.say(f"connector {transaction.connector_id}: session {transaction.wire_id} stopped")

    async def pause(self, share: float = 1.0) -> None:
        """Let a share of the session's length pass."""
        await self.charger.charge(self.options.session_s * share)

    async def deliver(self) -> None:
        """Wait until the queue is empty; ScenarioFailedError when that takes too long."""
        try:
            await self.charger.queue.wait_drained(self.options.patience_real_s)
        except TimeoutError as error:
            waiting = len(self.charger.queue)
            raise ScenarioFailedError(f"{waiting} messages could not be delivered") from error

    async def wait_for(self, action: str, *more: str) -> Frame:
        """Wait until the operator sends one of these; ScenarioFailedError when none comes."""
        actions = (action, *more)
        self.say(f"waiting for {' or '.join(actions)}")
        try:
            return await self.charger.wait_received(
                lambda frame: frame.kind == "CALL" and frame.action in actions,
                timeout_s=self.options.patience_real_s,
            )
        except TimeoutError as error:
            raise ScenarioFailedError(f"no {' or '.join(actions)} came") from error

    async def wait_told(self, action: str, text: str, *, after: int = 0) -> Frame:
        """Wait until the charger has sent a CALL of this action that holds this text."""
        try:
            return await self.charger.wait_sent(
                lambda frame: frame.action == action and text in frame.text,
                after=after,
                timeout_s=self.options.patience_real_s,
            )
        except TimeoutError as error:
            raise ScenarioFailedError(f"no {action} with {text} was sent") from error
