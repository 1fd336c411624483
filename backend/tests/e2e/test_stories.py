"""Whole stories through the browser: a charger is onboarded, a driver charges, a session is stopped."""

import re
from collections.abc import Callable

import pytest

from tests.e2e.visitor import Visitor
from tests.flows.product import Network, Product

pytestmark = pytest.mark.integration

WAITS_FOR_START = ("--scenario", "idle", "--meter-interval-s", "1", "--connectors", "1")


def test_a_charger_is_registered_and_its_arrival_is_shown(
    visit: Callable[..., Visitor],
    product: Product,
    network: Network,
    run_charger: Callable[..., None],
) -> None:
    person = visit()
    person.sign_in_as_operator(product)
    person.open("/chargers", "Chargers")
    page = person.page
    page.get_by_role("button", name="New charger").first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Name", exact=True).fill("Onboarded")
    sheet.get_by_role("combobox", name="Station").fill(network.station["name"])
    sheet.get_by_role("option", name=network.station["name"]).first.click()
    sheet.get_by_label(re.compile("Charge point id")).fill("ONBOARD-1")
    sheet.get_by_role("button", name="New charger").click()
    page.get_by_text("Waiting for its first connection").wait_for()
    shown = sheet.locator("code").all_inner_texts()
    assert f"{product.ocpp_url}/ONBOARD-1" in shown
    password = shown[2]
    run_charger("ONBOARD-1", password, *WAITS_FOR_START)
    page.get_by_text("It has booted.").wait_for()


def test_an_operator_sees_a_remote_stop_through(
    visit: Callable[..., Visitor],
    product: Product,
    network: Network,
    run_charger: Callable[..., None],
) -> None:
    charger, password = network.add_charger(charge_point_id="STOP-1", name="Quay to stop")
    run_charger("STOP-1", password, *WAITS_FOR_START)
    person = visit()
    person.sign_in_as_operator(product)
    person.open(f"/chargers/{charger['id']}?tab=operations", "Quay to stop")
    page = person.page
    panel = page.get_by_role("tabpanel")
    panel.get_by_label("Id tag").fill(network.id_tag)
    panel.locator("form").get_by_role("button", name="Start remotely").click()
    page.get_by_text("The charger says: Accepted").wait_for()
    page.get_by_text("It happened").wait_for()
    page.get_by_role("button", name="Stop remotely").click()
    panel.locator("form").get_by_role("button", name="Stop remotely").click()
    page.get_by_text("It happened").wait_for()
    page.get_by_role("tab", name="Transactions").click()
    page.get_by_text("Billed", exact=True).first.wait_for()
    page.get_by_role("tab", name="Messages").click()
    page.locator("summary", has_text="RemoteStopTransaction").first.wait_for()


def test_a_top_up_is_in_the_wallet_of_the_driver(
    visit: Callable[..., Visitor], product: Product, network: Network
) -> None:
    made = network.rest.post(
        "/users",
        {"email": "tia@example.org", "full_name": "Tia", "password": "tia has a long one"},
        expect=201,
    )
    operator = visit()
    operator.sign_in_as_operator(product)
    operator.open(f"/drivers/{made['id']}", "Tia")
    operator.page.get_by_role("button", name="Top up").click()
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_label(re.compile("Amount")).fill("12.34")
    dialog.get_by_label("Reason").fill("cash")
    dialog.get_by_role("button", name="Top up").click()
    operator.page.get_by_text("Booked. The balance is €12.34.").wait_for()
    driver = visit()
    driver.sign_in("tia@example.org", "tia has a long one")
    driver.open("/wallet", "Wallet")
    driver.page.get_by_text("€12.34").first.wait_for()
