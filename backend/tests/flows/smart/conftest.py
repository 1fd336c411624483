"""One product for all stories of profiles, lists, firmware and signed readings; a stage for each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.conformance.stage import Stage
from tests.flows.product import Network, Product, Rest


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("smart")).start()
    yield running
    running.ensure_ended()


@pytest.fixture(scope="session")
def operator(product: Product) -> Rest:
    return product.operator()


@pytest.fixture(scope="session")
def network(operator: Rest) -> Network:
    return Network(operator)


@pytest.fixture
async def stage(product: Product, network: Network, operator: Rest) -> AsyncIterator[Stage]:
    one = Stage(product, network, operator)
    yield one
    await one.close()
