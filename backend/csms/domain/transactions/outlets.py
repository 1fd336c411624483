"""Which outlet a session is at when the charger names none that can have one."""

from csms.domain.stations.charger import Charger
from csms.domain.transactions.session import ChargerSessions
from csms.kernel.ids import ConnectorNumber


def outlet_of(
    reported: ConnectorNumber, charger: Charger, sessions: ChargerSessions
) -> ConnectorNumber:
    """Return `reported`, or for 0 and below the outlet that a session can be at.

    The first known outlet without an open session that is in use, then any without one, then the
    first. A charger of which no outlet is known has outlet 1 (OCPP 1.6 §2.2).
    """
    if reported > 0:
        return reported
    outlets = sorted(number for number in charger.connectors if number > 0)
    free = [number for number in outlets if not sessions.open_on(number)]
    in_use = [
        number
        for number in free
        if charger.connector(number).status
        in {"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE"}
    ]
    return next(iter([*in_use, *free, *outlets]), ConnectorNumber(1))
