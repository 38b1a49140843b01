"""Who says a quotation: only where a verb of saying ties a name to it."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from consumers.enrich import facts
from consumers.enrich.document import Document, Mention
from consumers.enrich.gazetteer import gazetteer
from consumers.enrich.vocabulary import vocabulary

_REACH: Final = 240
"""Code points on either side of a quotation in which its speaker must be named."""
_PRONOUNS: Final = {
    "en": {"he": "male", "she": "female", "they": ""},
    "de": {"er": "male", "sie": "female"},
    "fr": {"il": "male", "elle": "female", "t-il": "male", "t-elle": "female"},
    "es": {"él": "male", "ella": "female"},
    "it": {"lui": "male", "lei": "female"},
    "pt": {"ele": "male", "ela": "female"},
}
_NO_SPEAKER_AFTER: Final = re.compile(
    r"\s*(?:of|about|to|that|in|on|at|as|when|while|after|before|during|if|goodbye|so|yes|no)\b"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the text says about the speaker of a quotation."""

    cue: str
    """The verb of saying."""
    mention: Mention | None
    """The name it is tied to."""
    words: str
    """The words that name the speaker, e.g. `Mr Austin`, `he`, `a spokesman`; empty where there are none."""
    pronoun: Literal["male", "female", ""] | None = None
    """Set where `words` is a pronoun; empty where it tells no gender."""


@functools.cache
def _cues(language: str) -> re.Pattern[str]:
    words = sorted(
        facts.words("sayings", language) or facts.words("sayings", "en"), key=lambda word: (-len(word), word)
    )
    return re.compile(
        r"(?<![\w’'-])(?:according to|" + "|".join(map(re.escape, words)) + r")(?![\w’'])(?!-\w(?!-))"
    )


_PHRASE: Final = re.compile(r"[^\W\d_][\w’'&.,\- ]*$")
_TAIL: Final = re.compile(
    r" (?:auf|am|an|in|im|bei|beim|gegenüber|mit|vor|nach|zu|dans|à|au|sur|en|a|al|ante|su|em)\b.*$",
    re.DOTALL,
)
"""What follows a description and is none of it: `eine Sprecherin auf Anfrage`."""
_APPOSITION: Final = re.compile(r",(?: [\w’'\u2011&.$£€%-]+,?){1,14},$")
_ADVERBS: Final = re.compile(
    r"(?:,? (?:also|later|then|once|has|have|had|himself|herself|recently|repeatedly|previously|quickly|earlier|again|simply|reportedly|"
    r"famously|just|only|first|even|hat|haben|hatte|a|ont|ha|han))*,?$"
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
    if not _ADVERBS.sub("", f" {left.rstrip()}").strip(" ,"):
        return _inverted(text, cue, region_end, mentions, language)
    return _subject(text, cue.end() - len(cue[0]) - len(left), cue, mentions, language)


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
        return _inverted(text, cue, end, mentions, language)
    if cue[0] == "so":  # the German `so X` stands after the quotation only
        return None
    left_start = _clause_start(text, offset, cue.start())
    found = _subject(text, left_start, cue, mentions, language)
    if found is None and not text[offset : cue.start()].strip() and language != "en":
        return _inverted(text, cue, end, mentions, language)
    return found


def _named_before_colon(text: str, start: int, colon: int, mentions: Sequence[Mention]) -> Attribution | None:
    """`Lloyd Austin: “We will …”`: the name alone, with a title at most."""
    for mention in _between(mentions, start, colon):
        lead = text[start : mention.start]
        if mention.end == colon and _is_description(lead) and len(lead.split()) <= 4:
            return Attribution("", mention, text[mention.start : mention.end])
    return None


_SENTENCE_START: Final = re.compile(r"(?<![A-Z])(?<!Mr)(?<!Ms)(?<!Dr)(?<!Mrs)[.!?…”][”’\"')\]]*\s+|\n")


def _sentence_end(text: str, start: int, stop: int) -> int:
    match = _SENTENCE_START.search(text, start, stop)
    return match.start() + 1 if match else stop


def _clause_start(text: str, offset: int, end: int) -> int:
    """Return where the clause of the verb begins: after the last `and`, `but` or `;` before it, else at `offset`."""
    start = offset
    for match in re.finditer(r"(?:;|:|,? (?:but|and|while|as)) ", text[offset:end]):
        start = offset + match.end()
    return start


def _subject(
    text: str, start: int, cue: re.Match[str], mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the subject between `start` and the verb: a name, perhaps with a description before or after it."""
    left = text[start : cue.start()]
    stripped = _ADVERBS.sub("", left.rstrip())
    pronoun = _PRONOUNS.get(language, {}).get(stripped.strip(" ,").lower())
    if pronoun is not None:
        return Attribution(cue[0], None, stripped.strip(" ,"), pronoun)  # type: ignore[arg-type]
    inside = _between(mentions, start, cue.start())
    people = [m for m in inside if m.kind == "person"]
    for mention in people or inside:
        before = text[start : mention.start]
        after = text[mention.end : start + len(stripped)]
        if not _leads_to_name(before) or (
            after and not _APPOSITION.match(after + ("" if after.endswith(",") else ","))
        ):
            continue
        if after and not after.startswith(","):
            continue
        return Attribution(cue[0], mention, text[mention.start : mention.end])
    words = _described(stripped, language)
    if inside and words.split(" ", 1)[0] not in facts.words("sayings", "determiner"):
        return None
    return Attribution(cue[0], None, words) if words else None


def _described(text: str, language: str) -> str:
    """Return the words that describe a speaker without a name (`a spokesman`, `officials`), or nothing where they may be something else."""
    words = _TAIL.sub("", text.strip(" ,")) if language != "en" else text.strip(" ,")
    if (
        not words
        or "," in words
        or len(words.split()) > 8
        or not _PHRASE.match(words)
        or not _is_description(words + " ")
    ):
        return ""
    first = words.split()[0]
    if language != "en" and first not in facts.words("sayings", "determiner") and not first[0].isupper():
        return ""
    return words if language == "en" or len(words.split()) <= 5 else ""


def _inverted(
    text: str, cue: re.Match[str], stop: int, mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the subject after the verb: `said Lloyd Austin`, `said the mayor, Sadiq Khan`, `according to NBC`."""
    start = cue.end()
    pronoun_match = re.match(r"[ -]([\w-]+)", text[start:stop])
    if pronoun_match is not None:
        pronoun = _PRONOUNS.get(language, {}).get(pronoun_match[1].lower())
        if pronoun is not None:
            return Attribution(cue[0], None, pronoun_match[1], pronoun)  # type: ignore[arg-type]
    if _NO_SPEAKER_AFTER.match(text, start):
        return None
    inside = _between(mentions, start, stop)
    people = [m for m in inside if m.kind == "person"]
    for mention in people[:1] or inside[:1]:
        if _leads_to_name(text[start : mention.start]):
            return Attribution(cue[0], mention, text[mention.start : mention.end])
    phrase = re.match(r" ([\w’'&-]+(?: [\w’'&-]+){0,5})(?=[,.;:]|$)", text[start:stop])
    if phrase is None:
        return None
    words = _described(phrase[1], language)
    if _between(mentions, start, start + phrase.end(1)) and words.split(" ", 1)[0] not in facts.words(
        "sayings", "determiner"
    ):
        return None
    return Attribution(cue[0], None, words) if words else None


def _between(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    """Return the people and organisations named between two places; `mentions` are those of the passage, in order."""
    first = bisect_left(mentions, start, key=lambda mention: mention.start)
    found = []
    for position in range(first, len(mentions)):
        mention = mentions[position]
        if mention.end > end:
            break
        if mention.kind != "place":
            found.append(mention)
    return found


def _leads_to_name(words: str) -> bool:
    """Return whether words before a name describe whom it names: `the mayor of Hull, `, not `a spokesman for `."""
    if not _is_description(words):
        return False
    parts = words.replace(",", " ,").split()
    while parts and parts[-1].lower() in ("the", "a", "an", "his", "her", "its", "their", ","):
        if parts.pop() == ",":
            break
    if not parts:
        return True
    if parts[-1] in facts.words("sayings", "preposition"):
        return False
    return "," not in words or not parts[0][0].isupper() or parts[0].endswith(("’s", "'s"))


def _is_description(words: str) -> bool:
    """Whether words before a name can describe it: few, without verbs or joining words, at most one comma."""
    cleaned = words.strip().rstrip(",")
    if not cleaned:
        return True
    parts = cleaned.split()
    return (
        len(parts) <= 10
        and cleaned.count(",") <= 1
        and not any(mark in cleaned for mark in ".;:!?()")
        and facts.words("sayings", "no description").isdisjoint(part.strip(",").lower() for part in parts)
    )


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
    if _between(mentions, cue.end(), end):
        return None
    found = _subject(text, _clause_start(text, offset, cue.start()), cue, mentions, language)
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
