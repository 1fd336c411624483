"""Our commands on the wire of OCPP 1.6, and what a charger's answers to them tell us."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from csms.domain.operations.commands import (
    ChangeAvailability,
    ChangeConfiguration,
    ClearCache,
    Command,
    DataTransfer,
    GetConfiguration,
    RawRequest,
    RemoteStart,
    RemoteStop,
    Reset,
    TriggerMessage,
    UnlockConnector,
)
from csms.kernel.facts import (
    ConfigurationLearned,
    ConfigurationPending,
    Fact,
    KeyChangeAnswered,
    SecurityProfileAccepted,
)
from csms.kernel.ids import OperationId
from csms.ocpp.codec import encode_payload, encode_request
from csms.ocpp.errors import PropertyConstraintError, WireError
from csms.ocpp.v16 import core
from csms.ocpp.v16.effects import facts_of_optional_answer
from csms.ocpp.v16.optional_commands import optional_request_of
from csms.ocpp.v16.remote_trigger import TriggerMessageRequest
from csms.ocpp.v16.types import ChargingProfile, WireType

REMOTE_TRANSACTION_ACTIONS = frozenset({"RemoteStartTransaction", "RemoteStopTransaction"})
_MASKED_KEY = "authorizationkey"
_PROFILE_KEY = "securityprofile"
_PROFILES = frozenset({"1", "2", "3"})


@dataclass(frozen=True, slots=True)
class WireCall:
    """An action with its payload as compact JSON."""

    action: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class AskedStart:
    """What a RemoteStartTransaction asks for, whoever wrote it."""

    id_tag: str
    connector: int | None


def to_wire(command: Command) -> WireCall:
    """Return `command` as OCPP 1.6 says it. Raises WireError when it cannot be said."""
    if isinstance(command, RawRequest):
        return WireCall(command.action, encode_payload(command.action, "request", command.payload))
    try:
        request = _request_of(command)
    except msgspec.ValidationError as error:
        raise PropertyConstraintError(str(error)) from error
    name = type(request).__name__.removesuffix("Request")
    return WireCall(name, encode_request(request))


def asked_start(call: WireCall) -> AskedStart | None:
    """Return what a RemoteStartTransaction asks for; None for any other call, or a broken one."""
    if call.action != "RemoteStartTransaction":
        return None
    try:
        request = msgspec.json.decode(call.payload, type=core.RemoteStartTransactionRequest)
    except msgspec.MsgspecError:
        return None
    connector = None if request.connector_id is UNSET else request.connector_id
    return AskedStart(request.id_tag, connector)


def is_accepted(answer: WireType) -> bool:
    """Whether the charger said that it will do it."""
    return getattr(answer, "status", None) == "Accepted"


def facts_of_answer(
    call: WireCall, answer: WireType, at: datetime, operation_id: OperationId | None = None
) -> tuple[Fact, ...]:
    """Return what an answer teaches us beyond the end of its operation."""
    match answer:
        case core.GetConfigurationResponse(configuration_key=keys) if keys is not UNSET:
            learned = [_learned(key) for key in keys]
            return (ConfigurationLearned(values=_json(learned), learned_at=at),)
        case core.ChangeConfigurationResponse():
            return _configuration_changed(call, answer, at, operation_id)
    if operation_id is None:
        return ()
    return facts_of_optional_answer(call.payload, answer, operation_id, at)


def _configuration_changed(
    call: WireCall,
    answer: core.ChangeConfigurationResponse,
    at: datetime,
    operation_id: OperationId | None,
) -> tuple[Fact, ...]:
    change = msgspec.json.decode(call.payload, type=core.ChangeConfigurationRequest)
    if change.key.lower() == _MASKED_KEY:
        if operation_id is None:
            return ()
        return (KeyChangeAnswered(operation_id, answer.status, at),)
    match answer.status:
        case "Accepted":
            values = [{"key": change.key, "value": change.value, "readonly": False}]
            return (
                ConfigurationLearned(values=_json(values), learned_at=at),
                ConfigurationPending(change.key, None, at),
                *_profile_accepted(change, at),
            )
        case "RebootRequired":
            return (
                ConfigurationPending(change.key, change.value, at),
                *_profile_accepted(change, at),
            )
        case _:
            return ()


def _profile_accepted(
    change: core.ChangeConfigurationRequest, at: datetime
) -> tuple[SecurityProfileAccepted, ...]:
    profile = change.value.strip()
    if change.key.strip().lower() != _PROFILE_KEY or profile not in _PROFILES:
        return ()
    return (SecurityProfileAccepted(int(profile), at),)


def _request_of(command: Command) -> WireType:  # noqa: C901, PLR0911 - one case per command
    match command:
        case RemoteStart():
            return core.RemoteStartTransactionRequest(
                connector_id=UNSET if command.connector is None else command.connector,
                id_tag=command.id_tag,
                charging_profile=_start_profile(command.charging_profile),
            )
        case RemoteStop():
            return core.RemoteStopTransactionRequest(transaction_id=command.transaction_id)
        case Reset():
            return core.ResetRequest(type=command.type)
        case ChangeAvailability():
            return core.ChangeAvailabilityRequest(connector_id=command.connector, type=command.type)
        case UnlockConnector():
            return core.UnlockConnectorRequest(connector_id=command.connector)
        case GetConfiguration():
            return core.GetConfigurationRequest(key=list(command.keys) or UNSET)
        case ChangeConfiguration():
            return core.ChangeConfigurationRequest(key=command.key, value=command.value)
        case ClearCache():
            return core.ClearCacheRequest()
        case TriggerMessage():
            return msgspec.convert(
                _without_none(
                    requestedMessage=command.requested_message, connectorId=command.connector
                ),
                TriggerMessageRequest,
            )
        case DataTransfer():
            return core.DataTransferRequest(
                vendor_id=command.vendor_id,
                message_id=UNSET if command.message_id is None else command.message_id,
                data=UNSET if command.data is None else command.data,
            )
        case RawRequest():
            raise WireError("a raw request is sent as it stands")
        case _:
            return optional_request_of(command)


def _start_profile(profile: dict[str, Any] | None) -> ChargingProfile | UnsetType:
    """Return the profile of a start: for a transaction that has no id yet (OCPP 1.6 §5.16.2)."""
    if profile is None:
        return UNSET
    made = msgspec.convert(profile, ChargingProfile)
    if made.charging_profile_purpose != "TxProfile":
        raise PropertyConstraintError("the profile of a remote start is a TxProfile")
    if made.transaction_id is not UNSET:
        raise PropertyConstraintError("the profile of a remote start names no transaction")
    return made


def _learned(key: core.ConfigurationKey) -> dict[str, Any]:
    is_secret = key.key.lower() == _MASKED_KEY
    value = None if key.value is UNSET or is_secret else key.value
    return {"key": key.key, "value": value, "readonly": key.readonly}


def _without_none(**members: object) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
