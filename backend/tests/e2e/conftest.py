"""The exported web app on a real server with virtual chargers, in Debian's Chromium."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.other_origin import OtherOrigin
from tests.e2e.visitor import Visitor
from tests.flows.product import Network, Product

ROOT = Path(__file__).parents[3]
EXPORT = Path(os.environ.get("CSMS_WEB_DIR") or ROOT / "frontend" / "out")
STOP_TIMEOUT_S = 15

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = os.environ.get("CSMS_CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    if not (EXPORT / "index.html").is_file():
        pytest.skip("the web app is not built: npm run build in frontend/")
    return found


@dataclass(frozen=True)
class Hosts:
    """The product, and its web app on two other origins: naming the API, and passing requests on."""

    product: Product
    naming: OtherOrigin
    passing: OtherOrigin


@pytest.fixture(scope="package")
def hosts(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    del chromium_path  # nothing is started where no browser can look at it
    product = Product(
        tmp_path_factory.mktemp("web"), environment={"CSMS_WEB_DIR": str(EXPORT.resolve())}
    )
    with (
        OtherOrigin(EXPORT, product.url, is_proxy=False) as naming,
        OtherOrigin(EXPORT, product.url, is_proxy=True) as passing,
    ):
        product.environment["CORS_ORIGINS"] = naming.url
        try:
            yield Hosts(product.start(), naming, passing)
        finally:
            product.ensure_ended()


@pytest.fixture(scope="package")
def product(hosts: Hosts) -> Product:
    return hosts.product


@pytest.fixture(scope="package")
def network(product: Product) -> Network:
    return Network(product.operator())


@pytest.fixture
def run_charger(product: Product) -> Iterator[Callable[..., None]]:
    """Start virtual chargers of one's choice; they end with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def run(charge_point_id: str, password: str, *more: str) -> None:
        command = [sys.executable, "-m", "csms_simulator", "--url", product.ocpp_url]
        command += ["--id", charge_point_id, "--password", password, "--quiet", *more]
        running.append(
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )

    yield run
    for process in running:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_TIMEOUT_S)


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator["playwright.Browser"]:
    # Not for the whole run: while the driver is open, no other test here can run an event loop.
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "playwright.Browser", product: Product) -> Iterator[Callable[..., Visitor]]:
    """Open a browser of its own for a person; at the end nothing may have gone wrong in it."""
    visitors: list[Visitor] = []

    def open_for(**options: object) -> Visitor:
        context = browser.new_context(
            **{
                "base_url": product.url,
                "locale": "en-GB",
                "timezone_id": "Europe/Berlin",
                **options,
            },
        )
        context.set_default_timeout(20_000)
        visitor = Visitor(context.new_page())
        visitors.append(visitor)
        return visitor

    yield open_for
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.page.context.close()
    assert faults == []
