"""What a hub signs (WebSub, section 7.1: authenticated content distribution)."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

_HEADER: Final = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")


class Signature:
    """Checks a body against its `X-Hub-Signature` while it comes in."""

    def __init__(self, header: str | None, secret: str) -> None:
        found = _HEADER.fullmatch((header or "").strip())
        self._given = found[2].lower() if found else None
        self._mac = hmac.new(secret.encode(), digestmod=getattr(hashlib, found[1])) if found else None

    def take(self, piece: bytes) -> None:
        """Take the next part of the body."""
        if self._mac is not None:
            self._mac.update(piece)

    def holds(self) -> bool:
        """Whether the whole body is what the hub signed; false where nothing readable was signed."""
        return (
            self._mac is not None
            and self._given is not None
            and hmac.compare_digest(self._mac.hexdigest(), self._given)
        )
