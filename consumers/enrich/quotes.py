"""Direct quotations with their speakers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from consumers.enrich.document import Document, Mention
from consumers.enrich.namesakes import title_gender
from consumers.enrich.passages import Passage
from consumers.enrich.quotations import Quotation, quotations
from consumers.enrich.speakers import (
    after_quotation,
    around_fragment,
    before_quotation,
    has_own_words,
    is_bare_name,
)
from consumers.enrich.subjects import Attribution
from schemas.article.model import Quote
from schemas.core.location import Location

_FEWEST_WORDS_OF_FRAGMENT: Final = 4
"""Fewer words in quotation marks inside a sentence are a term or irony (a “campaign”), not speech."""
_FEWEST_WORDS_WITHOUT_SPEAKER: Final = 4
_LONGEST_ATTRIBUTION: Final = 240
"""Code points that may stand between the two halves of a split quotation."""


_ANOTHER: Final = re.compile(
    r"\b(?:and|but|while|whereas) (?:[^\W\d_a-zß-ÿ]|(?:an?|the|his|her|their|he|she|they|it|another) )"
)
"""Somebody else comes between two quotations: `said Ms Patel, and James laughed:`."""


def find_quotes(doc: Document, names: dict[str, str]) -> tuple[Quote, ...]:
    """Return the direct quotes in order of text. `names` gives the full name of each entity's key.

    Words in quotation marks are a quote when somebody says them: a verb of saying stands with them, or they are a sentence of their own.
    One or two words inside a sentence (scare quotes) and titles of works are none. A quotation that its attribution splits is two
    quotes of one speaker. A pronoun is resolved only when a single person can be meant; otherwise the speaker is absent.
    """
    reader = _Reader(doc)
    for number in range(len(doc.lines)):
        reader.read(number)
    reader.drop_open()
    return tuple(_quote(doc, said, names) for said in reader.found if said is not None)


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation on its way to becoming a quote."""

    passage: int
    quotation: Quotation
    attribution: Attribution | None
    key: str | None = None


class _Reader:
    """Reads passages in order and remembers what the next one needs: the quotes so far, and a quotation that goes on."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.found: list[_Said | None] = []
        self._open: list[int] = []
        self._named: list[list[Mention]] = [[] for _ in doc.lines]
        self._people: set[str] = set()
        self._unclear: list[list[Mention]] = [[] for _ in doc.lines]
        for mention in doc.unclear:
            self._unclear[mention.passage].append(mention)
        for mention in doc.mentions:
            self._named[mention.passage].append(mention)

    def read(self, number: int) -> None:
        """Add the quotes of a passage."""
        passage = self.doc.lines[number].passage
        marked = quotations(passage.text, self.doc.language)
        if not (self._open and marked and passage.kind == "paragraph" and self._goes_on(marked[0])):
            self.drop_open()
        chain, self._open = self._open, []
        mentions = self._named[number] = _outside(self._named[number], marked)
        self._people.update(mention.key for mention in mentions if mention.kind == "person")
        for order, quotation in enumerate(marked):
            said = self._attribute(number, marked, order, mentions)
            if said is not None:
                self.found.append(said)
                if order == 0 and chain:
                    self._share([*chain, len(self.found) - 1])
                if not quotation.closed:
                    self._open = [*(chain if order == 0 else []), len(self.found) - 1]

    def _goes_on(self, first: Quotation) -> bool:
        """Return whether a paragraph's first quotation opens it with the mark of the one that did not close: only then it goes on."""
        before = self.found[self._open[-1]]
        return before is not None and first.outer_start == 0 and first.mark == before.quotation.mark

    def drop_open(self) -> None:
        """Forget quotations that never closed: a stray mark."""
        for index in self._open:
            self.found[index] = None
        self._open = []

    def _share(self, chain: list[int]) -> None:
        """Give all parts of a quotation over several paragraphs the speaker that one of them has."""
        parts = [(index, said) for index in chain if (said := self.found[index]) is not None]
        known = next((said for _, said in parts if said.attribution is not None), None)
        for index, said in parts:
            if known is not None and said.attribution is None:
                self.found[index] = replace(said, attribution=known.attribution, key=known.key)

    def _attribute(
        self, number: int, marked: list[Quotation], order: int, mentions: list[Mention]
    ) -> _Said | None:
        passage, quotation, language = self.doc.lines[number].passage, marked[order], self.doc.language
        text, opening = passage.text, quotation.outer_start
        floor = marked[order - 1].outer_end if order else 0
        stop = marked[order + 1].outer_start if order + 1 < len(marked) else len(text)
        count = len(text[quotation.start : quotation.end].split())
        if _inside_sentence(text, opening):
            if count < _FEWEST_WORDS_OF_FRAGMENT or not quotation.closed:
                return None
            around = around_fragment(text, floor, opening, mentions, language)
            return self._said(number, quotation, around) if around is not None else None
        attribution = None
        if _leaves_room(text, quotation):
            attribution = after_quotation(text, quotation.outer_end, stop, mentions, language)
        if attribution is None:
            attribution = before_quotation(text, floor, opening, mentions, language)
        own = quotation.closed and has_own_words(text, quotation.end, quotation.outer_end, stop)
        if attribution is None and order and not own:
            before = self._carried_on(number, marked[order - 1], opening)
            if before is not None:
                return _Said(number, quotation, before.attribution, before.key)
        if attribution is None and not text[:opening].strip():
            attribution = self._announced(number)
        if attribution is not None:
            return self._said(number, quotation, attribution)
        return _Said(number, quotation, None) if _is_sentence(passage, quotation, count) else None

    def _carried_on(self, number: int, first: Quotation, opening: int) -> _Said | None:
        """Return the first half of a quotation that its attribution splits: only that one sentence stands in between."""
        said = self.found[-1] if self.found else None
        if said is None or said.quotation is not first or said.passage != number or said.attribution is None:
            return None
        between = self.doc.lines[number].passage.text[first.outer_end : opening].strip()
        if len(between) > _LONGEST_ATTRIBUTION or not between.endswith((".", ",", ":", "—", "–")):
            return None
        inner = between[:-1].replace("Mr. ", "").replace("Mrs. ", "").replace("Ms. ", "").replace("Dr. ", "")
        if any(f"{mark} " in inner for mark in ".!?;") or _ANOTHER.search(inner):
            return None
        return said if said.attribution.words and said.attribution.words in between else None

    def _announced(self, number: int) -> Attribution | None:
        """Return what the end of the paragraph before says: `Mr Kirby said:`."""
        if number == 0 or self.doc.lines[number].passage.kind != "paragraph":
            return None
        before = self.doc.lines[number - 1].passage
        if before.kind != "paragraph" or not before.text.rstrip().endswith(":"):
            return None
        return before_quotation(before.text, 0, len(before.text), self._named[number - 1], self.doc.language)

    def _said(self, number: int, quotation: Quotation, attribution: Attribution) -> _Said:
        key = attribution.mention.key if attribution.mention is not None else None
        if attribution.pronoun:
            key = self._person_meant(number, quotation, attribution.pronoun)
        return _Said(number, quotation, attribution, key)

    def _person_meant(self, number: int, quotation: Quotation, gender: str) -> str | None:
        """Return the key of the only person whom a pronoun can mean, of those named in this paragraph so far and the one before.

        Where nobody is named there, it is the speaker of the quote before, if that is as near.
        """
        nearby = [mention for mention in self._named[number] if mention.start < quotation.outer_start]
        if number:
            nearby += self._named[number - 1]
        unclear = [mention for mention in self._unclear[number] if mention.start < quotation.outer_start]
        unclear += self._unclear[number - 1] if number else []
        if any(title_gender(self.doc, mention) in (None, gender) for mention in unclear):
            return None
        last = self.found[-1] if self.found else None
        if (
            last is not None
            and last.passage >= number - 1
            and last.key is None
            and last.attribution is not None
        ):
            return None  # `“No,” a spokeswoman said. “Yes,” she said.`
        people = dict.fromkeys(mention.key for mention in nearby if mention.kind == "person")
        fitting = [key for key in people if self.doc.genders.get(key[2:], gender) == gender]
        if people:
            return fitting[0] if len(fitting) == 1 and self._safe(fitting[0]) else None
        if last is None or last.passage < number - 1 or last.key is None or not last.key.startswith("p:"):
            return None
        fits = self.doc.genders.get(last.key[2:], gender) == gender
        return last.key if fits and self._safe(last.key) else None

    def _safe(self, key: str) -> bool:
        """Return whether a person's gender is known, or nobody else was named so far whom a pronoun could mean."""
        if key[2:] in self.doc.genders:
            return True
        return self._people <= {key} and not self.doc.unclear


def _outside(mentions: list[Mention], marked: list[Quotation]) -> list[Mention]:
    """Return the names that stand outside quotation marks; both are in order of text."""
    if not marked:
        return mentions
    found: list[Mention] = []
    remaining = iter(marked)
    quotation = next(remaining, None)
    for mention in mentions:
        while quotation is not None and quotation.end <= mention.start:
            quotation = next(remaining, None)
        if quotation is None or mention.start < quotation.start:
            found.append(mention)
    return found


def _leaves_room(text: str, quotation: Quotation) -> bool:
    """Return whether a sentence can go on after the quotation: it does not end in a full stop, or a comma follows the mark."""
    if not quotation.closed:
        return False
    return text[quotation.end - 1] not in ".…" or text[quotation.outer_end : quotation.outer_end + 1] == ","


def _inside_sentence(text: str, opening: int) -> bool:
    """Return whether the words before the opening mark run on into the quotation: `a “campaign”`."""
    lead = text[max(0, opening - 10) : opening].rstrip()
    return bool(lead) and lead[-1] not in '.!?…:,;—–”’"»“(' and not lead.endswith(" -")


def _is_sentence(passage: Passage, quotation: Quotation, count: int) -> bool:
    """Return whether a quotation that nobody is named for is speech at all, and not a title: a sentence with its own end."""
    content = passage.text[quotation.start : quotation.end]
    if count < _FEWEST_WORDS_WITHOUT_SPEAKER or not content[0].isupper():
        return False
    words = [word for word in content.split() if len(word) > 3]
    if sum(word[0].isupper() for word in words) * 2 > len(words):
        return False
    lead = passage.text[: quotation.outer_start].rstrip()
    if lead.endswith(","):
        return False
    alone = not lead and not passage.text[quotation.outer_end :].strip()
    return alone or content[-1] in ".!?…" or not quotation.closed


def _quote(doc: Document, said: _Said, names: dict[str, str]) -> Quote:
    passage = doc.lines[said.passage].passage
    quotation, attribution = said.quotation, said.attribution
    speaker = names.get(said.key) if said.key is not None else None
    if (
        speaker is None
        and attribution is not None
        and attribution.mention is None
        and attribution.pronoun is None
    ):
        speaker = attribution.words if is_bare_name(doc, attribution.words) else None
    return Quote(
        text=passage.text[quotation.start : quotation.end],
        location=Location(path=passage.path, start=quotation.start, end=quotation.end),
        speaker=speaker,
        speaker_text=(attribution.words or None) if attribution else None,
        cue=(attribution.cue or None) if attribution else None,
    )
