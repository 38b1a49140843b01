"""The words beside a verb of saying that name who speaks: a name with its description, a pronoun, or several at once."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from consumers.enrich import facts
from consumers.enrich.document import Mention

_PRONOUNS: Final = {
    "en": {"he": "male", "she": "female", "they": ""},
    "de": {"er": "male", "sie": "female"},
    "fr": {"il": "male", "elle": "female", "ils": "", "elles": "", "on": ""},
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


_PRONOUN_AFTER: Final = re.compile(r"(?: |-(?:t[-’'])?)(\w+)(?![\w-])")
"""`said he`, `dit-elle`, `assure-t-elle`: the pronoun without what joins it to the verb."""
_AUXILIARY: Final = re.compile(r"(?:a|ont|avait|avaient|aurait|est|était)-(?:t[-’'])?(?=\w+$)")
"""`a-t-il ajouté`: what the pronoun is joined to."""
_PHRASE: Final = re.compile(r"[^\W\d_][\w’'&.,\- ]*$")
_TAIL: Final = re.compile(
    r" (?:auf|am|an|in|im|bei|beim|gegenüber|mit|vor|nach|zu|dans|à|au|sur|en|a|al|ante|su|em)\b.*$",
    re.DOTALL,
)
"""What follows a description and is none of it: `eine Sprecherin auf Anfrage`."""
_APPOSITION: Final = re.compile(r",(?: [\w’'\u2011&.$£€%-]+,?){1,14},$")
ADVERBS: Final = re.compile(
    r"(?:,? (?:also|later|then|once|has|have|had|himself|herself|recently|repeatedly|previously|quickly|earlier|again|simply|reportedly|"
    r"famously|just|only|first|even|hat|haben|hatte|a|ont|ha|han))*,?$"
)


@functools.cache
def joiner() -> re.Pattern[str]:
    """Return the pattern of an `and`, in several languages, between two speakers."""
    words = "|".join(map(re.escape, sorted(facts.words("titles", "joiner"))))
    return re.compile(rf" (?:{words}) ")


_NAME: Final = r"[^\W\d_a-zß-ÿ][\w’'-]*(?:\.(?= ))?(?: (?:[^\W\d_a-zß-ÿ][\w’'-]*(?:\.(?= ))?|von|van|de|der|bin|al|of|the))*"


@functools.cache
def _others() -> re.Pattern[str]:
    """Return the pattern of those who say it, too, after a name: `, Bob Smith and his wife`."""
    and_, determiners = joiner().pattern.strip(), "|".join(sorted(facts.words("sayings", "determiner")))
    return re.compile(
        rf"(?:, {_NAME})*(?: {and_} (?:{_NAME}|(?:{determiners}|others|several|two)\b[\w’' -]*)|, {and_} {_NAME}(?=[.,;:]|$))"
    )


def _joint(text: str, mention: Mention, stop: int) -> str | None:
    """Return the words for several speakers that begin with a name, or None where it is one: `Ann Miller and Bob Smith`."""
    match = _others().match(text, mention.end, stop)
    return text[mention.start : match.end()] if match else None


def subject(
    text: str, start: int, cue: re.Match[str], mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the subject between `start` and the verb: a name, perhaps with a description before or after it."""
    left = text[start : cue.start()]
    stripped = ADVERBS.sub("", left.rstrip())
    alone = stripped.strip(" ,")
    if language == "fr":
        alone = _AUXILIARY.sub("", alone, count=1)
    pronoun = _PRONOUNS.get(language, {}).get(alone.lower())
    if pronoun is not None:
        return Attribution(cue[0], None, alone, pronoun)  # type: ignore[arg-type]
    inside = between(mentions, start, cue.start())
    people = [m for m in inside if m.kind == "person"]
    for mention in people or inside:
        before = text[start : mention.start]
        after = text[mention.end : start + len(stripped)]
        if _leads_to_name(before) and (several := _joint(text, mention, start + len(stripped))):
            return Attribution(cue[0], None, several)
        if not _leads_to_name(before) or (
            after and not _APPOSITION.match(after + ("" if after.endswith(",") else ","))
        ):
            continue
        if after and not after.startswith(","):
            continue
        return Attribution(cue[0], mention, text[mention.start : mention.end])
    if inside and joiner().search(stripped):
        return Attribution(cue[0], None, "")
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
        or not is_description(words + " ")
    ):
        return ""
    first = words.split()[0]
    if language != "en" and first not in facts.words("sayings", "determiner") and not first[0].isupper():
        return ""
    return words if language == "en" or len(words.split()) <= 5 else ""


def inverted(
    text: str, cue: re.Match[str], stop: int, mentions: Sequence[Mention], language: str
) -> Attribution | None:
    """Return the subject after the verb: `said Lloyd Austin`, `said the mayor, Sadiq Khan`, `according to NBC`."""
    start = cue.end()
    pronoun_match = _PRONOUN_AFTER.match(text, start, stop)
    if pronoun_match is not None:
        pronoun = _PRONOUNS.get(language, {}).get(pronoun_match[1].lower())
        if pronoun is not None and not _others().match(text, pronoun_match.end(), stop):
            return Attribution(cue[0], None, pronoun_match[1], pronoun)  # type: ignore[arg-type]
    if _NO_SPEAKER_AFTER.match(text, start):
        return None
    inside = between(mentions, start, stop)
    people = [m for m in inside if m.kind == "person"]
    for mention in people[:1] or inside[:1]:
        if _leads_to_name(text[start : mention.start]):
            if several := _joint(text, mention, stop):
                return Attribution(cue[0], None, several)
            return Attribution(cue[0], mention, text[mention.start : mention.end])
    phrase = re.match(r" ([\w’'&-]+(?: [\w’'&-]+){0,5})(?=[,.;:]|$)", text[start:stop])
    if phrase is None:
        return None
    words = _described(phrase[1], language)
    if between(mentions, start, start + phrase.end(1)) and words.split(" ", 1)[0] not in facts.words(
        "sayings", "determiner"
    ):
        return None
    return Attribution(cue[0], None, words) if words else None


def between(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
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
    if not is_description(words):
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


def is_description(words: str) -> bool:
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
