"""What a charger tells us about sessions, in our words, whatever protocol it speaks."""

from datetime import datetime
from decimal import Decimal

import msgspec

from csms.domain.metering.samples import MeterSample, SampledValue
from csms.kernel.ids import ConnectorNumber, IdTag

__all__ = [
    "MeterSample",
    "ReadingsCommand",
    "SampledValue",
    "StartCommand",
    "StatusCommand",
    "StopCommand",
]


class StartCommand(msgspec.Struct, frozen=True, gc=False):
    """A session has started. `charger_time` is the time as it was spelled."""

    connector: ConnectorNumber
    id_tag: IdTag
    meter_start_wh: Decimal
    started_at: datetime
    charger_time: str
    clock_note: str | None = None
    reservation_number: int | None = None


class ReadingsCommand(msgspec.Struct, frozen=True, gc=False):
    """Readings of one connector; `transaction_id` is the charger's word, often absent or wrong."""

    connector: ConnectorNumber
    transaction_id: int | None
    samples: tuple[MeterSample, ...]


class StopCommand(msgspec.Struct, frozen=True, gc=False):
    """A session has ended. `transaction_id` is the charger's word: 0 and -1 mean not known."""

    transaction_id: int
    meter_stop_wh: Decimal
    stopped_at: datetime
    charger_time: str
    clock_note: str | None = None
    id_tag: IdTag | None = None
    reason: str | None = None
    samples: tuple[MeterSample, ...] = ()


class StatusCommand(msgspec.Struct, frozen=True, gc=False):
    """The state of a connector, or with 0 of the charger. Without a time, that of receipt counts."""

    connector: ConnectorNumber
    status: str
    error_code: str
    reported_at: datetime
    charger_time: str | None = None
    clock_note: str | None = None
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None
