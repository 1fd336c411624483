"""Secrets are masked here, before anything is stored: AuthorizationKey values in any frame."""

import re
from typing import Final

MASK: Final = "***"
_KEY_NAME: Final = "authorizationkey"
# "AuthorizationKey" as the value of "key", and the "value" of the same flat object on either side.
_KEY = r'"key"\s*:\s*"authorizationkey"'
_VALUE = r'("value"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^,}\]\s"][^,}\]]*)'
_KEY_FIRST = re.compile(rf"({_KEY}[^{{}}]*?){_VALUE}", re.IGNORECASE | re.DOTALL)
_VALUE_FIRST = re.compile(rf"{_VALUE}([^{{}}]*?{_KEY})", re.IGNORECASE | re.DOTALL)
_PLAIN = re.compile(r'("authorizationkey"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether a member or configuration key of that name holds a secret."""
    return _KEY_NAME in name.lower()


def masked(text: str) -> str:
    """Return `text` with every AuthorizationKey value replaced; other texts come back as they are.

    It works on broken JSON too, because garbage is logged as well (RULES, Frames).
    """
    if _KEY_NAME not in text.lower():
        return text
    text = _KEY_FIRST.sub(rf'\1\2"{MASK}"', text)
    text = _VALUE_FIRST.sub(rf'\1"{MASK}"\2', text)
    return _PLAIN.sub(rf'\1"{MASK}"', text)
