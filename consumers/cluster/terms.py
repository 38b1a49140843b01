"""An article as weighted terms: how often, how prominently, and whether it is a name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consumers.cluster.function_words import function_words
from consumers.cluster.rules import Rules
from consumers.scripts import NUMBER, SENTENCE_END, SPACED_WORD, UNSPACED
from schemas.article.model import Article

_TOKEN: Final = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)|{SPACED_WORD}|{NUMBER}|(?P<stop>{SENTENCE_END}|:(?=\s|$))"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an article is about."""

    weights: dict[str, float]
    """Term -> 1 + ln of how often, more for names; in order of first appearance."""
    written: dict[str, str]
    """Term -> as the article writes it: names with their capitals."""


NONE: Final = Terms({}, {})
"""Of an article without text."""


def weigh(article: Article, rules: Rules) -> Terms:
    """Return an article's terms.

    A name is what enrichment found as an entity, or a word that has a capital although no sentence begins there. Where A Headline Is
    Written Like This and there is no other text, capitals say nothing.
    """
    function = function_words(article.language.split("-")[0])
    counts: dict[str, float] = {}
    names = {
        word.casefold(): word
        for entity in article.entities
        for name in (entity.name, *entity.aliases)
        for word, _ in _words(name)
    }
    texts = list(_texts(article, rules))
    telling = len(texts) > 1 or not _title_case(article.headline)
    for text, weight in texts:
        for word, is_name in _words(text):
            term = word.casefold()
            if term in function:
                continue
            counts[term] = counts.get(term, 0.0) + weight
            if is_name and telling:
                names.setdefault(term, word)
    return Terms(
        weights={
            term: (1 + math.log(count)) * (rules.name_weight if term in names else 1.0)
            for term, count in counts.items()
        },
        written={term: names.get(term, term) for term in counts},
    )


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
