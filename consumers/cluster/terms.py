"""An article as weighted terms: how often, how prominently, and whether each is a name, a number or another word."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from consumers.cluster.function_words import calendar_words, function_words
from consumers.cluster.rules import Rules
from consumers.cluster.stems import stem
from consumers.cluster.vector import Kind
from consumers.scripts import NUMBER, SENTENCE_END, SPACED_WORD, UNSPACED
from schemas.article.model import Article

_TOKEN: Final = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)|{SPACED_WORD}|{NUMBER}|(?P<stop>{SENTENCE_END}|:(?=\s|$))"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an article is about."""

    weights: dict[str, float]
    """Term -> 1 + ln of how often; in order of first appearance. A term is the stem of a word, or a number."""
    kinds: dict[str, Kind]
    """Term -> what it is, where the article shows it."""
    days: frozenset[str]
    """Those that are days and months: numbers that many articles have."""
    written: dict[str, str]
    """Term -> as the article writes it: names with their capitals."""


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


def weigh(article: Article, rules: Rules) -> Terms:
    """Return an article's terms.

    A name is what enrichment found as an entity, or a word that has a capital although no sentence begins there. Where A Headline Is
    Written Like This, capitals say nothing: of such a word it is open whether it is a name, unless another passage tells.
    """
    language = article.language.split("-")[0]
    found = _Found()
    for text, weight in _texts(article, rules):
        _read(text, weight, language, found)
    for entity in article.entities:
        for name in (entity.name, *entity.aliases):
            for word, _ in _words(name):
                if (term := stem(word.casefold(), language)) in found.counts:
                    found.names.setdefault(term, word)
    kinds = dict.fromkeys(found.words, Kind.WORD)
    kinds |= dict.fromkeys(found.names, Kind.NAME) | dict.fromkeys(found.numbers, Kind.NUMBER)
    return Terms(
        weights={term: 1 + math.log(count) for term, count in found.counts.items()},
        kinds=kinds,
        days=frozenset(found.days),
        written={term: found.names.get(term, word) for term, word in found.written.items()},
    )


def _read(text: str, weight: float, language: str, found: _Found) -> None:
    function, calendar = function_words(language), calendar_words(language)
    telling = not _title_case(text)
    for word, is_name in _words(text):
        folded = word.casefold()
        if folded in function:
            continue
        term = stem(folded, language)
        found.counts[term] = found.counts.get(term, 0.0) + weight
        found.written.setdefault(term, folded)
        if folded in calendar:
            found.days.add(term)
            found.numbers.add(term)
        elif not word[0].isalpha():
            found.numbers.add(term)
        elif telling and is_name:
            found.names.setdefault(term, word)
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


def _title_case(text: str) -> bool:
    long = [word for word, _ in _words(text) if len(word) > 3 and word[0].isalpha()]
    return len(long) >= 3 and sum(word[0].isupper() for word in long) > 0.6 * len(long)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    begins = True
    for match in _TOKEN.finditer(text):
        word = match.group()
        if match.lastgroup == "stop":
            begins = True
        elif match.lastgroup == "unspaced":  # no spaces between words: every two letters are a term
            for at in range(max(1, len(word) - 1)):
                yield word[at : at + 2], False
            begins = False
        else:
            if len(word) > 1 or word.isdigit():
                yield word, word[0].isupper() and not begins
            begins = False
