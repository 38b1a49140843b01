"""Where following a topic begins and ends: what `newswire tail -o` says, in kcat's words, worked out against a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from newswire.errors import UsageError
from newswire.log.contract import Log, Record

_FORMS: Final = (
    "beginning, end, stored, N, -N, s@T or e@T with T in milliseconds since 1970 or as 2024-02-01T12:00:00Z"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to begin and where to end, as given: at most one of the first four says where to begin."""

    at: str = "beginning"
    """`beginning`, `end` or `stored`, when none of the next three is set."""
    offset: int | None = None
    """Begin at this offset, in every partition."""
    last: int | None = None
    """Begin so many of the records that are shown before the end, in every partition."""
    from_ms: int | None = None
    """Begin at the first record at or after this time."""
    before_ms: int | None = None
    """End before this time."""


def place_of(given: Sequence[str]) -> Place:
    """Return what the values of `-o` say; UsageError for one that says nothing."""
    place: dict[str, str | int] = {}
    for word in given:
        if word.startswith("e@"):
            place["before_ms"] = _milliseconds(word[2:])
        elif place.keys() - {"before_ms"}:
            raise UsageError(f"two beginnings are given with -o: {', '.join(given)}")
        elif word.startswith("s@"):
            place["from_ms"] = _milliseconds(word[2:])
        elif word in ("beginning", "end", "stored"):
            place["at"] = word
        elif word.removeprefix("-").isdecimal():
            place["last" if word.startswith("-") else "offset"] = abs(int(word))
        else:
            raise UsageError(f"-o {word} says nothing: give {_FORMS}")
    return Place(**place)  # type: ignore[arg-type] # each key above is given the type of its field


def _milliseconds(word: str) -> int:
    if word.isdecimal():
        return int(word)
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        raise UsageError(f"{word!r} is no time: give {_FORMS}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def beginning(
    log: Log, topic: str, place: Place, shown: Callable[[Record], bool] = lambda _: True
) -> dict[int, int]:
    """Return the offset to begin at in each partition of a topic, inside of what the topic holds. The last N are N that are shown."""
    first, end = log.first_offsets(topic), log.end_offsets(topic)
    if place.offset is not None:
        return {at: min(max(place.offset, first[at]), end[at]) for at in end}
    if place.from_ms is not None:
        return log.offsets_at(topic, place.from_ms)
    if place.last is not None:
        return {at: _last(log, (topic, at), place.last, (first[at], end[at]), shown) for at in end}
    return end if place.at == "end" else first


def ending(log: Log, topic: str, place: Place) -> Mapping[int, int] | None:
    """Return the offset to end before in each partition, None for no end."""
    return None if place.before_ms is None else log.offsets_at(topic, place.before_ms)


def _last(
    log: Log, of: tuple[str, int], wanted: int, between: tuple[int, int], shown: Callable[[Record], bool]
) -> int:
    """Return where the last `wanted` records begin. Offsets cannot tell: transaction markers and ticks take some of them."""
    first, end = between
    span = 2 * wanted + 8
    while True:
        start = max(first, end - span)
        offsets = [record.offset for record in log.read(*of, start, end) if shown(record)]
        if len(offsets) >= wanted or start == first:
            return offsets[-wanted] if 0 < wanted <= len(offsets) else (start if wanted else end)
        span *= 2
