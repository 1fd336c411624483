"""A reading is unique by session, time, measurand, phase, location and context."""

from datetime import datetime

import msgspec

from csms.domain.metering.canonical import DEFAULT_CONTEXT, DEFAULT_LOCATION, REGISTER
from csms.domain.transactions.commands import MeterSample, SampledValue
from csms.domain.transactions.ports import ReadingKey, TransactionReads
from csms.kernel.ids import TransactionId


async def without_known(
    transaction_id: TransactionId, samples: tuple[MeterSample, ...], reads: TransactionReads
) -> tuple[MeterSample, ...]:
    """Return what of `samples` the session does not have yet; each reading is taken once.

    What repeats within the message itself is taken once too.
    """
    if not samples:
        return ()
    moments = list(dict.fromkeys(sample.sampled_at for sample in samples))
    known = {_whole(key) for key in await reads.reading_keys(transaction_id, moments)}
    fresh = []
    for sample in samples:
        values = []
        for value in sample.values:
            key = _key(sample.sampled_at, value)
            if key not in known:
                known.add(key)
                values.append(value)
        if values:
            fresh.append(msgspec.structs.replace(sample, values=tuple(values)))
    return tuple(fresh)


def _key(sampled_at: datetime, value: SampledValue) -> ReadingKey:
    return ReadingKey(
        sampled_at,
        value.measurand or REGISTER,
        value.phase,
        value.location or DEFAULT_LOCATION,
        value.context or DEFAULT_CONTEXT,
    )


def _whole(key: ReadingKey) -> ReadingKey:
    """Return the key with the defaults that storage leaves out."""
    return ReadingKey(
        key.sampled_at,
        key.measurand,
        key.phase,
        key.location or DEFAULT_LOCATION,
        key.context or DEFAULT_CONTEXT,
    )
