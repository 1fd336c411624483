"""Secrets inside commands: the one key that must be kept before it is sent, and never stored."""

import re
from typing import Any, Final

import msgspec

from csms.domain.operations.commands import ChangeConfiguration, Command, RawRequest

MASK: Final = "***"
_KEY: Final = "authorizationkey"
_HEX_KEY: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){16,20}")


def new_key(command: Command) -> bytes | None:
    """Return the key that a change of AuthorizationKey carries, 16 to 20 bytes in hex (WP A01)."""
    text = _key_text(command)
    if text is None or not _HEX_KEY.fullmatch(text):
        return None
    return bytes.fromhex(text)


def is_unreadable_key(command: Command) -> bool:
    """Whether it changes AuthorizationKey to what no charger can take for a key."""
    return _key_text(command) is not None and new_key(command) is None


def without_secrets(command: Command) -> Command:
    """Return the command as it may be stored and shown."""
    if _key_text(command) is None:
        return command
    match command:
        case ChangeConfiguration():
            return msgspec.structs.replace(command, value=MASK)
        case RawRequest(payload=payload):
            return msgspec.structs.replace(command, payload=payload | {"value": MASK})
        case _:
            return command


def _key_text(command: Command) -> str | None:
    match command:
        case ChangeConfiguration(key=key, value=value):
            return value if key.strip().lower() == _KEY else None
        case RawRequest(action="ChangeConfiguration", payload=payload):
            name: Any = payload.get("key")
            said: Any = payload.get("value")
            is_key = isinstance(name, str) and name.strip().lower() == _KEY
            return said if is_key and isinstance(said, str) else None
        case _:
            return None
