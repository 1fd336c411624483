"""Every page: it opens, it is for the right people, it is accessible in both themes."""

from collections.abc import Callable

import pytest

from tests.e2e.visitor import AXE, Visitor
from tests.flows.product import Network, Product

pytestmark = pytest.mark.integration

OPERATOR_PAGES = (
    ("/overview", "Overview"),
    ("/stations", "Stations"),
    ("/chargers", "Chargers"),
    ("/transactions", "Transactions"),
    ("/drivers", "Drivers"),
    ("/id-tags", "Id tags"),
    ("/tariffs", "Tariffs"),
    ("/desk", "Desk"),
    ("/audit", "Audit trail"),
    ("/messages", "Messages"),
    ("/settings", "Settings"),
)
DRIVER_PAGES = (
    ("/find", "Find a charger"),
    ("/scan", "Scan the charger"),
    ("/sessions", "My sessions"),
    ("/wallet", "Wallet"),
    ("/profile", "Profile"),
)
TABS = ("Connection", "Operations", "Configuration", "Transactions", "Messages")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_operator_pages_are_accessible(
    visit: Callable[..., Visitor], product: Product, network: Network, theme: str
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in frontend/")
    charger, _ = network.add_charger()
    person = visit(color_scheme=theme, reduced_motion="reduce")
    person.sign_in_as_operator(product)
    found = {}
    for path, heading in OPERATOR_PAGES:
        person.open(path, heading)
        person.wait_until_loaded()
        found[path] = person.serious_faults_of_access()
    person.open(f"/chargers/{charger['id']}", "Quay")
    for tab in TABS:
        person.page.get_by_role("tab", name=tab).click()
        person.wait_until_loaded()
        found[tab] = person.serious_faults_of_access()
    person.open(f"/drivers/{network.driver['id']}", "Dana Driver")
    person.wait_until_loaded()
    found["driver"] = person.serious_faults_of_access()
    assert {place: faults for place, faults in found.items() if faults} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_driver_pages_are_accessible_on_a_phone(
    visit: Callable[..., Visitor], network: Network, theme: str
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in frontend/")
    charger, _ = network.add_charger()
    person = visit(
        color_scheme=theme, reduced_motion="reduce", viewport={"width": 390, "height": 844}
    )
    person.sign_in_as_driver(network)
    found = {}
    for path, heading in (*DRIVER_PAGES, (f"/charge/{charger['charge_point_id']}", "Quay")):
        person.open(path, heading)
        person.wait_until_loaded()
        found[path] = person.serious_faults_of_access()
        is_wider = person.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not is_wider, f"{path} scrolls sideways"
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_a_driver_is_led_away_from_operator_pages(
    visit: Callable[..., Visitor], network: Network
) -> None:
    person = visit()
    person.sign_in_as_driver(network)
    person.page.goto("/chargers")
    person.page.wait_for_url("**/find")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(
    visit: Callable[..., Visitor], product: Product, network: Network
) -> None:
    person = visit()
    person.page.goto("/tariffs")
    person.page.wait_for_url("**/sign-in?next=%2Ftariffs")
    person.page.get_by_label("Email").fill("operator@example.org")
    person.page.get_by_label("Password").fill(product.admin_password)
    person.page.get_by_role("button", name="Sign in").click()
    person.page.get_by_role("button", name="Standard").wait_for()


def test_the_language_is_chosen_and_stays(visit: Callable[..., Visitor]) -> None:
    person = visit(locale="de-DE")
    person.page.goto("/find")
    person.page.get_by_role("button", name="Einstellungen").click()
    person.page.get_by_role("menuitemradio", name="Français").click()
    person.page.get_by_role("button", name="Autour de moi").wait_for()
    person.page.reload()
    person.page.get_by_role("button", name="Autour de moi").wait_for()
    assert person.page.evaluate("document.documentElement.lang") == "fr"


def test_the_palette_finds_a_charger_by_keyboard_alone(
    visit: Callable[..., Visitor], product: Product, network: Network
) -> None:
    charger, _ = network.add_charger(charge_point_id="PALETTE-1", name="Palette post")
    person = visit()
    person.sign_in_as_operator(product)
    person.page.get_by_role("heading", level=1, name="Overview").wait_for()
    person.page.keyboard.press("Control+k")
    person.page.get_by_role("combobox", name="Find anything").fill("palette")
    first = person.page.get_by_role("option", name="Palette post").first
    first.wait_for()
    assert first.get_attribute("aria-selected") == "true"
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(f"**/chargers/{charger['id']}")
    person.page.get_by_role("heading", level=1, name="Palette post").wait_for()
