"""Short forms: `Mr Austin` and `Austin` are Lloyd Austin, `WHO` is the World Health Organization, when the article says so."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import Final

from consumers.enrich.document import Document, Line, Mention
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.organisations import acronyms
from consumers.enrich.vocabulary import vocabulary

_PLACE_BEFORE: Final = frozenset({"in", "In", "at", "At", "near", "from", "From", "outside", "around", "to"})
_DROPPED: Final = re.compile(r"(?:\s(?:Jr|Sr|II|III|IV)\.?|\s(?:[A-Z]\.)+|\s[A-Z](?=\s))")


def fold_aliases(doc: Document) -> None:
    """Give all forms of one person the same key, and record single surnames and explained abbreviations as mentions.

    A surname that two people in the article share is nobody's: it is left out, unless a title tells which of them is meant.
    """
    full = _full_names(doc)
    by_surname: defaultdict[str, list[str]] = defaultdict(list)
    for name in full:
        for surname in _surnames(name):
            by_surname[surname].append(name)
    kept: list[Mention] = []
    for mention in doc.mentions:
        if mention.kind != "person":
            kept.append(mention)
            continue
        name = full.get(mention.name) if " " in mention.name else None
        if name is None:
            found = _one(doc, by_surname.get(mention.name, []), mention)
            if found is None and by_surname.get(mention.name):
                continue  # a title that fits two people
            name = found or mention.name
        kept.append(replace(mention, key=f"p:{name}"))
    doc.mentions = kept
    surnames = {surname: names[0] for surname, names in by_surname.items() if len(names) == 1}
    for mention in kept:
        if mention.kind == "person" and " " not in mention.name and mention.key == f"p:{mention.name}":
            surnames.setdefault(mention.name, mention.name)
    explained = acronyms(doc)
    for number, line in doc.numbered():
        for index, word in enumerate(line.words):
            if word.text in explained and line.free(word.start, word.end):
                doc.take(
                    Mention(number, word.start, word.end, "organisation", explained[word.text], word.text)
                )
            elif word.text in surnames and line.free(word.start, word.end) and _alone(doc, line, index):
                name = surnames[word.text]
                doc.take(Mention(number, word.start, word.end, "person", f"p:{name}", word.text))


def _full_names(doc: Document) -> dict[str, str]:
    """Names of two or more words to the one that stands for them: `Lloyd J. Austin III` and `Lloyd Austin` are the same."""
    found: dict[str, str] = {}
    by_core: dict[str, str] = {}
    for mention in doc.mentions:
        if mention.kind == "person" and " " in mention.name:
            core = _DROPPED.sub("", mention.name)
            parts = core.split()
            short = f"{parts[0]} {parts[-1]}"
            found[mention.name] = by_core.setdefault(short, mention.name)
    return found


def _surnames(name: str) -> list[str]:
    """`Ursula von der Leyen`: `Leyen` and, because it is a word of its own, nothing else; `Xi Jinping`: `Xi`."""
    parts = _DROPPED.sub("", name).split()
    if parts[0] in vocabulary("en").surname_first and len(parts) <= 3:
        return [parts[0]]
    return [parts[-1]]


def _one(doc: Document, names: list[str], mention: Mention) -> str | None:
    """Return the one person whom a title and a surname can mean."""
    names = list(dict.fromkeys(names))
    if len(names) > 1:
        text = doc.lines[mention.passage].passage.text[mention.start : mention.end]
        gender = vocabulary(doc.language).honorific_gender.get(text.split(" ", 1)[0])
        names = [name for name in names if gender and doc.genders.get(name) == gender]
    return names[0] if len(names) == 1 else None


def _alone(doc: Document, line: Line, index: int) -> bool:
    """Whether a surname stands by itself, and not as part of another name or as a place of the same name."""
    word = line.words[index]
    vocab = vocabulary(doc.language)
    known = gazetteer(doc.language).single.get(word.text)
    before = line.words[index - 1] if index else None
    after = line.words[index + 1] if index + 1 < len(line.words) else None
    if word.opens and word.text.lower() in doc.lower | vocab.stopwords and not word.possessive:
        return False
    if known is not None and known.kind == "place" and (before is None or before.text in _PLACE_BEFORE):
        return False
    if line.title_case:
        return True
    if before is not None and line.near(index) and before.text[0].isupper() and not before.possessive:
        stands = before.text in vocab.roles or before.text in vocab.calendar or before.opens
        if not stands:
            return False
    if after is not None and line.near(index + 1) and after.text[0].isupper() and not word.possessive:
        return after.text in vocab.calendar
    return True
