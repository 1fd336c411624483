"""What stands before and after a load: connect, boot, start transactions; drain, stop, close."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable

from picows import WSCloseCode

from benchmarks.chargers import ChargerAccount
from benchmarks.load import frames
from benchmarks.load.charger import Tally, VirtualCharger
from benchmarks.load.contract import LoadSpec

_DRAIN_STEP_S = 0.01


class PhaseError(Exception):
    """A charger could not be brought to where the load begins."""


async def connect_all(
    accounts: Iterable[ChargerAccount], spec: LoadSpec, tally: Tally
) -> list[VirtualCharger]:
    """Connect every charger, boot it, and open a transaction on the share that charges.

    Raises PhaseError with the first reason when one of them fails.
    """
    clock = frames.WallClock()
    chargers = [
        VirtualCharger(account, frames.Script(clock, number), tally)
        for number, account in enumerate(accounts)
    ]
    charging = round(len(chargers) * spec.transaction_share)

    async def prepare(number: int, charger: VirtualCharger) -> None:
        await charger.connect(spec.url, spec.answer_timeout_s)
        await _boot(charger)
        if number < charging:
            await _start_transaction(charger, clock)

    await _each(chargers, prepare, spec)
    return chargers


async def stop_all(chargers: list[VirtualCharger], spec: LoadSpec) -> None:
    """End every open transaction with a StopTransaction that must be answered."""
    clock = frames.WallClock()

    async def stop(_: int, charger: VirtualCharger) -> None:
        script = charger.script
        if script.transaction_id == 0 or charger.expected is not None:
            return
        now_s = time.time()
        await charger.call(
            lambda message_id: frames.stop_transaction(
                message_id, script.transaction_id, script.register_wh(now_s), clock.stamp(now_s)
            )
        )

    await _each(chargers, stop, spec)


async def drain(chargers: list[VirtualCharger], timeout_s: float) -> int:
    """Wait for the open calls; return how many were still open when the time was over."""
    deadline_s = time.monotonic() + timeout_s
    while True:
        open_calls = sum(charger.expected is not None for charger in chargers)
        if open_calls == 0 or time.monotonic() > deadline_s:
            return open_calls
        await asyncio.sleep(_DRAIN_STEP_S)


async def close_all(chargers: list[VirtualCharger], tally: Tally, timeout_s: float) -> None:
    """Close every connection and wait until it is gone."""
    tally.is_closing = True
    connected = [charger for charger in chargers if charger.transport is not None]
    for charger in connected:
        if charger.transport is not None:
            charger.transport.send_close(WSCloseCode.OK)
            charger.transport.disconnect()
    if connected:
        await asyncio.wait([charger.closed for charger in connected], timeout=timeout_s)


async def _boot(charger: VirtualCharger) -> None:
    serial = charger.account.charge_point_id
    payload = _payload(await charger.call(lambda message_id: frames.boot(message_id, serial)))
    if payload.get("status") != "Accepted":
        raise PhaseError(f"{serial}: BootNotification answered {payload}")


async def _start_transaction(charger: VirtualCharger, clock: frames.WallClock) -> None:
    account, script = charger.account, charger.script
    payload = _payload(
        await charger.call(lambda message_id: frames.authorize(message_id, account.id_tag))
    )
    _require_accepted(account, "Authorize", payload)
    now_s = time.time()
    payload = _payload(
        await charger.call(
            lambda message_id: frames.start_transaction(
                message_id, account.id_tag, script.meter_start_wh, clock.stamp(now_s)
            )
        )
    )
    _require_accepted(account, "StartTransaction", payload)
    transaction_id = payload.get("transactionId")
    if not isinstance(transaction_id, int) or transaction_id <= 0:
        raise PhaseError(f"{account.charge_point_id}: StartTransaction answered {payload}")
    script.begin_transaction(transaction_id, now_s)


def _payload(answer: bytes) -> dict[str, object]:
    payload: dict[str, object] = json.loads(answer)[2]
    return payload


def _require_accepted(account: ChargerAccount, action: str, payload: dict[str, object]) -> None:
    match payload:
        case {"idTagInfo": {"status": "Accepted"}}:
            return
        case _:
            raise PhaseError(f"{account.charge_point_id}: {action} answered {payload}")


async def _each(
    chargers: list[VirtualCharger],
    step: Callable[[int, VirtualCharger], Awaitable[None]],
    spec: LoadSpec,
) -> None:
    gate = asyncio.Semaphore(spec.connect_concurrency)

    async def guarded(number: int, charger: VirtualCharger) -> None:
        async with gate, asyncio.timeout(spec.answer_timeout_s):
            await step(number, charger)

    try:
        async with asyncio.TaskGroup() as group:
            for number, charger in enumerate(chargers):
                group.create_task(guarded(number, charger))
    except ExceptionGroup as errors:
        first = errors.exceptions[0]
        raise PhaseError(f"{type(first).__name__}: {first}") from first
