"""What a driver's phone has to load before it shows something, and that nothing jumps meanwhile."""

import gzip
import json
import re
from collections.abc import Callable

import pytest

from tests.e2e.conftest import EXPORT
from tests.e2e.people import new_driver
from tests.e2e.visitor import Visitor
from tests.flows.product import Network

pytestmark = pytest.mark.integration

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SCRIPTS_MAX_BYTES = 250_000
"""Of script, gzip, that a page names, and the words of a language. The map, the menu and the QR
reader come after what a driver came for.
"""
SHIFT_MAX = 0.05
"""Cumulative layout shift; 0.1 counts as good."""
PAGES = ("find", "scan", "charge/_", "sessions", "sessions/_", "wallet", "profile", "offline")
PATHS = ("/find", "/scan", "/charge/LIGHT-1", "/sessions", "/wallet", "/profile")
WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
SCRIPT = re.compile(r'<script[^>]*\ssrc="/([^"]+\.js)"(?![^>]*noModule)')
MESSAGES = EXPORT.parent / "messages"
SETTLED = """() => document.querySelector("main")?.innerText.trim() && !document.querySelector(".skeleton")"""


def gzip_bytes(content: bytes) -> int:
    """Return what it weighs on the way, compressed as servers do."""
    return len(gzip.compress(content, 6))


def words_bytes() -> int:
    """Return the weight of the heaviest language."""
    return max(
        sum(
            gzip_bytes(json.dumps(json.loads(file.read_bytes()), ensure_ascii=False).encode())
            for file in MESSAGES.rglob(f"{language}.json")
        )
        for language in ("en", "de", "fr", "es")
    )


@pytest.mark.usefixtures("chromium_path")
def test_drivers_pages_are_light() -> None:
    weights = {}
    for page in PAGES:
        scripts = set(SCRIPT.findall((EXPORT / f"{page}.html").read_text("utf-8")))
        assert len(scripts) > 5, page
        weights[page] = sum(gzip_bytes((EXPORT / script).read_bytes()) for script in scripts)
        weights[page] += words_bytes()
    assert {page: w for page, w in weights.items() if w > SCRIPTS_MAX_BYTES} == {}


def test_nothing_jumps_while_a_drivers_page_loads(
    visit: Callable[..., Visitor], network: Network
) -> None:
    network.add_charger(charge_point_id="LIGHT-1", name="Light post")
    signed_in = visit(**PHONE)
    signed_in.sign_in(*new_driver(network, "light"))
    state = signed_in.page.context.storage_state()
    shifts = {}
    for path in PATHS:
        # A browser that was never here, but for the cookie: without the worker's copies.
        person = visit(**PHONE, storage_state=state, service_workers="block")
        person.page.add_init_script(WATCH_SHIFTS)
        person.page.goto(path)
        person.page.wait_for_function(SETTLED)
        shifts[path] = person.page.evaluate("window.shift")
    assert {path: shift for path, shift in shifts.items() if shift > SHIFT_MAX} == {}
