"""Text as it should have been written: the documented repairs that every string of an article goes through.

Removed: C0 and C1 controls except line ends and tabs, DEL, lone surrogates, noncharacters, byte order marks, soft hyphens, zero-width
spaces, and the bidirectional overrides U+202D and U+202E; from headlines and other single lines all bidirectional embeddings
and isolates too, since an unclosed one reorders what stands beside it on a page. Unified: line ends to LF, all kinds of space to U+0020,
composition to NFC, Latin ligatures (fi, fl, st …) to their letters. Mended: UTF-8 that was read as another encoding, where that is certain
(see `mojibake`), and C1 controls that are punctuation of windows-1252 (U+0092 for an apostrophe): no text has the controls, and HTML reads
their numbers so too. Kept: joiners (Persian, Hindi and emoji need them), direction marks, quotes, dashes and what is not certain.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from newswire.text.mojibake import mended

_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_REMOVED: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\u202d\u202e\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES: Final = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LIGATURES: Final = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_LIGATURE: Final = re.compile("[\ufb00-\ufb06]")
_ORPHAN: Final = re.compile("\u202c")  # ends an embedding that is no longer there
_ANY_OF_THEM: Final = re.compile(
    "[" + "".join(each.pattern.strip("[]") for each in (_REMOVED, _SPACES, _LIGATURE, _ORPHAN))
    + "\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # fmt: skip
_C1: Final = re.compile("[\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f]")
_WINDOWS_1252: Final = {
    code: bytes((code,)).decode("cp1252") for code in range(0x80, 0xA0) if _C1.match(chr(code))
}
"""Without U+0085, which is a line end of Unicode as well as `…`."""
_LONGEST_TITLE: Final = 20_000  # what is longer is no headline; a bound on what hostile markup can cost
_ACTIVE: Final = re.compile(r"<(script|style)\b[^<>]{0,2000}>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--.{0,2000}?-->", re.DOTALL)
_CDATA: Final = re.compile(r"^\s*<!\[CDATA\[(.*)\]\]>\s*$", re.DOTALL)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")


def clean(text: str) -> str:
    """Return repaired text; line ends and blank lines are kept."""
    if text.isascii() and text.isprintable():
        return text  # most lines: nothing in them can need repair
    meant = mended(text) or text  # before controls go: bytes of UTF-8 are shown as some of them
    if not _ANY_OF_THEM.search(meant):
        return unicodedata.normalize("NFC", meant)
    if _C1.search(meant):
        meant = meant.translate(_WINDOWS_1252)
    repaired = _SPACES.sub(" ", _REMOVED.sub("", _LINE_ENDS.sub("\n", meant)))
    if _LIGATURE.search(repaired):
        repaired = repaired.translate(_LIGATURES)
    if "\u202a" not in repaired and "\u202b" not in repaired:
        repaired = _ORPHAN.sub("", repaired)
    return unicodedata.normalize("NFC", repaired)


def line(text: str) -> str:
    """Return repaired text as a single line: white space collapsed, ends trimmed, no bidirectional controls."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_BIDI.sub("", clean(text)).split())


def paragraph(text: str) -> str:
    """Return repaired text as a single line that keeps its bidirectional embeddings: body text of Arabic or Hebrew may need them."""
    return " ".join(clean(text).split())


def title(markup: str) -> str:
    """Return a headline, byline or summary as text: tags go, entities are resolved (also when encoded twice), then as `line`.

    A `<` that opens no tag stays: "Rates < 2 %" is a headline.
    """
    text = markup[:_LONGEST_TITLE]
    if "<" not in text and "&" not in text:
        return line(text)
    text = _CDATA.sub(r"\1", text)
    for _ in range(2):
        without = _TAG.sub(" " if "<p" in text or "<br" in text else "", _ACTIVE.sub(" ", text))
        resolved = html.unescape(without) if _ENTITY.search(without) else without
        if resolved == text:
            break
        text = resolved
    return line(text)
