"""Findings of the doctor: what was looked at, what was seen, and whether it is as it should be."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "problem", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`unknown`: it cannot be told from here. `note`: worth knowing, not wrong."""

    level: Level
    topic: str
    text: str


def ok(topic: str, text: str) -> Finding:
    """It is as it should be."""
    return Finding("ok", topic, text)


def note(topic: str, text: str) -> Finding:
    """It is worth knowing."""
    return Finding("note", topic, text)


def problem(topic: str, text: str) -> Finding:
    """It is not as it should be."""
    return Finding("problem", topic, text)


def unknown(topic: str, text: str) -> Finding:
    """It cannot be told from here."""
    return Finding("unknown", topic, text)
