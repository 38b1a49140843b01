"""Telling the one-byte encodings of Latin script apart, which differ in a few letters only."""

from __future__ import annotations

from collections import Counter
from typing import Final

ALPHABETS: Final[dict[str, tuple[str, ...]]] = {
    "cp1252": (
        "äöüßéèàâç", "éèêëàâçîïôûùüœæÿ", "áéíóúñüçàèòï", "áâãàçéêíóôõúü", "àèéìòùíó", "åäöéàü", "æøåéèêòóâô", "éëïöüáóèêçíúàâîô",
        "áðéíóúýþæö",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äöüß"),
    "cp1254": ("çğıöşüâîûi\u0307",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    "mac_roman": ("äöüßéèàâç", "éèêëàâçîïôûùüœæÿ", "áéíóúñü"),
}  # fmt: skip
"""Encoding -> the letters beyond ASCII of each language written in it. Earlier ones win a draw: windows-1252 is by far the most common."""
_MARKS: Final = frozenset("‘’“”„‚–—…«»‹›€£§°©®™•·¿¡№ \xa0\xad½¼¾²³ºª×†‰´`")
_LEAST: Final = 0.8


def latin_encoding(data: bytes) -> str | None:
    """Return the Python name of the encoding in which the bytes beyond ASCII are best explained, or None.

    For each encoding and language the share of those bytes is counted that decode to letters of the language or to punctuation as
    print has it. None when ASCII letters are not in the majority (then the script is another), or nothing explains four in five.
    """
    beyond = Counter(byte for byte in data if byte >= 0x80)
    ascii_letters = sum(1 for byte in data if 65 <= byte <= 90 or 97 <= byte <= 122)
    total = sum(beyond.values())
    if not total or ascii_letters < 2 * total:
        return None
    best: tuple[float, str] = (0.0, "")
    for name, alphabets in ALPHABETS.items():
        letters = {byte: bytes([byte]).decode(name, "replace") for byte in beyond}
        for alphabet in alphabets:
            known = set(alphabet) | set(alphabet.upper()) | _MARKS
            share = sum(count for byte, count in beyond.items() if letters[byte] in known) / total
            if share > best[0]:
                best = share, name
    return best[1] if best[0] >= _LEAST else None
