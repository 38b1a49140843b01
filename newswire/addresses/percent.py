"""Percent-encoding: one spelling for one string."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote_to_bytes

_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH: Final = _UNRESERVED | frozenset("!$'()*,:@")
_IN_QUERY: Final = _UNRESERVED | frozenset("!$()*,/:@")
_RAW: Final = {mark: f"%{ord(mark):02X}" for mark in '|[]^\\`{}<>"'}
_RAW_MARK: Final = re.compile(r"""[|\[\]^\\`{}<>"]""")
_COMBINED: Final = re.compile(r"%(?:C[C-F]|[DE][0-9A-F])")
_SAFE: Final = "!$'()*,:@/;=&+~"


def path_spelling(path: str) -> str:
    """Return a path with escapes that need not be decoded, the others in capitals, and NFC."""
    if "%" in path:
        path = _ESCAPE.sub(_decode_in_path, path)
        if _COMBINED.search(path):
            path = _composed(path)
    return _RAW_MARK.sub(lambda found: _RAW[found[0]], path)


def query_spelling(text: str) -> str:
    """Return a parameter with escapes that need not be decoded, the others in capitals; a space is `+`."""
    if "%" in text:
        text = _ESCAPE.sub(_decode_in_query, text)
    return _RAW_MARK.sub(lambda found: _RAW[found[0]], text)


def _decode_in_path(found: re.Match[str]) -> str:
    return _spelling(found[1], _IN_PATH)


def _decode_in_query(found: re.Match[str]) -> str:
    return "+" if found[1] == "20" else _spelling(found[1], _IN_QUERY)


def _spelling(digits: str | None, literal: frozenset[str]) -> str:
    if digits is None:
        return "%25"
    mark = chr(int(digits, 16))
    return mark if mark in literal else f"%{digits.upper()}"


def _composed(path: str) -> str:
    """Return a path whose escaped text is composed (NFC), where it is UTF-8."""
    pieces = re.split(r"((?:%[89A-F][0-9A-F])+)", path)
    for place in range(1, len(pieces), 2):
        last = pieces[place - 1][-3:]
        before = "" if last[:1] == "%" else last[-1:]  # the digits of an escape are no letters
        try:
            text = unquote_to_bytes(pieces[place]).decode()
        except UnicodeDecodeError:
            continue
        composed = unicodedata.normalize("NFC", before + text)
        if composed != before + text:
            pieces[place - 1] = pieces[place - 1][:-1] if before else ""
            pieces[place] = quote(composed, safe=_SAFE)
    return "".join(pieces)
