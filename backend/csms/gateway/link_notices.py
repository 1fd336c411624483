"""What a link that comes, goes or lasts means for the charger's sessions."""

from collections.abc import Callable
from typing import assert_never

from csms.domain.transactions.apply import apply_facts
from csms.domain.transactions.burn_down import stops_to_repeat
from csms.domain.transactions.decision import Decision, FollowUp
from csms.domain.transactions.evidence import on_disconnect, on_reconnect
from csms.domain.transactions.remote_starts import expired_remote_starts
from csms.domain.transactions.rules import SessionRules
from csms.gateway.connection import Connection, LinkNotice
from csms.gateway.log_entries import entry_of
from csms.gateway.storing import Storing
from csms.kernel.facts import Fact
from csms.kernel.journal import EntryRefusedError


class LinkNotices:
    """Takes notices from a connection's inbox, in order with its messages."""

    def __init__(
        self,
        storing: Storing,
        rules: SessionRules,
        announce: Callable[[Connection, tuple[Fact, ...]], None],
        follow_up: Callable[[Connection, tuple[FollowUp, ...]], None],
    ) -> None:
        self._storing = storing
        self._rules = rules
        self._announce = announce
        self._follow_up = follow_up

    async def handle(self, connection: Connection, notice: LinkNotice) -> None:
        """Store what follows from a notice.

        Raises StaleEpochError, or HoldExpiredError when a reconnect cannot be stored in time: its
        deadlines must stand. A lost link that cannot be stored is made good by the next reconnect.
        """
        decision = self._decide(connection, notice)
        if not await self._is_stored(connection, notice, decision.facts):
            return
        self._announce(connection, decision.facts)
        apply_facts(connection.charger, connection.sessions, decision.facts)
        if decision.follow_ups:
            self._follow_up(connection, decision.follow_ups)

    def _decide(self, connection: Connection, notice: LinkNotice) -> Decision[None]:
        charger, sessions, rules = connection.charger, connection.sessions, self._rules
        match notice.kind:
            case "reconnected":
                return on_reconnect(charger, sessions, notice.at, rules)
            case "lost":
                return on_disconnect(charger, sessions, notice.at, rules)
            case "due":
                stops = stops_to_repeat(sessions, notice.at, rules)
                return Decision(None, expired_remote_starts(sessions, notice.at).facts, stops)
            case _:
                assert_never(notice.kind)

    async def _is_stored(
        self, connection: Connection, notice: LinkNotice, facts: tuple[Fact, ...]
    ) -> bool:
        if not facts:
            return True
        if notice.kind != "reconnected":
            return await self._storing.log(connection, None, facts)
        entry = entry_of(connection, None, facts)
        try:
            await self._storing.held(connection, lambda: self._storing.journal.append(entry))
        except EntryRefusedError:
            return False
        return True
