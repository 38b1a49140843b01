"""Addresses as documents write them, made absolute."""

from __future__ import annotations

import re
from typing import Final

import can_ada

_PLAIN: Final = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:[/?#][!#$%&'()*+,./0-9:;=?@A-Z_a-z~\-\[\]]*)?$"
)
_NO_SCHEME: Final = re.compile(r"www\.[A-Za-z0-9-]+\.", re.IGNORECASE)
_OF_FEED: Final = re.compile(r"feed:(?://)?(?=https?://)|(?P<bare>feed://)", re.IGNORECASE)
_NEVER: Final = re.compile("[\t\r\n\x00\ud800-\udfff]+")
_LONGEST: Final = 8192


def absolute(address: str | None, base: str | None) -> str | None:
    """Return an address as an absolute one of http or https, or None: other schemes, `javascript:` above all, lead nowhere here.

    Relative ones are resolved against `base` as browsers do (WHATWG URL). One that is already absolute and plain stays byte for byte.
    """
    text = _NEVER.sub("", address or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    if _PLAIN.match(text):
        return text
    if of_feed := _OF_FEED.match(text):  # which readers register for, and their exports hold
        text = ("http://" if of_feed["bare"] else "") + text[of_feed.end() :]
    if _NO_SCHEME.match(text):
        text = f"http://{text}"
    try:
        found = str(can_ada.parse(base) + text if base else can_ada.parse(text))
    except (ValueError, TypeError):  # TypeError: a lone surrogate
        return None
    return found if found.startswith(("http://", "https://")) else None
