"""Whether the words around a date look back or ahead."""

from __future__ import annotations

import re
from typing import Final, Literal

Lean = Literal["past", "future", "unclear"]
"""`unclear`: the sentence speaks of a promise, and the day may be that of the promise or of what was promised."""

_REACH: Final = 200
"""Code points on either side that are looked at: a long sentence."""
_SENTENCE_END: Final = re.compile(r"[.!?…:;]+[”’\"')\]]*\s+(?=\W*[^\W\d_a-z])|\n")
_ENGLISH_FUTURE: Final = (
    r"(?:will|shall|won[’']t|[’']ll)(?: \w+){0,2}? (?:be|have|not) \w+|(?:will|shall|won[’']t|would)\b|[’']ll\b"
    r"|(?:due|set|scheduled|expected|slated|poised|likely|planned|plans?|planning|going|hopes?|hoping|aims?|intends?|"
    r"is|are|ready|prepares?|preparing)(?: \w+)? to(?: be)? \w+"
    r"|(?:due|set|scheduled|expected|slated|planned|upcoming|forthcoming|opens|begins|starts)"
    r"|(?:is|are) (?:coming|arriving|leaving|visiting|meeting|travelling|traveling)"
)
_ENGLISH_UNCLEAR: Final = (
    r"(?:agreed|vowed|promised|pledged|threatened|offered|decided|voted|ordered)(?: \w+)? to \w+"
)
_ENGLISH_PAST: Final = (
    r"(?:said|says|told|was|were|had|has|have|did|came|went|took|made|saw|met|held|began|won|lost|fell|rose|left|struck|hit|shot|found|"
    r"gave|got|became|died|led|broke|sent|put|wrote|spoke|brought|thought|sought|cut|paid|ran|kept|stood|drew|grew|knew|flew|drove|"
    r"threw|chose|sold|bought|caught|taught|fought|heard|read|built|spent|late|earlier|since|"
    r"(?!need|speed|indeed|proceed|exceed|succeed|feed|seed|weed|deed|breed|united|hundred)(?<!-)[a-z]{2,}ed)"
)
_RIGHT_BEFORE: Final = {
    "en": re.compile(
        r"\b(?:(?P<future>until|till|ahead of|starting|beginning)|(?P<past>since))(?: late| early)?(?: on)?(?: the)? $"
    )
}
"""Words right before a date that decide by themselves."""
_CUES: Final = {
    "en": re.compile(
        rf"\b(?:(?P<unclear>{_ENGLISH_UNCLEAR})|(?P<future>{_ENGLISH_FUTURE})|(?P<past>{_ENGLISH_PAST}))\b"
    ),
    "de": re.compile(
        r"\b(?:(?P<future>wird|werden|soll|sollen|sollte|will|wollen|geplant|bis)|(?P<past>sagte|erklärte|teilte|war|waren|wurde|wurden|hatte|"
        r"hatten|hat|haben|ist|sind|kam|kamen|gab|ging|starb|starben|seit|berichtete|kündigte|schrieb|forderte|warnte|betonte))\b"
    ),
    "fr": re.compile(
        r"\b(?:(?P<future>va|vont|sera|seront|aura|auront|doit|doivent|devrait|devraient|prévue?s?|\w+(?:era|eront)|jusqu[’']?(?:à|au)?)|(?P<past>a|ont|"
        r"est|sont|était|étaient|avait|avaient|été|depuis|selon))\b"
    ),
    "es": re.compile(
        r"\b(?:(?P<future>va a|van a|será|serán|tendrá|debe|prevé|previst[oa]s?|\w+(?:ará|erá|irá|arán|erán|irán)|hasta)|"
        r"(?P<past>ha|han|fue|fueron|era|había|habían|desde|según|dijo|\w{2,}(?:ó|aron|ieron)))\b"
    ),
}


_LEANS: Final[dict[str, Lean]] = {"past": "past", "future": "future", "unclear": "unclear"}


def lean(text: str, start: int, end: int, language: str) -> Lean | None:
    """Return where the sentence's verb nearest to `text[start:end]` looks, preferring one before it; None when nothing tells."""
    cues = _CUES.get(language)
    if cues is None:
        return None
    before = text[max(0, start - _REACH) : start]
    decided = _RIGHT_BEFORE[language].search(before) if language in _RIGHT_BEFORE else None
    if decided is not None:
        return _LEANS[decided.lastgroup or "past"]
    ends = list(_SENTENCE_END.finditer(before))
    if ends:
        before = before[ends[-1].end() :]
    last = None
    for match in cues.finditer(before):
        last = match
    if last is None:
        after = text[end : end + _REACH]
        stop = _SENTENCE_END.search(after)
        last = cues.search(after[: stop.start()] if stop else after)
    if last is None:
        return None
    return _LEANS[last.lastgroup or "past"]
