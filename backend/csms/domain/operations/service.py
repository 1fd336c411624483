"""Operations: recorded before they are sent, sent once, settled honestly."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from csms.domain.authorization.authorize import credit_refusal, tag_refusal
from csms.domain.authorization.ports import IdTagRecords
from csms.domain.authorization.rules import CreditRules
from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.identity.actor import Actor
from csms.domain.operations.command_permissions import require_for
from csms.domain.operations.commands import (
    Command,
    OperationOutcome,
    OperationRequest,
    RawRequest,
    RemoteStart,
    RemoteStop,
)
from csms.domain.operations.errors import (
    ChargerArchivedError,
    KeyChangeOpenError,
    NoCreditError,
    NoOpenSessionError,
    SeveralOpenSessionsError,
)
from csms.domain.operations.expectations import warnings_for
from csms.domain.operations.ports import (
    ChargerTarget,
    KeyChanges,
    OperationChannel,
    OperationStore,
)
from csms.domain.operations.secrets import is_unreadable_key, new_key, without_secrets
from csms.kernel.clock import Clock
from csms.kernel.facts import OperationStatus
from csms.kernel.ids import ChargerId, OperationId, TransactionId, fold_id_tag

CALL_TIMEOUT_S: Final = 30.0
"""How long an operation may take in all, waiting for its turn and for the charger's answer."""
CLOSE_TIMEOUT_S: Final = 5.0

_REMOTE_START: Final = "RemoteStartTransaction"
_REMOTE_STOP: Final = "RemoteStopTransaction"
_OUT_OF_REACH: Final = frozenset({"not_connected", "held_pending", "connection_lost"})

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What became of an operation, as far as is known.

    `status` ANSWERED is the charger's word only: `response` says Accepted or not, and neither
    says that it happened. SENT and REQUESTED mean that nobody waited.
    """

    operation_id: int
    status: OperationStatus
    message_id: str | None = None
    response: str | None = None
    error_code: str | None = None
    error_detail: str | None = None
    warnings: tuple[str, ...] = ()


class OperationService:
    """Asks chargers on behalf of an actor.

    Each operation runs in a task that this service owns, so that it is settled even when its
    asker goes away; `close` ends them. `on_error` hears what such a task could not do, by default
    the event loop.
    """

    def __init__(  # noqa: PLR0913 - each is one port or bound
        self,
        store: OperationStore,
        channel: OperationChannel,
        clock: Clock,
        *,
        id_tags: IdTagRecords,
        key_changes: KeyChanges | None = None,
        rules: CreditRules | None = None,
        call_timeout_s: float = CALL_TIMEOUT_S,
        on_error: Callable[[OperationId, BaseException], None] | None = None,
    ) -> None:
        self._store = store
        self._channel = channel
        self._clock = clock
        self._id_tags = id_tags
        self._key_changes = key_changes
        self._rules = rules or CreditRules()
        self._call_timeout_s = call_timeout_s
        self._on_error = on_error or _report_to_loop
        self._tasks: set[asyncio.Task[OperationOutcome]] = set()

    async def request(
        self, actor: Actor, charger_id: ChargerId, command: Command, wait_s: float
    ) -> OperationResult:
        """Record the operation, send it, wait up to `wait_s` for its answer; 0 does not wait.

        What we believe of the charger's state is a warning. Refused, and not recorded: an unknown
        or archived charger, a start without credit, what drivers may not ask. FAILED says
        `not_connected` or `held_pending` where nothing was sent. Raises NotFoundError,
        ChargerArchivedError, NoCreditError, PermissionMissingError.
        """
        require_for(actor, command)
        target = await self._store.target(actor.organization_id, charger_id)
        require_for(actor, command, target.station_id)
        if target.is_archived:
            raise ChargerArchivedError("the charger is archived", charger_id=charger_id)
        warnings = warnings_for(target, command)
        if is_unreadable_key(command):
            warnings += ("AuthorizationKey takes 16 to 20 bytes in hex",)
        warnings += await self._check_start(target, command)
        operation_id = await self._store.record(
            target,
            requested_by=actor.user_id,
            action=action_of(command),
            request=_encoder.encode(without_secrets(command)).decode(),
            transaction_id=_transaction_of(command),
            warnings=warnings,
        )
        refusal = _refusal(target, command)
        if refusal is not None:
            outcome = OperationOutcome(
                operation_id=operation_id,
                status="FAILED",
                error_code="held_pending",
                error_detail=refusal,
            )
            await self._settle(operation_id, outcome)
            return _result(operation_id, outcome, warnings)
        await self._keep_new_key(target, operation_id, command)
        task = self._start(target, operation_id, command)
        if wait_s <= 0:
            return OperationResult(operation_id, "REQUESTED", warnings=warnings)
        await asyncio.wait({task}, timeout=wait_s)
        if not task.done():
            return OperationResult(operation_id, "TIMED_OUT", warnings=warnings)
        return _result(operation_id, task.result(), warnings)

    async def remote_stop(
        self,
        actor: Actor,
        charger_id: ChargerId,
        transaction_id: TransactionId | None,
        wait_s: float,
    ) -> OperationResult:
        """Ask to stop a session; without an id the only open one.

        Raises NoOpenSessionError, SeveralOpenSessionsError, and what `request` does.
        """
        if transaction_id is None:
            target = await self._store.target(actor.organization_id, charger_id)
            transaction_id = the_only_open_session(target)
        return await self.request(actor, charger_id, RemoteStop(transaction_id), wait_s)

    async def close(self) -> None:
        """Give what is on its way a short time, then end it."""
        tasks = set(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=CLOSE_TIMEOUT_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _keep_new_key(
        self, target: ChargerTarget, operation_id: OperationId, command: Command
    ) -> None:
        """Admit a new key before the charger hears of it: it may come back with it at once."""
        key = new_key(command)
        if key is None or self._key_changes is None:
            return
        try:
            await self._key_changes.propose(target.charger_id, operation_id, key)
        except KeyChangeOpenError as error:
            failed = OperationOutcome(
                operation_id, "FAILED", error_code="key_change_open", error_detail=error.detail
            )
            await self._settle(operation_id, failed)
            raise

    def _start(
        self, target: ChargerTarget, operation_id: OperationId, command: Command
    ) -> asyncio.Task[OperationOutcome]:
        request = OperationRequest(
            operation_id=operation_id,
            charger_id=target.charger_id,
            command=command,
            deadline=self._clock.now() + timedelta(seconds=self._call_timeout_s),
        )
        task = asyncio.create_task(self._carry(request), name=f"operation-{operation_id}")
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._finished(operation_id, done))
        return task

    async def _carry(self, request: OperationRequest) -> OperationOutcome:
        outcome = await self._channel.send(request, self._call_timeout_s)
        await self._forget_unsent_key(request, outcome)
        await self._settle(OperationId(request.operation_id), outcome)
        return outcome

    async def _forget_unsent_key(
        self, request: OperationRequest, outcome: OperationOutcome
    ) -> None:
        was_never_sent = outcome.status == "FAILED" and outcome.message_id is None
        if was_never_sent and self._key_changes is not None and new_key(request.command):
            await self._key_changes.withdraw(
                ChargerId(request.charger_id), OperationId(request.operation_id)
            )

    async def _settle(self, operation_id: OperationId, outcome: OperationOutcome) -> None:
        now: datetime = self._clock.now()
        await self._store.settle(operation_id, outcome.status, settled_at=now, outcome=outcome)

    def _finished(self, operation_id: OperationId, task: asyncio.Task[OperationOutcome]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._on_error(operation_id, error)

    async def _check_start(self, target: ChargerTarget, command: Command) -> tuple[str, ...]:
        """Refuse a start without credit; say what else the charger may hold against its tag."""
        id_tag = _tag_of_start(command)
        if id_tag is None or (
            target.free_id_tag is not None
            and fold_id_tag(target.free_id_tag) == fold_id_tag(id_tag)
        ):
            return ()
        record = await self._id_tags.find(target.organization_id, id_tag)
        if record is None:
            return (f"the id tag {id_tag} is not known",)
        self._require_credit(target, record)
        refusal = tag_refusal(record, self._clock.now())
        return () if refusal is None else (refusal[1],)

    def _require_credit(self, target: ChargerTarget, record: IdTagRecord) -> None:
        own: Decimal | None = target.minimum_balance
        minimum = self._rules.minimum_balance if own is None else own
        reason = credit_refusal(record, minimum, target.currency)
        if reason is not None:
            raise NoCreditError(reason, code="no_credit", user_id=record.user_id)


def is_out_of_reach(result: OperationResult) -> bool:
    """Whether nothing could be asked: the charger is gone, or takes no requests at present."""
    return result.status == "FAILED" and result.error_code in _OUT_OF_REACH


def the_only_open_session(target: ChargerTarget) -> TransactionId:
    """Return the charger's open session. Raises NoOpenSessionError, SeveralOpenSessionsError."""
    open_ids = sorted(target.open_transactions)
    if not open_ids:
        raise NoOpenSessionError("no session is open at this charger")
    if len(open_ids) > 1:
        raise SeveralOpenSessionsError(
            "more than one session is open; say which", transaction_ids=open_ids
        )
    return open_ids[0]


def action_of(command: Command) -> str:
    """Return the name under which the operation is on record."""
    match command:
        case RawRequest(action=action):
            return action
        case RemoteStart():
            return _REMOTE_START
        case RemoteStop():
            return _REMOTE_STOP
        case _:
            return type(command).__name__


def _report_to_loop(operation_id: OperationId, error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"operation {operation_id} could not be settled", "exception": error}
    )


def _refusal(target: ChargerTarget, command: Command) -> str | None:
    """Return why nothing may be sent: disabled or rejected, or held Pending (OCPP 1.6 §4.2)."""
    if target.is_disabled or target.registration == "Rejected":
        return "the charger is disabled; nothing is sent to it"
    if target.registration == "Pending" and action_of(command) in {_REMOTE_START, _REMOTE_STOP}:
        return "the charger is held Pending and takes no remote start or stop yet"
    return None


def _tag_of_start(command: Command) -> str | None:
    match command:
        case RemoteStart(id_tag=id_tag):
            return id_tag
        case RawRequest(action="RemoteStartTransaction", payload=payload):
            said = payload.get("idTag")
            return said if isinstance(said, str) else None
        case _:
            return None


def _transaction_of(command: Command) -> TransactionId | None:
    return command.transaction_id if isinstance(command, RemoteStop) else None


def _result(
    operation_id: OperationId, outcome: OperationOutcome, warnings: tuple[str, ...]
) -> OperationResult:
    return OperationResult(
        operation_id=operation_id,
        status=outcome.status,
        message_id=outcome.message_id,
        response=outcome.response,
        error_code=outcome.error_code,
        error_detail=outcome.error_detail,
        warnings=warnings,
    )
