"""Operators at work: a wrong key first, forms of schemas, the live log, the palette, settings."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import EXPORT
from tests.e2e.visitor import Visitor
from tests.flows.product import Network, Product

pytestmark = pytest.mark.integration

WAITS_FOR_START = ("--scenario", "idle", "--meter-interval-s", "1", "--connectors", "1")
MANY = 10_000
SEED_TIMEOUT_S = 300


@pytest.fixture
def operator(visit: Callable[..., Visitor], product: Product) -> Visitor:
    person = visit()
    person.sign_in_as_operator(product)
    return person


def test_a_wrong_key_is_explained_and_the_right_one_turns_the_page_green(
    operator: Visitor, product: Product, network: Network, run_charger: Callable[..., None]
) -> None:
    page = operator.page
    page.goto("/chargers?do=create")
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Name", exact=True).fill("Wrong key first")
    sheet.get_by_role("combobox", name="Station").fill(network.station["name"])
    sheet.get_by_role("option", name=network.station["name"]).first.click()
    sheet.get_by_label(re.compile("Charge point id")).fill("WRONG-KEY-1")
    sheet.get_by_role("button", name="New charger").click()
    sheet.get_by_text("Nobody has knocked yet").wait_for()
    shown = sheet.locator("code").all_inner_texts()
    assert f"{product.ocpp_url}/WRONG-KEY-1" in shown
    run_charger("WRONG-KEY-1", "not the password at all", *WAITS_FOR_START)
    sheet.get_by_text("The password is wrong").first.wait_for()
    sheet.get_by_text("Enter the password again").first.wait_for()
    run_charger("WRONG-KEY-1", shown[2], *WAITS_FOR_START)
    sheet.get_by_text("It has booted.").wait_for()
    sheet.get_by_text("Let in").first.wait_for()


def test_a_request_is_a_form_of_its_schema_checked_before_it_is_sent(
    operator: Visitor, network: Network, run_charger: Callable[..., None]
) -> None:
    charger, password = network.add_charger(charge_point_id="FORM-1", name="Formal post")
    run_charger("FORM-1", password, *WAITS_FOR_START)
    operator.open(f"/chargers/{charger['id']}?tab=operations&command=TriggerMessage", "Formal post")
    page = operator.page
    page.get_by_text("Online", exact=True).wait_for()
    form = page.get_by_role("tabpanel").locator("form")
    form.get_by_role("button", name="Send").click()
    form.get_by_text("Must be filled in.").wait_for()
    form.get_by_label(re.compile("requestedMessage")).select_option("Heartbeat")
    form.get_by_role("button", name="JSON").click()
    assert '"requestedMessage": "Heartbeat"' in form.get_by_label("Payload (JSON)").input_value()
    form.get_by_role("button", name="Send").click()
    form.get_by_text("The charger says: Accepted").wait_for()
    form.get_by_text("It happened").wait_for()


def test_the_log_follows_live_and_explains_a_frame(
    operator: Visitor, network: Network, run_charger: Callable[..., None]
) -> None:
    _, password = network.add_charger(charge_point_id="TAIL-1", name="Tail post")
    operator.open("/messages?cp=TAIL-1", "Messages")
    page = operator.page
    page.get_by_text("No message in 24 hours").wait_for()
    run_charger("TAIL-1", password, *WAITS_FOR_START)
    boot = page.locator("details", has=page.locator("summary", has_text="BootNotification")).first
    boot.locator("summary").click()
    boot.get_by_role("button", name="Explain").first.click()
    boot.get_by_text("valid", exact=True).wait_for()
    boot.get_by_text("The charger introduces itself").wait_for()
    page.get_by_label("Kind").select_option("CALLERROR")
    page.get_by_text("No message in 24 hours").wait_for()


def test_the_palette_does_things_as_well_as_finding_them(
    operator: Visitor, network: Network
) -> None:
    charger, _ = network.add_charger(charge_point_id="VERB-1", name="Verbal post")
    page = operator.page
    page.get_by_role("heading", level=1, name="Overview").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find anything").fill("restart verbal")
    page.get_by_role("option", name="Restart: Verbal post").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/chargers/{charger['id']}?tab=operations&command=reset")
    page.get_by_role("tabpanel").get_by_role("button", name="Restart").last.wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find anything").fill("dark")
    page.get_by_role("option", name="Appearance: Dark").wait_for()
    page.keyboard.press("Enter")
    page.locator("html[data-theme=dark]").wait_for(state="attached")


def test_settings_are_saved_and_audited(operator: Visitor) -> None:
    operator.open("/settings", "Settings")
    page = operator.page
    before = page.get_by_label("Name").input_value()
    page.get_by_label("Name").fill("Quay Power")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    operator.open("/audit?kind=organization", "Audit trail")
    page.get_by_text("organization.updated").first.wait_for()
    operator.open("/settings?section=server", "Settings")
    page.get_by_role("rowheader", name="DATABASE_URL").wait_for()
    operator.open("/settings", "Settings")
    page.get_by_label("Name").fill(before)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()


def test_figures_of_the_overview_lead_to_their_lists(operator: Visitor) -> None:
    operator.open("/overview", "Overview")
    operator.wait_until_loaded()
    card = operator.page.locator(".card", has_text="Energy today")
    card.get_by_role("link").first.click()
    operator.page.get_by_role("heading", level=1, name="Transactions").wait_for()
    assert re.search(r"ended=\d{4}-\d\d-\d\d", operator.page.url)
    operator.page.get_by_label("Ended on").wait_for()


def test_a_driver_may_not_ask_what_operators_ask(
    visit: Callable[..., Visitor], network: Network
) -> None:
    person = visit()
    person.sign_in_as_driver(network)
    for path in ("/settings", "/messages", f"/chargers/{network.add_charger()[0]['id']}"):
        person.page.goto(path)
        person.page.wait_for_url("**/find")
    status = person.page.evaluate("async () => (await fetch('/api/admin/settings')).status")
    assert status == 403
    person.expect(403, "/api/admin/settings")


@pytest.fixture
def large_network(chromium_path: str, tmp_path: Path) -> Iterator[Product]:
    """A product of its own, so that no other test finds ten thousand chargers."""
    del chromium_path
    product = Product(tmp_path, environment={"CSMS_WEB_DIR": str(EXPORT.resolve())})
    try:
        product.start()
        seeding = [str(product.program), "seed", "--chargers", str(MANY), "--yes"]
        subprocess.run(
            [*seeding, "--data-dir", str(product.data_dir)],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=SEED_TIMEOUT_S,
            env={},
        )
        yield product
    finally:
        product.ensure_ended()


def test_ten_thousand_chargers_are_searched_sorted_and_paged(
    visit: Callable[..., Visitor], large_network: Product
) -> None:
    person = visit(base_url=large_network.url)
    person.sign_in_as_operator(large_network)
    person.open("/chargers?sort=-charge_point_id", "Chargers")
    page = person.page
    page.get_by_text(re.compile("1.25 of 10,000")).wait_for()
    page.get_by_text("SEED-010000").wait_for()
    page.get_by_role("button", name="Next page").click()
    page.get_by_text(re.compile("26.50 of 10,000")).wait_for()
    page.get_by_text("SEED-009975").wait_for()
    page.get_by_role("searchbox").fill("SEED-004711")
    page.get_by_text(re.compile("1.1 of 1$")).wait_for()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("menuitemcheckbox", name="Serial number").click()
    page.keyboard.press("Escape")
    page.get_by_role("columnheader", name="Serial number").wait_for()
    page.reload()
    page.get_by_role("columnheader", name="Serial number").wait_for()
    person.open("/chargers", "Chargers")
    stations = page.get_by_role("combobox", name="Station")
    last = person.page.evaluate(
        "async () => (await (await fetch('/api/admin/stations?sort=-id&limit=1')).json()).data[0].name"
    )
    stations.fill(last)
    page.get_by_role("option", name=last).first.click()
    page.wait_for_url(re.compile(r"station=\d+"))
    page.get_by_text(re.compile(r"of \d{1,3}$")).first.wait_for()
