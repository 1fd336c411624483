"""One running product for all recorded stories, on a database that the test can look into."""

from collections.abc import Iterator

import pytest

from tests.conftest import Cluster
from tests.flows.product import Product
from tests.flows.sessions.stage import Stage


@pytest.fixture(scope="package")
def stage(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    name = postgres_cluster._run(postgres_cluster.fresh_database())  # type: ignore[no-untyped-call]
    dsn = postgres_cluster.postgres.dsn("csms_owner", name)
    environment = {
        "DATABASE_URL": dsn,
        "CSMS_KEEP_IN_STEP_S": "0.3",
        "CSMS_CATCH_UP_DELAY_S": "0",
        "CSMS_IDLE_BILLING_LOOK_S": "1",
    }
    product = Product(tmp_path_factory.mktemp("stories"), environment=environment)
    running = Stage(product, dsn)
    running.open()
    yield running
    product.ensure_ended()
