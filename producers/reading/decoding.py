"""The bytes of a document as text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from newswire.text.charset import decode
from producers.reading.content_type import read_content_type

_DECLARATION: Final = re.compile(
    r"<\?xml\b[^>]{0,300}?\bencoding\s*=\s*[\"']\s*([A-Za-z0-9_:.\- ]{2,40})[\"']"
)
_WIDE: Final = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
)
"""How `<?xml` starts in wide encodings (XML 1.0, appendix F)."""
_EBCDIC_START: Final = b"\x4c\x6f\xa7\x94"
_SEVEN_BIT: Final = ("utf-7", "hz", "iso2022")
_NEVER: Final = frozenset(
    ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape")
)
"""Encodings of Python that are not of documents: some take quadratic time."""
_ALIASES: Final = {
    "x-sjis": "cp932", "windows-31j": "cp932", "shift_jis": "cp932", "macintosh": "mac_roman", "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "iso-8859-8-i": "iso8859_8", "unicode-1-1-utf-8": "utf-8", "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-windows-949": "cp949", "iso-utf-8": "utf-8",
    "csmacintosh": "mac_roman", "mac": "mac_roman", "ms-cyrl": "cp1251",
}  # fmt: skip


def document_text(data: bytes, content_type: str | None) -> str:
    """Return the text of a document's bytes, whatever they are called. ValueError when they are text in no encoding.

    The order of RFC 7303, mended where real servers are wrong: a byte order mark; the start of the XML declaration in a wide encoding
    or EBCDIC; valid UTF-8, whatever is declared; the charset of the HTTP header; that of the XML declaration; a guess. Not followed: the
    us-ascii that RFC 3023 presumed for text/xml without a charset.
    """
    for start, wide in _WIDE:
        if data.startswith(start):
            return data.decode(wide, "replace")
    if data.startswith(_EBCDIC_START):
        declared = _DECLARATION.search(data[:400].decode("cp037", "replace"))
        return data.decode(_known(declared[1] if declared else None) or "cp037", "replace")
    _, charset = read_content_type(content_type or "")
    labels = [_known(charset), _known(_declared(data))]
    if data.isascii():
        for name in labels:
            if name and codecs.lookup(name).name.startswith(_SEVEN_BIT):
                try:
                    return data.decode(name)
                except UnicodeError:
                    continue
        return data.decode("ascii")
    if b"\xed" in data:
        try:  # UTF-8 but for surrogates, as Java and databases write it
            return (
                data.decode("utf-8", "surrogatepass")
                .encode("utf-16", "surrogatepass")
                .decode("utf-16", "replace")
            )
        except UnicodeError:
            pass
    return decode(data, next((name for name in labels if name), None), markup=labels[0] is not None).text


def _declared(data: bytes) -> str | None:
    found = _DECLARATION.search(data[:1000].decode("ascii", "replace"))
    return found[1] if found else None


def _known(label: str | None) -> str | None:
    """Python's name of a declared encoding of text, or None."""
    name = (label or "").strip().strip("\"'").lower()
    try:
        known = codecs.lookup(_ALIASES.get(name, name)).name
        if known in _NEVER or name in _NEVER:
            return None
        "".encode(known)  # refuses `zlib` and other codecs that are not of text
    except (LookupError, UnicodeError, ValueError):
        return None
    return known
