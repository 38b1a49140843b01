"""Terms that stand for a text: names and phrases that come early and often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from consumers.enrich.document import Document, Line
from consumers.enrich.vocabulary import vocabulary
from schemas.article.model import Entity, Keyword

MOST: Final = 10
"""At most so many terms."""
_LONGEST_PHRASE: Final = 3
_WEIGHT: Final = {"headline": 3.0, "summary": 2.0, "heading": 1.5, "paragraph": 1.0}


def find_keywords(doc: Document, entities: Iterable[Entity]) -> tuple[Keyword, ...]:
    """Return terms, heaviest first: names of entities, and words or phrases that occur at least twice.

    A term's weight is the sum over its occurrences, more in headline, summary and the first paragraphs, times a little more for a
    phrase than for a word. A term inside a heavier one is left out. Languages without a list of stop words get names only.
    """
    weights: dict[str, float] = {}
    shown: dict[str, str] = {}
    counts: dict[str, int] = {}
    position = {line.passage.path: _place_weight(line) for line in doc.lines}
    for entity in entities:
        key = entity.name.lower()
        shown[key] = entity.name
        counts[key] = max(2, len(entity.mentions))
        weights[key] = sum(position[mention.location.path] for mention in entity.mentions) * 1.2
    names = frozenset(weights)
    stopwords = vocabulary(doc.language).stopwords
    for line in doc.lines if stopwords else ():
        weight = position[line.passage.path]
        for words in _phrases(line, stopwords):
            term = " ".join(words)
            key = term.lower()
            if key in names:
                continue
            if key == term or key not in shown:  # better without the capital of a sentence's first word
                shown[key] = term
            counts[key] = counts.get(key, 0) + 1
            weights[key] = weights.get(key, 0.0) + weight * (1.0 + 0.5 * (len(words) - 1))
    early = {
        word.text.lower()
        for line in doc.lines
        if line.passage.kind in ("headline", "summary")
        for word in line.words
    }
    enough = (
        key for key in weights if counts[key] >= (2 if " " in key or key in early or key in names else 3)
    )
    ranked = sorted(enough, key=lambda key: (-weights[key], key))
    chosen: list[str] = []
    for key in ranked:
        parts = set(key.split())
        if any(parts <= set(other.split()) or parts >= set(other.split()) for other in chosen):
            continue
        chosen.append(key)
        if len(chosen) == MOST:
            break
    return tuple(Keyword(term=shown[key], score=round(weights[key], 3)) for key in chosen)


def _place_weight(line: Line) -> float:
    base = _WEIGHT[line.passage.kind]
    return base * 1.5 if line.passage.kind == "paragraph" and line.number < 5 else base


def _phrases(line: Line, stopwords: frozenset[str]) -> Iterable[list[str]]:
    """Yield runs of up to three words that are neither stop words nor names nor numbers, and the words of each run."""
    run: list[str] = []
    last_end = -2
    for word in line.words:
        text = word.text
        content = (
            len(text) > 2
            and "’" not in text
            and "'" not in text
            and text[0].isalpha()
            and (text[0].islower() or word.opens or line.title_case)
            and text.lower() not in stopwords
            and line.free(word.start, word.end)
        )
        if run and (not content or word.start - last_end != 1 or len(run) == _LONGEST_PHRASE):
            yield from _parts(run)
            run = []
        if content:
            run.append(text)
            last_end = word.end
    yield from _parts(run)


def _parts(run: list[str]) -> Iterable[list[str]]:
    for length in range(1, len(run) + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]
