"""Valid messages that mean something else: leniency rules that a charger model must ask for."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec import UNSET, structs

from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.ids import TransactionId
from csms.ocpp.leniency_kinds import Repair
from csms.ocpp.v16.core import MeterValuesRequest, StopTransactionRequest
from csms.ocpp.v16.types import MeterValue, SampledValue, WireType

_REGISTER: Final = "Energy.Active.Import.Register"
_ENERGY: Final = "Energy."
_THOUSAND: Final = Decimal(1000)

Read = tuple[WireType, tuple[Repair, ...]]


def read_anew(request: WireType, rules: frozenset[str], sessions: ChargerSessions) -> Read:
    """The request as the enabled `meaning` rules understand it, with what they changed."""
    if isinstance(request, MeterValuesRequest):
        return _meter_values(request, rules, sessions)
    if isinstance(request, StopTransactionRequest):
        return _stop(request, rules, sessions)
    return request, ()


def _meter_values(
    request: MeterValuesRequest, rules: frozenset[str], sessions: ChargerSessions
) -> Read:
    repairs: list[Repair] = []
    session = _session(request.transaction_id, sessions)
    if "connector-zero-readings" in rules and request.connector_id == 0 and session is not None:
        repairs.append(Repair("connector-zero-readings", "connectorId", 0, session.connector))
        request = structs.replace(request, connector_id=session.connector)
    values = _values(request.meter_value, "meterValue", rules, session, repairs)
    return structs.replace(request, meter_value=values), tuple(repairs)


def _stop(
    request: StopTransactionRequest, rules: frozenset[str], sessions: ChargerSessions
) -> Read:
    repairs: list[Repair] = []
    session = _session(request.transaction_id, sessions)
    data = request.transaction_data
    if data is not UNSET:
        data = _values(data, "transactionData", rules, session, repairs)
    meter_stop = request.meter_stop
    if "session-relative-register" in rules and session is not None:
        start_wh = int(session.meter_start_wh)
        if 0 <= meter_stop < start_wh:
            rule = "session-relative-register"
            repairs.append(Repair(rule, "meterStop", meter_stop, meter_stop + start_wh))
            meter_stop += start_wh
    changed = structs.replace(request, transaction_data=data, meter_stop=meter_stop)
    return changed, tuple(repairs)


def _session(transaction_id: object, sessions: ChargerSessions) -> OpenSession | None:
    if not isinstance(transaction_id, int):
        return None
    return sessions.open.get(TransactionId(transaction_id))


def _values(
    values: Iterable[MeterValue],
    member: str,
    rules: frozenset[str],
    session: OpenSession | None,
    repairs: list[Repair],
) -> list[MeterValue]:
    return [
        structs.replace(
            value,
            sampled_value=[
                _sample(sample, f"{member}[{place}].sampledValue[{index}]", rules, session, repairs)
                for index, sample in enumerate(value.sampled_value)
            ],
        )
        for place, value in enumerate(values)
    ]


def _sample(
    sample: SampledValue,
    path: str,
    rules: frozenset[str],
    session: OpenSession | None,
    repairs: list[Repair],
) -> SampledValue:
    measurand = _REGISTER if sample.measurand is UNSET else sample.measurand
    if sample.format == "SignedData" or not measurand.startswith(_ENERGY):
        return sample
    if "kwh-without-unit" in rules and sample.unit is UNSET:
        number = _number(sample.value)
        if number is not None:
            value = format((number * _THOUSAND).normalize(), "f")
            repairs.append(Repair("kwh-without-unit", f"{path}.value", sample.value, value))
            sample = structs.replace(sample, value=value, unit="Wh")
    if "session-relative-register" in rules and session is not None and measurand == _REGISTER:
        number = _number(sample.value)
        factor = _THOUSAND if sample.unit == "kWh" else Decimal(1)
        if number is not None and sample.phase is UNSET:
            counted_wh = number * factor
            if 0 <= counted_wh < session.meter_start_wh:
                total = format((counted_wh + session.meter_start_wh) / factor, "f")
                rule = "session-relative-register"
                repairs.append(Repair(rule, f"{path}.value", sample.value, total))
                sample = structs.replace(sample, value=total)
    return sample


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 20 else None
