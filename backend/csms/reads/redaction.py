"""What leaves the house in an export: tags, credentials and persons are masked, figures stay."""

import re
from typing import Any, Final

import msgspec

_TAGS: Final = frozenset({"idtag", "parentidtag", "id_tag", "parent_id_tag", "stop_id_tag"})
_SECRETS: Final = frozenset({"authorizationkey", "password", "iccid", "imsi", "key_hash"})
_USER_IN_URL: Final = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/@\s\"]+@")
MASK: Final = "***"


def masked_tag(tag: str) -> str:
    """The tag without its middle: enough to tell two apart, too little to use one."""
    return f"{tag[:2]}{MASK}{tag[-2:]}" if len(tag) > 6 else MASK


def redacted(value: Any) -> Any:
    """The value with tags and credentials masked, wherever they stand in it."""
    match value:
        case dict():
            return {name: _member(str(name), member) for name, member in value.items()}
        case list():
            return [redacted(item) for item in value]
        case str():
            return _USER_IN_URL.sub(rf"\1{MASK}@", value)
        case _:
            return value


def redacted_json(text: str | None) -> Any:
    """Stored JSON redacted; what is no JSON is shown as its length alone."""
    if text is None:
        return None
    try:
        return redacted(msgspec.json.decode(text))
    except msgspec.DecodeError:
        return f"{len(text)} characters that are no JSON"


def _member(name: str, member: Any) -> Any:
    folded = name.lower()
    if folded in _SECRETS and member is not None:
        return MASK
    if folded in _TAGS and isinstance(member, str):
        return masked_tag(member)
    return redacted(member)
