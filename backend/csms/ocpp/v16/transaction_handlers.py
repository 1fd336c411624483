"""StartTransaction, MeterValues and StopTransaction (OCPP 1.6 §4.7, §4.8, §4.10)."""

from decimal import Decimal

from msgspec import UNSET, UnsetType

from csms.domain.transactions.commands import (
    MeterSample,
    ReadingsCommand,
    SampledValue,
    StartCommand,
    StopCommand,
)
from csms.domain.transactions.readings import take_readings, take_usual_readings
from csms.domain.transactions.start import start_session
from csms.domain.transactions.stop import stop_session
from csms.kernel.ids import ConnectorNumber, IdTag
from csms.ocpp.v16.authorization_handlers import id_tag_info
from csms.ocpp.v16.charger_time import read_time
from csms.ocpp.v16.core import (
    MeterValuesRequest,
    MeterValuesResponse,
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)
from csms.ocpp.v16.exchange import Incoming, Outcome
from csms.ocpp.v16.types import MeterValue
from csms.ocpp.v16.types import SampledValue as WireSampledValue

_RECEIVED = MeterValuesResponse()


async def start_transaction(incoming: Incoming[StartTransactionRequest]) -> Outcome:
    """Record a session that has begun; it is never refused, whatever the verdict on its tag."""
    request, ports = incoming.request, incoming.ports
    time = read_time(request.timestamp, "timestamp", incoming.repairs, incoming.received_at)
    decision = await start_session(
        incoming.charger,
        incoming.sessions,
        StartCommand(
            connector=ConnectorNumber(request.connector_id),
            id_tag=IdTag(request.id_tag),
            meter_start_wh=Decimal(request.meter_start),
            started_at=time.at,
            charger_time=time.as_sent,
            clock_note=time.note,
            reservation_number=_or_none(request.reservation_id),
        ),
        ports.reads,
        incoming.received_at,
        ports.rules,
    )
    answer = StartTransactionResponse(
        id_tag_info=id_tag_info(decision.answer.verdict),
        transaction_id=decision.answer.transaction_id,
    )
    return Outcome(answer, decision.facts, decision.follow_ups)


def usual_meter_values(incoming: Incoming[MeterValuesRequest]) -> Outcome | None:
    """Keep readings of the session that is open and named; None for all others."""
    decision = take_usual_readings(
        incoming.charger,
        incoming.sessions,
        _readings(incoming),
        incoming.received_at,
        incoming.ports.rules,
    )
    if decision is None:
        return None
    return Outcome(_RECEIVED, decision.facts, decision.follow_ups)


async def meter_values(incoming: Incoming[MeterValuesRequest]) -> Outcome:
    """Keep readings, whichever session they belong to."""
    ports = incoming.ports
    decision = await take_readings(
        incoming.charger,
        incoming.sessions,
        _readings(incoming),
        ports.reads,
        incoming.received_at,
        ports.rules,
    )
    return Outcome(_RECEIVED, decision.facts, decision.follow_ups)


def _readings(incoming: Incoming[MeterValuesRequest]) -> ReadingsCommand:
    request = incoming.request
    return ReadingsCommand(
        connector=ConnectorNumber(request.connector_id),
        transaction_id=_or_none(request.transaction_id),
        samples=_samples(request.meter_value, "meterValue", incoming),
    )


async def stop_transaction(incoming: Incoming[StopTransactionRequest]) -> Outcome:
    """Record the end of a session; it always gets an answer (E 3.18)."""
    request, ports = incoming.request, incoming.ports
    time = read_time(request.timestamp, "timestamp", incoming.repairs, incoming.received_at)
    data = request.transaction_data
    decision = await stop_session(
        incoming.charger,
        incoming.sessions,
        StopCommand(
            transaction_id=request.transaction_id,
            meter_stop_wh=Decimal(request.meter_stop),
            stopped_at=time.at,
            charger_time=time.as_sent,
            clock_note=time.note,
            id_tag=None if request.id_tag is UNSET else IdTag(request.id_tag),
            reason=None if request.reason is UNSET else request.reason,
            samples=() if data is UNSET else _samples(data, "transactionData", incoming),
        ),
        ports.reads,
        incoming.received_at,
        ports.rules,
    )
    verdict = decision.answer.verdict
    answer = StopTransactionResponse(id_tag_info=id_tag_info(verdict) if verdict else UNSET)
    return Outcome(answer, decision.facts, decision.follow_ups)


def _samples(
    values: list[MeterValue],
    member: str,
    incoming: Incoming[MeterValuesRequest] | Incoming[StopTransactionRequest],
) -> tuple[MeterSample, ...]:
    samples = []
    for index, value in enumerate(values):
        path = f"{member}[{index}].timestamp" if incoming.repairs else ""
        time = read_time(value.timestamp, path, incoming.repairs, incoming.received_at)
        sampled = tuple([_sampled(one) for one in value.sampled_value])
        samples.append(MeterSample(time.at, time.as_sent, time.note, sampled))
    return tuple(samples)


def _sampled(value: WireSampledValue) -> SampledValue:
    return SampledValue(
        value.value,
        None if value.measurand is UNSET else value.measurand,
        None if value.unit is UNSET else value.unit,
        None if value.phase is UNSET else value.phase,
        None if value.context is UNSET else value.context,
        None if value.location is UNSET else value.location,
        None if value.format is UNSET else value.format,
    )


def _or_none(value: int | UnsetType) -> int | None:
    return None if value is UNSET else value
