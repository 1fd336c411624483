"""Pictures for docs/screenshots.md: the demo network, started for it, in Chromium.

Run by `python3 run.py screenshots`, with the interpreter of .venv.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "screenshots"
START_TIMEOUT_S = 180
STORY_TIMEOUT_S = 120
RECEIPT_WH = 150
PAGE_TIMEOUT_MS = 60_000
OPERATOR = "operator@example.org"
DRIVER = "driver@example.org"
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
SETTLED = """() => document.querySelector("main")?.innerText.trim()
  && !document.querySelector(".skeleton")"""


class Rest:
    """The few calls that lay the table."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self._url = url
        form = urllib.parse.urlencode({"username": email, "password": password}).encode()
        request = urllib.request.Request(f"{url}/auth/token", form)  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            self._token = json.load(answer)["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer's JSON. Raises HTTPError."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self._url}{path}", content, method=method
        )
        request.add_header("Authorization", f"Bearer {self._token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own server
            return json.load(answer)


def main() -> int:
    """Start the demo, take every picture, stop the demo."""
    chromium = os.environ.get("CSMS_CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if chromium is None:
        sys.stderr.write("no Chromium on this machine: apt-get install chromium\n")
        return 1
    password = secrets.token_urlsafe(18)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="csms-screenshots-") as folder:
        # The embedded PostgreSQL may run as another user than we do.
        Path(folder).chmod(0o755)
        server = _start(port, Path(folder) / "data", password)
        try:
            _wait_until_ready(url, server)
            _take_all(url, password, chromium)
        finally:
            server.terminate()
            server.wait(60)
    return 0


def _start(port: int, data_dir: Path, password: str) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).with_name("csms")), "serve", "--demo"]
    command += ["--port", str(port), "--data-dir", str(data_dir)]
    environment = {**os.environ, "CSMS_ADMIN_EMAIL": OPERATOR, "CSMS_ADMIN_PASSWORD": password}
    environment["CSMS_WEB_DIR"] = str(ROOT / "frontend" / "out")
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"the demo was not ready in {START_TIMEOUT_S} s")


def _take_all(url: str, password: str, chromium: str) -> None:
    operator = Rest(url, OPERATOR, password)
    person = {"email": DRIVER, "full_name": "Demo Driver", "role": "USER", "password": password}
    made = operator.call("POST", "/users", person)
    euros = {"amount": {"amount": "60.00", "currency": "EUR"}, "note": "cash at the counter"}
    operator.call("POST", f"/users/{made['id']}/wallet/top-ups", euros)
    driver = Rest(url, DRIVER, password)
    receipt, charger = _charge(driver)
    _until(lambda: (_session(driver, receipt)["energy_wh"] or 0) > RECEIPT_WH)
    driver.call("POST", f"/api/sessions/{receipt}/stop", {"wait_s": 30})
    _until(lambda: _session(driver, receipt)["billing_status"] == "BILLED")
    live, _ = _charge(driver)
    _until(lambda: (_session(driver, live)["energy_wh"] or 0) > 0)
    (found,) = operator.call("GET", f"/api/admin/chargers?search={charger}")["data"][:1]
    phone = {
        "find": "/find",
        "live": f"/sessions/{live}",
        "receipt": f"/sessions/{receipt}",
        "wallet": "/wallet",
    }
    wide = {
        "overview": "/overview",
        "chargers": "/chargers",
        "charger": f"/chargers/{found['id']}",
        "transaction": f"/transactions/{receipt}",
        "stations": "/stations",
    }
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for theme in ("light", "dark"):
            page = _sign_in(browser, url, theme, PHONE, DRIVER, password)
            _take(page, phone, f"phone-{theme}")
            page = _sign_in(browser, url, theme, WIDE, OPERATOR, password)
            _take(page, wide, f"wide-{theme}")
        browser.close()


def _charge(driver: Rest) -> tuple[int, str]:
    """Start a session at the first charger that lets one; return its number and the charger."""
    found: tuple[int, str] = _until(lambda: _start_somewhere(driver))
    return found


def _start_somewhere(driver: Rest) -> tuple[int, str] | None:
    for station in driver.call("GET", "/api/stations")["data"]:
        for charger in station["chargers"]:
            name = charger["charge_point_id"]
            for connector in charger["connectors"]:
                if not (charger["is_connected"] and connector["is_free"]):
                    continue
                body = {"connector_id": connector["connector_id"], "wait_s": 30}
                try:
                    driver.call("POST", f"/api/chargers/{name}/start", body)
                except urllib.error.HTTPError:
                    continue  # somebody was quicker
                found = _until(lambda: driver.call("GET", "/api/sessions?open=true")["data"])
                return int(found[0]["id"]), str(found[0]["charge_point_id"])
    return None


def _session(driver: Rest, number: int) -> Any:
    return driver.call("GET", f"/api/sessions/{number}")


def _until(ask: Any) -> Any:
    deadline = time.monotonic() + STORY_TIMEOUT_S
    while time.monotonic() < deadline:
        found = ask()
        if found:
            return found
        time.sleep(0.5)
    raise RuntimeError(f"the demo did not come so far in {STORY_TIMEOUT_S} s")


def _sign_in(
    browser: Browser, url: str, theme: str, size: dict[str, int], email: str, password: str
) -> Page:
    context = browser.new_context(
        base_url=url,
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def _take(page: Page, places: dict[str, str], prefix: str) -> None:
    for name, path in places.items():
        page.goto(path)
        page.wait_for_function(SETTLED)
        page.wait_for_timeout(1_500)  # for the map and the fonts
        page.screenshot(path=TARGET / f"{prefix}-{name}.png")
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
