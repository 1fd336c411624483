"""What Prometheus reads: it counts what happened, and parses with the library's own parser."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.flows.product import Network, Product
from tests.flows.public_charger import PublicCharger

pytestmark = pytest.mark.integration

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("observed"), environment={"CSMS_METRICS": "true"})
    try:
        yield running.start()
    finally:
        running.ensure_ended()


def read(product: Product) -> Samples:
    answer = httpx.get(f"{product.url}/metrics", timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_a_session_is_seen_while_it_runs_and_its_messages_are_counted(
    observed: Product,
) -> None:
    network = Network(observed.operator())
    charger, password = network.add_charger()
    assert read(observed)["csms_chargers_connected", ()] == 0
    unit = await PublicCharger.connect(observed.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    await unit.status(1, "Charging")
    started_at = datetime.now(UTC) - timedelta(minutes=30)
    transaction_id, _ = await unit.begin(1, network.id_tag, 1000, started_at)
    during = read(observed)
    await unit.end(transaction_id, 2000, id_tag=network.id_tag)
    network.wait_until_billed(transaction_id)
    after = read(observed)
    await unit.close()

    assert during["csms_chargers_connected", ()] == 1
    assert during["csms_sessions_open", (("status", "ACTIVE"),)] == 1
    assert during["csms_connectors", (("status", "Charging"),)] == 1
    assert during["csms_journal_available", ()] == 1
    assert during["csms_scrape_ok", ()] == 1
    starts = (("action", "StartTransaction"), ("direction", "IN"), ("outcome", "answered"))
    stops = (("action", "StopTransaction"), ("direction", "IN"), ("outcome", "answered"))
    assert after["csms_ocpp_messages_total", starts] == 1
    assert after["csms_ocpp_messages_total", stops] == 1
    assert ("csms_sessions_open", (("status", "ACTIVE"),)) not in after
    answered = sum(
        value
        for (name, labels), value in after.items()
        if name == "csms_ocpp_messages_total" and ("direction", "IN") in labels
    )
    assert after["csms_ocpp_commit_delay_seconds_count", ()] == answered
    assert after["csms_journal_batch_entries_count", ()] >= 1


async def test_a_charger_cannot_make_labels(observed: Product) -> None:
    network = Network(observed.operator())
    charger, password = network.add_charger()
    unit = await PublicCharger.connect(observed.ocpp_url, charger["charge_point_id"], password)
    await unit.connection.send('[2,"odd","MadeUpAction7",{}]')
    await unit.boot()
    labels = {labels for name, labels in read(observed) if name == "csms_ocpp_messages_total"}
    await unit.close()
    refused = (("action", ""), ("direction", "IN"), ("outcome", "error"))
    assert refused in labels
    assert not [one for one in labels if "MadeUpAction7" in dict(one).values()]


def test_metrics_are_off_unless_asked_for(product: Product) -> None:
    answer = httpx.get(f"{product.url}/metrics", timeout=30)
    assert answer.status_code == 404
    assert "CSMS_METRICS" in answer.json()["detail"]
