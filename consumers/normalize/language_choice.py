"""The language of an article: what is declared, unless its text says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consumers.language import detect
from consumers.normalize.choose import Choice, No, choose
from consumers.normalize.declared_language import primary, read_language
from consumers.normalize.extraction import Candidate
from schemas.core.provenance import Provenance

UNKNOWN: Final = "und"
_SAMPLE_CHARACTERS: Final = 2_000
"""Of a text to weigh a declaration against: on 592 pages all but one were told as from five times as much."""
_GLANCE_CHARACTERS: Final = 400
_ENOUGH_CHARACTERS: Final = 200
_ENOUGH_UNSPACED: Final = 60
_SURE: Final = 0.95
_NEVER_SURE: Final = frozenset(("an", "eo", "la", "vo", "wa"))
"""What texts in none of the languages that the model knows, lists of names and scrambled previews are taken for."""
_ALIKE_LANGUAGES: Final = """
no nn da | hr bs sr sh | id ms jv su | pt gl | es gl ast ext | fr oc | it sc scn vec | ar arz ary | zh wuu yue | cs sk | hi sa bho mai
de gsw nds bar | en sco pcm | nl li vls | fa prs | ku ckb kmr sdh | zu xh ss nr | st nso tn | tl fil ceb bcl | rw rn | lv ltg | ro mo
ru be
"""
_ALIKE: Final = tuple(frozenset(group.split()) for group in re.split(r"[|\n]", _ALIKE_LANGUAGES))
"""Groups of languages within which a declaration is better than a detector."""
_KNOWN_LANGUAGES: Final = """
af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lb lo lt lv mk ml mn
mr ms mt my ne nl nn no or pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tl tr ug uk ur uz vi xh yo yue zh zu
"""
_KNOWN: Final = frozenset(_KNOWN_LANGUAGES.split())
"""Declared languages that the detector can tell from others; of the rest it knows nothing, and what is declared stays."""
_LANGUAGES_WITH_LETTERS_OF_THEIR_OWN: Final = "am bn el gu he hy ja ka km kn ko lo ml my or pa si ta te th"
_OWN_SCRIPT: Final = frozenset(_LANGUAGES_WITH_LETTERS_OF_THEIR_OWN.split())
"""Detected languages that are known by their letters alone."""


@dataclass(frozen=True, slots=True)
class _Heard:
    language: str | None
    confidence: float


def choose_language(candidates: Sequence[Candidate], text: str) -> Choice[str]:
    """Return the article's language as BCP 47, `und` when it cannot be told.

    The first declared one is taken that can be read and that its text does not contradict: a detector that is at least 95 % sure of
    another, unlike language in a text of 200 letters (60 in scripts without spaces between words). Where it contradicts all, or none is
    declared, the detected one is taken. What was declared in vain is kept as refused.
    """
    heard = _heard(candidates, text)

    def read(value: str) -> str | No:
        tag = read_language(value)
        if tag is None:
            return No("no BCP 47 language tag")
        if _contradicts(heard, primary(tag)):
            return No(f"the text is {heard.language}, by {heard.confidence:.0%}")
        return tag

    declared = choose(candidates, read)
    if declared.value is not None:
        return declared
    refused = declared.provenance.refused if declared.provenance else ()
    detected, confidence = (heard.language, heard.confidence) if heard.language else detect(text)
    if detected is None or detected == "zxx":
        return Choice(UNKNOWN, Provenance(origin="detected", confidence=0, refused=refused))
    return Choice(detected, Provenance(origin="detected", confidence=confidence, refused=refused))


def _heard(candidates: Sequence[Candidate], text: str) -> _Heard:
    """Return what the beginning of a text is heard as; a glance at less is enough where that is what was declared first."""
    first = next((tag for each in candidates if (tag := read_language(each.value))), None)
    if first is None or not _is_enough(text[:_SAMPLE_CHARACTERS]):
        return _Heard(None, 0.0)
    glance = _Heard(*detect(text[:_GLANCE_CHARACTERS]))
    return glance if glance.language == primary(first) else _Heard(*detect(text[:_SAMPLE_CHARACTERS]))


def _is_enough(sample: str) -> bool:
    letters = sum(map(str.isalpha, sample))
    return letters >= (_ENOUGH_CHARACTERS if " " in sample.strip()[:_ENOUGH_CHARACTERS] else _ENOUGH_UNSPACED)


def _contradicts(heard: _Heard, declared: str) -> bool:
    told = heard.language
    if told is None or told == declared or heard.confidence < _SURE or len(told) != 2 or told in _NEVER_SURE:
        return False
    if any(told in group and declared in group for group in _ALIKE):
        return False
    return declared in _KNOWN or told in _OWN_SCRIPT
