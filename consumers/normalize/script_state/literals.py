"""Literals as scripts write them: JSON, and what JavaScript allows beyond it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

_SPACE: Final = re.compile(r"(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_TOKEN: Final = re.compile(
    r"""(?P<string>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+'|`(?:[^`\\$]++|\\.|\$(?!\{))*+`)"""
    r"|(?P<number>-?(?:0[xX][0-9a-fA-F]{1,16}|(?:\d{1,300}+(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d{1,3})?)(?![\w$]))"
    r"|(?P<switch>![01])|(?P<void>void\s0)|(?P<name>[A-Za-z_$][\w$]*+(?:\.[\w$]++)*+)|(?P<sign>[{}\[\],:()])",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(
    r"\\(?:u\{(?P<point>[0-9a-fA-F]{1,6})\}|u(?P<four>[0-9a-fA-F]{4})|x(?P<two>[0-9a-fA-F]{2})|(?P<line>\r\n|[\n\r\u2028\u2029])|(?P<other>.))",
    re.DOTALL,
)
_ONE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WORDS: Final = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None, "Infinity": None}
_CLOSES: Final = {"{": "}", "[": "]", "(": ")"}
_BEGINS: Final = ("{", "[", "(", '"', "'", "`")
_MAX_DEPTH: Final = 200
_JSON: Final = json.JSONDecoder()


@dataclass(slots=True)
class Literal:
    """What was read of a script at one place."""

    value: Any
    """Of dictionaries, lists, strings, numbers, booleans and None."""
    end: int
    """Where the script goes on behind it; of what is no literal, how far it was read."""
    is_whole: bool = True
    """Whether it is one: else there is no value."""
    names: list[tuple[Any, Any, str]] = field(default_factory=list)
    """Container, key and name where the script has a variable: the value there is None."""


def read_literal(text: str, at: int) -> Literal:
    """Return the object, list, string or arguments that begin at a place in a script, or that there is none (`is_whole`).

    JSON is read as such. Else, as scripts have it: names without quotes as keys, single quotes and backticks, commas at the end, comments,
    `!0`, `void 0`, and variables and calls, which are left out (`names` has the variables). Arguments in round brackets are a list.
    Nothing is run. Nested deeper than 200 it is none. Takes time in proportion to its length.
    """
    start = _SPACE.match(text, at)
    at = start.end() if start else at
    if text[at : at + 1] not in _BEGINS:
        return Literal(None, at, is_whole=False)
    try:
        value, end = _JSON.raw_decode(text, at)
    except (ValueError, RecursionError):
        return _Reader(text, at).read()
    return Literal(value, end)


def unquoted(string: str) -> str:
    """Return what a quoted string of a script says."""
    inner = string[1:-1]
    if "\\" not in inner:
        return inner
    text = _ESCAPE.sub(_character, inner)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs become one character


def _character(found: re.Match[str]) -> str:
    digits = found["point"] or found["four"] or found["two"]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return "" if found["line"] else _ONE.get(found["other"], found["other"])


class _Reader:
    """Goes over a literal once, without calling itself: nesting costs no stack."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at
        self._open: list[
            tuple[Any, Any, str]
        ] = []  # containers, each with the key that comes next, and what closes it
        self._root: list[Any] = []
        self._names: list[tuple[Any, Any, str]] = []

    def read(self) -> Literal:
        """Return the literal; what ends before it is whole, or holds what is none, is none."""
        step: Any = self._value
        while step is not None and (found := self._token()) is not None:
            step = step(*found)
            if not self._open and self._root and step is not None:
                return Literal(self._root[0], self._at, names=self._names)
        return Literal(None, self._at, is_whole=False)

    def _token(self) -> tuple[str, str] | None:
        space = _SPACE.match(self._text, self._at)
        found = _TOKEN.match(self._text, space.end() if space else self._at)
        if found is None or found.lastgroup is None:
            return None
        self._at = found.end()
        return found.lastgroup, found[0]

    def _put(self, value: Any, name: str | None = None) -> None:
        if not self._open:
            self._root.append(value)
            return
        container, key, _ = self._open[-1]
        if name is not None:
            self._names.append((container, len(container) if isinstance(container, list) else key, name))
        if isinstance(container, list):
            container.append(value)
        else:
            container[key] = value

    def _value(self, kind: str, written: str) -> Any:
        if kind == "sign":
            if written in _CLOSES and (written != "(" or not self._open):
                if len(self._open) >= _MAX_DEPTH:
                    return None
                made: Any = {} if written == "{" else []
                self._put(made)
                self._open.append((made, None, _CLOSES[written]))
                return self._key if written == "{" else self._value
            if written == "," and self._in_list():
                self._put(None)  # a hole: `[,1]`
                return self._value
            return self._after(kind, written) if self._in_list() else None
        if kind == "string":
            self._put(unquoted(written))
        elif kind == "number":
            self._put(_number(written))
        elif kind == "name" and written in ("new", "await"):
            return self._value
        elif kind == "name" and written not in _WORDS:
            self._put(None, written)
            return self._call
        elif kind == "switch":
            self._put(written == "!0")
        else:
            self._put(_WORDS.get(written))  # `void 0` is none of them
        return self._after

    def _call(self, kind: str, written: str) -> Any:
        """Pass over the arguments of a call behind a name."""
        if written != "(":
            return self._after(kind, written)
        depth = 1
        while depth and (found := self._token()) is not None:
            depth += (found[1] in _CLOSES) - (found[1] in _CLOSES.values()) if found[0] == "sign" else 0
        return self._after if not depth else None

    def _key(self, kind: str, written: str) -> Any:
        if written == "}" and kind == "sign":
            return self._after(kind, written)
        if kind not in ("string", "name", "number"):
            return None
        container, _, closes = self._open[-1]
        self._open[-1] = container, unquoted(written) if kind == "string" else written, closes
        return self._colon

    def _colon(self, kind: str, written: str) -> Any:
        return self._value if kind == "sign" and written == ":" else None

    def _after(self, kind: str, written: str) -> Any:
        if kind != "sign" or not self._open:
            return None
        if written == ",":
            return self._value if self._in_list() else self._key
        if written != self._open[-1][2]:
            return None
        self._open.pop()
        return self._after

    def _in_list(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], list)


def _number(written: str) -> int | float | None:
    try:
        return int(written, 0) if written.lstrip("-").isdigit() or "x" in written.lower() else float(written)
    except ValueError:  # a leading zero
        return None
