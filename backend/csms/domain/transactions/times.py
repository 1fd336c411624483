"""What the charger's spelling of a time tells: whether it is known, and what makes starts equal."""

from datetime import UTC, datetime
from typing import Final

from csms.domain.transactions.commands import StartCommand
from csms.kernel.ids import fold_id_tag

CLOCK_UNSET: Final = "clock_unset"
CLOCK_AHEAD: Final = "clock_ahead"
_REPLACED: Final = frozenset({CLOCK_UNSET, CLOCK_AHEAD})


def is_time_known(*notes: str | None) -> bool:
    """Whether none of these times had to be replaced by that of receipt."""
    said = "; ".join(filter(None, notes))
    return not said or _REPLACED.isdisjoint(_words(said))


def start_key_of(command: StartCommand) -> str | None:
    """Return what tells two starts apart for good, or None where the charger's clock is unset.

    Connector, folded id tag, moment and meter start. A moment that was ahead of ours is taken as
    it was spelled, since ours differs with each repeat.
    """
    notes = _words(command.clock_note)
    if CLOCK_UNSET in notes:
        return None
    is_ahead = CLOCK_AHEAD in notes
    moment = command.charger_time if is_ahead else _spelled(command.started_at)
    meter = f"{command.meter_start_wh.normalize():f}"
    return f"{command.connector}|{moment}|{meter}|{fold_id_tag(command.id_tag)}"


def is_clock_unset(note: str | None) -> bool:
    """Whether the charger's clock had never been set."""
    return CLOCK_UNSET in _words(note)


def _words(note: str | None) -> list[str]:
    return note.split("; ") if note else []


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
