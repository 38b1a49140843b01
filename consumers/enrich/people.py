"""People: a title, a role or a given name, followed by words that can be a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from consumers.enrich.document import Document, Line
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import Vocabulary, vocabulary
from consumers.enrich.words import Word

_SUFFIXES: Final = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
_INITIAL: Final = re.compile(r"[A-Z]\.?$|(?:[A-Z]\.){2,3}$|[A-Z]{2}$")
_FIRST_INITIAL: Final = re.compile(r"(?!(?:U\.[SKN]|E\.U|D\.C|L\.A|N\.Y|[AP]\.M|P\.S)\.)(?:[A-Z]\.){1,3}$")
_SURNAME: Final = re.compile(
    r"(?:[^\W\d_]{1,3}[’'-])?[^\W\d_a-zß-öø-ÿ](?=[^\W\d_]*?[a-zß-öø-ÿа-яёіїєґα-ωάέήίόύώ])[^\W\d_]*+"
    r"(?:[-‑’'](?:[^\W\d_a-zß-öø-ÿ][^\W\d_]*+|[^\W\d_]{1,4}+))*+$"
)
"""Possessive: `Ab` is both kinds of part, and of thirty such, all ways to read them were tried before the name was none."""
_SHOWS_SUBJECT: Final = frozenset({"who", "whose", "said", "says", "told", "is", "was", "has", "had"})
"""After two capitalised words at the start of a sentence these tell that the first is no verb: `Mark Rutte said`."""
_NOUNS_HAVE_CAPITALS: Final = frozenset({"de", "lb", "nds", "gsw"})
_FAMILY_AND_WORD: Final = frozenset({"Park", "Sun", "Moon", "Han", "Long", "Song", "Ma", "Fan", "Pan"})


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name, by the indexes of its words."""

    first: int
    """Index of the first word of the name, after any short title."""
    end: int
    """Index after its last word."""
    honorific: str = ""
    """The short title before it, e.g. `Mr`."""


def person_at(doc: Document, line: Line, index: int) -> Person | None:
    """Return the person whose name or short title begins at a word."""
    vocab = vocabulary(doc.language)
    word = line.words[index]
    if word.text in vocab.honorifics:
        return _titled(doc, vocab, line, index)
    if line.title_case or not _can_begin(doc, vocab, word):
        return None
    end = _end(doc, vocab, line, index, 5)
    if end == index:
        return None
    before = line.words[index - 1].text if line.near(index) else ""
    if before in vocab.before_one_name and before[0].isupper() and not _goes_on(vocab, line, end):
        return Person(index, end)
    if end - index < 2 or (_goes_on(vocab, line, end) and before not in vocab.roles):
        return None
    return Person(index, end) if _evident(doc, vocab, line, index, end) else None


def _titled(doc: Document, vocab: Vocabulary, line: Line, index: int) -> Person | None:
    """`Mr Austin`, `Dr. Jane Goodall`; not `Miss World`."""
    first = index + 1
    while first < min(len(line.words), index + 3) and line.words[first].text in vocab.honorifics:
        first += 1
    end = _end(doc, vocab, line, first, 4)
    if end == first or line.words[first].text in ("Universe", "World"):
        return None
    if not all(line.near(position) for position in range(index + 1, first + 1)):
        return None
    return None if _goes_on(vocab, line, end) else Person(first, end, honorific=line.words[index].text)


def _goes_on(vocab: Vocabulary, line: Line, end: int) -> bool:
    """Whether a word follows that makes the whole the name of something else: `Stanley Cup`, `Mark Hopkins Hotel`."""
    if end >= len(line.words) or not line.near(end) or line.words[end - 1].possessive:
        return False
    return line.words[end].text in vocab.heads


def _evident(doc: Document, vocab: Vocabulary, line: Line, index: int, end: int) -> bool:
    """Whether two or more words with capitals are a person's name, by what stands before, in and after them."""
    word, second = line.words[index], line.words[index + 1]
    before = line.words[index - 1].text if line.near(index) else ""
    known = word.text in gazetteer(doc.language).single
    if before in vocab.roles and not known:
        return True
    if word.text in vocab.surname_first and _SURNAME.match(second.text):
        plain = word.text in _FAMILY_AND_WORD or (word.opens and doc.plain(word))
        if not plain and end - index <= 3:
            return True
    told = _told(line, end)
    if _FIRST_INITIAL.match(word.text):
        alone = word.text in ("N.", "S.", "E.", "W.", "I.") or before[:1].isupper()
        return not known and not alone and second.text.lower() not in vocab.stopwords
    if word.text not in vocab.given and not _compound(vocab, word.text):
        return told == "apposition" and not known
    if word.text in vocab.given_place:
        return told == "apposition" or bool(_INITIAL.match(second.text)) or _plain_given(vocab, second.text)
    if word.text in vocab.given_word and doc.language in _NOUNS_HAVE_CAPITALS:
        return bool(told)
    if word.text not in vocab.given_word or bool(told) or _plain_given(vocab, second.text):
        return True
    return not word.opens and not (before[:1].isupper() and before not in vocab.roles)


def _compound(vocab: Vocabulary, text: str) -> bool:
    """Return whether a word is a given name of two: `Jean-Luc`, not `Oscar-winner`."""
    parts = text.split("-")
    return len(parts) > 1 and parts[0] in vocab.given and all(part[:1].isupper() for part in parts)


def _plain_given(vocab: Vocabulary, text: str) -> bool:
    return text in vocab.given and text not in vocab.given_place and text not in vocab.given_word


def _can_begin(doc: Document, vocab: Vocabulary, word: Word) -> bool:
    text = word.text
    if not text[0].isupper() or text in vocab.roles or text in vocab.heads or text in vocab.function:
        return text in vocab.given_word and text not in vocab.heads
    if "-" in text and not vocab.roles.isdisjoint(text.split("-")):
        return False
    if text in vocab.calendar or text in vocab.modifiers:
        return text in vocab.given
    return text in vocab.given or not (word.opens and doc.plain(word))


def _end(doc: Document, vocab: Vocabulary, line: Line, first: int, most: int) -> int:
    """Return the index after the words from `first` on that can be one person's name."""
    words = line.words
    nouns = doc.language in _NOUNS_HAVE_CAPITALS
    position = end = first
    while position < len(words) and position - first < most + 2 and end - first < most:
        word = words[position]
        inside = position > first
        if inside and (not line.near(position) or words[position - 1].possessive):
            break
        if word.text in _SUFFIXES and end > first:
            return position + 1
        if inside and _particle(vocab, word.text, words[position - 1].text):
            position += 1
            continue
        if nouns and end - first >= 2 and words[position - 1].text not in vocab.given:
            break  # a noun: `Guido Steinberg Bezug`
        if not _name_word(doc, vocab, word.text, inside=inside):
            break
        position += 1
        if _SURNAME.match(word.text) or not _INITIAL.match(word.text):
            end = position
    return end


def _particle(vocab: Vocabulary, text: str, before: str) -> bool:
    """Return whether a lower-case word can stand inside a name: `von` after given names, `bin` anywhere."""
    if text in vocab.particles:
        return True
    return text in vocab.particles_after_given and (
        before in vocab.given or before in vocab.particles_after_given
    )


def _name_word(doc: Document, vocab: Vocabulary, text: str, *, inside: bool) -> bool:
    """Whether a word can be part of a name: it has a capital, and means nothing else that is known."""
    if not text[0].isupper() and not (inside and text.startswith(("al-", "el-", "d’", "d'"))):
        return False
    if text in vocab.roles or text in vocab.honorifics or text in vocab.heads or text in vocab.function:
        return inside and text in vocab.surname_too
    if text in vocab.calendar:
        return text in ("May", "March", "Easter") if inside else text in vocab.given
    if _INITIAL.match(text):
        return True
    if not _SURNAME.match(text):
        return False
    known = gazetteer(doc.language).single.get(text) if inside else None
    return known is None or known.sort not in ("country", "people", "world", "groups") or text in vocab.given


def _told(line: Line, end: int) -> str:
    """Return `apposition` before `, 45,` or `, who`; `subject` before a verb that only a subject can have; else nothing."""
    words = line.words
    if end >= len(words):
        return ""
    if words[end].text in _SHOWS_SUBJECT:
        return "subject"
    if words[end].text != "," or end + 1 == len(words):
        return ""
    following = words[end + 1].text
    if following in ("who", "whose"):
        return "apposition"
    age = following.isdigit() and len(following) < 4 and 5 <= int(following) <= 110
    return "apposition" if age and end + 2 < len(words) and words[end + 2].text in (",", ".", ";") else ""
