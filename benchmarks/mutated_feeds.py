"""Feeds that are broken at random: bytes changed, cut out, repeated, feeds grafted on each other, and what breaks readers put in."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from producers.feeds import NotAFeedError, read_feed
from producers.feeds.model import Item

_PUT_IN: Final = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&", b"<", b">", b"\x00", b"\xff\xfe", b"\r", b"<item>", b"</item>", b"<entry>", b"</entry>",
    b'"', b"'", b"<script>alert(1)</script>", b"&lt;script>", b"javascript:x", b"&#0;", b"&#xD800;", b"\xed\xa0\x80", b"{", b"}", b"[",
    b'<!DOCTYPE x [<!ENTITY a "b">]>', b' xmlns:x="y"', b"\\u", b"\\ud800", b"null", b"1e999", b'<?xml version="1.0" encoding="utf-16"?>',
)  # fmt: skip
_TYPES: Final = (
    "text/xml", "application/xml; charset=utf-8", "text/html; charset=windows-1251", "application/json", "x/y; charset=utf-7",
    "text/xml; charset=shift_jis", "",
)  # fmt: skip
_DANGEROUS: Final = re.compile(
    "<script|<iframe|\\son\\w+=|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", re.IGNORECASE
)


def mutated(feeds: Sequence[bytes], dice: random.Random) -> bytes:
    """Return one of the feeds, broken in one to six places."""
    data = bytearray(dice.choice(feeds))
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(6):
            case 0:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del data[at : at + dice.randint(1, 200)]
            case 2:
                data[at:at] = dice.choice(_PUT_IN) * dice.choice((1, 1, 1, 50))
            case 3:
                del data[at:]
            case 4:
                start = dice.randrange(len(data) + 1)
                data[at:at] = data[start : start + dice.randint(1, 500)]
            case _:
                other = dice.choice(feeds)
                start = dice.randrange(len(other) + 1)
                data[at:at] = other[start : start + dice.randint(1, 800)]
    return bytes(data)


def items_of(data: bytes, dice: random.Random) -> tuple[Item, ...]:
    """Read a feed under some content type or other; none of its items where it is no feed."""
    try:
        return read_feed(data, {"content-type": dice.choice(_TYPES)}, "http://e.example/feed").items
    except NotAFeedError:
        return ()


def dangerous(item: Item) -> list[str]:
    """Return the texts of an item that could do harm where they are shown, and the addresses that are none of the web."""
    texts = [text for field in item for text in (field if isinstance(field, tuple) else (field,))]
    found = [text for text in texts if isinstance(text, str) and _DANGEROUS.search(text)]
    links = (item.link, item.image, item.comments, item.source_link, *(each.url for each in item.attachments))
    return found + [link for link in links if link and not link.startswith(("http://", "https://"))]
