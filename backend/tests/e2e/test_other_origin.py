"""The app on another origin: naming the API with bearer tokens, and with requests passed on."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.conftest import Hosts
from tests.e2e.people import new_driver
from tests.e2e.virtual_chargers import ChargerThread
from tests.e2e.visitor import Visitor
from tests.flows.product import Network, Product

pytestmark = pytest.mark.integration

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def chargers() -> Iterator[ChargerThread]:
    thread = ChargerThread()
    yield thread
    thread.close()


def fill_in(person: Visitor, email: str, password: str) -> None:
    person.page.get_by_label("Email").fill(email)
    person.page.get_by_label("Password").fill(password)
    person.page.get_by_role("button", name="Sign in").click()


def top_up(network: Network, email: str, amount: str) -> None:
    (user,) = network.rest.get("/users", search=email)["data"]
    network.rest.post(
        f"/users/{user['id']}/wallet/top-ups",
        {"amount": {"amount": amount, "currency": "EUR"}, "note": "cash"},
    )


def test_a_driver_charges_with_a_bearer_token(
    visit: Callable[..., Visitor],
    hosts: Hosts,
    product: Product,
    network: Network,
    chargers: ChargerThread,
) -> None:
    _, key = network.add_charger(charge_point_id="APART-1", name="Post apart")
    chargers.power_on(product, "APART-1", key, is_plugged_by_hand=False)
    email, password = new_driver(network, "apart")
    person = visit(**PHONE, base_url=hosts.naming.url)
    page = person.page
    page.goto("/charge/APART-1")
    page.get_by_text("€0.45 per kWh").wait_for()
    page.get_by_role("link", name="Sign in to charge").click()
    with page.expect_request(re.compile(r"/api/events$")) as events:
        fill_in(person, email, password)
    assert events.value.url.startswith(product.url)
    assert events.value.headers["authorization"].startswith("Bearer ")
    page.wait_for_url("**/charge/APART-1")
    page.get_by_role("button", name="Start charging").click()
    page.wait_for_url(re.compile(r"/sessions/\d+$"))
    page.get_by_test_id("energy").wait_for()
    page.reload()
    page.get_by_test_id("energy").wait_for()
    assert page.context.cookies() == []
    page.goto("/wallet")
    page.get_by_text("€50.00").first.wait_for()
    top_up(network, email, "7.00")
    page.get_by_text("+€7.00").first.wait_for()


def test_an_operator_follows_a_deep_link_with_a_bearer_token(
    visit: Callable[..., Visitor], hosts: Hosts, product: Product, network: Network
) -> None:
    charger, _ = network.add_charger(name="Linked post")
    person = visit(base_url=hosts.naming.url)
    person.page.goto(f"/chargers/{charger['id']}")
    person.page.wait_for_url("**/sign-in?next=*")
    fill_in(person, "operator@example.org", product.admin_password)
    person.page.get_by_role("heading", level=1, name="Linked post").wait_for()
    person.page.get_by_role("link", name="Drivers").first.click()
    person.page.get_by_role("link", name="Dana Driver").first.click()
    person.page.get_by_role("heading", level=1, name="Dana Driver").wait_for()


def test_a_host_that_passes_requests_on_needs_no_token(
    visit: Callable[..., Visitor], hosts: Hosts, network: Network
) -> None:
    email, password = new_driver(network, "passed-on")
    person = visit(**PHONE, base_url=hosts.passing.url)
    page = person.page
    page.goto("/wallet")
    page.wait_for_url("**/sign-in?next=%2Fwallet")
    fill_in(person, email, password)
    page.get_by_text("€50.00").first.wait_for()
    assert {cookie["name"] for cookie in page.context.cookies()} >= {"csms_session", "csms_csrf"}
    top_up(network, email, "3.00")
    page.get_by_text("+€3.00").first.wait_for()
    person.open("/profile", "Profile")
    page.get_by_label("Name").fill("Passed On")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_text("Saved.").wait_for()
