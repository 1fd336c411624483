"""Faults of connectors: opened by a report with an error, over with the next one without. Pure."""

from csms.domain.stations.charger import Charger
from csms.kernel.facts import ConnectorReported, Fact, FaultCleared, FaultReported

NO_ERROR = "NoError"
FAULTED = "Faulted"


def faults_of(charger: Charger, report: ConnectorReported) -> tuple[Fact, ...]:
    """Return what a report means for the connector's faults (OCPP 1.6 §4.9).

    A connector has one open fault at most: another error ends the one before. A report from a
    queue that is older than the one that stands is history and opens nothing.
    """
    standing = charger.connector(report.connector)
    if _is_fault(report.status, report.error_code):
        return (
            FaultReported(
                connector=report.connector,
                status=report.status,
                error_code=report.error_code,
                opened_at=report.reported_at,
                received_at=report.received_at,
                is_history=not report.is_current,
                over_by=None if report.is_current else standing.reported_at,
                info=report.info,
                vendor_id=report.vendor_id,
                vendor_error_code=report.vendor_error_code,
            ),
        )
    had_fault = standing.status is not None and _is_fault(
        standing.status, standing.error_code or NO_ERROR
    )
    is_over = had_fault if report.is_current else report.connector in charger.replayed_faults
    if not is_over:
        return ()
    return (
        FaultCleared(
            connector=report.connector,
            status=report.status,
            cleared_at=report.reported_at,
            received_at=report.received_at,
            is_history=not report.is_current,
        ),
    )


def apply_fault(charger: Charger, fact: FaultReported | FaultCleared) -> None:
    """Remember for which connectors a queue has told of a fault."""
    if isinstance(fact, FaultReported) and fact.is_history:
        charger.replayed_faults.add(fact.connector)
    elif isinstance(fact, FaultCleared):
        charger.replayed_faults.discard(fact.connector)


def _is_fault(status: str, error_code: str) -> bool:
    return error_code != NO_ERROR or status == FAULTED
