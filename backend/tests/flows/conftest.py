"""A running product for each module of stories."""

from collections.abc import Iterator

import pytest

from tests.flows.product import Network, Product, Rest


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("product")).start()
    yield running
    running.ensure_ended()


@pytest.fixture(scope="module")
def operator(product: Product) -> Rest:
    return product.operator()


@pytest.fixture(scope="module")
def network(operator: Rest) -> Network:
    return Network(operator)
