"""Virtual chargers on a thread of their own, so that a test with a browser can drive them by hand."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from csms_simulator.charger import VirtualCharger
from csms_simulator.options import Habits
from tests.flows.product import Product

CALL_TIMEOUT_S = 60
Result = TypeVar("Result")


class ChargerThread:
    """An event loop on its own thread; `run` waits for what happens there."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._chargers: list[VirtualCharger] = []

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return what `work` returns on the chargers' loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_TIMEOUT_S)

    def power_on(
        self, product: Product, charge_point_id: str, password: str, *, is_plugged_by_hand: bool
    ) -> VirtualCharger:
        """Start a charger with a reading a second; a cable comes by itself unless by hand."""
        return self.run(self._power_on(product, charge_point_id, password, is_plugged_by_hand))

    async def _power_on(
        self, product: Product, charge_point_id: str, password: str, is_plugged_by_hand: bool
    ) -> VirtualCharger:
        charger = VirtualCharger(
            product.ocpp_url,
            charge_point_id,
            password=password,
            configuration={"MeterValueSampleInterval": "1"},
            habits=Habits(plugs_in_after_remote_start=not is_plugged_by_hand),
        )
        self._chargers.append(charger)
        await charger.power_on()
        return charger

    def close(self) -> None:
        """Switch everything off."""
        for charger in self._chargers:
            self.run(charger.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_TIMEOUT_S)
        self._loop.close()
