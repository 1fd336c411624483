"""Fixtures: a running central system, and chargers that are closed when the test ends."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from csms_simulator.charger import VirtualCharger
from csms_simulator.clock import Clock
from csms_simulator.options import Habits
from tests.stub_central_system import MakeCharger, StubCentralSystem
from tests.stub_certificates import self_signed


@pytest.fixture
async def central() -> AsyncIterator[StubCentralSystem]:
    async with StubCentralSystem().running() as system:
        yield system


@pytest.fixture
async def make_charger(central: StubCentralSystem) -> AsyncIterator[MakeCharger]:
    """Make chargers whose hour takes less than a second and whose meters keep that pace."""
    made: list[VirtualCharger] = []

    def make(charge_point_id: str = "CP1", **options: Any) -> VirtualCharger:
        options.setdefault("clock", Clock(speed=10_000, is_fast=True))
        options.setdefault("habits", Habits(reconnect_min_real_s=0.001, reconnect_max_real_s=0.02))
        charger = VirtualCharger(options.pop("url", central.url), charge_point_id, **options)
        made.append(charger)
        return charger

    yield make
    for charger in made:
        await charger.close()


@pytest.fixture(scope="session")
def signing_certificate() -> str:
    """A self-signed certificate that is valid now, in PEM."""
    return self_signed("Firmware Signer")
