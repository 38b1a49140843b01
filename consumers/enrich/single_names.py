"""Known names of one word: countries, cities, organisations. A word next to an unknown capitalised one is part of another name."""

from __future__ import annotations

from consumers.enrich import facts
from consumers.enrich.document import Document, Line, Mention
from consumers.enrich.gazetteer import Known, gazetteer
from consumers.enrich.vocabulary import vocabulary
from consumers.enrich.words import Word


def single_names(doc: Document) -> None:
    """Record known names of one word, and the words for a country's people, wherever they are no part of another name."""
    single = gazetteer(doc.language).single
    for line in doc.lines:
        if line.upper:
            continue
        for index, word in enumerate(line.words):
            known = single.get(word.text)
            if known is None:
                if "-" in word.text and word.text[0].isupper() and line.free(word.start, word.end):
                    _hyphenated(doc, line, index)
                continue
            if line.free(word.start, word.end) and _stands_alone(doc, line, index, known):
                _take(doc, line, known, word.start, word.end)


def _take(doc: Document, line: Line, known: Known, start: int, end: int) -> None:
    if known.kind is not None:
        text = line.passage.text[start:end]
        doc.take(Mention(line.number, start, end, known.kind, known.key, text, known.country))
    elif known.country is not None:
        doc.nationals.append((line.number, start, end, known.country))


def _hyphenated(doc: Document, line: Line, index: int) -> None:
    """`Iran-backed`, `Russia-Ukraine`: a country at the front before a lower-case word, or countries and people in all parts."""
    single = gazetteer(doc.language).single
    word = line.words[index]
    parts = word.text.split("-")
    known = [single.get(part) for part in parts]
    if not (known[0] and (parts[-1].islower() or all(known))):
        return
    if line.near(index) and line.words[index - 1].text in vocabulary(doc.language).given:
        return
    start = word.start
    for part, entry in zip(parts, known, strict=True):
        if entry is not None and entry.sort in ("country", "people", "capital", "groups", "world", "states"):
            _take(doc, line, entry, start, start + len(part))
        start += len(part) + 1


def _stands_alone(doc: Document, line: Line, index: int, known: Known) -> bool:
    """Whether a known name is no part of another one."""
    vocab = vocabulary(doc.language)
    word = line.words[index]
    if word.opens and not word.possessive and doc.plain(word) and not word.text.isupper():
        return False
    if line.title_case:
        return True
    before = line.words[index - 1] if line.near(index) else None
    after = line.words[index + 1] if line.near(index + 1 if index + 1 < len(line.words) else 0) else None
    if before is not None and _goes_on(doc, line, before):
        return False
    if after is None:
        return True
    if word.text in vocab.given and not line.free(after.start, after.end):
        return False
    return word.possessive or known.sort == "people" or _ends_before(doc, line, known, after)


def _goes_on(doc: Document, line: Line, before: Word) -> bool:
    """Whether the word before a name is the beginning of a longer one."""
    vocab = vocabulary(doc.language)
    if before.opens:
        return before.text in vocab.given and not doc.plain(before)
    if before.possessive or not before.text[0].isupper():
        return False
    return line.free(before.start, before.end) and not (
        before.text in facts.words("titles", "direction")
        or before.text in vocab.calendar
        or before.text in vocab.roles
        or before.text in gazetteer(doc.language).single
    )


def _ends_before(doc: Document, line: Line, known: Known, after: Word) -> bool:
    """Whether a name ends before the word after it."""
    vocab = vocabulary(doc.language)
    return (
        not after.text[0].isupper()
        or after.text in vocab.roles
        or after.text in vocab.modifiers
        or after.text in vocab.calendar
        or after.text in vocab.honorifics
        or not line.free(after.start, after.end)
        or after.text in gazetteer(doc.language).single
        or (known.key == "c:US" and after.text not in vocab.heads)
        or (after.text in vocab.heads and known.sort == "country")
    )
