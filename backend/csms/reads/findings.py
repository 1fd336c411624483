"""Findings of the doctor: what was looked at, what was seen, and whether it is as it should be."""

from typing import Any, Literal

import msgspec

Level = Literal["ok", "note", "problem", "unknown"]


class Fix(msgspec.Struct, frozen=True):
    """Something that would help, offered and never done by itself: a request to this API."""

    label: str
    method: Literal["POST", "PUT"]
    path: str
    body: dict[str, Any] = {}


class Finding(msgspec.Struct, frozen=True):
    """`unknown`: it cannot be told from here. `note`: worth knowing, not wrong.

    `section` is where the documents speak of it: plain numbers are OCPP 1.6 edition 2.
    """

    level: Level
    topic: str
    text: str
    section: str | None = None
    fixes: list[Fix] = []


def ok(topic: str, text: str) -> Finding:
    """It is as it should be."""
    return Finding("ok", topic, text)


def note(topic: str, text: str, *fixes: Fix, section: str | None = None) -> Finding:
    """It is worth knowing."""
    return Finding("note", topic, text, section, list(fixes))


def problem(topic: str, text: str, *fixes: Fix, section: str | None = None) -> Finding:
    """It is not as it should be."""
    return Finding("problem", topic, text, section, list(fixes))


def unknown(topic: str, text: str, *fixes: Fix) -> Finding:
    """It cannot be told from here."""
    return Finding("unknown", topic, text, None, list(fixes))
