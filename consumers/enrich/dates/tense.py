"""Whether the words around a date look back or ahead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from consumers.enrich.dates.cues import CUES, Cues

Lean = Literal["past", "future"]

_REACH: Final = 200
"""Code points on either side that are looked at: a long sentence."""
_SENTENCE_END: Final = re.compile(r"[.!?…:;]+[”’\"')\]]*\s+(?=\W*[^\W\d_a-z])|\n")
_CLAUSE_END: Final = re.compile(r"[,;:.!?…\n]")
_MOST_BEFORE_OPENING: Final = 2
"""Words before a date that opens its sentence: `Late on Friday, police said`."""
_FAR_FROM_VERB: Final = 6
"""Words between a verb and a date after which the date may belong to something else than the verb."""


@dataclass(frozen=True, slots=True)
class Tense:
    """Where the verb of a date looks."""

    lean: Lean | None
    """None where nothing tells, or where the day may be that of a promise or that of what was promised."""
    close: bool
    """Whether nothing but small words stands between verb and date, so that the date can belong to nothing else: `said on Friday`."""


_NOTHING: Final = Tense(None, close=False)


def tense(text: str, start: int, end: int, language: str) -> Tense:
    """Return where the verb of the clause that holds `text[start:end]` looks, preferring the last one before it.

    News writes of the future in the present tense, and headlines write of the past in it: only a past form shows the past, and only
    words such as `will`, `due to` or an infinitive show the future. A verb of saying or announcing counts only where the date belongs
    to it: `announced a strike on Friday` tells nothing.
    """
    cues = CUES.get(language)
    if cues is None:
        return _NOTHING
    before = text[max(0, start - _REACH) : start]
    decided = cues.right_before.search(before)
    ends = list(_SENTENCE_END.finditer(before))
    if ends:
        before = before[ends[-1].end() :]
    found = list(cues.verbs.finditer(before))
    after = text[end : end + _REACH]
    if decided is not None and decided.lastgroup == "until":
        was = any(verb.lastgroup == "past" for verb in found[-1:])
        return _NOTHING if was else Tense("future", close=True)
    if decided is not None:
        return Tense(_LEANS.get(decided.lastgroup or ""), close=True)
    if found and found[-1].lastgroup == "auxiliary":
        clause = before[found[-1].end() :] + " " + _CLAUSE_END.split(after, maxsplit=1)[0]
        if cues.participle.search(clause) is not None:
            return Tense("past", close=False)
        return _NOTHING
    if found:
        told = _of_verb(cues, before, found)
        if told is not None:
            return told
    opens = len(before.split()) <= _MOST_BEFORE_OPENING
    return _of_verb_after(cues, after, opens=opens)


_LEANS: Final[dict[str, Lean]] = {"past": "past", "future": "future"}


def _of_verb(cues: Cues, before: str, found: list[re.Match[str]]) -> Tense | None:
    """Return what the last verb before a date tells; None where it is one of saying that has a clause of its own after it."""
    verb = found[-1]
    kind, gap = verb.lastgroup, before[verb.end() :]
    close = cues.close.fullmatch(gap) is not None
    count, rest = len(gap.split()), gap.rpartition(", ")[2]
    if kind == "saying":
        return Tense("past", close=True) if close else None
    if kind == "past":
        # `elected in May, addresses parliament on Friday`: after a comma another verb may stand that is not known.
        apart = ", " in gap and cues.close.fullmatch(rest) is None
        return _NOTHING if apart else Tense("past", close=close)
    if kind == "infinitive":
        return _of_infinitive(cues, verb, gap, found[-2] if len(found) > 1 else None, before)
    if kind == "future" and count <= _FAR_FROM_VERB and cues.event.search(gap) is None:
        return Tense("future", close=close)
    return _NOTHING


def _of_infinitive(
    cues: Cues, verb: re.Match[str], gap: str, earlier: re.Match[str] | None, before: str
) -> Tense:
    """`Ministers to meet`, but not `agreed to meet`: the day may be that of the agreement."""
    if (
        earlier is not None
        and earlier.lastgroup in ("past", "saying")
        and "," not in before[earlier.end() : verb.start()]
    ):
        done = cues.done.search(before[earlier.start() : verb.start()])
        return Tense("past", close=False) if done is not None else _NOTHING
    if len(gap.split()) > _FAR_FROM_VERB or cues.event.search(gap) is not None:
        return _NOTHING
    return Tense("future", close=cues.close.fullmatch(gap) is not None)


def _of_verb_after(cues: Cues, after: str, *, opens: bool) -> Tense:
    """Return what the first verb after a date tells: in its own clause, or behind a comma where the date opens the sentence."""
    stop = _SENTENCE_END.search(after)
    after = after[: stop.start()] if stop else after
    # `On Friday, police said`: a comma right behind the date is none between clauses.
    after = (after.removeprefix(",") if opens else after).partition(",")[0]
    verb = cues.verbs.search(after)
    if verb is None or (not opens and cues.unknown_verb.match(after)):
        return _NOTHING
    if verb.lastgroup == "infinitive":
        return Tense("future", close=False)
    if verb.lastgroup == "auxiliary" and cues.participle.search(_CLAUSE_END.split(after, maxsplit=1)[0]):
        return Tense("past", close=opens)
    lean: Lean | None = "past" if verb.lastgroup == "saying" else _LEANS.get(verb.lastgroup or "")
    return Tense(lean, close=opens)
