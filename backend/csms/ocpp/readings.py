"""What a sampled value must be beyond its schema: a decimal number unless signed (§7.43)."""

import math
from typing import Any

from csms.ocpp.schema import SchemaFault


def is_decimal(text: str) -> bool:
    """Whether the text is a finite decimal number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def faults_of_payload_readings(payload: dict[str, Any]) -> list[SchemaFault]:
    """Every raw sampled value of a MeterValues or StopTransaction that is no number."""
    return [
        fault
        for name in ("meterValue", "transactionData")
        for index, reading in enumerate(_list_of(payload, name))
        for fault in faults_of_reading(reading, f"{name}[{index}]")
    ]


def faults_of_reading(reading: Any, path: str) -> list[SchemaFault]:
    """The same for one reading, a time with its samples."""
    return [
        fault
        for index, sample in enumerate(_list_of(reading, "sampledValue"))
        for fault in faults_of_sample(sample, f"{path}.sampledValue[{index}]")
    ]


def faults_of_sample(sample: Any, path: str) -> list[SchemaFault]:
    """The same for one sample."""
    text = sample.get("value") if isinstance(sample, dict) else None
    if isinstance(text, str) and sample.get("format", "Raw") == "Raw" and not is_decimal(text):
        detail = "a raw sampled value is not a decimal number"
        return [SchemaFault(f"{path}.value", "format", detail)]
    return []


def _list_of(owner: Any, name: str) -> list[Any]:
    items = owner.get(name) if isinstance(owner, dict) else None
    return items if isinstance(items, list) else []
