"""JSON as pages hold it, mended where it is certain what was meant."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from pydantic_core import from_json

_WRAPPED: Final = re.compile(
    r"[\s\ufeff]*+(?:(?:<!--|(?://|/\*)\s*<!\[CDATA\[(?:\s*\*/)?|<!\[CDATA\[)\s*+)*+"
)
_WRAPPING: Final = re.compile(r"(?:\s*(?:-->|(?://|/\*)\s*\]\]>(?:\s*\*/)?|\]\]>|;))+\s*$")
_LAST_OF_WRAPPING: Final = (">", "/", ";")
_BETWEEN: Final = re.compile(r"(?:[\s\ufeff]++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))++")
_LITERAL: Final = re.compile(
    r"(-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?|true|false|null)|(undefined|NaN|-?Infinity)(?![\w.])"
)
_TO_QUOTE: Final = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_GAP: Final = r"(?:\s++|/\*[^*]{0,200}+\*/|//[^\n\"]{0,200}+\n)*+"
_MORE: Final = r"(?:[\s,]++|/\*[^*]{0,200}+\*/|//[^\n\"]{0,200}+\n)*+"
_NAME: Final = r'"[^"\\\n]{1,80}+"\s*+:'
_ENDS_KEY: Final = re.compile(r"\s*+:")
_ENDS_IN_OBJECT: Final = re.compile(rf"{_GAP}(?:,{_MORE}{_NAME}|{_MORE}\}}|\Z)|[^\S\n]*+\n\s*+{_NAME}")
_ENDS_IN_LIST: Final = re.compile(rf"{_GAP}(?:,{_MORE}(?:[\"{{\[]|-?\d|true\b|false\b|null\b)|{_MORE}\]|\Z)")
_A_PAIR: Final = re.compile(r'"\s*+:\s*+["{\[]')
_ESCAPE: Final = re.compile(
    r"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<lone>[dD][89a-fA-F][0-9a-fA-F]{2})"
    r'|(?P<good>u[0-9a-fA-F]{4}|["\\/bfnrt])|(?P<other>.)|\Z)',
    re.DOTALL,
)
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_WRITTEN: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MAX_DEPTH: Final = 100
_MAX_MENDED: Final = 1_000_000
"""Characters: mending takes a second or so for as many. What is longer has to be JSON."""
_CLOSES: Final = {"{": "}", "[": "]"}


def read_json(text: str) -> list[Any]:
    """Return the values that a block of JSON holds: one, or several where objects stand one after the other; none when it is no JSON.

    What is not JSON is mended where one meaning is left: a byte order mark and wrapping comments, comments between values, commas too
    many or too few, raw control characters and unknown escapes in strings, quotes within strings that were not escaped, values left out,
    `NaN` and `undefined`, quotes written as entities, and a document within a string. Where it is cut off, or not certain any more, what
    was whole until there is kept. Takes time in proportion to the text, of which no more than a million characters are mended; nothing is
    nested deeper than 100.
    """
    start = _WRAPPED.match(text)
    bare = text[start.end() :] if start else text
    if bare.rstrip().endswith(
        _LAST_OF_WRAPPING
    ):  # to look for where it begins takes longer than to read the rest
        bare = _WRAPPING.sub("", bare)
    if not bare:
        return []
    value = _strict(bare)
    if value is not None:
        return _unwrapped(value)
    if len(bare) > _MAX_MENDED:
        return []
    if "&quot;" in bare and '"' not in bare:
        bare = html.unescape(bare)
    documents = _Mender(bare).read()
    return [found for document in documents if (found := _strict(document, partial=True))]


def _strict(text: str, *, partial: bool = False) -> Any:
    """Return the value; None when it is no JSON, and for `null`, which says as much."""
    try:
        return from_json(text, allow_inf_nan=False, allow_partial=partial)
    except ValueError:
        return None


def _unwrapped(value: Any) -> list[Any]:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        inner = _strict(value.strip())
        return [] if inner is None else [inner]
    return [value]


class _Mender:
    """Goes over a text once, as a JSON parser does, and writes what it understood."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[str] = []  # what closes each object and list that is open
        self._out: list[str] = []
        self._comma = False  # one is due before the next value or key
        self._documents: list[str] = []
        self._steps = {"value": self._value, "key": self._key, "colon": self._colon, "after": self._after}

    def read(self) -> list[str]:
        """Return each document as JSON, the last perhaps without its end: up to where it is no longer certain what was meant."""
        state = "value"
        while True:
            between = _BETWEEN.match(self._text, self._at)
            if between:
                self._at = between.end()
            step = self._steps[state](self._text[self._at]) if self._at < len(self._text) else None
            if step is None:
                self._document()
                return self._documents
            state = step
            if not self._open and state == "after":
                self._document()

    def _document(self) -> None:
        if self._out:
            self._documents.append("".join(self._out))
        self._out, self._comma = [], False

    def _write(self, what: str) -> None:
        if self._comma:
            self._out.append(",")
            self._comma = False
        self._out.append(what)

    def _value(self, sign: str) -> str | None:
        if sign in _CLOSES:
            if len(self._open) >= _MAX_DEPTH:
                return None
            self._write(sign)
            self._open.append(_CLOSES[sign])
            self._at += 1
            return "key" if sign == "{" else "value"
        if sign == '"':
            return "after" if self._string(_ENDS_IN_OBJECT if self._in_object() else _ENDS_IN_LIST) else None
        literal = _LITERAL.match(self._text, self._at)
        if literal:
            self._write(literal[1] or "null")
            self._at = literal.end()
            return "after"
        return self._left_out(sign)

    def _left_out(self, sign: str) -> str | None:
        """Read on where a value should be and is none: `"a": ,`, `[1, ]`, `},{`."""
        if self._in_object():
            if sign in ",}":
                self._write("null")
                return "after"
            return None
        if sign == "," or (not self._open and sign in ";}]"):
            self._at += 1
            return "value"
        return self._close() if self._open and sign == "]" else None

    def _close(self) -> str:
        self._out.append(self._open.pop())
        self._at += 1
        self._comma = bool(self._open)
        return "after"

    def _key(self, sign: str) -> str | None:
        if sign == "}":
            return self._close()
        if sign == ",":
            self._at += 1
            return "key"
        return "colon" if sign == '"' and self._string(_ENDS_KEY) else None

    def _colon(self, sign: str) -> str | None:
        if sign != ":":
            return None
        self._out.append(":")
        self._at += 1
        return "value"

    def _after(self, sign: str) -> str | None:
        """Read on after a whole value."""
        if (
            not self._open
        ):  # what is whole is whole: a bracket too many, or whatever follows, takes nothing from it
            self._at = self._at + 1 if sign in ",;}]" else self._at if sign in "{[" else len(self._text)
            return "value"
        if sign == self._open[-1]:
            return self._close()
        if sign == ",":
            self._at += 1
        elif sign not in '"{[':
            return None
        self._comma = True
        return "key" if self._in_object() else "value"

    def _in_object(self) -> bool:
        return bool(self._open) and self._open[-1] == "}"

    def _string(self, ends: re.Pattern[str]) -> bool:
        """Read a string up to the quote after which JSON goes on as it must; quotes before that are its own."""
        start = self._at + 1
        end = start
        inner = False
        while True:
            run = _TO_QUOTE.match(self._text, end)
            end = run.end() if run else len(self._text)
            if end >= len(self._text) or self._text[end] != '"':
                return False  # it is cut off within the string
            if ends.match(self._text, end + 1):
                break
            inner = True
            end += 1
        content = self._text[start:end]
        if inner:
            if _A_PAIR.search(content):
                return False  # a closing quote was forgotten somewhere: where, nobody can tell
            content = re.sub(r'(?<!\\)((?:\\\\)*+)"', r'\1\\"', content)
        self._write(f'"{_CONTROL.sub(_control, _ESCAPE.sub(_escape, content))}"')
        self._at = end + 1
        return True


def _escape(found: re.Match[str]) -> str:
    if found["pair"] or found["good"]:
        return found[0]
    other = found["other"]
    return "" if found["lone"] or not other else other  # `\'` is a quote, `\` at a line's end breaks no text


def _control(found: re.Match[str]) -> str:
    return _WRITTEN.get(found[0], "")
