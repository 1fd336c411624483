"""What the operator wants of a connector, beside what the charger reports of it. Pure.

The charger keeps what it agreed to across reboots (OCPP 1.6 §4.9, §5.2), so that the two differ only
for a while, or because something is wrong: a difference is told, and changes nothing by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from csms.kernel.ids import ConnectorNumber

WantedType = Literal["Operative", "Inoperative"]
AgreedAnswer = Literal["Accepted", "Scheduled"]
WHOLE_CHARGER: Final = ConnectorNumber(0)
_OUT_OF_SERVICE: Final = frozenset({"Unavailable", "Faulted"})
_HAS_SESSION: Final = frozenset({"Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a charger agreed to on our request; Scheduled: once the running session is over."""

    type: WantedType
    answer: AgreedAnswer
    since: datetime


def wanted_of(
    connector: ConnectorNumber, agreed: Mapping[ConnectorNumber, Wanted | None]
) -> Wanted | None:
    """Return what is wanted of a connector: the later word on itself or on the whole charger.

    A request for connector 0 is for all of them (OCPP 1.6 §5.2).
    """
    said = [agreed.get(connector), agreed.get(WHOLE_CHARGER)]
    words = [one for one in said if one is not None]
    return max(words, key=lambda one: one.since, default=None)


def is_out_of_service(wanted: Wanted | None) -> bool:
    """Whether the operator wants no session to begin."""
    return wanted is not None and wanted.type == "Inoperative"


def difference(wanted: Wanted | None, reported: str | None) -> str | None:
    """Return in a sentence how the report contradicts what is wanted, or None.

    What waits for the end of a running session is no contradiction, and neither is a fault.
    """
    if wanted is None or reported is None:
        return None
    if wanted.type == "Operative":
        if reported == "Unavailable":
            return "wanted in service, but the charger reports Unavailable"
        return None
    if reported in _OUT_OF_SERVICE or reported in _HAS_SESSION:
        return None
    return f"wanted out of service, but the charger reports {reported}"


def to_resend(
    agreed: Mapping[ConnectorNumber, Wanted | None],
    reported: Mapping[ConnectorNumber, str | None],
) -> tuple[tuple[ConnectorNumber, WantedType], ...]:
    """Return what has to be asked again: of the whole charger, or connector by connector."""
    asked: list[tuple[ConnectorNumber, WantedType]] = []
    for connector in sorted(set(agreed) | set(reported)):
        wanted = wanted_of(connector, agreed)
        is_asked = bool(asked) and asked[0] == (WHOLE_CHARGER, wanted and wanted.type)
        if wanted is None or is_asked or difference(wanted, reported.get(connector)) is None:
            continue
        asked.append((connector, wanted.type))
    return tuple(asked)
