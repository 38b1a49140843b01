"""A headline in few bytes: of all that is remembered of an article it alone is no hash, so that it can be told in less.

In languages with Latin letters the parts that words are often made of, and signs of several bytes, take one byte each: 26 bytes in the mean
for 42. What takes more bytes in this way, as texts in other scripts do, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from consumers import packing

MOST_BYTES: Final = 42
"""So much of a headline is remembered, in UTF-8: enough to recognise it by, in what is said of its copies."""

_PARTS: Final = """
the_ to_ of_ in_ and_ for_ on_ with_ at_ a_ as_ is_ _the_ _and_ die_ der_ de_ le_ en_ und_
e_ s_ t_ d_ n_ y_ r_ o_ l_ m_ h_ k_ er_ es_ ed_ ing_ an_ ent_ ch_ or_ it_ ve_ ce_ ng_ ,_ :_ 's_
th he in er an re on at en nd ti es or te is it al ar st to nt se ha ou le co me de hi ri ro ic ne ra li ch be ma si om ur un el di
la us ol et ec ta lo po ho ge ir am ie ei ot im ut au da ca pr ent ter ver ich sch est con all ill ere her res per men
The_ A_ Ma Ch In De 20
ä ö ü ß é è à á í ó ú ñ ç ã ê å ø … ’ ‘ “ ” „ – — « »
"""
"""Each has the code of its place: what was written is read by it, so that nothing here can change. `_` is a space."""
_OTHER: Final = b"\xff"
"""Before a character that has no code, in UTF-8, where this byte never is."""
_CODES: Final = (*range(0x20), *range(0x7F, 0xFF))
"""What is no sign of ASCII, which stand for themselves."""


class _Codes(dict[str, bytes]):
    """The code of each part; of a character that has none what it is escaped by."""

    def __missing__(self, character: str) -> bytes:
        return _OTHER + character.encode()


_SIGNS: Final = {chr(code): bytes((code,)) for code in range(0x20, 0x7F)}
_CODE: Final = _Codes(
    _SIGNS
    | {part.replace("_", " "): bytes((code,)) for part, code in zip(_PARTS.split(), _CODES, strict=True)}
)
_PART_OF: Final = {code[0]: part for part, code in _CODE.items()}


def _pattern(parts: Iterable[str]) -> str:
    """Return an expression for the longest part that stands at a place, by its first character."""
    following: dict[str, list[str]] = {}
    for part in sorted(parts, key=lambda each: (-len(each), each)):
        following.setdefault(part[0], []).append(re.escape(part[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in following.items())


_LONGEST: Final = re.compile(_pattern(part for part in _CODE if len(part) > 1) + "|.", re.DOTALL)


def cut(headline: str) -> str:
    """Return what is remembered of a headline, with `…` where it was cut."""
    return packing.cut(headline, MOST_BYTES)


def pack(headline: str) -> bytes:
    """Return the bytes that `take` reads; of what is longer than `MOST_BYTES` the beginning."""
    plain = headline.encode()[:MOST_BYTES]
    coded = b"".join(map(_CODE.__getitem__, _LONGEST.findall(plain.decode(errors="ignore"))))
    if len(coded) < len(plain):
        return packing.number(len(coded) << 1 | 1) + coded
    return packing.number(len(plain) << 1) + plain


def take(data: packing.Reader) -> str:
    """Read what was packed; a character that the cut tore is left out."""
    size = data.number()
    found = data.take(size >> 1)
    if not size & 1:
        return found.decode(errors="ignore")
    first, *others = found.split(_OTHER)
    return _text(first) + "".join(map(_text_after_other, others))


def _text(codes: bytes) -> str:
    return "".join(map(_PART_OF.__getitem__, codes))


def _text_after_other(codes: bytes) -> str:
    size = 1 if codes[0] < 0x80 else 2 if codes[0] < 0xE0 else 3 if codes[0] < 0xF0 else 4
    return codes[:size].decode() + _text(codes[size:])
