"""Signatures of webhooks that come to us (standardwebhooks.com; Svix uses the same scheme). Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from csms.domain.identity.errors import BadWebhookError
from csms.kernel.errors import InvalidError

TOLERANCE: Final = timedelta(minutes=5)
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how every secret begins
_HEADER_FAMILIES: Final = ("svix-", "webhook-")


class BadSigningSecretError(InvalidError):
    """The secret is not one of this scheme."""


def signing_key(secret: str) -> bytes:
    """Return the key out of `whsec_` and base 64. Raises BadSigningSecretError."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSigningSecretError("must be whsec_ and base 64, as the issuer shows it") from error
    if not secret.startswith(SECRET_PREFIX) or len(key) < 16:
        raise BadSigningSecretError("must be whsec_ and base 64, as the issuer shows it")
    return key


def verified_id(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the message's id when signature and time are right. Raises BadWebhookError."""
    for family in _HEADER_FAMILIES:
        message_id = headers.get(f"{family}id", "")
        sent_at = headers.get(f"{family}timestamp", "")
        signatures = headers.get(f"{family}signature", "")
        if message_id and sent_at and signatures:
            _check_time(sent_at, now)
            expected = _signature(key, message_id, sent_at, body)
            if any(_is_equal(one, expected) for one in signatures.split()):
                return message_id
            raise BadWebhookError("the signature does not fit the body")
    raise BadWebhookError("the webhook is not signed")


def _check_time(sent_at: str, now: datetime) -> None:
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12):
        raise BadWebhookError("the webhook's timestamp cannot be read")
    if abs(now - datetime.fromtimestamp(int(sent_at), UTC)) > TOLERANCE:
        raise BadWebhookError("the webhook is too old, or from the future")


def _signature(key: bytes, message_id: str, sent_at: str, body: bytes) -> str:
    signed = f"{message_id}.{sent_at}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _is_equal(signature: str, expected: str) -> bool:
    version, _, text = signature.partition(",")
    return version == "v1" and hmac.compare_digest(text.encode(), expected.encode())
