"""Recorded frame sequences: what is sent, what must come back, and what must stand in the end.

A story's script has one step per line; `A` is the charger where none is named.

    > [2,"1","Heartbeat",{}]        the charger sends this frame
    B< [3,"1",{"currentTime":"*"}]  charger B must receive this next; "*" is anything, members
                                    that are not named are free, "!x" must be absent
    drop / B drop                   the link is lost without a word (it is opened when needed)
    link                            the link is opened now
    restart / kill                  the server ends, gently or by SIGKILL, and starts again
    is a {"status":"ENDED"}         session a shows this, at once or soon
    overdue a                       the deadline of session a is past
    late a                          wait until it has passed by itself and the session is closed
    remember a / unmoved a          the deadline of session a, then and now, is the same
    waits a                         wait until the bill of session a was looked at and put off
    schedule                        the schedule that looks for passed deadlines runs now
    offline / done                  wait until charger A is seen to be gone / no job waits
    wallet {"balance":"5.00"}       the person's wallet shows this
    rest POST /path {..} = 200 {..} a REST call with its answer
    ask POST /path {..}             a REST call that goes on while the charger is asked
    told 200 {..}                   its answer
    sql UPDATE ...                  a setting that has no address in the REST API

`${a}` in an expected frame binds a transaction id, afterwards it stands for it. `${-30}` is the
time 30 minutes before the story began, `${-30 naive}` without a zone, `${-30 +02:00}` in another.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

_PLACE = re.compile(r"\$\{([^}]+)\}")
_TIME = re.compile(r"^([+-]\d+(?:\.\d+)?)(?: (naive|[+-]\d\d:\d\d))?$")


@dataclass(frozen=True)
class Story:
    """One rule, told in frames.

    `sessions` maps names to what REST must show of them in the end; a `cost` is a decimal text.
    `readings` maps names to every reading, as `words_of` writes it. `desk` are the kinds of the
    cases that wait at the end. `stray` counts sessions that the script gives no name.
    """

    rule: str
    script: str
    sessions: Mapping[str, Mapping[str, Any]]
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    desk: tuple[str, ...] = ()
    top_up: str = "50.00"
    charger: Mapping[str, Any] = field(default_factory=dict)
    stray: int = 0

    @property
    def lines(self) -> list[str]:
        """The steps of the script."""
        return [line.strip() for line in self.script.strip().splitlines() if line.strip()]


class Names:
    """What the placeholders of one telling stand for."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC).replace(microsecond=0)
        self.values: dict[str, str] = {"tag": secrets.token_hex(4).upper()}
        self.values["card"] = f"C{self.values['tag']}"
        self.values["lower"] = self.values["card"].lower()
        self.sessions: dict[str, int] = {}

    def fill(self, text: str) -> str:
        """Put values into a text; a name that is not bound yet stays a thing to be bound."""
        return _PLACE.sub(lambda found: self._value(found[1]), text)

    def _value(self, name: str) -> str:
        time = _TIME.match(name)
        if time is not None:
            return self.time(float(time[1]), time[2])
        if name in self.sessions:
            return str(self.sessions[name])
        if name in self.values:
            return self.values[name]
        return f'"bind {name}"'

    def time(self, minutes: float, zone: str | None = None) -> str:
        """Return a time as chargers write it."""
        moment = self.began + timedelta(minutes=minutes)
        if zone == "naive":
            return moment.strftime("%Y-%m-%dT%H:%M:%S")
        if zone is None:
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        hours = int(zone[:3])
        return moment.astimezone(timezone(timedelta(hours=hours))).isoformat()

    def match(self, expected: Any, found: Any, where: str) -> None:
        """Check what was found against what is expected, binding what has no value yet."""
        if isinstance(expected, str) and expected.startswith("bind "):
            assert isinstance(found, int), f"{where}: {found!r} is no id"
            assert 0 < found < 2**31, f"{where}: {found} is no 32-bit id"
            name = expected.removeprefix("bind ")
            assert found not in self.sessions.values(), f"{where}: {found} is not new"
            self.sessions[name] = found
        elif expected == "*":
            return
        elif isinstance(expected, Mapping):
            assert isinstance(found, Mapping), f"{where}: {found!r}"
            for name, value in expected.items():
                if name.startswith("!"):
                    assert name[1:] not in found, f"{where}: {name[1:]} in {found}"
                else:
                    assert name in found, f"{where}: {name} is not in {found}"
                    self.match(value, found[name], f"{where}.{name}")
        elif isinstance(expected, list):
            assert isinstance(found, list), f"{where}: {found!r}"
            assert len(expected) == len(found), f"{where}: {found!r}"
            for number, (one, other) in enumerate(zip(expected, found, strict=True)):
                self.match(one, other, f"{where}[{number}]")
        else:
            assert expected == found, f"{where}: {found!r} instead of {expected!r}"


def words_of(reading: Mapping[str, Any]) -> str:
    """Write a reading in a line: measurand without its usual words, value, unit, marks."""
    words = [reading["measurand"].replace("Energy.Active.Import.Register", "register")]
    words.append(str(reading["value"]))
    if reading["unit"]:
        words.append(reading["unit"])
    if reading["phase"]:
        words.append(reading["phase"])
    if reading["context"] and reading["context"] != "Sample.Periodic":
        words.append(reading["context"])
    if reading["location"] and reading["location"] != "Outlet":
        words.append(f"at {reading['location']}")
    if reading["format"] == "SignedData":
        words.append("signed")
    words += [mark for mark in ("suspect", "inferred") if reading[f"is_{mark}"]]
    return " ".join(words)
