"""A driver's pages beside charging: the map, the scanner's dead ends, the profile, no network."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.people import new_driver
from tests.e2e.visitor import AXE, Visitor
from tests.flows.product import Network

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.integration

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
HAMBURG = {"latitude": 53.55, "longitude": 9.99}
NO_CAMERA = """navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("none", "NotFoundError"))"""


@pytest.fixture(scope="module")
def far_station(network: Network) -> dict[str, Any]:
    """A station whose name comes first and whose place comes last."""
    made: dict[str, Any] = network.rest.post(
        "/api/admin/stations",
        {"name": "Atocha", "latitude": 40.4065, "longitude": -3.6895, "address": "Madrid"},
        expect=201,
    )
    network.add_charger(station_id=made["id"], name="Far post")
    return made


def test_the_nearest_station_comes_first_once_the_place_is_told(
    visit: Callable[..., Visitor], network: Network, far_station: dict[str, Any]
) -> None:
    network.add_charger(name="Near post")
    page = visit(**PHONE, geolocation=HAMBURG, permissions=["geolocation"]).page
    page.goto("/find")
    first = page.get_by_role("heading", level=2).first
    playwright.expect(first).to_have_text(far_station["name"])
    page.get_by_role("button", name="Near me").click()
    page.get_by_text("The nearest stations come first.").wait_for()
    playwright.expect(first).to_have_text(network.station["name"])


def test_a_refused_place_is_said(visit: Callable[..., Visitor], network: Network) -> None:
    network.add_charger()
    page = visit(**PHONE, permissions=[]).page
    page.goto("/find")
    page.get_by_role("button", name="Near me").click()
    page.get_by_role("status").filter(has_text="may not know where you are").wait_for()


def test_a_search_without_result_leads_back_to_all(
    visit: Callable[..., Visitor], network: Network, far_station: dict[str, Any]
) -> None:
    network.add_charger()
    page = visit(**PHONE).page
    page.goto("/find?search=nowhere%20at%20all")
    page.get_by_role("button", name="Show all stations").click()
    page.get_by_role("heading", level=2, name=far_station["name"]).wait_for()


def test_a_refused_camera_leaves_the_typed_code(
    visit: Callable[..., Visitor], network: Network
) -> None:
    network.add_charger(charge_point_id="TYPED-1", name="Typed post")
    page = visit(**PHONE, permissions=[]).page
    page.goto("/scan")
    page.get_by_role("button", name="Open the camera").click()
    page.get_by_role("alert").filter(has_text="The camera may not be used here").or_(
        page.get_by_role("alert").filter(has_text="No camera was found")
    ).wait_for()
    page.get_by_label("Type the code").fill("https://elsewhere.example/charge/TYPED-1")
    page.get_by_role("button", name="To the charger").click()
    page.get_by_text("does not belong to a charger of this network").wait_for()
    page.get_by_label("Type the code").fill("TYPED-1")
    page.get_by_role("button", name="To the charger").click()
    page.wait_for_url("**/charge/TYPED-1")
    page.get_by_role("heading", level=1, name="Typed post").wait_for()


def test_a_device_without_a_camera_is_told_so(visit: Callable[..., Visitor]) -> None:
    page = visit(**PHONE).page
    page.add_init_script(NO_CAMERA)
    page.goto("/scan")
    page.get_by_role("button", name="Open the camera").click()
    page.get_by_role("alert").filter(has_text="No camera was found").wait_for()


def test_an_unknown_charger_leads_to_those_that_exist(visit: Callable[..., Visitor]) -> None:
    person = visit(**PHONE)
    person.page.goto("/charge/NOT-THERE")
    person.page.get_by_text("There is no charger NOT-THERE").wait_for()
    person.page.get_by_role("link", name="Find a charger").click()
    person.page.wait_for_url("**/find")
    person.expect(404, "/api/chargers/NOT-THERE")


def test_the_profile_changes_name_and_language_and_shows_the_card(
    visit: Callable[..., Visitor], network: Network
) -> None:
    person = visit(**PHONE)
    page = person.page
    email, password = new_driver(network, "renamed")
    (user,) = network.rest.get("/users", search=email)["data"]
    card = {"id_tag": "RENAMED-CARD", "user_id": user["id"]}
    network.rest.post("/api/admin/id-tags", card, expect=201)
    person.sign_in(email, password)
    person.open("/profile", "Profile")
    page.get_by_text("RENAMED-CARD").wait_for()
    page.get_by_label("Name").fill("Rena Med")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_text("Saved.").wait_for()
    assert network.rest.get(f"/users/{user['id']}")["full_name"] == "Rena Med"
    page.get_by_label("Language").select_option("de")
    page.get_by_role("heading", level=1, name="Profil").wait_for()
    page.get_by_role("button", name="Abmelden").last.click()
    page.wait_for_url("**/sign-in?*")


def test_the_app_opens_without_a_network(visit: Callable[..., Visitor], network: Network) -> None:
    network.add_charger()
    person = visit(**PHONE)
    page = person.page
    page.goto("/find")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.get_by_role("heading", level=2).first.wait_for()
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="At a charger? Scan its code").wait_for()
    page.get_by_text("No network. What you see may be out of date.").wait_for()
    page.context.set_offline(False)


def test_the_app_can_be_installed(visit: Callable[..., Visitor]) -> None:
    page = visit(**PHONE).page
    page.goto("/find")
    address = page.locator('link[rel="manifest"]').get_attribute("href")
    answer = page.request.get(address)
    manifest = json.loads(answer.text())
    assert answer.headers["content-type"].startswith("application/manifest+json")
    assert page.request.get(manifest["start_url"]).ok
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).ok, icon
    for shortcut in manifest["shortcuts"]:
        assert page.request.get(shortcut["url"]).ok, shortcut


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "shows"),
    [("/find", "Find a charger"), ("/scan", "Scan the charger"), ("/offline", "No network")],
)
def test_what_anybody_may_see_is_accessible(
    visit: Callable[..., Visitor], network: Network, theme: str, path: str, shows: str
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in frontend/")
    network.add_charger()
    person = visit(**PHONE, color_scheme=theme, reduced_motion="reduce")
    person.page.goto(path)
    person.page.get_by_text(re.compile(shows)).first.wait_for(state="attached")
    assert person.serious_faults_of_access() == []
