"""The gateway as a whole: what bootstrap builds, gives to uvicorn, and closes."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from http import HTTPStatus

from csms.domain.authorization.ports import IdTagRecords
from csms.domain.identity.organization import OrganizationSettings
from csms.domain.operations.commands import RemoteStop
from csms.domain.security.client_certificates import ClientCertificates
from csms.domain.stations.handshakes import HandshakeAttempt
from csms.domain.stations.presence import Presence
from csms.domain.transactions.admission import Admissions, AdmittedCharger, ConnectionStart
from csms.domain.transactions.decision import FollowUp
from csms.domain.transactions.ports import TransactionReads
from csms.domain.transactions.rules import SessionRules
from csms.gateway import log_entries
from csms.gateway.admission import AnsweredCalls
from csms.gateway.announce import event_of, handshake_event
from csms.gateway.answers import Answers
from csms.gateway.attendance import Attendance
from csms.gateway.connection import Connection, ConnectionFacts, ConnectionHouse
from csms.gateway.errands import Errands
from csms.gateway.handshake import HandshakeDesk, Knock
from csms.gateway.inbound import InboundPath
from csms.gateway.liveness import Liveness
from csms.gateway.model_rules import ModelRules
from csms.gateway.outbound import OutgoingCall, TooManyCallsError
from csms.gateway.proof import settling_key
from csms.gateway.registry import Registry
from csms.gateway.relay import Relay
from csms.gateway.repair_counts import RepairCounts
from csms.gateway.settings import GatewaySettings
from csms.gateway.takeovers import TakeoverWatch
from csms.gateway.tls_listener import TlsDoor
from csms.gateway.transport import (
    CLOSE_GOING_AWAY,
    CLOSE_LINK_LOST,
    CLOSE_PROTOCOL_ERROR,
    SocketLimits,
    UnheardEvents,
    feed_early_data,
    open_socket,
)
from csms.gateway.upgrade import SUBPROTOCOL, Refusal
from csms.gateway.upgrade_protocol import UpgradeProtocol
from csms.kernel.clock import Clock
from csms.kernel.errors import NotFoundError, UnavailableError
from csms.kernel.facts import ChargerBooted, Fact
from csms.kernel.ids import ChargerId, OrganizationId, TransactionId
from csms.kernel.journal import Journal
from csms.kernel.live import LiveEvents
from csms.ocpp.v16.commands import to_wire
from csms.ocpp.v16.exchange import HandlerPorts
from csms.ocpp.v16.registration_handlers import registration_of

logger = logging.getLogger("csms.gateway")

_CLOSING_POLL_S = 0.02


class Gateway:
    """Holds the sockets of this node's chargers. Made inside a running event loop.

    `relay` carries operations to them; bootstrap gives `relay.send` to the operation channel.
    `now` is a monotonic clock in seconds.
    """

    def __init__(  # noqa: PLR0913 - each is one port
        self,
        *,
        journal: Journal,
        admissions: Admissions,
        reads: TransactionReads,
        id_tags: IdTagRecords,
        clock: Clock,
        settings: GatewaySettings,
        rules: SessionRules,
        registry: Registry | None = None,
        presence: Presence | None = None,
        live: LiveEvents | None = None,
        now: Callable[[], float] | None = None,
        certificates: ClientCertificates | None = None,
    ) -> None:
        self._now = now or asyncio.get_running_loop().time
        self._journal = journal
        self._admissions = admissions
        self._clock = clock
        self._settings = settings
        self._live = live
        self.registry = Registry() if registry is None else registry
        self.relay = Relay(self.registry, journal, clock, rules)
        self.liveness = Liveness(now=self._now, tick_s=settings.liveness_tick_s)
        self.takeovers = TakeoverWatch(
            limit=settings.takeovers_max,
            window_s=settings.takeovers_window_s,
            delay_s=settings.takeover_delay_s,
            now=self._now,
        )
        self._errands = Errands()
        self._desk = HandshakeDesk(
            admissions=admissions,
            journal=journal,
            clock=clock,
            settings=settings,
            now=self._now,
            kept=self._announce_handshake,
            certificates=certificates,
        )
        self.attendance = Attendance(
            admissions=admissions,
            registry=self.registry,
            errands=self._errands,
            clock=clock,
            now=self._now,
            settings=settings,
        )
        self.attendance.presence, self.attendance.live = presence, live
        self.model_rules = ModelRules(admissions, self.registry, self._errands)
        self._repairs = RepairCounts(
            admissions.count_repairs,
            self._errands,
            interval_s=settings.repairs_counted_every_s,
            kept_max=settings.repair_counts_max,
        )
        self._answers = Answers(journal, self._announce, self._repairs.note)
        self._path = InboundPath(
            journal=journal,
            clock=clock,
            ports=HandlerPorts(reads, id_tags, clock, rules, settings.operator_name),
            settings=settings,
            answers=self._answers,
            announce=self._announce,
            follow_up=self._follow_up,
            repaired=self._repairs.note,
        )
        self._house = ConnectionHouse(
            settings=settings,
            clock=clock,
            now=self._now,
            handle=self._path.turns.take,
            closed=self.attendance.left,
            unanswered=self._unanswered,
        )
        self._limits = SocketLimits(
            settings.message_max_bytes, settings.logged_head_bytes, settings.close_timeout_s
        )
        self._handshakes: set[asyncio.Task[None]] = set()

    def uvicorn_protocol(self) -> type[asyncio.Protocol]:
        """Return the class for `uvicorn.Config(ws=...)`, bound to this gateway."""
        return type(
            "OcppUpgradeProtocol",
            (UpgradeProtocol,),
            {
                "doorkeeper": staticmethod(self._at_the_door),
                "tasks": self._handshakes,
                "timeout_s": self._settings.handshake_timeout_s,
                "early_data_max_bytes": self._settings.early_data_max_bytes,
            },
        )

    def tls_door(
        self, context: Callable[[], ssl.SSLContext], protocol: Callable[[], asyncio.Protocol]
    ) -> TlsDoor:
        """Return what a TlsListener asks; `protocol` serves a connection once TLS stands."""
        return self._desk.tls_door(context, protocol)

    def start(self) -> None:
        """Turn the wheel of pings and note who is heard."""
        self.liveness.start()
        self.attendance.start()

    def disconnect(self, charger_id: ChargerId, reason: str) -> bool:
        """Close a charger's connection, so that it comes back under its new settings.

        Returns whether it was connected here.
        """
        connection = self.registry.find(charger_id)
        if connection is None:
            return False
        connection.close(CLOSE_GOING_AWAY, reason)
        return True

    def organization_changed(
        self, organization_id: OrganizationId, settings: OrganizationSettings
    ) -> None:
        """Let what an organization has set hold for its chargers that are connected here."""
        for connection in self.registry:
            charger = connection.charger
            if charger.organization_id == organization_id:
                charger.currency = settings.currency
                charger.minimum_balance = settings.minimum_balance
                charger.hold_amount = settings.hold_amount
                charger.reconcile_after_s = settings.reconcile_after_s
                charger.offline_cap_s = settings.offline_cap_s

    def forget_session(self, charger_id: ChargerId, transaction_id: TransactionId) -> None:
        """Drop a session that was ended without its charger from the state in memory."""
        connection = self.registry.find(charger_id)
        if connection is not None:
            connection.sessions.open.pop(transaction_id, None)

    async def close(self, timeout_s: float | None = None, *, spread_s: float = 0.0) -> None:
        """Read no more, let what was received be stored and answered, close every socket (1001).

        `timeout_s` bounds the wait for what is under way. The closing is spread over `spread_s`,
        so that chargers do not all come back at once.
        """
        timeout_s = self._settings.closing_wait_s if timeout_s is None else timeout_s
        self._desk.is_closing = True
        connections = list(self.registry)
        for connection in connections:
            connection.stop_reading()
        await self._path.turns.finish(timeout_s)
        for connection in connections:
            connection.close(CLOSE_GOING_AWAY, "this server is shutting down")
            if spread_s:
                await asyncio.sleep(spread_s / len(connections))
        self.liveness.stop()
        self.attendance.stop()
        await self._wait_until_closed(connections)
        await self._path.turns.finish(timeout_s)
        await self._path.turns.cancel()
        handshakes = set(self._handshakes)
        for task in handshakes:
            task.cancel()
        await asyncio.gather(*handshakes, return_exceptions=True)
        await self._errands.finish()
        await self._repairs.flush()
        await self._desk.close()

    async def settle(self) -> None:
        """Wait until work and errands are done and handshakes so far are recorded."""
        await self._path.turns.finish(self._settings.closing_wait_s)
        await self._desk.log.flush()
        await self._repairs.flush()
        await self._errands.finish()

    async def _wait_until_closed(self, connections: list[Connection]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + 2 * self._settings.close_timeout_s
        for connection in connections:
            while not connection.is_closed and loop.time() < until:  # noqa: ASYNC110 - rare, at the end
                await asyncio.sleep(_CLOSING_POLL_S)

    async def _at_the_door(self, protocol: UpgradeProtocol) -> Refusal | None:
        assert protocol.request is not None  # noqa: S101 - it calls only with a request
        verdict = await self._desk.decide(protocol.request, protocol.peer, protocol.channel)
        if isinstance(verdict, Refusal):
            return verdict
        # Two units under one id take turns slowly, so that each can at least deliver something.
        await asyncio.sleep(self.takeovers.delay_s(verdict.known.charger_id))
        if protocol.transport.is_closing():
            self._desk.record(verdict, "abandoned", "the client left", HTTPStatus.REQUEST_TIMEOUT)
        elif not verdict.speaks_ocpp:
            self._refuse_subprotocol(protocol, verdict)
        else:
            return await self._let_in(protocol, verdict)
        return None

    async def _let_in(self, protocol: UpgradeProtocol, knock: Knock) -> Refusal | None:
        try:
            admitted = await self._admit(knock)
        except NotFoundError as error:
            return Refusal(HTTPStatus.NOT_FOUND, "unknown_charger", error.detail)
        except UnavailableError:
            refusal = self._desk.unavailable("nothing can be stored at present").refusal
            self._desk.record(knock, "storage_unavailable", refusal.detail, refusal.status)
            return refusal
        if protocol.transport.is_closing():
            self._desk.record(knock, "abandoned", "the client left", HTTPStatus.REQUEST_TIMEOUT)
            self._errands.run(self._never_used(admitted), "the end of an unused admission")
            return None
        if self._desk.is_closing:
            # `close` has counted its sockets already: one more would be left open.
            refusal = self._desk.unavailable("this server is shutting down").refusal
            self._desk.record(knock, "storage_unavailable", refusal.detail, refusal.status)
            self._errands.run(self._never_used(admitted), "the end of an unused admission")
            return refusal
        self._welcome(protocol, knock, admitted)
        return None

    async def _admit(self, knock: Knock) -> AdmittedCharger:
        return await self._admissions.admit(
            ConnectionStart(
                charger_id=knock.known.charger_id,
                node=self._settings.node,
                remote_address=knock.remote_address,
                protocol=SUBPROTOCOL,
                security_profile=knock.proof.profile,
                connected_at=self._clock.now(),
                user_agent=knock.user_agent,
                tls=knock.proof.tls,
                client_certificate=knock.proof.certificate,
                settles_key=settling_key(knock.known, knock.proof.credential),
                ends_lower_profile=knock.proof.profile > knock.known.security_profile,
            )
        )

    def _refuse_subprotocol(self, protocol: UpgradeProtocol, knock: Knock) -> None:
        """Finish the handshake without the header, then close (OCPP-J 1.6 §3.2)."""
        offered = ", ".join(knock.offered) or "none"
        reason = f"no acceptable subprotocol: {SUBPROTOCOL} is served, {offered} offered"
        self._desk.record(knock, "wrong_subprotocol", reason, HTTPStatus.SWITCHING_PROTOCOLS)
        transport, _ = protocol.take_over()
        socket = open_socket(
            transport, key=knock.key, subprotocol=None, events=UnheardEvents(), limits=self._limits
        )
        socket.close(CLOSE_PROTOCOL_ERROR, reason)

    def _welcome(self, protocol: UpgradeProtocol, knock: Knock, admitted: AdmittedCharger) -> None:
        connection = Connection(
            self._house,
            ConnectionFacts(admitted.epoch, SUBPROTOCOL, knock.remote_address, self._clock.now()),
            admitted.charger,
            admitted.sessions,
            AnsweredCalls(self._settings.repeats_max, admitted.recent),
        )
        transport, early_data = protocol.take_over()
        connection.socket = open_socket(
            transport,
            key=knock.key,
            subprotocol=knock.subprotocol,
            events=connection,
            limits=self._limits,
        )
        self._desk.record(knock, "accepted", "connected", HTTPStatus.SWITCHING_PROTOCOLS)
        if not self.registry.is_newest(connection):
            connection.retire("a newer connection of this charger exists")
            return
        replaced = self.registry.put(connection)
        if replaced is not None:
            self._take_over(replaced, connection)
        if connection.sessions.open:
            connection.notice("reconnected")
        self.liveness.watch(connection)
        self.attendance.arrived(connection)
        if early_data:
            feed_early_data(transport, early_data)

    def _take_over(self, replaced: Connection, connection: Connection) -> None:
        charger = connection.charger
        if not replaced.is_over:
            self.takeovers.note(
                charger.id,
                addresses={replaced.facts.remote_address, connection.facts.remote_address},
                serials={replaced.serial} if replaced.serial else set(),
            )
        replaced.retire("a newer connection of this charger exists")
        report = self.takeovers.take_report(charger.id)
        if report is None:
            return
        case = log_entries.desk_case(
            connection,
            "contested_id",
            self._clock.now().date().isoformat(),
            f"several units connect as {charger.charge_point_id} and evict each other",
            {"addresses": sorted(report.addresses), "serials": sorted(report.serials)},
            self._clock.now(),
        )
        entry = log_entries.entry_of(connection, None, (case,))
        self._errands.run(self._journal.append(entry), "the case of a contested id")

    def _announce(self, connection: Connection, facts: tuple[Fact, ...]) -> None:
        charger, live = connection.charger, self._live
        is_watched = live is not None and live.is_watched(charger.organization_id)
        for fact in facts:
            if type(fact) is ChargerBooted:
                connection.serial = fact.serial_number or fact.box_serial_number
                self.model_rules.booted_as(connection, fact)
                charger.reported_serial(connection.serial)
            if live is None:
                continue
            if not is_watched:
                live.pass_over(charger.organization_id)
                continue
            event = event_of(charger, fact, self._clock.now(), connection.user_of)
            if event is not None:
                live.publish(event)

    def _announce_handshake(self, attempt: HandshakeAttempt) -> None:
        event = handshake_event(attempt)
        if event is not None and self._live is not None:
            self._live.publish(event)

    def _follow_up(self, connection: Connection, follow_ups: tuple[FollowUp, ...]) -> None:
        # A disabled charger is sent nothing.
        if registration_of(connection.charger) != "Accepted":
            return
        for follow_up in follow_ups:
            wire = to_wire(RemoteStop(transaction_id=follow_up.transaction_id))
            try:
                connection.calls.submit(OutgoingCall(wire.action, wire.payload))
            except TooManyCallsError:
                logger.warning(
                    "a session could not be asked to stop",
                    extra={"transaction_id": follow_up.transaction_id},
                )

    def _unanswered(self, connection: Connection, call: OutgoingCall) -> None:
        self._errands.run(self._answers.unanswered(connection, call), "the log of a lost call")

    async def _never_used(self, admitted: AdmittedCharger) -> None:
        await self._admissions.disconnected(
            admitted.charger.id,
            admitted.epoch,
            at=self._clock.now(),
            code=CLOSE_LINK_LOST,
            reason="the client left before it was answered",
        )
