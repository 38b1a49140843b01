"""From candidates to a value, and the record of why it was that one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from consumers.normalize.extraction import Candidate
from newswire.text.logins import without_logins
from schemas.core.provenance import Provenance, Refused

T = TypeVar("T")
_RAW_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class No:
    """Why a candidate is not taken."""

    why: str


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """What became of a field's candidates."""

    value: T | None
    provenance: Provenance | None
    """None when there was no candidate at all."""


def choose(candidates: Sequence[Candidate], read: Callable[[str], T | No]) -> Choice[T]:
    """Return the first candidate that can be read as a value.

    Those before it are kept as refused with the reader's reason, those after it that say something else as less trusted. When none
    can be read the value is absent, and the provenance says with confidence 0 what was seen.
    """
    taken: tuple[Candidate, T] | None = None
    refused: list[Refused] = []
    for candidate in candidates:
        value = No(candidate.refused) if candidate.refused else read(candidate.value)
        if isinstance(value, No):
            refused.append(refusal(candidate, value.why))
        elif taken is None:
            taken = candidate, value
        elif value != taken[1]:
            refused.append(refusal(candidate, f"{taken[0].origin} is believed before it"))
    if taken is not None:
        by, chosen = taken
        return Choice(
            chosen,
            Provenance(
                origin=by.origin,
                raw=printable(by.raw or by.value),
                confidence=by.confidence,
                refused=tuple(refused),
            ),
        )
    if not refused:
        return Choice(None, None)
    return Choice(None, Provenance(origin=refused[0].origin, confidence=0, refused=tuple(refused)))


def choose_all(
    candidates: Sequence[Candidate], read: Callable[[list[str]], tuple[T, ...]]
) -> Choice[tuple[T, ...]]:
    """Return what the candidates of the first origin that gives any value say together; what the others say is kept as refused."""
    taken: tuple[T, ...] | None = None
    by: list[Candidate] = []
    refused: list[Refused] = []
    for origin in dict.fromkeys(candidate.origin for candidate in candidates):
        of_origin = [candidate for candidate in candidates if candidate.origin == origin]
        refused += [refusal(each, each.refused) for each in of_origin if each.refused]
        readable = [each for each in of_origin if not each.refused]
        values = read([each.value for each in readable])
        if taken is None and values:
            taken, by = values, readable
        elif taken is None:
            refused += [refusal(each, "names nobody") for each in readable]
        elif set(values) - set(taken):
            refused += [refusal(each, f"{by[0].origin} is believed before it") for each in readable]
    if taken is not None:
        raw = "; ".join(dict.fromkeys(each.raw or each.value for each in by))
        provenance = Provenance(
            origin=by[0].origin, raw=printable(raw), confidence=by[0].confidence, refused=tuple(refused)
        )
        return Choice(taken, provenance)
    if not refused:
        return Choice(None, None)
    return Choice(None, Provenance(origin=refused[0].origin, confidence=0, refused=tuple(refused)))


def refusal(candidate: Candidate, why: str) -> Refused:
    """Return the record of a candidate that was not taken."""
    return Refused(value=printable(candidate.raw or candidate.value), origin=candidate.origin, why=why)


def printable(text: str) -> str:
    """Return a found string as provenance keeps it: at most 500 characters, without logins; what no JSON text can hold is U+FFFD."""
    shown = without_logins(text[: 4 * _RAW_CHARACTERS])
    return shown[:_RAW_CHARACTERS].encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
