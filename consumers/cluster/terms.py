"""An article as weighted terms: how often, how prominently, and whether each is a name, a number or another word."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from consumers.cluster.countries import country_of
from consumers.cluster.function_words import calendar_words, function_words
from consumers.cluster.rules import Rules
from consumers.cluster.stems import stem
from consumers.cluster.vector import Kind
from consumers.scripts import NUMBER, SENTENCE_END, SPACED_WORD, UNSPACED
from schemas.article.model import Article

_TOKEN: Final = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)|{SPACED_WORD}|{NUMBER}|(?P<stop>{SENTENCE_END}|:(?=\s|$))"
)
# What a token is: a word, one with a capital, an end of a sentence, a single letter.
_WORD, _CAPITAL, _STOP, _SILENT = range(4)
_LONGEST_CHUNK: Final = 32  # characters


@dataclass(frozen=True, slots=True)
class Terms:
    """What an article is about."""

    weights: dict[str, float]
    """Term -> 1 + ln of how often; in order of first appearance. A term is the stem of a word, a country, or a number."""
    kinds: dict[str, Kind]
    """Term -> what it is, where the article shows it."""
    days: frozenset[str]
    """Those that are days and months: numbers that many articles have."""
    written: dict[str, str]
    """Term -> as the article writes it: names with their capitals. Not there: a country of which it only names a place."""


NONE: Final = Terms({}, {}, frozenset(), {})
"""Of an article without text."""


@dataclass(slots=True)
class _Found:
    counts: dict[str, float] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    countries: dict[str, float] = field(default_factory=dict)

    def name(self, term: str, word: str) -> None:
        """Note a name, as it is written; in a dateline (`SANTA BRIGA (AP)`) it stands in capitals that are not its own."""
        known = self.names.setdefault(term, word)
        if known.isupper() and not word.isupper():
            self.names[term] = word


def weigh(article: Article, rules: Rules) -> Terms:
    """Return an article's terms.

    A name is what enrichment found as an entity, or a word that has a capital although no sentence begins there. Where A Headline Is
    Written Like This, capitals say nothing: of such a word it is open whether it is a name, unless another passage tells.
    """
    language = article.language.split("-")[0]
    found = _Found()
    for text, weight in _texts(article, rules):
        _read(text, weight, language, found)
    for country, count in found.countries.items():
        found.counts[country] = found.counts.get(country, 0.0) + count
        found.names.setdefault(country, country)
    for entity in article.entities:
        for name in (entity.name, *entity.aliases):
            for word, _ in _words(name):
                if (term := term_of(word, language)) in found.counts:
                    found.name(term, word)
    kinds = dict.fromkeys(found.words, Kind.WORD)
    kinds |= dict.fromkeys(found.names, Kind.NAME) | dict.fromkeys(found.numbers, Kind.NUMBER)
    return Terms(
        weights={term: 1 + math.log(count) for term, count in found.counts.items()},
        kinds=kinds,
        days=frozenset(found.days),
        written={term: found.names.get(term, word) for term, word in found.written.items()},
    )


def term_of(word: str, language: str) -> str:
    """Return the term of a word as it is written: its country, where it names one, or its stem."""
    country, names_it = country_of(word, language)
    return country if names_it else stem(word.casefold(), language)


def _read(text: str, weight: float, language: str, found: _Found) -> None:
    function, calendar = function_words(language), calendar_words(language)
    words = _words(text)
    telling = not _title_case(words)
    for word, is_name in words:
        folded = word.casefold()
        if folded in function:
            continue
        country, names_it = country_of(word, language)
        term = country if names_it else stem(folded, language)
        found.counts[term] = found.counts.get(term, 0.0) + weight
        found.written.setdefault(term, folded)
        if country:
            found.name(term, word)
            if not names_it:
                found.countries[country] = found.countries.get(country, 0.0) + weight
        elif folded in calendar:
            found.days.add(term)
            found.numbers.add(term)
        elif not word[0].isalpha():
            found.numbers.add(term)
        elif telling and is_name:
            found.name(term, word)
        elif telling and not word[0].isupper():
            found.words.add(term)


def _texts(article: Article, rules: Rules) -> Iterator[tuple[str, float]]:
    yield article.headline, rules.headline_weight
    if article.summary:
        yield article.summary, 1.0
    for section in article.sections:
        if section.heading:
            yield section.heading, 1.0
        for paragraph in section.paragraphs:
            yield paragraph, 1.0


def _title_case(words: Sequence[tuple[str, bool]]) -> bool:
    long = [word for word, _ in words if len(word) > 3 and word[0].isalpha()]
    return len(long) >= 3 and sum(word[0].isupper() for word in long) > 0.6 * len(long)


def _words(text: str) -> list[tuple[str, bool]]:
    """Return the words of a text in order, with whether each has a capital although no sentence begins there."""
    words = []
    begins = True
    # No token has white space in it, or asks for more than that there is some beside it.
    for chunk in text.split():
        for word, sort in _tokens(chunk) if len(chunk) <= _LONGEST_CHUNK else _read_tokens(chunk):
            if sort == _STOP:
                begins = True
                continue
            if sort != _SILENT:
                words.append((word, sort == _CAPITAL and not begins))
            begins = False
    return words


@functools.lru_cache(maxsize=1 << 16)
def _tokens(chunk: str) -> tuple[tuple[str, int], ...]:
    """Return the tokens of a run of characters without white space. News says the same words again: most have been met before."""
    return tuple(_read_tokens(chunk))


def _read_tokens(chunk: str) -> Iterator[tuple[str, int]]:
    for match in _TOKEN.finditer(chunk):
        word = match.group()
        if match.lastgroup == "stop":
            yield word, _STOP
        elif match.lastgroup == "unspaced":  # no spaces between words: every two letters are a term
            for at in range(max(1, len(word) - 1)):
                yield word[at : at + 2], _WORD
        elif len(word) > 1 or word.isdigit():
            yield word, _CAPITAL if word[0].isupper() else _WORD
        else:
            yield word, _SILENT
