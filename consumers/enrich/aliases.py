"""Short forms: `Mr Austin` and `Austin` are Lloyd Austin, `WHO` is the World Health Organization, when the article says so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from consumers.enrich.document import Document, Line, Mention
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.namesakes import Bearer, bearers, fitting, pronoun_after, title_gender
from consumers.enrich.organisations import acronyms
from consumers.enrich.vocabulary import vocabulary
from consumers.enrich.words import Word, words

_PLACE_BEFORE: Final = frozenset({"in", "In", "at", "At", "near", "from", "From", "outside", "around", "to"})
_DROPPED: Final = re.compile(r"\s(?:Jr|Sr|II|III|IV)\b\.?|(?<=\s)(?:[A-Z]\.)+\s|(?<=\s)[A-Z]\s")
"""What one form of a name may have and another may not: middle initials and what stands behind."""


def fold_aliases(doc: Document) -> None:
    """Give all forms of one person the same key, and record single surnames and explained abbreviations as mentions.

    A surname that two people in the article share is nobody's: it is left out, unless a title tells which of them is meant.
    """
    full = _full_names(doc)
    by_surname: dict[str, list[str]] = {}
    for whole in dict.fromkeys(full.values()):
        by_surname.setdefault(_surname(whole), []).append(whole)
    bearer = bearers(doc, full, by_surname, _by_given_name(by_surname))
    mentions, doc.mentions = doc.mentions, []
    for mention in mentions:
        name = _person(doc, mention, full, bearer)
        if name is None:
            doc.unclear.append(mention)
        else:
            doc.mentions.append(replace(mention, key=f"p:{name}") if name else mention)
            if name and (gender := title_gender(doc, mention)):  # `Ms Smith` tells of Robin Smith, too
                doc.genders.setdefault(name, gender)
    _read_again(doc, full, {name: found[0].name for name, found in bearer.items() if len(found) == 1})


def _read_again(doc: Document, full: dict[str, str], surnames: dict[str, str]) -> None:
    """Record full names and surnames of known people, and explained abbreviations, wherever they stand alone."""
    whole, explained = _by_first_word(full), acronyms(doc)
    if not surnames and not explained:
        return
    for line in doc.lines:
        for index, word in enumerate(line.words):
            text = word.text
            known = text in whole or text in explained or text in surnames
            if not known or not line.free(word.start, word.end):
                continue
            again, last = _name_again(line, index, whole)
            if again is not None:
                _take(doc, line, word, last, f"p:{full[again]}")
            elif text in explained:
                doc.take(Mention(line.number, word.start, word.end, "organisation", explained[text], text))
            elif (
                text in surnames
                and _alone(doc, line, index)
                and not _another(doc, line, word, surnames[text])
            ):
                _take(doc, line, word, word, f"p:{surnames[text]}")


def _take(doc: Document, line: Line, first: Word, last: Word, key: str) -> None:
    text = line.passage.text[first.start : last.end]
    doc.take(Mention(line.number, first.start, last.end, "person", key, text))


def _by_first_word(full: dict[str, str]) -> dict[str, list[tuple[list[str], str]]]:
    """Return the words that follow the first one in each full name, the longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for name in sorted(full, key=lambda name: (-len(name), name)):
        first, *rest = [word.text for word in words(name)]
        found.setdefault(first, []).append((rest, name))
    return found


def _name_again(
    line: Line, index: int, whole: dict[str, list[tuple[list[str], str]]]
) -> tuple[str | None, Word]:
    """Return a full name that stands at a word without what made it one elsewhere (a headline, the start of a sentence), and its end."""
    for rest, name in whole.get(line.words[index].text, ()):
        following = line.words[index + 1 : index + 1 + len(rest)]
        if [word.text for word in following] == rest and line.free(following[0].start, following[-1].end):
            return name, following[-1]
    return None, line.words[index]


def _full_names(doc: Document) -> dict[str, str]:
    """Names of two or more words to the one that stands for them: `Lloyd J. Austin III` and `Lloyd Austin` are the same."""
    found: dict[str, str] = {}
    by_core: dict[str, str] = {}
    for mention in doc.mentions:
        if mention.kind == "person" and " " in mention.name:
            parts = _DROPPED.sub("", mention.name).split()
            found[mention.name] = by_core.setdefault(f"{parts[0]} {parts[-1]}", mention.name)
    return found


def _surname(name: str) -> str:
    """Return the word by which a person is named again: `Leyen` of Ursula von der Leyen, `Xi` of Xi Jinping."""
    parts = _DROPPED.sub("", name).split()
    vocab = vocabulary("en")
    first = parts[0] in vocab.surname_first and len(parts) <= 3
    either = parts[0] in vocab.given and not any(part[0].isupper() and "-" in part for part in parts)
    return parts[0 if first and not either else -1]


def _by_given_name(by_surname: dict[str, list[str]]) -> dict[str, str]:
    """Return people by a given name that only one of them has and that means nothing else: `Meghan`."""
    vocab = vocabulary("en")
    found: dict[str, list[str]] = {}
    for names in by_surname.values():
        for name in names:
            found.setdefault(name.split()[0], []).append(name)
    return {
        given: names[0]
        for given, names in found.items()
        if len(names) == 1 and given in vocab.given and given not in vocab.given_word | vocab.given_place
    }


def _person(
    doc: Document, mention: Mention, full: dict[str, str], bearer: dict[str, list[Bearer]]
) -> str | None:
    """Return the name that stands for a person, an empty string for what is no person, None where two people can be meant."""
    if mention.kind != "person":
        return ""
    if mention.name in full:
        return full[mention.name]
    found = fitting(doc, mention, bearer[mention.name])
    return found[0].name or None if len(found) == 1 else None


def _another(doc: Document, line: Line, word: Word, name: str) -> bool:
    """Return whether the pronoun after a surname tells that it is somebody else's: `Bolton said she …`, and only John Bolton is named."""
    told, known = pronoun_after(doc, line.number, word.end), doc.genders.get(name)
    if told is None or known is None or told == known:
        return False
    return not any(
        mention.kind == "person"
        and mention.key != f"p:{name}"
        and doc.genders.get(mention.name, told) == told
        for mention in (*doc.mentions, *doc.unclear)
    )


def _alone(doc: Document, line: Line, index: int) -> bool:
    """Return whether a surname stands by itself, and not as part of another name or as a place of the same name."""
    word = line.words[index]
    vocab = vocabulary(doc.language)
    known = gazetteer(doc.language).single.get(word.text)
    before = line.words[index - 1] if index else None
    if word.opens and not word.possessive and doc.plain(word):
        return False
    if known is not None and known.kind == "place" and (before is None or before.text in _PLACE_BEFORE):
        return False
    if before is not None and line.near(index) and before.text in vocab.honorifics:
        return False  # somebody else: whom a title leaves clear is taken already
    if line.title_case:
        return True
    if before is not None and line.near(index) and before.text[0].isupper() and not before.possessive:
        pair = f"{before.text} {word.text}"
        if not (
            before.text in vocab.roles
            or before.text in vocab.calendar
            or pair in doc.genders
            or doc.plain(before)
        ):
            return False
    after = line.words[index + 1] if index + 1 < len(line.words) and line.near(index + 1) else None
    return after is None or word.possessive or not after.text[0].isupper() or after.text in vocab.calendar
