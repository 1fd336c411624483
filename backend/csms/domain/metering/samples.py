"""What a charger says of its meter, in our words, before anything is made of it."""

from datetime import datetime

import msgspec


class SampledValue(msgspec.Struct, frozen=True, gc=False):
    """One value of a meter as it was sent; what is absent has the defaults of OCPP 1.6 §7.43."""

    value: str
    measurand: str | None = None
    unit: str | None = None
    phase: str | None = None
    context: str | None = None
    location: str | None = None
    format: str | None = None


class MeterSample(msgspec.Struct, frozen=True, gc=False):
    """All values of one moment. `clock_note` says how the charger's time had to be repaired."""

    sampled_at: datetime
    charger_time: str
    clock_note: str | None
    values: tuple[SampledValue, ...]
