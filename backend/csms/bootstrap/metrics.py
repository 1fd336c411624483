"""The page that Prometheus reads: this process, its chargers, its journal, what waits in the database.

One snapshot per request; names carry their units. What cannot be read says so in `csms_scrape_ok`
rather than being left out in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from prometheus_client import PLATFORM_COLLECTOR, PROCESS_COLLECTOR, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from csms.adapters.sql.engine import Database
from csms.adapters.sql.figures import Figures, Waiting, read_figures
from csms.adapters.sql.journal import SqlJournal
from csms.bootstrap.journal_metrics import JournalMetrics
from csms.gateway.registry import Registry

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MetricsPage:
    """Writes the page from what one process is made of."""

    registry: Registry
    journal: SqlJournal
    journal_metrics: JournalMetrics
    database: Database

    async def __call__(self) -> bytes:
        """Return the page in Prometheus' text format."""
        figures: Figures | None = None
        try:
            figures = await read_figures(self.database)
        except Exception:
            _log.exception("metrics_of_the_database_could_not_be_read")
        page = CollectorRegistry(auto_describe=False)
        page.register(PROCESS_COLLECTOR)
        page.register(PLATFORM_COLLECTOR)
        page.register(_Snapshot(self, figures))
        return generate_latest(page)

    def families(self, figures: Figures | None) -> Iterator[Metric]:
        """Return all metrics of ours."""
        yield _gauge("csms_chargers_connected", "Chargers on this node.", len(self.registry))
        yield _gauge(
            "csms_journal_available", "1 while the journal can store.", self.journal.is_available
        )
        yield _gauge(
            "csms_journal_backlog_entries", "Entries waiting for a commit.", self.journal.backlog
        )
        yield _gauge(
            "csms_journal_capacity_entries", "Entries that may wait.", self.journal.capacity
        )
        yield from self.journal_metrics.families()
        yield _gauge(
            "csms_scrape_ok", "1 when the database's figures were read.", figures is not None
        )
        if figures is not None:
            yield from _of_database(figures)


class _Snapshot(Collector):
    """What the library asks for the metrics of one page."""

    def __init__(self, page: MetricsPage, figures: Figures | None) -> None:
        self._page, self._figures = page, figures

    def collect(self) -> Iterator[Metric]:
        return self._page.families(self._figures)


def _of_database(figures: Figures) -> Iterator[Metric]:
    yield _by_label("csms_sessions_open", "Sessions that have not ended.", "status",
                    figures.open_sessions)  # fmt: skip
    yield _by_label("csms_connectors", "Connectors by reported status.", "status",
                    figures.connectors)  # fmt: skip
    yield _by_label("csms_desk_cases_open", "What waits for a person.", "kind", figures.desk)
    yield _by_label("csms_sessions_unbilled", "Ended sessions without a bill.", "billing_status",
                    {status: one.count for status, one in figures.unbilled.items()})  # fmt: skip
    yield _by_label("csms_unbilled_oldest_seconds", "Since the oldest of them stopped.",
                    "billing_status",
                    {status: one.oldest_s for status, one in figures.unbilled.items()})  # fmt: skip
    jobs = GaugeMetricFamily("csms_jobs", "Jobs that are not done.", labels=("kind", "state"))
    oldest = GaugeMetricFamily(
        "csms_job_oldest_seconds", "Since the oldest was due.", labels=("kind", "state")
    )
    for (kind, state), one in sorted(figures.jobs.items()):
        jobs.add_metric((kind, state), one.count)
        oldest.add_metric((kind, state), _late(one))
    yield jobs
    yield oldest


def _late(one: Waiting) -> float:
    # A job that is due later is not late.
    return max(0.0, one.oldest_s)


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, value=float(value))


def _by_label(
    name: str, documentation: str, label: str, values: dict[str, float] | dict[str, int]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return family
