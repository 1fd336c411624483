"""Every page that a role can reach by links: nothing dead, no console error; drivers' in both themes."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.people import new_driver
from tests.e2e.virtual_chargers import ChargerThread
from tests.e2e.visitor import AXE, Visitor
from tests.flows.product import Network, Product, Rest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PAGES_MAX = 60
SETTLE_TIMEOUT_MS = 60_000
SESSION_URL = re.compile(r"/sessions/\d+$")
SETTLED = """() => {
  const main = document.querySelector("main");
  return main && main.innerText.trim() !== "" && !document.querySelector(".skeleton");
}"""
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((link) => link.origin === location.origin).map((link) => link.pathname)"""
OPENS_A_DIALOG = re.compile(r"^(New|Top up|Edit|Correct|Change)\b")


@pytest.fixture(scope="module")
def driver(product: Product, network: Network) -> Iterator[tuple[str, str]]:
    """A driver with a receipt: one session was charged and billed."""
    thread = ChargerThread()
    email, password = new_driver(network, "crawler")
    _, key = network.add_charger(charge_point_id="CRAWL-1", name="Crawled post")
    thread.power_on(product, "CRAWL-1", key, is_plugged_by_hand=False)
    person = Rest.sign_in(product.url, email, password)
    person.post("/api/chargers/CRAWL-1/start", {"connector_id": 1})
    session = _eventually(lambda: person.get("/api/sessions", open="true")["data"])[0]
    _eventually(lambda: person.get(f"/api/sessions/{session['id']}")["energy_wh"])
    person.post(f"/api/sessions/{session['id']}/stop", {})
    network.wait_until_billed(session["id"])
    yield email, password
    thread.close()


def _eventually(ask: Callable[[], Any]) -> Any:
    for _ in range(600):
        found = ask()
        if found:
            return found
    raise AssertionError("it did not happen in 600 requests")


class Crawl:
    """Follows links, one page of each kind, and looks at each page in both themes."""

    def __init__(self, person: Visitor, *, has_axe: bool = True) -> None:
        self.has_axe = has_axe
        self.person = person
        self.page = person.page
        self.seen: dict[str, str] = {}
        self.found: dict[str, list[str]] = {}

    def run(self, *starts: str) -> None:
        """Visit everything that `starts` lead to."""
        waiting = deque(starts)
        while waiting and len(self.seen) < PAGES_MAX:
            path = waiting.popleft()
            kind = _kind(path)
            if kind in self.seen:
                continue
            self.seen[kind] = path
            answer = self.page.goto(path)
            assert answer is not None, path
            assert answer.ok, f"{path}: {answer.status}"
            self._settle()
            self.look(kind)
            waiting.extend(self.page.evaluate(LINKS))
            self._tabs(kind)
            self._dialogs(kind)

    def look(self, name: str) -> None:
        """Note what axe finds here, in both themes."""
        for theme in ("light", "dark") if self.has_axe else ():
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            self.page.wait_for_function(
                "theme => document.documentElement.dataset.theme === theme", arg=theme
            )
            faults = self.person.serious_faults_of_access()
            if faults:
                self.found[f"{name} {theme}"] = faults

    def _settle(self) -> None:
        self.page.wait_for_function(SETTLED, timeout=SETTLE_TIMEOUT_MS)

    def _tabs(self, kind: str) -> None:
        for tab in self.page.get_by_role("tab").all()[1:]:
            name = tab.inner_text()
            tab.click()
            self._settle()
            self.look(f"{kind} {name}")

    def _dialogs(self, kind: str) -> None:
        buttons = self.page.locator("main").get_by_role("button", name=OPENS_A_DIALOG)
        for button in buttons.all()[:3]:
            if not button.is_visible() or button.is_disabled():
                continue
            name = button.inner_text()
            button.click()
            dialog = self.page.get_by_role("dialog")
            if dialog.count() == 0:
                continue
            self._settle()
            self.look(f"{kind} {name}")
            self.page.keyboard.press("Escape")
            dialog.wait_for(state="detached")


def _kind(path: str) -> str:
    """Return the page behind an address: what is exported once for all ids is one page."""
    parts = urlsplit(path).path.strip("/").split("/")
    return "/" + "/".join(parts[:1] + ["_"] * (len(parts) - 1))


@pytest.fixture
def axe() -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in frontend/")


@pytest.mark.usefixtures("driver")
def test_everything_that_an_operator_reaches(
    visit: Callable[..., Visitor], product: Product
) -> None:
    person = visit()
    person.sign_in_as_operator(product)
    crawl = Crawl(person, has_axe=False)  # test_pages.py looks at each of them
    crawl.run("/overview")
    wanted = {"/stations", "/chargers/_", "/transactions/_", "/drivers/_", "/id-tags", "/tariffs"}
    assert wanted | {"/desk", "/audit", "/settings"} <= set(crawl.seen)


@pytest.mark.usefixtures("axe")
def test_everything_that_a_driver_reaches(
    visit: Callable[..., Visitor], driver: tuple[str, str]
) -> None:
    person = visit(**PHONE)
    person.sign_in(*driver)
    crawl = Crawl(person)
    crawl.run("/find")
    wanted = {"/find", "/scan", "/charge/_", "/sessions", "/sessions/_", "/wallet", "/profile"}
    assert wanted <= set(crawl.seen)
    assert crawl.found == {}


@pytest.mark.usefixtures("axe", "driver")
def test_everything_that_anybody_reaches(visit: Callable[..., Visitor]) -> None:
    person = visit(**PHONE)
    crawl = Crawl(person)
    crawl.run("/sign-in", "/find")
    assert crawl.found == {}


def _tab_to(page: Any, role: str, name: str) -> None:
    """Press Tab until the wanted thing has the focus."""
    wanted = page.get_by_role(role, name=name).first
    wanted.wait_for()
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{role} {name!r} cannot be reached by Tab")


def test_a_driver_charges_by_keyboard_alone(
    visit: Callable[..., Visitor], network: Network, driver: tuple[str, str]
) -> None:
    del network
    person = visit(**PHONE)
    page = person.page
    page.goto("/charge/CRAWL-1")
    _tab_to(page, "link", "Sign in to charge")
    page.keyboard.press("Enter")
    for label, text in zip(("Email", "Password"), driver, strict=True):
        _tab_to(page, "textbox", label)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/charge/CRAWL-1")
    _tab_to(page, "button", "Start charging")
    page.keyboard.press("Enter")
    page.wait_for_url(SESSION_URL)
    _tab_to(page, "button", "Stop charging")
    page.keyboard.press("Enter")
    _tab_to(page, "button", "Stop charging")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Receipt").wait_for()
    _tab_to(page, "link", "Wallet")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Wallet").wait_for()
