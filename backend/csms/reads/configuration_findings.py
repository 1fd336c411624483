"""A charger's configuration against what sessions and bills need of it (OCPP 1.6 §9.1)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from csms.reads.findings import Finding, Fix, Level, note, ok, problem

ATTEMPTS: Final = "TransactionMessageAttempts"
RETRY_INTERVAL: Final = "TransactionMessageRetryInterval"
ATTEMPTS_WANTED: Final = 6
RETRY_INTERVAL_WANTED_S: Final = 60
ATTEMPTS_MIN: Final = 3
RETRIED_FOR_MIN_S: Final = 300
REGISTER: Final = "Energy.Active.Import.Register"
SAMPLE_INTERVAL_MAX_S: Final = 900
SAMPLE_INTERVAL_WANTED_S: Final = 60
CONNECTION_TIMEOUT_MIN_S: Final = 30
DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one key should hold: `is_met` of its value, what follows if not, a value that helps."""

    key: str
    is_met: Callable[[str], bool]
    level: Level
    consequence: str
    wanted: str
    section: str


def _number(value: str) -> int | None:
    try:
        return int(value.strip())
    except ValueError:
        return None


def _between(low: int, high: int) -> Callable[[str], bool]:
    def is_met(value: str) -> bool:
        number = _number(value)
        return number is not None and low <= number <= high

    return is_met


def _is_true(value: str) -> bool:
    return value.strip().lower() == "true"


def _has_register(value: str) -> bool:
    # An empty list leaves the choice to the charger, and the register is the default (7.43).
    names = [name.strip() for name in value.split(",") if name.strip()]
    return not names or REGISTER in names


EXPECTATIONS: Final[tuple[Expectation, ...]] = (
    Expectation(
        "MeterValueSampleInterval",
        _between(1, SAMPLE_INTERVAL_MAX_S),
        "problem",
        "readings come too seldom or never: a session is not seen to grow, cannot be stopped at "
        "the driver's limit, and without its Stop nothing is known of its energy",
        str(SAMPLE_INTERVAL_WANTED_S),
        "9.1.19",
    ),
    Expectation(
        "MeterValuesSampledData",
        _has_register,
        "problem",
        f"readings come without {REGISTER}: they cannot stand in for a lost Stop",
        REGISTER,
        "9.1.17",
    ),
    Expectation(
        "HeartbeatInterval",
        _between(10, DAY_S),
        "note",
        "a link that died silently is noticed by pings alone, and the clock is seldom set",
        "300",
        "9.1.10",
    ),
    Expectation(
        "ConnectionTimeOut",
        _between(CONNECTION_TIMEOUT_MIN_S, 600),
        "note",
        "a remote start is given up before a driver has plugged in, or blocks the outlet for long",
        "120",
        "9.1.6",
    ),
    Expectation(
        "StopTransactionOnInvalidId",
        _is_true,
        "problem",
        "a session that we refuse at its start goes on delivering energy",
        "true",
        "9.1.24",
    ),
    Expectation(
        "StopTransactionOnEVSideDisconnect",
        _is_true,
        "note",
        "an unplugged car leaves its session open",
        "true",
        "9.1.23",
    ),
    Expectation(
        "MaxEnergyOnInvalidId",
        _between(0, 1_000),
        "note",
        "a session that we refuse may still take this energy",
        "0",
        "9.1.14",
    ),
)
"""Checked only for keys that the charger has told."""

REQUIRED: Final = (
    "AuthorizeRemoteTxRequests",
    "ConnectionTimeOut",
    "HeartbeatInterval",
    "MeterValueSampleInterval",
    "MeterValuesSampledData",
    "NumberOfConnectors",
    "StopTransactionOnInvalidId",
    "SupportedFeatureProfiles",
    ATTEMPTS,
    RETRY_INTERVAL,
)
"""Keys of the core profile that every charger must have and that something here relies on."""


def findings_of_configuration(
    values: Mapping[str, str | None], readonly: frozenset[str], *, path: str, is_complete: bool
) -> Iterator[Finding]:
    """Yield what stands out; `path` is the charger's address in this API.

    `is_complete`: all keys were asked for once, so that a missing one is missing there.
    """
    by_folded = {key.lower(): value for key, value in values.items()}
    found = [
        *_retries(by_folded, readonly, path),
        *_unmet(by_folded, readonly, path),
        *(_missing(by_folded) if is_complete else ()),
    ]
    yield from found
    if not any(finding.level == "problem" for finding in found):
        yield ok("configuration", f"{len(values)} keys are known, none of them endangers a session")


def retried_for_s(attempts: int, interval_s: int) -> int:
    """How long a charger tries to deliver: the wait grows with each attempt (OCPP 1.6 §3.7.1)."""
    return interval_s * attempts * (attempts - 1) // 2


def _retries(
    values: Mapping[str, str | None], readonly: frozenset[str], path: str
) -> Iterator[Finding]:
    attempts, interval = (
        _number(values.get(key.lower()) or "") for key in (ATTEMPTS, RETRY_INTERVAL)
    )
    if attempts is None or interval is None:
        return
    span_s = retried_for_s(attempts, interval)
    said = f"{ATTEMPTS} {attempts}, {RETRY_INTERVAL} {interval} s: "
    fixes = [
        _change(key, str(wanted), path)
        for key, wanted, is_enough in (
            (ATTEMPTS, ATTEMPTS_WANTED, attempts >= ATTEMPTS_WANTED),
            (RETRY_INTERVAL, RETRY_INTERVAL_WANTED_S, interval >= RETRY_INTERVAL_WANTED_S),
        )
        if key not in readonly and not is_enough
    ]
    if attempts < ATTEMPTS_MIN:
        lost = "the first failure" if attempts <= 1 else f"{attempts} failures"
        yield problem(
            "retries", f"{said}a Start or Stop is thrown away after {lost}", *fixes, section="3.7.1"
        )
    elif span_s < RETRIED_FOR_MIN_S:
        yield problem(
            "retries",
            f"{said}a Start or Stop is thrown away after {span_s} s of failures on our side",
            *fixes,
            section="3.7.1",
        )
    else:
        yield ok("retries", f"{said}a Start or Stop is tried for {span_s} s")


def _unmet(
    values: Mapping[str, str | None], readonly: frozenset[str], path: str
) -> Iterator[Finding]:
    for one in EXPECTATIONS:
        value = values.get(one.key.lower())
        if value is None or one.is_met(value):
            continue
        fixes = () if one.key in readonly else (_change(one.key, one.wanted, path),)
        make = problem if one.level == "problem" else note
        yield make(
            "configuration",
            f"{one.key} is {value[:80]!r}: {one.consequence}",
            *fixes,
            section=one.section,
        )


def _missing(values: Mapping[str, str | None]) -> Iterator[Finding]:
    missing = [key for key in REQUIRED if key.lower() not in values]
    if missing:
        yield note(
            "configuration",
            f"the charger told no {', '.join(missing)}, which the core profile requires",
            section="9.1",
        )


def _change(key: str, value: str, path: str) -> Fix:
    return Fix(
        f"set {key} to {value}",
        "POST",
        f"{path}/change-configuration",
        {"key": key, "value": value},
    )
