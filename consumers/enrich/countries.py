"""Countries that an article names, by themselves, their people, their capital or their seat of power."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Mention
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import vocabulary
from schemas.article.model import Country

_LISTS: Final = frozenset({",", "and", "or"})


def find_countries(doc: Document) -> tuple[Country, ...]:
    """Return the countries, the most mentioned first, then by code. Call after `find_entities`, whose mentions it reads.

    Names that are also something else count only with evidence: Georgia beside words of the Caucasus and none of the United States,
    Jordan after a preposition or beside another country, Gaza in a text that speaks of Israel or the Palestinians. A capital counts
    when the country is named as well, or with a possessive (`Washington’s support`): the Paris agreement is not about France.
    """
    counts: Counter[str] = Counter(code for _, _, _, code in doc.nationals)
    capitals: list[Mention] = []
    accepted: dict[str, bool] = {}
    persons = {part for mention in doc.mentions if mention.kind == "person" for part in mention.name.split()}
    known_capitals = gazetteer(doc.language).capitals
    for mention in doc.mentions:
        code, text = mention.country, mention.name
        if text in facts.words("ambiguous", "gaza places") and _any(doc, "gaza"):
            counts["PS"] += 1
        elif text == "Georgia":
            counts["GE"] += _any(doc, "georgia country") and not _any(doc, "georgia state")
        elif code is None or mention.kind == "person":
            continue
        elif text in known_capitals:
            capitals.append(mention)
        else:
            if text not in accepted:
                accepted[text] = doc.language != "en" or _accepted(doc, text, persons)
            counts[code] += accepted[text]
    named = frozenset(code for code, count in counts.items() if count)
    counts.update(
        mention.country
        for mention in capitals
        if mention.country and _stands_for(doc, mention, persons, named)
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Country(code=code, mentions=count) for code, count in ranked if count)


_TREATY: Final = re.compile(
    r" (?:[Aa]greement|[Aa]ccords?|[Tt]reaty|[Pp]rotocol|[Cc]onvention|[Dd]eclaration|[Cc]limate|Olympics|Games)\b"
)


def _stands_for(doc: Document, mention: Mention, persons: set[str], named: frozenset[str]) -> bool:
    """Return whether a capital stands for its country."""
    text = doc.lines[mention.passage].passage.text
    if mention.name in persons or _TREATY.match(text, mention.end):
        return False
    return mention.country in named or text[mention.end : mention.end + 2] in ("’s", "'s")


def _accepted(doc: Document, name: str, persons: set[str]) -> bool:
    """Return whether a name means the country in this article: it is nobody's name, and has evidence where it needs some."""
    return name not in persons and (
        name not in facts.words("ambiguous", "by preposition") or _evident(doc, name)
    )


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
