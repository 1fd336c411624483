"""Whom the charger lets charge by itself: the local list and the authorization cache."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from csms_simulator.clock import parse_timestamp
from csms_simulator.ocpp16 import Payload


@dataclass(frozen=True, slots=True)
class TagInfo:
    """What is known of an id tag (OCPP 1.6 §7.27)."""

    status: str
    parent_id_tag: str | None = None
    expires_at: datetime | None = None

    @classmethod
    def from_wire(cls, info: Payload) -> "TagInfo":
        """Read an idTagInfo; an unreadable expiryDate counts as none."""
        try:
            expires_at = parse_timestamp(info["expiryDate"]) if info.get("expiryDate") else None
        except ValueError:
            expires_at = None
        return cls(info["status"], info.get("parentIdTag"), expires_at)

    def status_at(self, moment: datetime) -> str:
        """The status, `Expired` when an accepted entry has run out."""
        if self.status == "Accepted" and self.expires_at is not None and self.expires_at <= moment:
            return "Expired"
        return self.status


class LocalList:
    """The Local Authorization List with its version (OCPP 1.6 §3.5.2); tags match without case."""

    def __init__(self, *, length_max: int) -> None:
        self._length_max = length_max
        self._entries: dict[str, TagInfo] = {}
        self.version = 0

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, id_tag: str) -> TagInfo | None:
        """The entry of this tag, or None."""
        return self._entries.get(id_tag.lower())

    def update(self, version: int, update_type: str, entries: list[dict[str, Any]]) -> str:
        """Apply a SendLocalList and return its UpdateStatus (OCPP 1.6 §5.15)."""
        is_full = update_type == "Full"
        if not is_full and version <= self.version:
            return "VersionMismatch"
        tags = [entry["idTag"].lower() for entry in entries]
        if len(set(tags)) != len(tags) or version <= 0:
            return "Failed"
        if is_full and any("idTagInfo" not in entry for entry in entries):
            return "Failed"
        updated = {} if is_full else dict(self._entries)
        for tag, entry in zip(tags, entries, strict=True):
            if "idTagInfo" in entry:
                updated[tag] = TagInfo.from_wire(entry["idTagInfo"])
            else:
                updated.pop(tag, None)
        if len(updated) > self._length_max:
            return "Failed"
        self._entries = updated
        self.version = version
        return "Accepted"


class AuthorizationCache:
    """What the server said of tags lately (OCPP 1.6 §3.5.1)."""

    def __init__(self) -> None:
        self._entries: dict[str, TagInfo] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def remember(self, id_tag: str, info: TagInfo) -> None:
        """Keep the newest answer for this tag."""
        self._entries[id_tag.lower()] = info

    def find(self, id_tag: str) -> TagInfo | None:
        """The last known answer for this tag, or None."""
        return self._entries.get(id_tag.lower())

    def clear(self) -> None:
        """Forget all tags (OCPP 1.6 §5.4)."""
        self._entries.clear()
