"""All scenarios by name, each with the line that `--scenario list` prints."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from csms_simulator.scenarios import deviations, operation, sessions
from csms_simulator.scenarios.stage import Stage


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row: what to play, what it shows, whether it ends by itself."""

    line: str
    play: Callable[[Stage], Awaitable[None]]
    is_endless: bool = False


SCENARIOS: dict[str, Scenario] = {
    "full-session": Scenario(
        "one whole session: boot, authorize, start, readings, stop", sessions.full_session
    ),
    "several-connectors": Scenario(
        "sessions on all connectors at once", sessions.several_connectors
    ),
    "change-availability": Scenario(
        "charges, waits for ChangeAvailability both ways", operation.change_availability
    ),
    "remote-start-stop": Scenario(
        "waits for the operator's remote start and remote stop", sessions.remote_start_stop
    ),
    "rejected-tag": Scenario("taps a tag that the server should refuse", sessions.rejected_tag),
    "offline-and-replay": Scenario(
        "stops and charges while offline, then replays the queue", sessions.offline_and_replay
    ),
    "drop-in-session": Scenario(
        "loses the link in mid-session and carries on without a boot", sessions.drop_in_session
    ),
    "reboot-in-session": Scenario(
        "loses power in mid-session; the stop follows the next boot", sessions.reboot_in_session
    ),
    "duplicates": Scenario(
        "sends each start, reading and stop again, with same and new id", deviations.duplicates
    ),
    "wrong-clock": Scenario(
        "sessions in 1970, next year, and with times without a zone", deviations.wrong_clock
    ),
    "register-reset": Scenario(
        "the meter register falls in mid-session", deviations.register_reset
    ),
    "late-stop": Scenario("the stop arrives five minutes late", deviations.late_stop),
    "lost-stop": Scenario("the stop never arrives", deviations.lost_stop),
    "two-units-one-id": Scenario(
        "two units with one id evict each other", deviations.two_units_one_id
    ),
    "faults": Scenario("faults with vendor codes, recovery, old faults replayed", operation.faults),
    "reservation": Scenario(
        "waits for ReserveNow, then charges with the reserved tag", operation.reservation
    ),
    "firmware": Scenario("waits for a firmware update and plays it", operation.firmware),
    "idle": Scenario(
        "boots, sends heartbeats, does what it is asked", sessions.idle, is_endless=True
    ),
    "demo": Scenario("a lively charger: random sessions forever", operation.demo, is_endless=True),
}
