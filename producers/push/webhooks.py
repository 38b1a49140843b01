"""Signatures of Standard Webhooks 1.0 (standardwebhooks.com), symmetric: HMAC-SHA256 over id, time and body.

By hand, because the reference library takes only bodies that are UTF-8 and raises whatever it meets in headers that are not well formed.
It is the oracle in the tests.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final

TOLERANCE_SECONDS: Final = 300
"""How far a message's time may be from ours, either way."""
_PREFIX: Final = "whsec_"
_ID: Final = re.compile(r"[!-\-/-~]{1,255}")  # visible, without the full stop, which parts what is signed
_TIME: Final = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES: Final = 16
_SECRET_BYTES: Final = range(24, 65)  # what the specification allows


class SignatureError(Exception):
    """The message is not from somebody who knows a secret of ours, or not of now. The text is for the sender."""


def secret_key(secret: str) -> bytes:
    """Return the key that a secret stands for. Raises ValueError, without the secret in its text."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a webhook secret is `whsec_` and base64") from None
    if len(key) not in _SECRET_BYTES:
        raise ValueError(f"a webhook secret has 24 to 64 bytes, this has {len(key)}")
    return key


def check_head(message_id: str, timestamp: str, now: float) -> None:
    """Raise `SignatureError` where id and time cannot be right, whatever the body is. `now` is in seconds since 1970."""
    if not _ID.fullmatch(message_id):
        raise SignatureError("webhook-id must be 1 to 255 visible ASCII characters without a full stop")
    if not _TIME.fullmatch(timestamp):
        raise SignatureError("webhook-timestamp must be seconds since 1970-01-01T00:00:00Z, a whole number")
    apart = int(timestamp) - now
    if abs(apart) > TOLERANCE_SECONDS:
        raise SignatureError(
            f"webhook-timestamp is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} our clock, more than {TOLERANCE_SECONDS}: "
            "sign anew when you send again, and set your clock"
        )


def signed_with(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    """Return the signature of a message, as bytes."""
    return hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)


def signatures_in(header: str) -> list[bytes]:
    """Return the signatures of version 1 in a `webhook-signature` header; others, and what is no base64, are passed over."""
    found = []
    for part in header.split(" ")[:_MOST_SIGNATURES]:
        version, _, encoded = part.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(encoded, validate=True))
            except (binascii.Error, ValueError):
                continue
    return found


def matches(key: bytes, given: Iterable[bytes], message_id: str, timestamp: str, body: bytes) -> bool:
    """Return whether one of the signatures is that of the message under the key. In constant time for each."""
    expected = signed_with(key, message_id, timestamp, body)
    compared = [hmac.compare_digest(expected, each) for each in given]
    return any(compared)
