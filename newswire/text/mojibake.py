"""Text whose UTF-8 was read as another encoding, mended where that is certain."""

from __future__ import annotations

import re
from typing import Final


def _shown(code_page: str, first: int, last: int) -> str:
    """Return, as a class of a regular expression, the characters that bytes of UTF-8 look like in a code page."""
    characters = (
        bytes([byte]).decode(code_page, "replace").replace("\ufffd", chr(byte))
        for byte in range(first, last + 1)
    )
    return f"[{''.join(map(re.escape, characters))}]"


def _sequences(code_page: str) -> str:
    lead2, lead3, lead4 = (_shown(code_page, *span) for span in ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4)))
    next_ = _shown(code_page, 0x80, 0xBF)
    return f"(?:{lead2}{next_}|{lead3}{next_}{{2}}|{lead4}{next_}{{3}})"


_CODE_PAGES: Final = tuple((name, _sequences(name)) for name in ("cp1252", "cp1251"))
_SEQUENCE: Final = {name: re.compile(form) for name, form in _CODE_PAGES}
_NOTHING_ELSE: Final = {
    name: re.compile(rf"[\x00-\x7f]*+(?:{form}[\x00-\x7f]*+)++\Z") for name, form in _CODE_PAGES
}
_HINT: Final = re.compile("[ÂÃâåæçèéðÐÑРС][^\x00-\x7f]")
_ASCII_OR_NOT: Final = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_ENOUGH: Final = 2
"""Sequences of two bytes: one alone may be two letters (`AMANHÃ` before a space that does not break)."""
_ENOUGH_CYRILLIC: Final = 4
"""Russian words may begin with two letters that are a sequence."""


_MOST_TIMES: Final = 5


def mended(text: str) -> str | None:
    """Return the text as it was meant, or None where it is none of this or it is not certain.

    Certain is: every character beyond ASCII belongs to a sequence that is a character in UTF-8, and there are at least two of two bytes
    (four in Cyrillic) or one of three (`â€™`). Text that was broken several times is mended as often.
    """
    meant: str | None = None
    for _ in range(_MOST_TIMES):
        once = _mended(text if meant is None else meant)
        if once is None:
            break
        meant = once
    return meant


def is_suspect(text: str) -> bool:
    """Return whether most of what is not ASCII in a text are such sequences, but not all: it is broken in part, or quotes what is."""
    if not _HINT.search(text):
        return False
    beyond = len(_BEYOND_ASCII.findall(text))
    found = [form.findall(text) for form in _SEQUENCE.values()]
    return any(len(each) >= _ENOUGH_CYRILLIC and 2 * len("".join(each)) > beyond for each in found)


def _mended(text: str) -> str | None:
    if not _HINT.search(text):
        return None
    for name, whole in _NOTHING_ELSE.items():
        if not whole.match(text):
            continue
        found = _SEQUENCE[name].findall(text)
        if len(found) < (_ENOUGH if name == "cp1252" else _ENOUGH_CYRILLIC) and not (
            name == "cp1252" and any(len(each) > 2 for each in found)
        ):
            continue
        try:
            return "".join(
                part if part.isascii() else _bytes(part, name).decode()
                for part in _ASCII_OR_NOT.findall(text)
            )
        except UnicodeError:
            continue
    return None


def _bytes(text: str, code_page: str) -> bytes:
    return b"".join(bytes([ord(c)]) if 0x80 <= ord(c) < 0xA0 else c.encode(code_page) for c in text)
