"""A driver's session, as it goes and as it goes wrong, against virtual chargers driven by hand."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.people import new_driver
from tests.e2e.qr_video import NoQrCodesError, write_qr_video
from tests.e2e.virtual_chargers import ChargerThread
from tests.e2e.visitor import Visitor
from tests.flows.product import Network, Product, Rest

pytestmark = pytest.mark.integration

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SESSION_URL = re.compile(r"/sessions/\d+$")
FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def chargers() -> Iterator[ChargerThread]:
    thread = ChargerThread()
    yield thread
    thread.close()


@pytest.fixture
def visit_with_camera(
    browser: Any, chromium_path: str, product: Product
) -> Iterator[Callable[[Path], Visitor]]:
    """Open a phone's browser whose camera sees a film."""
    opened: list[tuple[Any, Visitor]] = []

    def open_for(film: Path) -> Visitor:
        one = browser.browser_type.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", *FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}"],
        )
        context = one.new_context(base_url=product.url, locale="en-GB", **PHONE)
        context.set_default_timeout(30_000)
        visitor = Visitor(context.new_page())
        opened.append((one, visitor))
        return visitor

    yield open_for
    faults = [fault for _, visitor in opened for fault in visitor.faults]
    for one, _ in opened:
        one.close()
    assert faults == []


def wait_for_energy(page: Any) -> None:
    """Wait until a reading shows that energy has flowed."""
    page.wait_for_function(
        """() => /[1-9]/.test(document.querySelector('[data-testid="energy"]')?.textContent ?? "")"""
    )


def test_from_the_code_on_the_charger_to_receipt_and_wallet(
    visit_with_camera: Callable[[Path], Visitor],
    product: Product,
    network: Network,
    chargers: ChargerThread,
    tmp_path: Path,
) -> None:
    charger, key = network.add_charger(charge_point_id="SCAN-1", name="Scanned post")
    film = tmp_path / "label.y4m"
    try:
        write_qr_video(film, f"{product.url}/charge/SCAN-1")
    except NoQrCodesError as error:
        pytest.skip(str(error))
    chargers.power_on(product, "SCAN-1", key, is_plugged_by_hand=False)
    email, password = new_driver(network, "scanner")
    person = visit_with_camera(film)
    page = person.page

    page.goto("/scan")
    page.get_by_role("button", name="Open the camera").click()
    page.wait_for_url("**/charge/SCAN-1")
    page.get_by_role("heading", name="Scanned post").wait_for()
    page.get_by_text("€0.45 per kWh").wait_for()
    page.get_by_role("link", name="Sign in to charge").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/charge/SCAN-1")
    page.get_by_text("Available in your wallet: €50.00").wait_for()
    page.get_by_role("button", name="Start charging").click()
    page.wait_for_url(SESSION_URL)
    wait_for_energy(page)

    page.reload()
    wait_for_energy(page)
    page.get_by_role("button", name="Stop charging").click()
    page.get_by_role("group", name="Stop charging now?").get_by_role(
        "button", name="Stop charging"
    ).click()
    page.get_by_role("heading", name="Receipt").wait_for()
    number = int(page.url.rsplit("/", 1)[1])
    bill = network.wait_until_billed(number)
    assert bill["billing_status"] == "BILLED"
    assert bill["charger_id"] == charger["id"]
    cost = f"€{bill['cost']['amount']}"
    assert page.get_by_test_id("total").inner_text() == cost
    assert page.get_by_text("Times are those of the station").is_visible()

    driver = Rest.sign_in(product.url, email, password)
    balance = driver.get("/api/wallet")["balance"]["amount"]
    page.get_by_role("link", name="Wallet").click()
    page.get_by_text(f"€{balance}").first.wait_for()
    page.get_by_role("link", name=re.compile("Charged")).click()
    page.get_by_role("heading", name="Receipt").wait_for()


def test_a_start_waits_for_the_cable_and_is_found_again_after_a_reload(
    visit: Callable[..., Visitor], product: Product, network: Network, chargers: ChargerThread
) -> None:
    _, key = network.add_charger(charge_point_id="CABLE-1", name="Post with cable")
    unit = chargers.power_on(product, "CABLE-1", key, is_plugged_by_hand=True)
    person = visit(**PHONE)
    page = person.page
    person.sign_in(*new_driver(network, "cable"))
    person.open("/charge/CABLE-1", "Post with cable")
    page.get_by_role("button", name="Start charging").click()
    page.get_by_role("status").filter(has_text="Plug the cable into your vehicle").wait_for()
    page.reload()
    page.get_by_role("heading", name="Start on connector 1").wait_for()

    chargers.run(unit.plug_in(1))
    page.wait_for_url(SESSION_URL)
    wait_for_energy(page)


def test_a_refusal_is_said_and_nothing_runs(
    visit: Callable[..., Visitor], product: Product, network: Network, chargers: ChargerThread
) -> None:
    _, key = network.add_charger(charge_point_id="REFUSE-1", name="Refusing post")
    unit = chargers.power_on(product, "REFUSE-1", key, is_plugged_by_hand=True)
    unit.answer("RemoteStartTransaction", {"status": "Rejected"})
    person = visit(**PHONE)
    person.sign_in(*new_driver(network, "refused"))
    person.open("/charge/REFUSE-1", "Refusing post")
    person.page.get_by_role("button", name="Start charging").click()
    person.page.get_by_role("alert").filter(has_text="The charger refused").wait_for()
    assert person.page.get_by_role("button", name="Start charging").is_enabled()


def test_a_charger_that_says_nothing_is_told_as_such(
    visit: Callable[..., Visitor], product: Product, network: Network, chargers: ChargerThread
) -> None:
    _, key = network.add_charger(charge_point_id="SILENT-1", name="Silent post")
    unit = chargers.power_on(product, "SILENT-1", key, is_plugged_by_hand=True)
    unit.stay_silent("RemoteStartTransaction")
    person = visit(**PHONE)
    person.sign_in(*new_driver(network, "silence"))
    person.open("/charge/SILENT-1", "Silent post")
    person.page.get_by_role("button", name="Start charging").click()
    person.page.get_by_role("status").filter(has_text="The charger is being asked").wait_for()
    person.page.get_by_role("alert").filter(has_text="did not answer").wait_for(timeout=60_000)
    person.expect(504, "/start")


def test_who_has_no_money_is_told_before_and_after(
    visit: Callable[..., Visitor], product: Product, network: Network, chargers: ChargerThread
) -> None:
    _, key = network.add_charger(charge_point_id="POOR-1", name="Post for money")
    chargers.power_on(product, "POOR-1", key, is_plugged_by_hand=False)
    person = visit(**PHONE)
    person.sign_in(*new_driver(network, "poor", top_up=None))
    person.open("/charge/POOR-1", "Post for money")
    person.page.get_by_text("That is not enough to start.").wait_for()
    person.page.get_by_role("button", name="Start charging").click()
    person.page.get_by_role("alert").filter(has_text="too little to start").wait_for()
    person.expect(409, "/start")


def test_a_running_session_outlives_a_lost_network(
    visit: Callable[..., Visitor], product: Product, network: Network, chargers: ChargerThread
) -> None:
    _, key = network.add_charger(charge_point_id="TUNNEL-1", name="Post in a tunnel")
    chargers.power_on(product, "TUNNEL-1", key, is_plugged_by_hand=False)
    person = visit(**PHONE)
    page = person.page
    person.sign_in(*new_driver(network, "tunnel"))
    person.open("/charge/TUNNEL-1", "Post in a tunnel")
    page.get_by_role("button", name="Start charging").click()
    page.wait_for_url(SESSION_URL)
    wait_for_energy(page)
    before = page.get_by_test_id("energy").inner_text()
    page.context.set_offline(True)
    page.get_by_text("No network. What you see may be out of date.").wait_for()
    assert page.get_by_test_id("energy").is_visible()
    page.context.set_offline(False)
    page.wait_for_function(
        """before => document.querySelector('[data-testid="energy"]')?.textContent !== before""",
        arg=before,
    )
