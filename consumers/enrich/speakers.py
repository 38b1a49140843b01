"""Who says a quotation: only where a verb of saying ties a name to it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from consumers.enrich import facts
from consumers.enrich.document import Document, Mention
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.subjects import ADVERBS, Attribution, between, inverted, is_description, subject
from consumers.enrich.vocabulary import vocabulary

_REACH: Final = 240
"""Code points on either side of a quotation in which its speaker must be named."""
_OWN: Final = re.compile(r"[\s ]*(?:(?:[^\W\d_a-zß-ÿ][\w’'.-]* ){1,4}[a-zß-ÿ]+(?=[.,;:]|\s*$)|[a-zß-ÿ])")
"""What goes on with the sentence of a quotation that ends in `!` or `?`: `laughed James`, `James laughed.`"""


@functools.cache
def _cues(language: str) -> re.Pattern[str]:
    words = sorted(
        facts.words("sayings", language) or facts.words("sayings", "en"), key=lambda word: (-len(word), word)
    )
    return re.compile(
        r"(?<![\w’'-])(?:according to|"
        + "|".join(map(re.escape, words))
        + r")(?![\w’'])(?!-(?!t-|ils?\b|elles?\b)\w)"
    )


def after_quotation(
    text: str, start: int, stop: int, mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the attribution that follows a quotation directly: `” Mr Austin said`, `” said Lloyd Austin`, `” he said`.

    `start` is the place after the closing mark; `stop` is where the next quotation or the passage ends.
    """
    region_end = _sentence_end(text, start, min(stop, start + _REACH))
    cue = _cues(language).search(text, start, region_end)
    if cue is None:
        return None
    left = text[start : cue.start()].lstrip(" ,;\u00a0—–-")
    if not ADVERBS.sub("", f" {left.rstrip()}").strip(" ,"):
        return inverted(text, cue, region_end, mentions, language)
    return subject(text, cue.end() - len(cue[0]) - len(left), cue, mentions, language)


def before_quotation(
    text: str, floor: int, end: int, mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the attribution that leads up to a quotation: `Mr Kirby said: “`, `Kirby told reporters on Monday, “`, `according to X, “`.

    `end` is the place of the opening mark; `floor` is where the quotation before or the passage begins.
    """
    region = text[max(floor, end - _REACH) : end]
    lead = region.rstrip()
    if not lead or (lead[-1] not in ":," and not lead.endswith((" that", " dass"))):
        return None
    starts = [match.end() for match in _SENTENCE_START.finditer(lead)]
    offset = end - len(region) + (starts[-1] if starts else 0)
    if lead[-1] == ":" and (
        named := _named_before_colon(text, offset, end - len(region) + len(lead) - 1, mentions)
    ):
        return named
    cue = None
    for match in _cues(language).finditer(text, offset, end - len(region) + len(lead)):
        cue = match
    if cue is None:
        return None
    tail = text[cue.end() : end - len(region) + len(lead) - 1]
    if len(tail.split()) > (12 if lead[-1] == ":" else 8) or "," in tail.strip():
        return None
    if cue[0].lower() == "according to":
        return inverted(text, cue, end, mentions, language)
    if cue[0] == "so":  # the German `so X` stands after the quotation only
        return None
    left_start = _clause_start(text, offset, cue.start(), mentions)
    found = subject(text, left_start, cue, mentions, language)
    if found is None and not text[offset : cue.start()].strip() and language != "en":
        return inverted(text, cue, end, mentions, language)
    return found


def has_own_words(text: str, end: int, start: int, stop: int) -> bool:
    """Return whether a quotation's sentence goes on after it, so that its speaker, if any, stands there: `“Maybe,” laughed James`.

    `end` is the place after its last word, `start` the one after the closing mark, `stop` where the next quotation or the passage ends.
    """
    tail = text[start : min(stop, start + _REACH)]
    if text[end - 1] == "," or tail.lstrip(" \u00a0").startswith(","):
        return any(character.isalpha() for character in tail)
    return text[end - 1] != "." and _OWN.match(tail) is not None


def _named_before_colon(text: str, start: int, colon: int, mentions: Sequence[Mention]) -> Attribution | None:
    """`Lloyd Austin: “We will …”`: the name alone, with a title at most."""
    for mention in between(mentions, start, colon):
        lead = text[start : mention.start]
        if mention.end == colon and is_description(lead) and len(lead.split()) <= 4:
            return Attribution("", mention, text[mention.start : mention.end])
    return None


_SENTENCE_START: Final = re.compile(r"(?<![A-Z])(?<!Mr)(?<!Ms)(?<!Dr)(?<!Mrs)[.!?…”][”’\"')\]]*\s+|\n")


def _sentence_end(text: str, start: int, stop: int) -> int:
    match = _SENTENCE_START.search(text, start, stop)
    return match.start() + 1 if match else stop


_CLAUSE: Final = re.compile(r"(?:;|:|,? (?:but|and|while|as)) ")
_NOUN_PHRASE: Final = re.compile(
    r"(?:he|she|they|(?:an?|the|his|her|their|its|both)(?: (?!\w+ed\b)[\w’'-]+){1,3})$", re.IGNORECASE
)


def _clause_start(text: str, offset: int, end: int, mentions: Sequence[Mention]) -> int:
    """Return where the clause of the verb begins: after the last `and`, `but` or `;` before it, else at `offset`.

    An `and` between two speakers begins no clause: `Ann Miller and Bob Smith said`.
    """
    start = offset
    for match in _CLAUSE.finditer(text, offset, end):
        before = text[start : match.start()].strip()
        if "and" in match[0] and before:
            named = before.split()[-1][0].isupper() and before.split()[-1] not in vocabulary("en").calendar
            place = any(mention.kind == "place" and mention.end == match.start() for mention in mentions)
            if (named and not place) or _NOUN_PHRASE.match(before):
                continue
        start = match.end()
    return start


def around_fragment(
    text: str, floor: int, end: int, mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the attribution of words quoted inside a sentence: `Mr Austin said the attack was “a crime against us all”`.

    Only where the sentence's last verb of saying has a name for its subject and no other name stands between it and the quotation.
    """
    region_start = max(floor, end - _REACH)
    starts = [match.end() for match in _SENTENCE_START.finditer(text, region_start, end)]
    offset = starts[-1] if starts else region_start
    cue = None
    for match in _cues(language).finditer(text, offset, end):
        cue = match
    if cue is None or cue[0].lower() in ("according to", "asked", "asks", "so", "selon", "laut"):
        return None
    if between(mentions, cue.end(), end):
        return None
    found = subject(text, _clause_start(text, offset, cue.start(), mentions), cue, mentions, language)
    return found if found is not None and (found.mention is not None or found.pronoun) else None


def is_bare_name(doc: Document, words: str) -> bool:
    """Return whether the words for a speaker are a name that the name rules did not know: `Klosterman adds`, not `Officials say`.

    A name that people in the article share is none: it was left out because nobody can tell whose it is.
    """
    vocab = vocabulary(doc.language)
    parts = words.split()
    if not 1 <= len(parts) <= 3 or not all(part[0].isupper() and part[1:].islower() for part in parts):
        return False
    if any(part in vocab.roles or part in vocab.heads or part in vocab.calendar for part in parts):
        return False
    if any(part.lower() in doc.lower or part.lower() in vocab.stopwords for part in parts):
        return False
    shared = {
        part for mention in doc.mentions if mention.kind != "organisation" for part in mention.name.split()
    }
    return shared.isdisjoint(parts) and gazetteer(doc.language).single.get(parts[0]) is None
