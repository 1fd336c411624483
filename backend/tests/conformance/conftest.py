"""One product for all cases, a stage for each, and the table of what was shown."""

from collections.abc import AsyncIterator, Generator, Iterator

import pytest

from tests.conformance.cases import case_of
from tests.conformance.report import Shown, is_wanted, write
from tests.conformance.stage import OPERATOR, Stage, Step
from tests.flows.product import Network, Product, Rest, free_port

_shown = pytest.StashKey[dict[str, Shown]]()
_steps = pytest.StashKey[list[Step]]()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    environment = {"CSMS_OCPP_TLS_PORT": str(free_port()), "CSMS_OPERATOR_NAME": OPERATOR}
    home = tmp_path_factory.mktemp("conformance")
    running = Product(home, environment=environment).start()
    yield running
    running.ensure_ended()


@pytest.fixture(scope="session")
def operator(product: Product) -> Rest:
    return product.operator()


@pytest.fixture(scope="session")
def network(operator: Rest) -> Network:
    return Network(operator)


@pytest.fixture
async def stage(
    product: Product, network: Network, operator: Rest, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    one = Stage(product, network, operator)
    request.node.stash[_steps] = one.steps
    yield one
    await one.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    case = case_of(getattr(item, "function", None))
    if case is None:
        return report
    shown = item.config.stash.setdefault(_shown, {})
    one = shown.setdefault(item.nodeid, Shown(case, "passed"))
    if report.outcome != "passed" and one.outcome == "passed":
        one.outcome = report.outcome
    if report.skipped and isinstance(report.longrepr, tuple):
        one.reason = report.longrepr[2].removeprefix("Skipped: ")
    one.steps = item.stash.get(_steps, one.steps)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    shown = list(session.config.stash.get(_shown, {}).values())
    if shown and is_wanted():
        write(shown)
