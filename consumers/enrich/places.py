"""Places by the way they are built or placed: Lake Geneva, Gulf of Aden, Kent County; Springfield, Illinois."""

from __future__ import annotations

from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Line
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import vocabulary

_WHERE: Final = frozenset({"in", "In", "at", "At", "from", "From", "near", "Near", "of", "outside", "around"})


def place_at(doc: Document, line: Line, index: int) -> int:
    """Return how many words the place's name has that begins at a word and is built like one; 0 for none."""
    return _lead(doc, line, index) or _ends(doc, line, index) or _followed(doc, line, index)


def _lead(doc: Document, line: Line, index: int) -> int:
    """`Lake Geneva`, `Gulf of Aden`."""
    words, vocab = line.words, vocabulary(doc.language)
    text = words[index].text
    following = words[index + 1] if index + 1 < len(words) else None
    if following is None:
        return 0
    if text in facts.words("heads", "place first of") and following.text == "of":
        target = words[index + 2] if index + 2 < len(words) else None
        return 3 if target and target.text[0].isupper() and target.text not in vocab.calendar else 0
    if text in facts.words("heads", "place first") and line.near(index + 1) and following.text[0].isupper():
        if text in (
            "Saint",
            "St",
            "St.",
            "San",
            "Santa",
            "Santo",
            "São",
            "Sant",
            "Port",
            "Fort",
        ) and not _where(line, index):
            return 0
        return 2 if following.text not in vocab.calendar and following.text not in vocab.roles else 0
    return 0


def _ends(doc: Document, line: Line, index: int) -> int:
    """`Jordan River`: up to three words before the head."""
    words, vocab = line.words, vocabulary(doc.language)
    heads = facts.words("heads", "place")
    first = words[index]
    if (
        first.text in heads
        or first.text in vocab.roles
        or first.text in vocab.calendar
        or first.text in vocab.honorifics
    ):
        return 0
    if first.opens and doc.plain(first):
        return 0
    if len(first.text) < 2:
        return 0
    least = (
        3 if first.text in facts.words("titles", "direction") else 2
    )  # `West Palm Beach`, not `Eastern District`
    length = 0
    for count in range(2, 5):
        position = index + count - 1
        if position >= len(words) or not line.near(position) or words[position - 1].possessive:
            break
        text = words[position].text
        if not text[0].isupper() or text in vocab.calendar or text in vocab.honorifics:
            break
        if text in heads and count >= least:
            length = count
    return length


def _followed(doc: Document, line: Line, index: int) -> int:
    """`in Springfield, Illinois`: what stands between a preposition of place and the name of a larger place."""
    words, vocab = line.words, vocabulary(doc.language)
    known = gazetteer(doc.language)
    if not _where(line, index) or words[index].text in known.single:
        return 0
    for count in (1, 2, 3):
        position = index + count
        if position + 1 >= len(words):
            return 0
        last = words[position - 1]
        if (
            not last.text[0].isupper()
            or last.possessive
            or last.text in vocab.calendar
            or (last.text in vocab.given and count > 1)
        ):
            return 0
        if words[position].text != ",":
            continue
        longest = known.longest(words, position + 1)
        larger = longest[1] if longest else known.single.get(words[position + 1].text)
        if larger is not None and larger.kind == "place" and larger.sort in ("country", "states", "regions"):
            return count
        return 0
    return 0


def _where(line: Line, index: int) -> bool:
    return index > 0 and line.words[index - 1].text in _WHERE
