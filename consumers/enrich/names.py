"""Read the names of an article from left to right: which rule a name belongs to where several could take it."""

from __future__ import annotations

from consumers.enrich.document import Document, Line, Mention
from consumers.enrich.gazetteer import Known, gazetteer
from consumers.enrich.organisations import organisation_at
from consumers.enrich.people import Person, person_at
from consumers.enrich.places import place_at
from consumers.enrich.vocabulary import vocabulary


def read_names(doc: Document) -> None:
    """Record the names that show by themselves: built or known organisations and places of several words, and people.

    Names of a single word come later (`aliases`, `single_names`), when it is known who is who.
    """
    lower_case = gazetteer(doc.language).lower_case
    for line in doc.lines:
        index, count = 0, 0 if line.upper else len(line.words)
        while index < count:
            text = line.words[index].text
            index += _read(doc, line, index) if text[0].isupper() or text in lower_case else 1


def _read(doc: Document, line: Line, index: int) -> int:
    """Record the name that begins at a word, if any; return how many words to go on."""
    words = line.words
    longest = gazetteer(doc.language).longest(words, index)
    if longest is None and not words[index].text[0].isupper():
        return 1
    length = longest[0] if longest else 0
    built = 0 if line.title_case else organisation_at(doc, line, index)
    person = person_at(doc, line, index)
    if (
        built > length
        and not _hides_known(doc, line, index, built)
        and (person is None or person.end <= index + built)
    ):
        text = _text(line, index, index + built)
        _take(doc, line, index, Known("organisation", f"o:{text}", None, "built"), built)
        return built
    if person is not None and (person.honorific or person.end - index > length):
        _take_person(doc, line, index, person)
        return person.end - index
    place = 0 if line.title_case else place_at(doc, line, index)
    if place > length:
        if not _goes_on(doc, line, index + place):
            text = _text(line, index, index + place)
            _take(doc, line, index, Known("place", f"l:{text}", None, "built"), place)
        return place
    if longest is None:
        return 1
    if longest[1].kind != "place" or not _goes_on(doc, line, index + length):
        _take(doc, line, index, longest[1], length)
    return length


def _hides_known(doc: Document, line: Line, index: int, words: int) -> bool:
    """Whether the end of a name is known by itself and what stands before it is no country or people.

    `White National Security Council` lacks a word: only `National Security Council` is safe.
    """
    known = gazetteer(doc.language)
    for first in range(index + 1, index + words):
        found = known.longest(line.words, first)
        if found and first + found[0] == index + words:
            return any(line.words[position].text not in known.single for position in range(index, first))
    return False


def _goes_on(doc: Document, line: Line, end: int) -> bool:
    """Whether a known place is the beginning of another name: `St. Louis Cardinals`, `San Francisco Bay Area`."""
    if line.title_case or end >= len(line.words) or not line.near(end) or line.words[end - 1].possessive:
        return False
    vocab, text = vocabulary(doc.language), line.words[end].text
    if not text[0].isupper() or text in vocab.roles or text in vocab.modifiers or text in vocab.calendar:
        return False
    return (
        text not in vocab.honorifics
        and text not in vocab.given
        and text not in gazetteer(doc.language).single
    )


def _text(line: Line, first: int, end: int) -> str:
    return line.passage.text[line.words[first].start : line.words[end - 1].end]


def _take(doc: Document, line: Line, index: int, known: Known, length: int) -> None:
    start, end = line.words[index].start, line.words[index + length - 1].end
    text = line.passage.text[start:end]
    if known.kind is not None:
        doc.take(Mention(line.number, start, end, known.kind, known.key, text, known.country))
    elif known.country is not None:
        doc.nationals.append((line.number, start, end, known.country))


def _take_person(doc: Document, line: Line, index: int, person: Person) -> None:
    name = _text(line, person.first, person.end)
    start = line.words[index if person.honorific else person.first].start
    vocab = vocabulary(doc.language)
    gender = vocab.gender(name, person.honorific) or ""
    doc.take(Mention(line.number, start, line.words[person.end - 1].end, "person", f"p:{name}", name))
    if gender:
        doc.genders.setdefault(name, gender)
