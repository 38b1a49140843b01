"""Direct quotations with their speakers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from consumers.enrich.document import Document, Mention
from consumers.enrich.passages import Passage
from consumers.enrich.quotations import Quotation, quotations
from consumers.enrich.speakers import (
    Attribution,
    after_quotation,
    around_fragment,
    before_quotation,
)
from schemas.article.model import Quote
from schemas.core.location import Location

_FEWEST_WORDS_OF_FRAGMENT: Final = 4
"""Fewer words in quotation marks inside a sentence are a term or irony (a “campaign”), not speech."""
_FEWEST_WORDS_WITHOUT_SPEAKER: Final = 4


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation on its way to becoming a quote."""

    passage: int
    quotation: Quotation
    attribution: Attribution | None
    key: str | None = None


def find_quotes(doc: Document, names: dict[str, str]) -> tuple[Quote, ...]:
    """Return the direct quotes in order of text. `names` gives the full name of each entity's key.

    Words in quotation marks are a quote when somebody says them: a verb of saying stands with them, or they are a sentence of their own.
    One or two words inside a sentence (scare quotes) and titles of works are none. A quotation that its attribution splits is two
    quotes of one speaker. A pronoun is resolved only when a single person can be meant; otherwise the speaker is absent.
    """
    found: list[_Said] = []
    open_chain: list[int] = []
    for number, line in doc.numbered():
        passage = line.passage
        marked = quotations(passage.text, doc.language)
        here = [mention for mention in doc.mentions if mention.passage == number] if marked else []
        chained = (
            bool(open_chain) and bool(marked) and marked[0].outer_start == 0 and passage.kind == "paragraph"
        )
        if open_chain and not chained:
            for index in open_chain:
                found[index] = replace(found[index], key="dropped")
        chain = open_chain if chained else []
        open_chain = []
        for order, quotation in enumerate(marked):
            said = _attribute(doc, number, passage, marked, order, here, found)
            if said is None:
                chain = []
                continue
            found.append(said)
            if not quotation.closed:
                open_chain = [*chain, len(found) - 1]
            if order == 0 and chain:
                _share(found, [*chain, len(found) - 1])
            chain = []
    for index in open_chain:
        found[index] = replace(found[index], key="dropped")
    return tuple(_quote(doc, said, names) for said in found if said.key != "dropped")


def _share(found: list[_Said], chain: list[int]) -> None:
    """Give all parts of a quotation over several paragraphs the speaker that one of them has."""
    known = next((found[index] for index in chain if found[index].attribution is not None), None)
    if known is not None:
        for index in chain:
            if found[index].attribution is None:
                found[index] = replace(found[index], attribution=known.attribution, key=known.key)


def _attribute(
    doc: Document,
    number: int,
    passage: Passage,
    marked: list[Quotation],
    order: int,
    here: list[Mention],
    found: list[_Said],
) -> _Said | None:
    text, quotation = passage.text, marked[order]
    content = text[quotation.start : quotation.end]
    count = len(content.split())
    floor = marked[order - 1].outer_end if order else 0
    stop = marked[order + 1].outer_start if order + 1 < len(marked) else len(text)
    outside = [m for m in here if not any(q.start <= m.start < q.end for q in marked)]
    if _inside_sentence(text, quotation.outer_start):
        if count < _FEWEST_WORDS_OF_FRAGMENT or not quotation.closed:
            return None
        attribution = around_fragment(text, floor, quotation.outer_start, outside, doc.language)
        return _said(doc, number, quotation, attribution, found) if attribution is not None else None
    attribution = None
    if (
        (quotation.closed
        and content[-1] not in ".…")
        or text[quotation.outer_end : quotation.outer_end + 1] == ","
    ):
        attribution = after_quotation(text, quotation.outer_end, stop, outside, doc.language)
    if attribution is None:
        attribution = before_quotation(text, floor, quotation.outer_start, outside, doc.language)
    if attribution is None and order and found and found[-1].passage == number:
        attribution = _carried_on(text, marked[order - 1], quotation, found[-1])
        if attribution is not None:
            return _Said(number, quotation, attribution, found[-1].key)
    if attribution is None and floor == 0 and not text[: quotation.outer_start].strip():
        attribution = _announced(doc, number)
    if attribution is not None:
        return _said(doc, number, quotation, attribution, found)
    return _Said(number, quotation, None) if _is_sentence(passage, quotation, content, count) else None


def _inside_sentence(text: str, opening: int) -> bool:
    """Whether the words before the opening mark run on into the quotation: `a “campaign”`."""
    lead = text[:opening].rstrip()
    return bool(lead) and lead[-1] not in '.!?…:,;—–”’"»“(' and not lead.endswith(" -")


def _is_sentence(passage: Passage, quotation: Quotation, content: str, count: int) -> bool:
    """Whether a quotation that nobody is named for is speech at all, and not a title: a sentence with its own capital and end."""
    if count < _FEWEST_WORDS_WITHOUT_SPEAKER or not content[0].isupper():
        return False
    words = [word for word in content.split() if len(word) > 3]
    if words and sum(word[0].isupper() for word in words) * 2 > len(words):
        return False
    lead = passage.text[: quotation.outer_start].rstrip()
    if lead.endswith(","):
        return False
    alone = not lead and not passage.text[quotation.outer_end :].strip()
    return alone or content[-1] in ".!?…" or not quotation.closed


def _carried_on(text: str, before: Quotation, quotation: Quotation, said: _Said) -> Attribution | None:
    """The second half of a quotation that its attribution splits: only that one sentence stands in between."""
    between = text[before.outer_end : quotation.outer_start].strip()
    inner = between.rstrip(".,:; ")
    if said.quotation is not before or not between or said.attribution is None or len(between) > 240:
        return None
    if not between.endswith((".", ",", ":", "—", "–")) or any(
        f"{mark} " in inner.replace("Mr. ", "Mr ") for mark in ".!?"
    ):
        return None
    return said.attribution if said.attribution.words and said.attribution.words in between else None


def _announced(doc: Document, number: int) -> Attribution | None:
    """`Mr Kirby said:` at the end of the paragraph before."""
    if number == 0 or doc.lines[number].passage.kind != "paragraph":
        return None
    before = doc.lines[number - 1].passage
    if before.kind != "paragraph" or not before.text.rstrip().endswith(":"):
        return None
    here = [mention for mention in doc.mentions if mention.passage == number - 1]
    return before_quotation(before.text, 0, len(before.text), here, doc.language)


def _said(
    doc: Document, number: int, quotation: Quotation, attribution: Attribution, found: list[_Said]
) -> _Said:
    key = attribution.mention.key if attribution.mention is not None else None
    if attribution.pronoun is not None:
        key = _person_meant(doc, number, quotation, attribution.pronoun, found)
    return _Said(number, quotation, attribution, key)


def _person_meant(
    doc: Document, number: int, quotation: Quotation, gender: str, found: list[_Said]
) -> str | None:
    """Return the key of the only person whom a pronoun can mean: among those named in this paragraph so far and in the one before."""
    if not gender:
        return None
    possible: list[str] = []
    for mention in doc.mentions:
        here = mention.passage == number and mention.start < quotation.outer_start
        if mention.kind != "person" or not (here or mention.passage == number - 1):
            continue
        known = doc.genders.get(mention.name) or doc.genders.get(mention.key[2:])
        if known in (None, gender) and mention.key not in possible:
            possible.append(mention.key)
    if len(possible) == 1:
        return possible[0]
    if not possible and found and found[-1].passage >= number - 1 and (key := found[-1].key) is not None:
        return key if key.startswith("p:") and doc.genders.get(key[2:]) in (None, gender) else None
    return None


def _quote(doc: Document, said: _Said, names: dict[str, str]) -> Quote:
    passage = doc.lines[said.passage].passage
    quotation, attribution = said.quotation, said.attribution
    speaker = names.get(said.key) if said.key is not None else None
    return Quote(
        text=passage.text[quotation.start : quotation.end],
        location=Location(path=passage.path, start=quotation.start, end=quotation.end),
        speaker=speaker,
        speaker_text=(attribution.words or None) if attribution else None,
        cue=(attribution.cue or None) if attribution else None,
    )
