"""Who may carry a surname in an article: people with full names, and others of whom only a title tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Line, Mention
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import vocabulary

_PLAIN: Final = frozenset({"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Mx", "Mx."})
_LEARNED: Final = frozenset({"Dr", "Dr.", "Prof", "Prof.", "Professor"})
_SUBJECTS: Final = {"he": "male", "himself": "male", "she": "female", "herself": "female"}
_PRONOUN_REACH: Final = 25
"""Words after a name in which its pronoun is looked for."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody who carries a surname."""

    name: str
    """The full name, or the surname where nothing more is told; empty for somebody else who is only known to be."""
    gender: str | None
    """`male`, `female`, or None where nothing tells."""
    learned: bool | None = None
    """Whether the text tells this one from another by Dr or Professor; None where it does not."""


def titles(doc: Document, mention: Mention) -> list[str]:
    """Return the short titles that belong to a mention: `Mr`, `Lady`, `Prof Dr`."""
    text = doc.lines[mention.passage].passage.text[mention.start : mention.end]
    return text.removesuffix(mention.name).split()


def title_gender(doc: Document, mention: Mention) -> str | None:
    """Return the gender that a mention's title tells."""
    told = vocabulary(doc.language).honorific_gender
    return next((told[title] for title in titles(doc, mention) if title in told), None)


def bearers(
    doc: Document, full: Mapping[str, str], by_surname: Mapping[str, list[str]], by_given: Mapping[str, str]
) -> dict[str, list[Bearer]]:
    """Return who may be meant by each single name: the people with full names, and whoever else the text speaks of.

    `full` gives the full name that stands for each form of it. There is somebody else where a title fits none of the people with full
    names (`Lady Starmer`, and only Keir Starmer), where both Mr and Mrs or both Mr and Dr of one name stand in the text and too few
    people are named for them, where a title and a surname come before the first full name (`President Biden … Jill Biden`), and in
    `Ann and Bob Carter`. Then a form that may mean either is nobody's: a guess that is often wrong is worse than none.
    """
    singles: dict[str, list[Mention]] = {}
    whole: dict[str, list[Mention]] = {}
    for mention in doc.mentions:
        if mention.kind == "person" and mention.name in full:
            whole.setdefault(full[mention.name], []).append(mention)
        elif mention.kind == "person":
            singles.setdefault(mention.name, []).append(mention)
    people = {name: _bearer(doc, name, mentions) for name, mentions in whole.items()}
    found: dict[str, list[Bearer]] = {}
    for name in {**by_given, **by_surname, **singles}:
        alone = singles.get(name, [])
        if name in by_surname:
            named = [mention for each in by_surname[name] for mention in whole[each]]
            found[name] = _with_others(doc, [people[each] for each in by_surname[name]], alone, named)
            found[name] += _before_full_name(doc, alone, named)
        elif name in by_given:
            found[name] = [people[by_given[name]], *_of_that_surname(doc, alone)]
        else:
            found[name] = _with_others(doc, [Bearer(name, None)], alone, [])
    return found


def _bearer(doc: Document, name: str, mentions: list[Mention]) -> Bearer:
    genders = {gender for mention in mentions if (gender := title_gender(doc, mention)) is not None}
    genders = genders or {gender for mention in mentions if (gender := doc.genders.get(mention.name))}
    genders = genders or {
        gender for mention in mentions if (gender := pronoun_after(doc, mention.passage, mention.end))
    }
    learned = any(not _LEARNED.isdisjoint(titles(doc, mention)) for mention in mentions)
    return Bearer(name, next(iter(genders)) if len(genders) == 1 else None, learned)


def fitting(doc: Document, mention: Mention, candidates: Iterable[Bearer]) -> list[Bearer]:
    """Return the bearers of a name whom a mention can mean by its title."""
    with_it, gender = titles(doc, mention), title_gender(doc, mention)
    plain = not _PLAIN.isdisjoint(with_it)
    learned = not plain and not _LEARNED.isdisjoint(with_it)
    return [
        bearer
        for bearer in candidates
        if (gender is None or bearer.gender in (None, gender))
        and (bearer.learned is None or not (plain or learned) or bearer.learned == learned)
    ]


def _with_others(
    doc: Document, people: list[Bearer], singles: list[Mention], whole: list[Mention]
) -> list[Bearer]:
    others = _of_other_gender(doc, people, singles)
    told_apart = _told_apart(doc, [*singles, *whole])
    known = told_apart and any(bearer.learned for bearer in people)
    if not known:
        people = [replace(bearer, learned=None) for bearer in people]
    if told_apart:
        if not known:
            others.append(Bearer("", None, learned=True))
        plain = {
            title_gender(doc, mention) for mention in singles if not _PLAIN.isdisjoint(titles(doc, mention))
        }
        there = {bearer.gender for bearer in people if bearer.learned is False}
        others += [Bearer("", gender, learned=False) for gender in plain - there]
    others += [Bearer("", gender) for mention in whole + singles for gender in _joined(doc, mention)]
    return people + others


def _of_that_surname(doc: Document, singles: list[Mention]) -> list[Bearer]:
    """Return the people whose surname is somebody's given name: `Pope Francis` is not Francis Ford Coppola."""
    return [Bearer("", None) for mention in singles if len(_roles(doc, mention)) > len(titles(doc, mention))]


def _told_apart(doc: Document, mentions: Iterable[Mention]) -> bool:
    """Return whether both Mr (Mrs, Ms) and Dr stand with a surname: then these are two people."""
    plain = learned = False
    for mention in mentions:
        with_it = titles(doc, mention)
        has_plain = not _PLAIN.isdisjoint(with_it)
        plain |= has_plain
        learned |= not has_plain and not _LEARNED.isdisjoint(with_it)
    return plain and learned


def _of_other_gender(doc: Document, found: list[Bearer], singles: list[Mention]) -> list[Bearer]:
    """Return the people whom titles tell of and whom those with names cannot all be."""
    told = {gender for mention in singles if (gender := title_gender(doc, mention)) is not None}
    left = sorted(told - {bearer.gender for bearer in found})
    unknown = sum(bearer.gender is None for bearer in found)
    return [Bearer("", gender) for gender in left] if len(left) > unknown else []


def _before_full_name(doc: Document, singles: list[Mention], whole: list[Mention]) -> list[Bearer]:
    """Return the people named by title and surname before the first full name, unless a full name has that title, too."""
    first = min((mention.passage, mention.start) for mention in whole)
    known = {role for mention in whole for role in _roles(doc, mention)}
    return [
        Bearer("", title_gender(doc, mention))
        for mention in singles
        if (mention.passage, mention.start) < first
        and (roles := _roles(doc, mention))
        and not any(role.endswith(other) or other.endswith(role) for role in roles for other in known)
    ]


def _roles(doc: Document, mention: Mention) -> list[str]:
    """Return the titles in a mention and the word before it, if that is a title (`President`), in lower case."""
    vocab, line = vocabulary(doc.language), doc.lines[mention.passage]
    found = [title.lower() for title in titles(doc, mention)]
    index = _index(line, mention.start)
    if index and line.near(index) and line.words[index - 1].text in vocab.roles:
        found.append(line.words[index - 1].text.lower())
    return found


def _index(line: Line, start: int) -> int:
    """Return the index of the word that begins at a place."""
    low, high = 0, len(line.words)
    while low < high:
        middle = (low + high) // 2
        if line.words[middle].start < start:
            low = middle + 1
        else:
            high = middle
    return low


def _joined(doc: Document, mention: Mention) -> list[str | None]:
    """Return the genders of those who share the surname of a name: `Ann and Bob Carter`, `Ann, Tom and Bob Carter`, `Mr and Mrs Carter`."""
    vocab, line = vocabulary(doc.language), doc.lines[mention.passage]
    joiners = facts.words("titles", "joiner")
    position = _index(line, mention.start) - 1
    found: list[str | None] = []
    while position >= 1 and line.words[position].text in (joiners if not found else {*joiners, ","}):
        word = line.words[position - 1]
        alone = position < 2 or not line.near(position - 1) or not line.words[position - 2].capital
        if word.text in vocab.honorific_gender:
            found.append(vocab.honorific_gender[word.text])
        elif _given_alone(doc, line, position - 1) and (
            alone or line.words[position - 2].text in vocab.roles
        ):
            found.append(vocab.given.get(word.text))
        else:
            break
        position -= 2
    return found


def _given_alone(doc: Document, line: Line, index: int) -> bool:
    """Return whether a word can be a given name whose surname comes later."""
    word, vocab = line.words[index], vocabulary(doc.language)
    if not word.capital or not word.text.isalpha() or not line.free(word.start, word.end) or word.possessive:
        return False
    if word.text in vocab.given:
        return True
    known = word.text in gazetteer(doc.language).single or word.text in vocab.roles | vocab.heads
    return not (known or word.text in vocab.calendar | vocab.function or doc.plain(word))


def pronoun_after(doc: Document, passage: int, end: int) -> str | None:
    """Return the gender of the first `he`, `she`, `himself` or `herself` after a name in its sentence and before any other person."""
    line = doc.lines[passage]
    first = _index(line, end)
    for index in range(first, min(len(line.words), first + _PRONOUN_REACH)):
        word = line.words[index]
        if word.opens or word.text in '“‘"«' or (word.capital and not line.free(word.start, word.end)):
            return None
        if word.text in _SUBJECTS:
            return _SUBJECTS[word.text]
    return None
