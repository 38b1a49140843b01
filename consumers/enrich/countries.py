"""Countries that an article names, by themselves, their people, their capital or their seat of power."""

from __future__ import annotations

from collections import Counter
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document
from consumers.enrich.vocabulary import vocabulary
from schemas.article.model import Country

_LISTS: Final = frozenset({",", "and", "or"})


def find_countries(doc: Document) -> tuple[Country, ...]:
    """Return the countries, the most mentioned first, then by code. Call after `find_entities`, whose mentions it reads.

    Names that are also something else count only with evidence: Georgia beside words of the Caucasus and none of the United States,
    Jordan after a preposition or beside another country, Gaza in a text that speaks of Israel or the Palestinians.
    """
    counts: Counter[str] = Counter()
    doubtful = facts.words("ambiguous", "by preposition")
    accepted: dict[str, bool] = {}
    persons = {part for mention in doc.mentions if mention.kind == "person" for part in mention.name.split()}
    for mention in doc.mentions:
        code = mention.country
        text = doc.lines[mention.passage].passage.text[mention.start : mention.end]
        if text in ("Gaza", "Gaza City", "Khan Younis", "Rafah") and _any(doc, "gaza"):
            counts["PS"] += 1
        elif text == "Georgia":
            counts["GE"] += _any(doc, "georgia country") and not _any(doc, "georgia state")
        elif code is not None:
            if doc.language == "en" and text not in accepted:
                accepted[text] = text not in persons and (text not in doubtful or _evident(doc, text))
            counts[code] += accepted.get(text, True)
    for _, _, _, code in doc.nationals:
        counts[code] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Country(code=code, mentions=count) for code, count in ranked if count)


def _any(doc: Document, section: str) -> bool:
    """Whether one of a section's words stands in the article."""
    return not facts.words("ambiguous", section).isdisjoint(doc.vocabulary)


def _evident(doc: Document, name: str) -> bool:
    """Return whether a doubtful name stands at least once after a preposition of place, with a possessive, or in a list of countries.

    After `to` or `by` a given name may stand as well: for one of those a preposition of place proper is needed.
    """
    given = name in vocabulary(doc.language).given
    prepositions = facts.words("ambiguous", "place preposition")
    if not given:
        prepositions |= facts.words("ambiguous", "preposition")
    ends = {
        (mention.passage, mention.end) for mention in doc.mentions if mention.country and mention.name != name
    }
    for line in doc.lines:
        for index, word in enumerate(line.words):
            if word.text != name:
                continue
            before = line.words[index - 1].text if index else ""
            if before in prepositions or (word.possessive and not given):
                return True
            if before in _LISTS and index > 1 and (line.number, line.words[index - 2].end) in ends:
                return True
            after = line.words[index + 1 : index + 3]
            if len(after) == 2 and after[0].text in _LISTS and (line.number, after[1].end) in ends:
                return True
    return False
