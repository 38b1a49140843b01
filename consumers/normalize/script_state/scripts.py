"""The values that the scripts of a page hold: JSON of their own, what they assign, and what frameworks stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote

from lxml.html import HtmlElement

from consumers.normalize.script_state.calls import read_call
from consumers.normalize.script_state.literals import Literal, read_literal
from consumers.normalize.script_state.references import flat, linked, streamed

_JSON_TYPE: Final = re.compile(r"^(?:application|text)/(?:[\w.-]+\+)?(?:x-)?json\b", re.IGNORECASE)
_SCRIPT_TYPE: Final = re.compile(
    r"^(?:|module|(?:text|application)/(?:x-)?(?:java|ecma)script)$", re.IGNORECASE
)
_ASSIGNED: Final = re.compile(
    r"(?<![\w$.\]])(?P<name>[A-Za-z_$][\w$]{0,60}+(?:\.[\w$]{1,60}+|\[[\"'][^\"'\]\n]{1,60}+[\"']\]){0,4}+)\s{0,20}+=\s{0,20}+"
    r"(?:JSON\.parse\(\s{0,20}(?P<percent>decodeURIComponent\(\s{0,20})?(?=[\"'`])"
    r"|\(function\s?\((?P<parameters>[\w$,\s]{0,20000}+)\)\s?\{|(?=[{\[\"'`]))"
)
_STREAM: Final = re.compile(r"self\.__next_f\.push\(\[\s*1\s*,\s*(?=\")")
_FEWEST: Final = 300
"""Characters: what is shorter holds no article."""
_MAX_SCRIPTS: Final = 500
_MAX_VALUES: Final = 200
_MAX_TRIES: Final = 2_000
"""Places at which a value may begin: a script that is a program has many."""
_MAX_CHARACTERS: Final = 6_000_000
"""Read in all scripts together, what was read in vain too."""
_MAX_BRACKETS: Final = 300_000
"""Objects and lists in all of them: one takes some 200 bytes of memory."""
_FLAT: Final = "nuxt"
"""What is in the id or an attribute's name of a script whose JSON is a flat list, in which numbers stand for places in it."""


@dataclass(frozen=True, slots=True)
class State:
    """A value out of a script."""

    name: str
    """The script's id, or the variable that it assigns."""
    value: Any
    """Of dictionaries, lists, strings, numbers, booleans and None. References in it lead to what they name: there may be circles."""


def states(scripts: Iterable[HtmlElement], words: Sequence[str] = ()) -> list[State]:
    """Return what the scripts of a page hold, in their order, but for JSON-LD.

    Read are scripts that are JSON, and what others assign (`window.__INITIAL_STATE__ = {…}`, `JSON.parse("…")`, Nuxt's function and its
    flat lists, the stream of Next.js). Nothing is run. Where `words` are given, scripts with none of them are passed over. Bounded: six
    million characters and 300,000 brackets in all.
    """
    reader = _Scripts(words)
    for script in islice(scripts, _MAX_SCRIPTS):
        reader.read(script)
    return reader.found()


class _Scripts:
    """Reads one script after the other, within bounds for all."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._characters = _MAX_CHARACTERS
        self._brackets = _MAX_BRACKETS
        self._tries = _MAX_TRIES
        self._found: list[State] = []
        self._stream: list[str] = []

    def read(self, script: HtmlElement) -> None:
        """Read what a script holds."""
        text = script.text or ""
        kind = (script.get("type") or "").partition(";")[0].strip()
        is_stream = "__next_f" in text
        if not is_stream and (
            len(text) < _FEWEST or (self._words and not any(map(text.__contains__, self._words)))
        ):
            return
        if not self._may_be_read(text):
            return
        if _JSON_TYPE.match(kind):
            name = script.get("id") or "script"
            read = self._literal(text, 0)
            marks = " ".join((name, *map(str, script.attrib))).lower()
            if read.is_whole and "ld+json" not in kind.lower():
                self._keep(name, flat(read.value) if _FLAT in marks else read.value)
        elif is_stream:
            self._stream += self._pushed(text)
        elif _SCRIPT_TYPE.match(kind):
            self._assigned(text)

    def found(self) -> list[State]:
        """Return what was found, with references in it resolved."""
        values = [State(each.name, linked(each.value)) for each in self._found]
        return [*values, State("__next_f", streamed("".join(self._stream)))] if self._stream else values

    def _may_be_read(self, text: str) -> bool:
        brackets = text.count("{") + text.count("[")
        if brackets > self._brackets or self._characters <= 0:
            return False
        self._brackets -= brackets
        return True

    def _literal(self, text: str, at: int, parameters: str | None = None) -> Literal:
        if self._characters <= 0:
            return Literal(None, at, is_whole=False)
        read = read_literal(text, at) if parameters is None else read_call(text, at, parameters)
        self._characters -= read.end - at
        return read

    def _keep(self, name: str, value: Any) -> None:
        if isinstance(value, (dict, list)) and len(self._found) < _MAX_VALUES:
            self._found.append(State(name, value))

    def _pushed(self, text: str) -> Iterator[str]:
        for push in _STREAM.finditer(text):
            piece = self._literal(text, push.end())
            if isinstance(piece.value, str):
                yield piece.value

    def _assigned(self, text: str) -> None:
        at = 0
        while self._tries and (assigned := _ASSIGNED.search(text, at)):
            self._tries -= 1
            start = at = assigned.end()
            read = self._literal(text, start, assigned["parameters"])
            if not read.is_whole or read.end - start < _FEWEST:
                continue
            at = read.end
            value = read.value
            if isinstance(value, str):
                inner = unquote(value) if assigned["percent"] else value
                value = self._literal(inner, 0).value if self._may_be_read(inner) else None
            self._keep(assigned["name"], value)
