"""People: a title, a role or a given name, followed by words that can be a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Line
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import Vocabulary, vocabulary
from consumers.enrich.words import Word

_SUFFIXES: Final = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
_INITIAL: Final = re.compile(r"[A-Z]\.?$|(?:[A-Z]\.){2,3}$|[A-Z]{2}$")
_SURNAME: Final = re.compile(
    r"(?:[^\W\d_]{1,3}[’'-])?[^\W\d_a-zß-öø-ÿ][^\W\d_]*[a-zß-öø-ÿа-яёіїєґα-ωάέήίόύώ][^\W\d_]*(?:[-‑’'][^\W\d_]+)*$"
)
_AFTER: Final = frozenset({"who", "whose"})


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name, by the indexes of its words."""

    first: int
    """Index of the first word of the name, after any short title."""
    end: int
    """Index after its last word."""
    strong: bool
    """Whether a title, a role or a given name that is nothing else stands for it."""
    honorific: str = ""
    """The short title before it, e.g. `Mr`."""


def person_at(doc: Document, line: Line, index: int) -> Person | None:
    """Return the person whose name or short title begins at a word."""
    vocab = vocabulary(doc.language)
    word = line.words[index]
    if word.text in vocab.honorifics:
        first = index + 1
        while first < len(line.words) and line.words[first].text in vocab.honorifics and line.near(first):
            first += 1
        end = _end(doc, vocab, line, first, 4)
        if end == first or not line.near(first) or line.words[first].text in ("Universe", "World"):
            return None
        return Person(first, end, strong=True, honorific=word.text)
    if line.title_case or not _can_begin(doc, vocab, line, index):
        return None
    end = _end(doc, vocab, line, index, 5)
    if end == index:
        return None
    return _with_evidence(doc, vocab, line, index, end)


def _with_evidence(doc: Document, vocab: Vocabulary, line: Line, index: int, end: int) -> Person | None:
    word, length = line.words[index], end - index
    before = line.words[index - 1].text if line.near(index) else ""
    if (
        before in vocab.before_one_name
        and before[0].isupper()
        and not (length == 1 and word.text in vocab.modifiers)
    ):
        return Person(index, end, strong=True)
    if length < 2:
        return None
    if before in vocab.roles and not _known_pair(doc, line, index):
        return Person(index, end, strong=True)
    if word.text in vocab.surname_first and _SURNAME.match(line.words[index + 1].text):
        plain = word.text.lower() in doc.lower or word.text in ("Park", "Sun", "Moon", "Han", "Long", "Song")
        return None if plain or length > 3 else Person(index, end, strong=True)
    given = word.text in vocab.given or word.text.split("-")[0] in vocab.given
    told = _apposition(line, end)
    if given and word.text in vocab.given_place:
        initial = _INITIAL.match(line.words[index + 1].text) is not None
        return Person(index, end, strong=True) if told or initial else None
    if given and word.text in vocab.given_word and word.opens:
        return Person(index, end, strong=True) if told else None
    if given:
        return Person(index, end, strong=True)
    if told and not _known_pair(doc, line, index):
        return Person(index, end, strong=False)
    return None


def _known_pair(doc: Document, line: Line, index: int) -> bool:
    """Whether a known place or organisation stands at the word."""
    return line.words[index].text in gazetteer(doc.language).single


def _can_begin(doc: Document, vocab: Vocabulary, line: Line, index: int) -> bool:
    word = line.words[index]
    if not word.text[0].isupper() or word.text in vocab.roles or word.text in vocab.calendar:
        return word.text in vocab.given and word.text in vocab.calendar
    if word.text in vocab.given and word.text not in vocab.given_word:
        return True
    if word.text in vocab.modifiers:
        return False
    return not (word.opens and (word.text.lower() in doc.lower or word.text.lower() in vocab.stopwords))


def _end(doc: Document, vocab: Vocabulary, line: Line, first: int, most: int) -> int:
    """Return the index after the words from `first` on that can be one person's name."""
    words = line.words
    heads = facts.words("heads", "organisation")
    position = end = first
    while position < len(words) and position - first < most + 2 and end - first < most:
        word = words[position]
        if position > first and (not line.near(position) or words[position - 1].possessive):
            break
        if word.text in _SUFFIXES and end > first:
            return position + 1
        if word.text in vocab.particles and position > first:
            position += 1
            continue
        if not _name_word(doc, vocab, word, position > first) or (position > first and word.text in heads):
            break
        position += 1
        if not _INITIAL.match(word.text) or _SURNAME.match(word.text):
            end = position
    return end


def _name_word(doc: Document, vocab: Vocabulary, word: Word, inside: bool) -> bool:
    text = word.text
    if not text[0].isupper() and not (text.startswith(("al-", "el-", "d’", "d'")) and inside):
        return False
    if text in vocab.roles or text in vocab.honorifics or (text in vocab.calendar and not inside):
        return False
    if inside and text in vocab.calendar:
        return text in ("May", "March", "Easter")
    if _INITIAL.match(text):
        return True
    if not _SURNAME.match(text):
        return False
    if not inside:
        return True
    known = gazetteer(doc.language).single.get(text)
    return known is None or known.sort not in ("country", "people", "world", "groups") or text in vocab.given


def _apposition(line: Line, end: int) -> bool:
    """Whether an age or `who` follows: `, 45,` or `, who`."""
    words = line.words
    if end + 1 >= len(words) or words[end].text != ",":
        return False
    following = words[end + 1].text
    if following in _AFTER:
        return True
    return (
        following.isdigit()
        and 5 <= int(following[:4]) <= 110
        and end + 2 < len(words)
        and words[end + 2].text in (",", ".", ";")
    )
