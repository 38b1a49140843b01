"""Lines that say that a text is a translation: `Translated from the German by Ada Quill`, `Traducido por …`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from babel import Locale

from consumers.normalize.extraction import Extraction
from consumers.normalize.translation_words import ALSO, PATTERNS

_LONGEST: Final = 240
_MOST_LINES: Final = 40
_PART: Final = re.compile(r"\s*[;|•·]\s*|(?<=[^\W\d_]{2})\.\s+")
_SPACED_COLON: Final = re.compile(r"\s+:")  # as in French
_ALSO: Final = re.compile(ALSO, re.IGNORECASE)
_EDGES: Final = ' \t()[]{}*_–—-•·.,:;„“”"«»'
_LEAST_STEM: Final = 7
_NAMED: Final = """
af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr
ms my ne nl no or pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tl tr ug uk ur uz vi zh
"""
_LANGUAGES: Final = tuple(_NAMED.split())


@dataclass(frozen=True, slots=True)
class Credit:
    """A line that says that the text was translated."""

    raw: str
    """The line."""
    language: str | None
    """From which language (ISO 639-1), where it says so."""


def translation_credit(lines: Iterable[str], language: str) -> Credit | None:
    """Return the first of some short lines of a text that is a credit for its translation; rather one that names a language.

    A line counts only as a whole, or as what stands between semicolons, bars or stops: a sentence about a translation is none. Only
    credits in the text's own language (ISO 639) are known, of some twenty languages.
    """
    patterns = _patterns(language)
    bare: Credit | None = None
    for part, line in _parts(lines) if patterns else ():
        for pattern in patterns:
            match = pattern.fullmatch(part)
            said = match.groupdict() if match else {}
            name = said.get("name")
            if match is None or (name and name[0].islower()):
                continue
            if said.get("source"):
                source = _language_of(said["source"], language)
                if source is None:
                    continue
                return Credit(line, source)
            bare = bare or Credit(line, None)
            break
    return bare


def credit_lines(found: Extraction) -> list[str]:
    """Return the lines in which such a credit may stand: the first two of the text, the last four, the byline, and short ones beside it.

    Asked before other credits leave the text.
    """
    paragraphs = [text for section in found.sections for text in section.paragraphs]
    ends = paragraphs if len(paragraphs) <= 6 else [*paragraphs[:2], *paragraphs[-4:]]
    short = [line for line in found.beside if len(line) <= _LONGEST][:_MOST_LINES]
    return [*ends, *(each.value for each in found.of("authors")[:_MOST_LINES]), *short]


def _parts(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if len(line) <= _LONGEST:
            for part in dict.fromkeys((line, *_PART.split(line))):
                stripped = _ALSO.sub(r"\1", _SPACED_COLON.sub(":", part.strip(_EDGES)), count=1)
                if stripped:
                    yield stripped, line


@functools.lru_cache(64)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in PATTERNS.get(language, ()))


def _language_of(words: str, language: str) -> str | None:
    """Return the language that words of another one name, in any inflection that keeps its beginning."""
    wanted = words.casefold()
    for name, code in _names(language):
        stem = name[:-2] if len(name) >= _LEAST_STEM else name
        if wanted == name or wanted.startswith(stem):
            return code
    return None


@functools.lru_cache(64)
def _names(language: str) -> tuple[tuple[str, str], ...]:
    """Return the names of languages in one of them (CLDR), the longest first."""
    known = Locale.parse(language).languages
    names = [(str(known[code]).casefold(), code) for code in _LANGUAGES if code in known]
    more = [(name[:-1], code) for name, code in names if language in ("zh", "ja", "ko") and len(name) > 1]
    return tuple(sorted((*names, *more), key=lambda pair: (-len(pair[0]), pair[0])))
