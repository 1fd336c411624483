"""The doctor's findings about one charger, from what the database has on record."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from csms.domain.stations.errors import ChargerNotFoundError
from csms.kernel.ids import ChargerId, OrganizationId
from csms.reads.charger_facts import ChargerFacts, StrangerFacts, facts_of_charger
from csms.reads.configuration_findings import findings_of_configuration
from csms.reads.database import ReadDatabase, Row
from csms.reads.findings import Finding, Fix, note, ok, problem, unknown
from csms.reads.moments import Moment

CLOCK_NOTE_S: Final = 10
CLOCK_PROBLEM_S: Final = 300
SHOWN_RULES: Final = 6
MANY_BOOTS: Final = 10
MANY_CONNECTIONS: Final = 20
_BASIC_PROFILES: Final = (1, 2)


class Diagnosed(msgspec.Struct, frozen=True):
    """A charger as its doctor sees it; `charger_id` is null for an id that nobody registered."""

    charger_id: int | None
    charge_point_id: str
    at: Moment
    findings: list[Finding]


async def findings_of_charger(
    database: ReadDatabase,
    organization_id: OrganizationId,
    wanted: ChargerId | str,
    *,
    is_server_running: bool,
    now: datetime,
) -> Diagnosed:
    """Return what is known about a charger, registered or only trying to connect.

    Raises ChargerNotFoundError for a key that no charger has.
    """
    facts = await facts_of_charger(database, organization_id, wanted)
    if facts is None:
        raise ChargerNotFoundError(f"no charger {wanted}", charger_id=wanted)
    if isinstance(facts, StrangerFacts):
        hint = f"; {facts.alike!r} is, and upper and lower case differ" if facts.alike else ""
        said = f"no charger is registered as {facts.charge_point_id!r}{hint}"
        findings = [problem("registration", said), *_handshakes(facts.handshakes, None, "")]
        return Diagnosed(None, facts.charge_point_id, now, findings)
    path = f"/api/admin/chargers/{facts.charger['id']}"
    findings = [
        *_registration(facts.charger, path),
        *_handshakes(facts.handshakes, facts.charger, path),
        *_nearly(facts.nearly),
        *_link(facts, now, is_server_running=is_server_running),
        *_boot(facts.charger, now),
        _clock(facts),
        *_connectors(facts.connectors),
        *_configuration(facts, path),
        *_messages(facts),
        *_sessions(facts, now),
        *_operations(facts, now),
        (note if facts.desk_cases else ok)("desk", f"{facts.desk_cases} open cases"),
    ]
    return Diagnosed(facts.charger["id"], facts.charger["charge_point_id"], now, findings)


def _registration(charger: Row, path: str) -> Iterator[Finding]:
    said = (
        f"{charger['name']} at {charger['station']}, security profile {charger['security_profile']}"
    )
    if charger["archived_at"] is not None:
        yield problem("registration", f"{said}; archived {_when(charger['archived_at'])}")
    elif charger["is_disabled"] or charger["registration"] == "Rejected":
        yield problem(
            "registration",
            f"{said}; disabled: BootNotification is answered Rejected",
            Fix("enable the charger", "PUT", path, {"is_disabled": False}),
            section="4.2",
        )
    elif charger["registration"] == "Pending":
        yield note(
            "registration", f"{said}; held Pending until an operator accepts it", section="4.2"
        )
    else:
        yield ok("registration", said)
    if charger["security_profile"] in _BASIC_PROFILES and charger["active_keys"] == 0:
        yield problem("key", "it has none: `csms chargers key` makes one")
    elif charger["active_keys"] > 1:
        yield note("key", "two are valid: a rotation is under way")
    off = charger["leniency"]
    if charger["is_strict"]:
        yield note(
            "leniency",
            "strict: every rule is off",
            Fix("repair what deviates", "PUT", path, {"is_strict": False}),
        )
    elif off not in {"[]", None}:
        yield note("leniency", f"rules that are off: {off}")


def _handshakes(attempts: list[Row], charger: Row | None, path: str) -> Iterator[Finding]:
    if not attempts:
        yield note("handshake", "nobody has tried to connect under this id (kept for 30 days)")
    for one in attempts:
        where = one["remote_address"] or "unknown address"
        said = (
            f"{_when(one['at'])} {one['outcome']} (HTTP {one['http_status']}) "
            f"from {where}: {one['reason']}"
        )
        # Only the newest attempt tells the present state; the older ones are its history.
        if one is not attempts[0]:
            yield note("handshake", said)
        elif one["outcome"] == "accepted":
            yield ok("handshake", said)
        else:
            fixes = () if charger is None else _ways_in(one, charger, path)
            yield problem("handshake", said, *fixes)


def _ways_in(attempt: Row, charger: Row, path: str) -> Iterator[Fix]:
    """Yield what would let in a charger that was refused like this."""
    match attempt["outcome"]:
        case "wrong_subprotocol" if not charger["assumes_subprotocol"]:
            yield Fix(
                "take it for OCPP 1.6 without the header",
                "PUT",
                path,
                {"assumes_subprotocol": True},
            )
        case "missing_credentials":
            yield Fix(
                "let it in without a password (security profile 0)",
                "PUT",
                path,
                {"security_profile": 0},
            )


def _nearly(rows: list[Row]) -> Iterator[Finding]:
    for one in rows:
        yield problem(
            "handshake",
            f"{one['attempts']} attempts of the last 24 h as {one['charge_point_id']!r}, which is "
            f"spelled otherwise and therefore unknown; the last {_when(one['at'])}",
            section="J 3.1.1",
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
    if charger["connections"] > MANY_CONNECTIONS:
        yield problem(
            "connection",
            f"{charger['connections']} connections in the last 24 h: the link does not hold",
            section="J 5.3",
        )
    if charger["last_seen_at"] is not None:
        yield note("last seen", f"{_when(charger['last_seen_at'])}, as last written down")
    if facts.last_close is not None:
        closed = facts.last_close
        code = "no code" if closed["close_code"] is None else f"code {closed['close_code']}"
        why = closed["close_reason"] or "no reason given"
        yield note("last close", f"{_when(closed['disconnected_at'])}, {code}: {why}")


def _boot(charger: Row, now: datetime) -> Iterator[Finding]:
    if charger["booted_at"] is None:
        yield note("boot", "no BootNotification on record; messages are handled without one")
        return
    firmware = charger["firmware_version"] or "unknown"
    yield ok(
        "boot",
        f"{_length(now, charger['booted_at'])} ago: {charger['vendor']} {charger['model']}, "
        f"firmware {firmware}",
    )
    if charger["boots"] > MANY_BOOTS:
        yield problem(
            "boot",
            f"{charger['boots']} BootNotifications in the last 24 h: it restarts, or is not "
            "content with our answer",
            section="4.2",
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


def _connectors(connectors: list[Row]) -> Iterator[Finding]:
    if not connectors:
        yield note("connectors", "none is registered, none was reported")
    for one in connectors:
        place = f"connector {one['connector_id']}" if one["connector_id"] else "the charger itself"
        if one["status"] is None:
            yield note("connector", f"{place} was never reported", section="4.9")
            continue
        since = "" if one["status_at"] is None else f" since {_when(one['status_at'])}"
        said = f"{place} is {one['status']}{since}"
        if one["error_code"] in {None, "NoError"} and one["status"] != "Faulted":
            make = note if one["status"] == "Unavailable" else ok
            yield make("connector", said)
            continue
        details = (one["error_code"], one["vendor_id"], one["vendor_error_code"], one["info"])
        why = ", ".join(detail for detail in details if detail)
        make = problem if one["status"] == "Faulted" else note
        yield make("connector", f"{said}: {why}", section="4.9")


def _configuration(facts: ChargerFacts, path: str) -> Iterator[Finding]:
    if not facts.configuration:
        yield unknown(
            "configuration",
            "it has not been asked yet",
            Fix("ask for all keys", "POST", f"{path}/get-configuration"),
        )
        return
    values = {row["key"]: row["value"] for row in facts.configuration}
    readonly = frozenset(row["key"] for row in facts.configuration if row["is_readonly"])
    yield from findings_of_configuration(
        values, readonly, path=path, is_complete=facts.asked_for_all
    )
    waiting = [row["key"] for row in facts.configuration if row["pending_value"] is not None]
    if waiting:
        yield note(
            "configuration",
            f"{', '.join(waiting)} changed and not yet in force: a reboot is needed",
            Fix("reset the charger softly", "POST", f"{path}/reset", {"type": "Soft"}),
            section="7.22",
        )


def _messages(facts: ChargerFacts) -> Iterator[Finding]:
    counts = facts.messages
    if not counts.read:
        yield note("messages", "none in the last 24 h")
        return
    yield ok("messages", f"{counts.read} newest of the last 24 h: {_counts(counts.by_outcome)}")
    bad = {k: n for k, n in counts.by_outcome.items() if k in {"error", "garbage", "unsolicited"}}
    if bad:
        yield note("refused", f"{_counts(bad)}; the log shows each")
    for one in facts.errors:
        who = "we refused" if one["direction"] == "IN" else "it refused"
        answer = (one["answer"] or "")[:200]
        yield note("refused", f"{_when(one['received_at'])} {who} {one['action']}: {answer}")
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
