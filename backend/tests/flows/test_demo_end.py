"""A demo that is stopped cleanly leaves no session open for its next start."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.product import Product, Rest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

SOON_S = 150
POLL_S = 0.2


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Product]:
    product = Product(tmp_path, arguments=("--demo",)).start()
    yield product
    product.ensure_ended()


def open_sessions(rest: Rest) -> list[dict[str, Any]]:
    """Return the sessions that have no end."""
    listed: list[dict[str, Any]] = rest.get("/api/admin/transactions", open="true")["data"]
    return listed


def test_a_demo_that_is_stopped_ends_its_sessions(demo: Product) -> None:
    rest, deadline = demo.operator(), time.monotonic() + SOON_S
    while not (running := open_sessions(rest)):
        assert time.monotonic() < deadline, "the demo's chargers started no session"
        time.sleep(POLL_S)
    assert demo.stop() == 0

    demo.arguments = ()
    rest = demo.start().operator()
    assert open_sessions(rest) == []
    ended = [rest.get(f"/api/admin/transactions/{one['id']}") for one in running]
    assert {one["stop_source"] for one in ended} == {"charger"}
