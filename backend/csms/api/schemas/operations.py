"""Bodies of what is asked of chargers, one per operation (OCPP 1.6 §5), in our words."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from csms.api.paging import MAX_TRANSACTION_ID
from csms.api.schemas.body import Body
from csms.domain.operations.commands import (
    ChangeAvailability,
    ChangeConfiguration,
    ClearCache,
    DataTransfer,
    GetConfiguration,
    RawRequest,
    Reset,
    TriggerMessage,
    UnlockConnector,
)
from csms.kernel.ids import ConnectorNumber

Connector = Annotated[int, Field(ge=0, le=2**31 - 1, examples=[1])]
Outlet = Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
ConfigurationName = Annotated[str, StringConstraints(min_length=1, max_length=50)]


class OperationBody(Body):
    """How long to wait for the charger's answer, in seconds; 0 answers 202 at once."""

    wait_s: Annotated[float | None, Field(ge=0, le=120, examples=[30])] = None


class RemoteStartBody(OperationBody):
    """Start a session; without an id tag, for the caller's own app tag (OCPP 1.6 §5.11)."""

    connector_id: Outlet | None = None
    id_tag: Annotated[str, Field(min_length=1, max_length=20, examples=["04A224B9C3"])] | None = (
        None
    )
    charging_profile: Annotated[
        dict[str, Any] | None, Field(description="A TxProfile as it stands on the wire.")
    ] = None


class RemoteStopBody(OperationBody):
    """Stop a session; without an id, the charger's only open one (OCPP 1.6 §5.12)."""

    transaction_id: Annotated[int | None, Field(ge=1, le=MAX_TRANSACTION_ID, examples=[4711])] = (
        None
    )


class ResetBody(OperationBody):
    """Restart the charger (OCPP 1.6 §5.14)."""

    type: Literal["Hard", "Soft"] = "Soft"

    def command(self) -> Reset:
        """Return the domain's command."""
        return Reset(type=self.type)


class ChangeAvailabilityBody(OperationBody):
    """Take a connector, or with 0 the whole charger, out of service or back (OCPP 1.6 §5.2)."""

    type: Literal["Operative", "Inoperative"]
    connector_id: Connector = 0

    def command(self) -> ChangeAvailability:
        """Return the domain's command."""
        return ChangeAvailability(connector=ConnectorNumber(self.connector_id), type=self.type)


class UnlockConnectorBody(OperationBody):
    """Release the cable (OCPP 1.6 §5.18)."""

    connector_id: Outlet

    def command(self) -> UnlockConnector:
        """Return the domain's command."""
        return UnlockConnector(connector=ConnectorNumber(self.connector_id))


class GetConfigurationBody(OperationBody):
    """Read configuration keys; none named reads all (OCPP 1.6 §5.8)."""

    keys: Annotated[
        list[ConfigurationName],
        Field(default_factory=list, max_length=200, examples=[["MeterValueSampleInterval"]]),
    ]
    key: Annotated[
        list[ConfigurationName] | None, Field(max_length=200, description="As `keys`.")
    ] = None

    def command(self) -> GetConfiguration:
        """Return the domain's command."""
        return GetConfiguration(keys=tuple(self.key or self.keys))


class ChangeConfigurationBody(OperationBody):
    """Set one configuration key (OCPP 1.6 §5.3)."""

    key: Annotated[ConfigurationName, Field(examples=["MeterValueSampleInterval"])]
    value: Annotated[
        str, StringConstraints(strip_whitespace=False, max_length=500), Field(examples=["30"])
    ]

    def command(self) -> ChangeConfiguration:
        """Return the domain's command."""
        return ChangeConfiguration(key=self.key, value=self.value)


class ClearCacheBody(OperationBody):
    """Empty the charger's authorization cache (OCPP 1.6 §5.4)."""

    def command(self) -> ClearCache:
        """Return the domain's command."""
        return ClearCache()


class TriggerMessageBody(OperationBody):
    """Ask the charger to send a message now (OCPP 1.6 §5.17)."""

    requested_message: Annotated[str, Field(min_length=1, max_length=50, examples=["Heartbeat"])]
    connector_id: Outlet | None = None

    def command(self) -> TriggerMessage:
        """Return the domain's command."""
        connector = None if self.connector_id is None else ConnectorNumber(self.connector_id)
        return TriggerMessage(requested_message=self.requested_message, connector=connector)


class DataTransferBody(OperationBody):
    """Vendor-specific data (OCPP 1.6 §5.6)."""

    vendor_id: Annotated[str, Field(min_length=1, max_length=255, examples=["org.example"])]
    message_id: Annotated[str | None, Field(max_length=50)] = None
    data: str | None = None

    def command(self) -> DataTransfer:
        """Return the domain's command."""
        return DataTransfer(vendor_id=self.vendor_id, message_id=self.message_id, data=self.data)


class RawRequestBody(OperationBody):
    """Any request of the charger's protocol, as it stands on the wire."""

    action: Annotated[str, Field(min_length=1, max_length=100, examples=["TriggerMessage"])]
    payload: Annotated[
        dict[str, Any], Field(default_factory=dict, examples=[{"requestedMessage": "Heartbeat"}])
    ]

    def command(self) -> RawRequest:
        """Return the domain's command."""
        return RawRequest(action=self.action, payload=self.payload)
