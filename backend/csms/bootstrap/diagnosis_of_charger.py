"""The doctor's findings about one charger, from what the database has on record."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import asyncpg

from csms.adapters.sql.diagnosis import ChargerFacts, Diagnosis
from csms.bootstrap.findings import Finding, note, ok, problem, unknown
from csms.kernel.ids import OrganizationId

CLOCK_NOTE_S: Final = 10
CLOCK_PROBLEM_S: Final = 300
SHOWN_RULES: Final = 6


async def findings_of_charger(
    diagnosis: Diagnosis,
    organization_id: OrganizationId,
    charge_point_id: str,
    *,
    is_server_running: bool,
    now: datetime,
) -> list[Finding]:
    """Return what is known about a charger, registered or only trying to connect."""
    attempts = await diagnosis.handshakes(charge_point_id)
    facts = await diagnosis.of_charger(organization_id, charge_point_id)
    if facts is None:
        alike = await diagnosis.spelled_otherwise(organization_id, charge_point_id)
        hint = f"; {alike!r} is, and upper and lower case differ" if alike else ""
        said = f"no charger is registered as {charge_point_id!r}{hint}"
        return [problem("registration", said), *_handshakes(attempts)]
    return [
        *_registration(facts.charger),
        *_handshakes(attempts),
        *_link(facts, now, is_server_running=is_server_running),
        *_boot(facts.charger, now),
        _clock(facts),
        *_messages(facts),
        *_sessions(facts, now),
        *_operations(facts, now),
        (note if facts.desk_cases else ok)("desk", f"{facts.desk_cases} open cases"),
    ]


def _registration(charger: asyncpg.Record) -> Iterator[Finding]:
    said = (
        f"{charger['name']} at {charger['station']}, security profile {charger['security_profile']}"
    )
    if charger["archived_at"] is not None:
        yield problem("registration", f"{said}; archived {_when(charger['archived_at'])}")
    elif charger["is_disabled"] or charger["registration"] == "Rejected":
        yield problem("registration", f"{said}; disabled: BootNotification is answered Rejected")
    elif charger["registration"] == "Pending":
        yield note("registration", f"{said}; held Pending until an operator accepts it")
    else:
        yield ok("registration", said)
    if charger["security_profile"] > 0 and charger["active_keys"] == 0:
        yield problem("key", "it has none: `csms chargers key` makes one")
    elif charger["active_keys"] > 1:
        yield note("key", "two are valid: a rotation is under way")
    off = charger["leniency"]
    if charger["is_strict"]:
        yield note("leniency", "strict: every rule is off")
    elif off not in {"[]", None}:
        yield note("leniency", f"rules that are off: {off}")


def _handshakes(attempts: list[asyncpg.Record]) -> Iterator[Finding]:
    if not attempts:
        yield note("handshake", "nobody has tried to connect under this id (kept for 30 days)")
    for one in attempts:
        make = ok if one["outcome"] == "accepted" else problem
        # Only the newest attempt tells the present state; the older ones are its history.
        make = make if one is attempts[0] else note
        where = one["remote_address"] or "unknown address"
        yield make(
            "handshake",
            f"{_when(one['at'])} {one['outcome']} (HTTP {one['http_status']}) "
            f"from {where}: {one['reason']}",
        )


def _link(facts: ChargerFacts, now: datetime, *, is_server_running: bool) -> Iterator[Finding]:
    charger = facts.charger
    if charger["connected_at"] is None:
        yield problem("connection", "it has never been connected")
        return
    is_open = charger["disconnected_at"] is None
    if is_open and is_server_running:
        yield ok(
            "connection",
            f"on record as connected for {_length(now, charger['connected_at'])}, "
            f"{charger['protocol']}, node {charger['node']}",
        )
    elif is_open:
        yield note("connection", "no server runs; the last one ended without closing the link")
    else:
        yield problem("connection", f"offline for {_length(now, charger['disconnected_at'])}")
    if charger["last_seen_at"] is not None:
        yield note("last seen", f"{_when(charger['last_seen_at'])}, as last written down")
    if facts.last_close is not None:
        closed = facts.last_close
        code = "no code" if closed["close_code"] is None else f"code {closed['close_code']}"
        why = closed["close_reason"] or "no reason given"
        yield note("last close", f"{_when(closed['disconnected_at'])}, {code}: {why}")


def _boot(charger: asyncpg.Record, now: datetime) -> Iterator[Finding]:
    if charger["booted_at"] is None:
        yield note("boot", "no BootNotification on record; messages are handled without one")
        return
    firmware = charger["firmware_version"] or "unknown"
    yield ok(
        "boot",
        f"{_length(now, charger['booted_at'])} ago: {charger['vendor']} {charger['model']}, "
        f"firmware {firmware}",
    )


def _clock(facts: ChargerFacts) -> Finding:
    if facts.odd_clocks:
        return problem("clock", f"{facts.odd_clocks} times of the last 24 h had to be repaired")
    if not facts.ahead_s:
        return unknown("clock", "no message with a time came in the last 24 h")
    # What was queued offline looks late; the freshest report comes closest to the clock.
    ahead_s = max(facts.ahead_s)
    said = (
        f"the freshest of {len(facts.ahead_s)} times was stamped {abs(ahead_s):.1f} s "
        f"{'after' if ahead_s > 0 else 'before'} it arrived"
    )
    if abs(ahead_s) > CLOCK_PROBLEM_S:
        return problem("clock", said)
    return note("clock", said) if abs(ahead_s) > CLOCK_NOTE_S else ok("clock", said)


def _messages(facts: ChargerFacts) -> Iterator[Finding]:
    counts = facts.messages
    if not counts.read:
        yield note("messages", "none in the last 24 h")
        return
    yield ok("messages", f"{counts.read} newest of the last 24 h: {_counts(counts.by_outcome)}")
    bad = {k: n for k, n in counts.by_outcome.items() if k in {"error", "garbage", "unsolicited"}}
    if bad:
        yield note("refused", f"{_counts(bad)}; the log shows each")
    yield (note if counts.by_rule else ok)(
        "repairs", f"messages by leniency rule: {_counts(counts.by_rule) or 'none'}"
    )


def _sessions(facts: ChargerFacts, now: datetime) -> Iterator[Finding]:
    if not facts.sessions:
        yield ok("sessions", "none is open")
    for one in facts.sessions:
        said = (
            f"{one['id']} on connector {one['connector_id']}, {one['status']} for "
            f"{_length(now, one['started_at'])}"
        )
        if one["status"] == "ACTIVE":
            yield ok("session", said)
            continue
        until = "" if one["reconcile_by"] is None else f", closed at {_when(one['reconcile_by'])}"
        yield note("session", f"{said}: {one['status_reason'] or 'no reason on record'}{until}")


def _operations(facts: ChargerFacts, now: datetime) -> Iterator[Finding]:
    for one in facts.stuck:
        yield problem(
            "operation",
            f"{one['id']} {one['action']} has been {one['status']} for "
            f"{_length(now, one['requested_at'])}",
        )
    if not facts.stuck:
        yield ok("operations", "none is stuck")
    if facts.timed_out:
        yield note("operations", f"{facts.timed_out} got no answer in the last 24 h")


def _counts(counts: Mapping[str, int]) -> str:
    shown = [f"{name} {count}" for name, count in list(counts.items())[:SHOWN_RULES]]
    more = len(counts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _length(now: datetime, since: datetime) -> str:
    seconds = max(0, int((now - since).total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
