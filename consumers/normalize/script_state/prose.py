"""Prose out of a value: rich text in whatever form an editor keeps it, as paragraphs and headings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from consumers.normalize.markup_blocks import markup_blocks
from consumers.normalize.script_state.kinds import (
    ADDRESSES,
    HEADINGS,
    INLINE,
    KINDS,
    OTHER_KEYS,
    OTHER_KINDS,
    PARAGRAPHS,
    TEXTS,
    is_other_article,
    kind_of,
    parts_of,
    tag_of,
)
from consumers.normalize.script_state.literals import read_literal
from consumers.normalize.weight import weight
from newswire.text.hygiene import paragraph, title

Blocks = list[tuple[bool, str]]
"""(Is a heading, text), in reading order."""

_NAME: Final = re.compile(r"[-_\s]")
_MARKUP: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
_SENTENCE: Final = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$|<)|[。！？।؟۔։។။]|[\u0e00-\u0eff]{20}")
_NO_WORDS: Final = re.compile(
    r"^\s*(?:https?:|//|/|data:|#|\.|[\w.+-]+@)\S*\s*$|^\s*(?=[\w-]*[\d_/])[\w/-]++\s*$"
)
_HEADING_KEYS: Final = ("heading", "title", "subheading", "headline", "subtitle")
_A_SENTENCE: Final = 45
_FEWEST_LETTERS: Final = 300
_MOSTLY: Final = 0.6
_LONGEST_HEADING: Final = 200
_MAX_DEPTH: Final = 60
_MAX_LOOKED_AT: Final = 200_000
_MAX_WRITTEN: Final = 50_000
_MAX_BLOCKS: Final = 20_000
_MAX_CHARACTERS: Final = 2_000_000
_NO_TEXT: Final = ("figure", "figcaption", "aside")
_MAX_MARKUP: Final = 1_000
"""Pieces of markup that are parsed; what is more of them is left out."""


class Prose:
    """Weighs and reads the prose in the values of one page, within bounds for all of them."""

    def __init__(self) -> None:
        self._weights: dict[int, tuple[int, Any]] = {}
        self._looked_at = 0
        self._markup = 0
        self._characters = 0
        self._written = 0

    def weigh(self, value: Any, depth: int = 0) -> int:
        """Return how many letters of prose are in a value: of an object only under the key that has the most."""
        if isinstance(value, str):
            return 0 if _NO_WORDS.match(value) else min(len(value), _MAX_CHARACTERS)
        if not isinstance(value, (dict, list)) or depth > _MAX_DEPTH or self._looked_at > _MAX_LOOKED_AT:
            return 0
        known = self._weights.get(id(value))
        if known is not None:
            return known[0]
        self._weights[id(value)] = (0, None)  # what is in itself counts once
        self._looked_at += 1
        key: Any = None
        if isinstance(value, list):
            found = sum(self.weigh(each, depth + 1) for each in parts_of(value))
        else:
            found, key = max(
                ((self.weigh(member, depth + 1), name) for name, member in self._members(value)),
                key=lambda each: each[0],
                default=(0, None),
            )
        self._weights[id(value)] = found, key
        return found

    def read(self, value: Any) -> Blocks:
        """Return the prose of a value."""
        writer = _Writer(self)
        self._write(value, writer, within=False, depth=0)
        writer.flush()
        return _once(writer.blocks)

    def keys(self, value: dict[Any, Any]) -> Iterator[tuple[int, Any]]:
        """Yield how much prose is under each key of an object that may hold text, and the key."""
        for name, member in self._members(value, is_article=True):
            if found := self.weigh(member, 1):
                yield found, name

    def _members(self, value: dict[Any, Any], *, is_article: bool = False) -> Iterator[tuple[Any, Any]]:
        kind = kind_of(value)
        if not is_article and (OTHER_KINDS.search(kind) or is_other_article(value)):
            return
        for name, member in islice(value.items(), 1_000):
            if not isinstance(member, (str, dict, list)) or not isinstance(name, str):
                continue
            plain = _NAME.sub("", name).lower()
            if isinstance(member, str):
                if plain not in TEXTS and (name in KINDS or not _is_prose(member)):
                    continue
                if (inner := _inner(member)) is not None:
                    value[name] = inner
            if plain in TEXTS or not OTHER_KEYS.search(plain):
                yield name, value[name]

    def _write(self, value: Any, writer: _Writer, *, within: bool, depth: int) -> None:
        self._written += 1
        if depth > _MAX_DEPTH or self._written > _MAX_WRITTEN:
            return
        if isinstance(value, str):
            if not _NO_WORDS.match(value) or within:
                writer.add(value, within=within)
        elif isinstance(value, list):
            kind = tag_of(value)
            within = self._begin(kind, writer, within=within)
            for each in parts_of(value):
                self._write(each, writer, within=within, depth=depth + 1)
            self._end(kind, writer, within=within)
        elif isinstance(value, dict):
            if not self.weigh(value, depth) or (not within and self._is_link(value)):
                return
            key = self._weights[id(value)][1]
            kind = kind_of(value)
            if not within and kind and not INLINE.match(kind):
                self._write_heading(value, key, writer)
            inside = self._begin(kind, writer, within=within)
            self._write(value.get(key), writer, within=inside, depth=depth + 1)
            self._end(kind, writer, within=inside)

    def _is_link(self, value: dict[Any, Any]) -> bool:
        """Return whether an object outside of paragraphs is a link with a few words."""
        return self._weights[id(value)][0] < _A_SENTENCE and any(
            isinstance(value.get(key), str) for key in ADDRESSES
        )

    @staticmethod
    def _begin(kind: str, writer: _Writer, *, within: bool) -> bool:
        if within and (not kind or INLINE.match(kind)):
            return True
        writer.flush()
        writer.is_heading = bool(kind and HEADINGS.search(kind))
        return bool(PARAGRAPHS.search(kind)) if kind else False

    @staticmethod
    def _end(kind: str, writer: _Writer, *, within: bool) -> None:
        if kind and not INLINE.match(kind):
            writer.flush()
            writer.is_heading = False
        elif not within:
            writer.flush()

    @staticmethod
    def _write_heading(value: dict[Any, Any], key: Any, writer: _Writer) -> None:
        for name in _HEADING_KEYS:
            text = value.get(name)
            if name != key and isinstance(text, str) and 0 < len(text) <= _LONGEST_HEADING:
                writer.flush()
                writer.blocks.append((True, title(text)))
                return

    def take(self, text: str, *, is_markup: bool) -> bool:
        """Return whether a text may be read, and count it."""
        self._characters += len(text)
        self._markup += is_markup
        return self._characters <= _MAX_CHARACTERS and self._markup <= _MAX_MARKUP


class _Writer:
    """Collects blocks."""

    def __init__(self, prose: Prose) -> None:
        self.blocks: Blocks = []
        self.is_heading = False
        self._prose = prose
        self._run: list[str] = []

    def add(self, text: str, *, within: bool) -> None:
        """Add a text: a part of a paragraph, or one or more of them."""
        is_markup = "<" in text and _MARKUP.search(text) is not None
        if not self._prose.take(text, is_markup=is_markup):
            return
        if within:
            self._run.append(_MARKUP.sub("", text) if is_markup else text)
            return
        self.flush()
        if is_markup:
            self.blocks += markup_blocks(text, *_NO_TEXT)
            return
        text = html.unescape(text) if "&" in text else text
        self.blocks += [(self.is_heading, own) for each in text.split("\n") if (own := paragraph(each))]

    def flush(self) -> None:
        """End the paragraph that is being collected."""
        if self._run:
            text = "".join(self._run)
            self._run.clear()
            text = paragraph(html.unescape(text) if "&" in text else text)
            if text and len(self.blocks) < _MAX_BLOCKS:
                self.blocks.append((self.is_heading, text))


def _once(blocks: Blocks) -> Blocks:
    """Return blocks without the long ones that were there before: states have a text in several forms."""
    seen: set[str] = set()
    kept = []
    for is_heading, text in blocks:
        if len(text) < _A_SENTENCE or text not in seen:
            kept.append((is_heading, text))
        seen.add(text)
    return kept


def is_prose(blocks: Blocks, fewest: int = _FEWEST_LETTERS) -> bool:
    """Return whether blocks are an article's text: enough letters, and most of them in whole sentences."""
    sizes = [(weight(text, len(text)), _SENTENCE.search(text) is not None) for _, text in blocks]
    whole = sum(size for size, _ in sizes)
    return whole >= fewest and sum(size for size, ends in sizes if ends) >= _MOSTLY * whole


def _is_prose(text: str) -> bool:
    return (
        len(text) >= _A_SENTENCE
        and weight(text, len(text)) >= _A_SENTENCE
        and _SENTENCE.search(text) is not None
        and " " in text.strip()[:200]
    )


def _inner(text: str) -> Any:
    """Return the value that a string holds as JSON; None when it holds none."""
    if len(text) < 100 or text[0] not in "{[" or text[-1] not in "}]" or '"' not in text[:200]:
        return None
    read = read_literal(text, 0)
    return read.value if read.is_whole and read.end == len(text) else None
