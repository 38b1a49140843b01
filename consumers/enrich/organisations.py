"""Organisations by the way they are built: Ministry of Defence, Health Department, World Something Fund (WSF)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Line
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import vocabulary
from consumers.enrich.words import Word

_LONGEST: Final = 8
_JOINS_TWO: Final = frozenset(
    {"Ministry", "Department", "Committee", "Office", "Board", "Commission", "Faculty", "Institute", "Agency"}
)
_CALLED: Final = frozenset({"called", "named", "dubbed", "genannt", "namens"})
_GROUP: Final = frozenset(
    {
        "group",
        "organisation",
        "organization",
        "militia",
        "party",
        "charity",
        "company",
        "agency",
        "association",
        "network",
        "firm",
    }
)


@dataclass(frozen=True, slots=True)
class Built:
    """An organisation's name, by the indexes of its words."""

    words: int
    """How many words the name has."""
    acronym: int | None = None
    """Index of the word in brackets that abbreviates it."""


def organisation_at(doc: Document, line: Line, index: int) -> Built | None:
    """Return the organisation whose name begins at a word, when the way it is built says so."""
    word = line.words[index]
    vocab = vocabulary(doc.language)
    if word.text in vocab.calendar or word.text in vocab.roles or word.text in vocab.honorifics:
        return None
    run = _run(line, index)
    if not run or (word.opens and len(run) > 1 and _plain(doc, word)):
        return None
    built = _called(doc, line, index) or _of(doc, line, index) or _ends(doc, line, index, run)
    acronym = _acronym(line, index, built.words if built else len(run))
    if built is None and acronym is not None and len(run) >= 2:
        built = Built(len(run))
    return Built(built.words, acronym) if built else None


def _plain(doc: Document, word: Word) -> bool:
    lower = word.text.lower()
    return lower in doc.lower or lower in vocabulary(doc.language).stopwords


def _run(line: Line, index: int) -> list[Word]:
    """Words with capitals that follow each other with one space, `&` among them; a possessive or a bracket ends it."""
    run: list[Word] = []
    for position in range(index, min(index + _LONGEST, len(line.words))):
        word = line.words[position]
        if not (word.text[0].isupper() or (word.text == "&" and run)):
            break
        if run and (word.start - run[-1].end != 1 or run[-1].possessive):
            break
        run.append(word)
    while run and run[-1].text == "&":
        run.pop()
    return run


def _ends(doc: Document, line: Line, index: int, run: list[Word]) -> Built | None:
    """`Health Ministry`: the last word that is a head decides."""
    vocab = vocabulary(doc.language)
    strong, weak = facts.words("heads", "organisation"), facts.words("heads", "organisation weak")
    single = gazetteer(doc.language).single
    length = 0
    for count, word in enumerate(run, 1):
        if (
            count > 1
            and (word.text in vocab.calendar or word.text in vocab.roles)
            and word.text not in strong
        ):
            break
        if (count >= 2 and word.text in strong) or (word.text in weak and (count >= 3 or (count == 2 and run[0].text in single))):
            length = count
    del line, index
    return Built(length) if length else None


def _of(doc: Document, line: Line, index: int) -> Built | None:
    """`Ministry of Defence`, `Royal Society for the Protection of Birds`: a head, `of` or `for`, then words with capitals."""
    first = facts.words("heads", "organisation first")
    words = line.words
    position = index
    while position < len(words) and position - index < 5 and words[position].text[0].isupper():
        if (
            words[position].text in first
            and position + 2 < len(words)
            and words[position + 1].text in ("of", "for", "on")
        ):
            end = _after_of(doc, line, position + 2, joins=words[position].text in _JOINS_TWO)
            if end:
                return Built(end - index)
        position += 1
    return None


def _after_of(doc: Document, line: Line, position: int, *, joins: bool) -> int:
    """Return the index after the words that complete `Ministry of …`, or 0 where there are none."""
    words, vocab = line.words, vocabulary(doc.language)
    end = 0
    if position < len(words) and words[position].text == "the":
        position += 1
    while position < len(words) and position < len(words):
        text = words[position].text
        if (
            text[0].isupper()
            and text not in vocab.calendar
            and text not in vocab.roles
            and text not in vocab.given
        ):
            position += 1
            end = position
            if words[position - 1].possessive:
                break
        elif (
            end
            and (text == "of" or (joins and text == "and"))
            and position + 1 < len(words)
            and words[position + 1].text[0].isupper()
            and words[position + 1].text not in gazetteer(doc.language).single
        ):
            position += 1
        else:
            break
    return end


def _called(doc: Document, line: Line, index: int) -> Built | None:
    """`a group called the Some Thing in Iraq`: what follows `called` is a name, whatever its words."""
    words = line.words
    before = index - 1
    if before >= 0 and words[before].text in ("the", "The"):
        before -= 1
    if before < 1 or words[before].text not in _CALLED or words[before - 1].text not in _GROUP:
        return None
    end = index + len(_run(line, index))
    if (
        end + 1 < len(words)
        and words[end].text == "in"
        and words[end + 1].text in gazetteer(doc.language).single
    ):
        end += 2
    return Built(end - index)


def _acronym(line: Line, index: int, length: int) -> int | None:
    """Return the index of `WHO` in `World Health Organization (WHO)`."""
    opening = index + length
    words = line.words
    if opening + 2 >= len(words) or words[opening].text != "(" or words[opening + 2].text != ")":
        return None
    acronym = words[opening + 1].text.replace(".", "")
    if not (
        2 <= len(acronym) <= 8
        and sum(character.isupper() for character in acronym) >= 2
        and acronym.isalpha()
    ):
        return None
    initials = [part[0].upper() for word in words[index:opening] for part in word.text.split("-") if part]
    remaining = iter(initials)
    return opening + 1 if all(letter in remaining for letter in acronym.upper().rstrip("S") or "?") else None


def acronyms(doc: Document) -> Mapping[str, str]:
    """Return the abbreviations that the article itself explains: abbreviation to the key of its organisation."""
    return dict(_explained(doc))


def _explained(doc: Document) -> list[tuple[str, str]]:
    found = []
    for mention in doc.mentions:
        if mention.kind != "organisation":
            continue
        text = doc.lines[mention.passage].passage.text
        opening = text[mention.end : mention.end + 2]
        if opening == " (":
            closing = text.find(")", mention.end, mention.end + 14)
            if closing > 0:
                found.append((text[mention.end + 2 : closing], mention.key))
    return found
