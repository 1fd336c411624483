"""What we believe speaks against an operation's success: warnings, since it goes out all the same."""

from collections.abc import Iterator
from typing import Final

from csms.domain.operations.commands import (
    ChangeAvailability,
    Command,
    RemoteStart,
    RemoteStop,
    ReserveNow,
    Reset,
    UnlockConnector,
)
from csms.domain.operations.ports import ChargerTarget
from csms.domain.stations.availability import (
    WHOLE_CHARGER,
    is_out_of_service,
    wanted_of,
)
from csms.kernel.ids import ConnectorNumber

_CANNOT_START: Final = frozenset({"Unavailable", "Faulted", "Reserved"})


def warnings_for(target: ChargerTarget, command: Command) -> tuple[str, ...]:
    """Return sentences for a person, from the charger's last reports and open sessions."""
    return tuple(_warnings(target, command))


def _warnings(target: ChargerTarget, command: Command) -> Iterator[str]:
    yield from _unknown_connector(target, getattr(command, "connector", None))
    match command:
        case RemoteStart(connector=connector) | ReserveNow(connector=connector):
            yield from _out_of_service(target, connector)
            if connector:
                yield from _busy(target, connector)
        case RemoteStop(transaction_id=transaction_id):
            if transaction_id not in target.open_transactions:
                yield f"no session {transaction_id} is open at this charger"
        case Reset() if target.open_transactions:
            yield f"{_open(target)} will be interrupted"
        case UnlockConnector(connector=connector):
            if connector in target.open_transactions.values():
                yield f"a session is open on connector {connector}"
        case ChangeAvailability(type="Inoperative") if target.open_transactions:
            yield f"{_open(target)} ends before the change takes effect"
        case _:
            return


def _unknown_connector(target: ChargerTarget, connector: ConnectorNumber | None) -> Iterator[str]:
    if connector and connector not in target.connector_statuses:
        yield f"connector {connector} is not known"


def _out_of_service(target: ChargerTarget, connector: ConnectorNumber | None) -> Iterator[str]:
    """Say where the operator has taken what is to be used out of service, whatever is reported."""
    if connector:
        if is_out_of_service(wanted_of(connector, target.agreed)):
            yield f"connector {connector} has been taken out of service"
        return
    connectors = [n for n in target.connector_statuses if n != WHOLE_CHARGER] or [WHOLE_CHARGER]
    if all(is_out_of_service(wanted_of(n, target.agreed)) for n in connectors):
        yield "the charger has been taken out of service"


def _busy(target: ChargerTarget, connector: ConnectorNumber) -> Iterator[str]:
    status = target.connector_statuses.get(connector)
    if status in _CANNOT_START:
        yield f"connector {connector} was last reported {status}"
    if connector in target.open_transactions.values():
        yield f"a session is open on connector {connector}"


def _open(target: ChargerTarget) -> str:
    count = len(target.open_transactions)
    return "an open session" if count == 1 else f"each of {count} open sessions"
