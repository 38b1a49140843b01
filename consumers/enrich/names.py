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
    for number, line in doc.numbered():
        index = 0
        while index < len(line.words):
            word = line.words[index]
            if len(word.text) < 2 and not word.text.isalpha():
                index += 1
                continue
            index += _read(doc, number, line, index)


def _read(doc: Document, number: int, line: Line, index: int) -> int:
    """Record the name that begins at a word, if any; return how many words to go on."""
    known = gazetteer(doc.language).longest(line.words, index)
    if not line.words[index].text[0].isupper() and known is None:
        return 1
    if line.title_case and line.passage.text.isupper():
        return 1
    built = None if line.title_case else organisation_at(doc, line, index)
    if built and _hides_known(doc, line, index, built.words):
        built = None
    person = person_at(doc, line, index)
    length = known[0] if known else 0
    if (
        built
        and built.words > length
        and not (person and person.strong and _ends_later(person, index, built.words))
    ):
        text = _text(line, index, index + built.words)
        _take(
            doc, number, line, index, index + built.words, Known("organisation", f"o:{text}", None, "built")
        )
        return built.words
    if (
        person
        and person.end - index >= length
        and not (known and person.end - person.first <= length and not person.honorific)
    ):
        _take_person(doc, number, line, index, person)
        return person.end - index
    place = 0 if line.title_case else place_at(doc, line, index)
    if place > length:
        text = _text(line, index, index + place)
        _take(doc, number, line, index, index + place, Known("place", f"l:{text}", None, "built"))
        return place
    if known:
        if known[1].kind is not None:
            _take(doc, number, line, index, index + length, known[1])
        elif known[1].country:
            start, end = line.words[index].start, line.words[index + length - 1].end
            doc.nationals.append((number, start, end, known[1].country))
        return length
    return 1


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


def _ends_later(person: Person, index: int, words: int) -> bool:
    return person.end > index + words


def _text(line: Line, first: int, end: int) -> str:
    return line.passage.text[line.words[first].start : line.words[end - 1].end]


def _take(doc: Document, number: int, line: Line, first: int, end: int, known: Known) -> None:
    kind = known.kind
    assert kind is not None
    text = _text(line, first, end)
    doc.take(
        Mention(
            number, line.words[first].start, line.words[end - 1].end, kind, known.key, text, known.country
        )
    )


def _take_person(doc: Document, number: int, line: Line, index: int, person: Person) -> None:
    name = _text(line, person.first, person.end)
    start = line.words[index if person.honorific else person.first].start
    vocab = vocabulary(doc.language)
    gender = vocab.gender(name, person.honorific) or ""
    doc.take(Mention(number, start, line.words[person.end - 1].end, "person", f"p:{name}", name))
    if gender:
        doc.genders.setdefault(name, gender)
