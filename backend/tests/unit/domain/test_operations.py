"""Operations: recorded before they are sent, refused for few reasons, settled honestly."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.identity.actor import Actor, PermissionMissingError
from csms.domain.operations.commands import (
    ChangeAvailability,
    Command,
    OperationOutcome,
    OperationRequest,
    RawRequest,
    RemoteStart,
    RemoteStop,
    Reset,
    UnlockConnector,
)
from csms.domain.operations.errors import (
    ChargerArchivedError,
    NoCreditError,
    NoOpenSessionError,
    SeveralOpenSessionsError,
)
from csms.domain.operations.ports import ChargerTarget
from csms.domain.operations.service import OperationResult, OperationService
from csms.kernel.errors import UnavailableError
from csms.kernel.facts import OperationStatus
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    OperationId,
    OrganizationId,
    TransactionId,
    UserId,
    fold_id_tag,
)
from tests.fakes.charging import NOON
from tests.fakes.clock import FakeClock
from tests.fakes.sessions import card

pytestmark = pytest.mark.unit

OPERATOR = Actor(UserId(1), "ADMIN", OrganizationId(1))
DRIVER = Actor(UserId(7), "USER", OrganizationId(1))
CHARGER = ChargerId(1)
TARGET = ChargerTarget(
    charger_id=CHARGER,
    charge_point_id=ChargePointId("CP001"),
    organization_id=OrganizationId(1),
    registration="Accepted",
    is_disabled=False,
    is_archived=False,
    connector_statuses={ConnectorNumber(1): "Available", ConnectorNumber(2): "Faulted"},
    open_transactions={},
)
ACCEPTED = '{"status":"Accepted"}'


class Store:
    """Remembers what was recorded and how it was settled."""

    def __init__(self, target: ChargerTarget) -> None:
        self.target_now = target
        self.recorded: list[tuple[str, str]] = []
        self.warned: list[tuple[str, ...]] = []
        self.settled: dict[int, tuple[OperationStatus, OperationOutcome | None]] = {}
        self.is_down = False

    async def target(self, organization_id: OrganizationId, charger_id: ChargerId) -> ChargerTarget:
        return self.target_now

    async def record(
        self,
        target: ChargerTarget,
        *,
        requested_by: UserId | None,
        action: str,
        request: str,
        transaction_id: TransactionId | None,
        hold_for: UserId | None = None,
        warnings: tuple[str, ...] = (),
    ) -> OperationId:
        self.recorded.append((action, request))
        self.warned.append(warnings)
        return OperationId(len(self.recorded))

    async def settle(
        self,
        operation_id: OperationId,
        status: OperationStatus,
        *,
        settled_at: datetime,
        outcome: OperationOutcome | None,
    ) -> None:
        if self.is_down:
            raise UnavailableError("nothing can be stored")
        self.settled[operation_id] = (status, outcome)


class Channel:
    """Answers as told; `gate` holds the answer back."""

    def __init__(self, answer: Callable[[OperationRequest], OperationOutcome]) -> None:
        self.answer = answer
        self.sent: list[OperationRequest] = []
        self.gate: asyncio.Event | None = None
        self.has_sent = asyncio.Event()

    async def send(self, request: OperationRequest, timeout_s: float) -> OperationOutcome:
        self.sent.append(request)
        self.has_sent.set()
        if self.gate is not None:
            await self.gate.wait()
        return self.answer(request)


class Tags:
    """Id tags on record."""

    def __init__(self, *records: IdTagRecord) -> None:
        self.records = {fold_id_tag(r.id_tag): r for r in records}

    async def find(self, organization_id: OrganizationId, id_tag: str) -> IdTagRecord | None:
        return self.records.get(fold_id_tag(id_tag))


def answered(request: OperationRequest) -> OperationOutcome:
    return OperationOutcome(
        operation_id=request.operation_id, status="ANSWERED", message_id="m", response=ACCEPTED
    )


def not_connected(request: OperationRequest) -> OperationOutcome:
    return OperationOutcome(
        operation_id=request.operation_id, status="FAILED", error_code="not_connected"
    )


class House:
    """A service with its stand-ins."""

    def __init__(
        self,
        target: ChargerTarget = TARGET,
        *,
        answer: Callable[[OperationRequest], OperationOutcome] = answered,
        tag: IdTagRecord | None = None,
    ) -> None:
        self.store = Store(target)
        self.channel = Channel(answer)
        self.errors: list[BaseException] = []
        self.service = OperationService(
            self.store,
            self.channel,
            FakeClock(NOON),
            id_tags=Tags(tag or card()),
            on_error=lambda _, error: self.errors.append(error),
        )

    async def ask(
        self, command: Command, *, actor: Actor = OPERATOR, wait_s: float = 5
    ) -> OperationResult:
        return await self.service.request(actor, CHARGER, command, wait_s)


async def test_an_operation_is_recorded_sent_and_settled_with_the_chargers_own_answer() -> None:
    house = House()
    result = await house.ask(Reset("Soft"))
    assert result.status == "ANSWERED"
    assert result.response == ACCEPTED
    assert house.store.recorded[0][0] == "Reset"
    assert house.store.settled[1][0] == "ANSWERED"
    assert house.channel.sent[0].operation_id == 1


async def test_a_charger_that_is_not_connected_fails_honestly() -> None:
    house = House(answer=not_connected)
    result = await house.ask(Reset("Soft"))
    assert (result.status, result.error_code) == ("FAILED", "not_connected")
    assert house.store.settled[1][0] == "FAILED"


@pytest.mark.parametrize(
    ("command", "is_held"),
    [
        (RemoteStart("CARD"), True),
        (RemoteStop(TransactionId(3)), True),
        (RawRequest("RemoteStartTransaction", {"idTag": "CARD"}), True),
        (RawRequest("RemoteStopTransaction", {"transactionId": 3}), True),
        (Reset("Soft"), False),
        (RawRequest("GetConfiguration", {}), False),
    ],
)
async def test_a_charger_held_pending_gets_no_remote_start_or_stop(
    command: Command, *, is_held: bool
) -> None:
    house = House(replace(TARGET, registration="Pending"))
    result = await house.ask(command)
    assert (result.error_code == "held_pending") is is_held
    assert (house.channel.sent == []) is is_held


@pytest.mark.parametrize(
    "target", [replace(TARGET, is_disabled=True), replace(TARGET, registration="Rejected")]
)
async def test_a_disabled_charger_is_sent_nothing(target: ChargerTarget) -> None:
    house = House(target)
    result = await house.ask(Reset("Hard"))
    assert result.status == "FAILED"
    assert house.channel.sent == []
    assert house.store.settled[1][0] == "FAILED"


async def test_an_archived_charger_is_asked_for_nothing() -> None:
    house = House(replace(TARGET, is_archived=True))
    with pytest.raises(ChargerArchivedError):
        await house.ask(Reset("Hard"))
    assert house.store.recorded == []


@pytest.mark.parametrize(
    "command",
    [RemoteStart("card"), RawRequest("RemoteStartTransaction", {"idTag": "CARD"})],
)
async def test_a_remote_start_without_credit_is_refused_with_the_reason(command: Command) -> None:
    house = House(tag=card(available="0"))
    with pytest.raises(NoCreditError, match="wallet has 0 EUR"):
        await house.ask(command)
    assert house.store.recorded == []


async def test_a_free_tag_needs_no_credit() -> None:
    house = House(replace(TARGET, free_id_tag="card"), tag=card(available="0"))
    assert (await house.ask(RemoteStart("CARD"))).status == "ANSWERED"


@pytest.mark.parametrize(
    ("target", "command", "warning"),
    [
        (TARGET, RemoteStart("STRANGER"), "not known"),
        (TARGET, RemoteStart("CARD", connector=ConnectorNumber(2)), "reported Faulted"),
        (TARGET, RemoteStart("CARD", connector=ConnectorNumber(9)), "connector 9 is not known"),
        (TARGET, RemoteStop(TransactionId(3)), "no session 3"),
        (TARGET, UnlockConnector(ConnectorNumber(9)), "connector 9 is not known"),
        (
            replace(TARGET, open_transactions={TransactionId(3): ConnectorNumber(1)}),
            UnlockConnector(ConnectorNumber(1)),
            "a session is open",
        ),
        (
            replace(TARGET, open_transactions={TransactionId(3): ConnectorNumber(1)}),
            Reset("Hard"),
            "interrupted",
        ),
        (
            replace(TARGET, open_transactions={TransactionId(3): ConnectorNumber(1)}),
            ChangeAvailability(ConnectorNumber(1), "Inoperative"),
            "before the change takes effect",
        ),
    ],
)
async def test_what_we_believe_is_a_warning_and_never_a_refusal(
    target: ChargerTarget, command: Command, warning: str
) -> None:
    house = House(target)
    result = await house.ask(command)
    assert result.status == "ANSWERED"
    assert any(warning in said for said in result.warnings)
    assert house.store.warned == [result.warnings]


async def test_without_waiting_the_answer_comes_at_once_and_the_operation_goes_on() -> None:
    house = House()
    house.channel.gate = asyncio.Event()
    result = await house.ask(Reset("Soft"), wait_s=0)
    assert result.status == "REQUESTED"
    assert house.store.settled == {}
    house.channel.gate.set()
    await house.service.close()
    assert house.store.settled[1][0] == "ANSWERED"


async def test_who_stops_waiting_is_told_so_and_the_late_answer_still_settles() -> None:
    house = House()
    house.channel.gate = asyncio.Event()
    result = await house.ask(Reset("Soft"), wait_s=0.001)
    assert result.status == "TIMED_OUT"
    house.channel.gate.set()
    await house.service.close()
    assert house.store.settled[1][0] == "ANSWERED"


async def test_an_asker_that_goes_away_does_not_take_its_operation_along() -> None:
    house = House()
    house.channel.gate = asyncio.Event()
    asking = asyncio.create_task(house.ask(Reset("Soft")))
    await house.channel.has_sent.wait()
    asking.cancel()
    house.channel.gate.set()
    await house.service.close()
    assert house.store.settled[1][0] == "ANSWERED"


async def test_what_cannot_be_settled_in_the_background_is_reported() -> None:
    house = House()
    house.store.is_down = True
    await house.ask(Reset("Soft"), wait_s=0)
    await house.service.close()
    assert [type(error) for error in house.errors] == [UnavailableError]


async def test_drivers_start_and_stop_and_nothing_else() -> None:
    house = House()
    assert (await house.ask(RemoteStart("CARD"), actor=DRIVER)).status == "ANSWERED"
    with pytest.raises(PermissionMissingError):
        await house.ask(Reset("Soft"), actor=DRIVER)


@pytest.mark.parametrize(
    ("open_ids", "error"), [((), NoOpenSessionError), ((3, 4), SeveralOpenSessionsError)]
)
async def test_a_remote_stop_without_an_id_needs_exactly_one_open_session(
    open_ids: tuple[int, ...], error: type[Exception]
) -> None:
    open_now = {TransactionId(i): ConnectorNumber(n + 1) for n, i in enumerate(open_ids)}
    house = House(replace(TARGET, open_transactions=open_now))
    with pytest.raises(error):
        await house.service.remote_stop(OPERATOR, CHARGER, None, 5)


async def test_a_remote_stop_without_an_id_stops_the_only_session() -> None:
    house = House(replace(TARGET, open_transactions={TransactionId(3): ConnectorNumber(1)}))
    await house.service.remote_stop(OPERATOR, CHARGER, None, 5)
    assert house.channel.sent[0].command == RemoteStop(TransactionId(3))
