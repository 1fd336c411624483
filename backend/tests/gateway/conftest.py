"""One running node per test."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.node import Node, running_node


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    """A node with short waits and one open charger, CP001."""
    async with running_node(
        unstorable_hold_s=0.3, unstorable_retry_s=0.01, close_timeout_s=0.5
    ) as running:
        running.admissions.add("CP001")
        running.reads.register("TAG1")
        yield running
