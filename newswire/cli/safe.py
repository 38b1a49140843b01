"""Text from outside, made safe for a terminal."""

from __future__ import annotations

import re
from typing import Final

# C0 and C1 controls move the cursor, set colours and titles; the bidirectional overrides (UAX #9) reorder what is read.
_DANGEROUS: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]+"
)


def safe_lines(text: str) -> str:
    """Return text of several lines without control characters and direction overrides; line breaks and indentation stay."""
    return "\n".join(_DANGEROUS.sub(" ", line).rstrip() for line in text.split("\n"))


def safe(text: object, limit: int = 0) -> str:
    """Return text on one line without control characters and direction overrides, cut to `limit` characters if that is given."""
    shown = _DANGEROUS.sub(" ", str(text)).strip()
    return shown if not limit or len(shown) <= limit else shown[: limit - 1].rstrip() + "…"
