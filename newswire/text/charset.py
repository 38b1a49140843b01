"""Bytes to text, whatever encoding they are in and whatever they say about it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from newswire.text.latin import latin_encoding

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META: Final = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_PROLOG: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})[\"']")
_SHIFTED: Final = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")
_DECLARED_WITHIN: Final = 4096  # the standard says 1,024; real pages are later than that
_SAMPLE: Final = 64 * 1024
_WEB_LATIN: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_CANDIDATES: Final = [
    "cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2",
    "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr", "cp866", "cp874", "mac_roman",
]  # fmt: skip
_MOST_GARBLED: Final = 0.02  # share of characters that may be undecodable or controls


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was read."""

    text: str
    charset: str
    """Python's name of the encoding."""
    certain: bool
    """False where it was guessed from the bytes alone."""


def decode(data: bytes, declared: str | None = None, *, markup: bool = False) -> Decoded:
    """Return the text of some bytes. ValueError when they are text in no encoding.

    In this order: a byte order mark; ISO-2022-JP by its escape sequences; UTF-16 without a mark by its pattern of NULs; UTF-8 if the
    bytes are valid UTF-8, whatever is declared (that does not happen by chance); the declared encoding and, with `markup`, that of
    the XML prolog or a meta tag, as browsers read them (`iso-8859-1` is windows-1252); UTF-8 with some damage, the invalid bytes
    replaced; the Latin encodings by their letters (`latin`); then charset-normalizer over the encodings of news.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(data.decode(name, "replace"), name, certain=True)
    shifted = _strictly(data, "iso2022_jp") if _SHIFTED.search(data[:_SAMPLE]) else None
    if shifted is not None:
        return Decoded(shifted, "iso2022_jp", certain=True)
    wide = _wide(data)
    if wide is not None:
        return wide
    as_utf8 = _strictly(data, "utf-8")
    if as_utf8 is not None:
        return Decoded(as_utf8, "utf-8", certain=True)
    for label in (declared, *(_in_markup(data) if markup else ())):
        known = _python_name(label)
        as_declared = _strictly(data, known) if known else None
        if known and as_declared is not None and not _garbled(as_declared):
            return Decoded(as_declared, known, certain=True)
    return _guess(data)


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _in_markup(data: bytes) -> list[str]:
    found = [pattern.search(data[:_DECLARED_WITHIN]) for pattern in (_PROLOG, _META)]
    return [each[1].decode("ascii") for each in found if each]


def _python_name(label: str | None) -> str | None:
    try:
        name = codecs.lookup((label or "").strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if name.startswith("utf-8"):
        return None  # tried already
    return _WEB_LATIN.get(name, name)


def _garbled(text: str) -> bool:
    bad = sum(
        1 for c in text if c == "\ufffd" or (c < " " and c not in "\t\n\r\f\x1b") or "\x7f" <= c <= "\x9f"
    )
    return bad > _MOST_GARBLED * len(text)


def _wide(data: bytes) -> Decoded | None:
    sample = data[: _SAMPLE // 2 * 2]
    for name, high, low in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        # Latin and Cyrillic text has 0 or 4 in nearly all high bytes, and hardly ever a NUL in a low one
        few = sum(high.count(value) for value in (0, 1, 3, 4, 5, 6))
        if len(sample) >= 8 and few > 0.8 * len(high) and low.count(0) * 50 < len(low) and 0 in high:
            text = data.decode(name, "replace")
            if not _garbled(text):
                return Decoded(text, name, certain=False)
    return None


def _guess(data: bytes) -> Decoded:
    replaced = data.decode("utf-8", "replace")
    errors = replaced.count("\ufffd")
    whole = sum(1 for c in replaced if c > "\x7f") - errors
    if errors <= whole:  # UTF-8 with some damage: in no other encoding do as many sequences come out whole
        return Decoded(replaced, "utf-8", certain=False)
    latin = latin_encoding(data[:_SAMPLE])
    if latin is not None:
        return Decoded(data.decode(latin, "replace"), latin, certain=False)
    from charset_normalizer import from_bytes  # not needed for the nineteen of twenty that are UTF-8

    best = from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES, enable_fallback=False).best()
    text = data.decode(best.encoding, "replace") if best is not None else replaced
    if _garbled(text):
        raise ValueError("the bytes are text in no encoding that is known")
    return Decoded(text, best.encoding if best is not None else "utf-8", certain=False)
