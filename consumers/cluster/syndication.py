"""Who tells a story, and who only carries what an agency tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from consumers.cluster.record import Placed
from schemas.core.contract import utc_from_ms
from schemas.story.model import Syndication

_MOST_OUTLETS: Final = 50


def independent_sources(members: Sequence[Placed], name_of: Callable[[int], str]) -> int:
    """Return how many sources tell a story themselves: the agency is the source of all that names it, and of its own articles."""
    return len({(placed.agency or name_of(placed.source)).casefold() for placed in members})


def syndications(members: Sequence[Placed], name_of: Callable[[int], str]) -> tuple[Syndication, ...]:
    """Return the agencies whose texts members carry, the most carried first, with the earliest of these members and their outlets."""
    carried: dict[str, list[Placed]] = {}
    for placed in sorted(members, key=lambda placed: (placed.time_ms, placed.place)):
        if placed.agency:
            carried.setdefault(placed.agency.casefold(), []).append(placed)
    ordered = sorted(carried.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(
        Syndication(
            agency=texts[0].agency,
            article_id=texts[0].article_id,
            earliest_at=utc_from_ms(texts[0].time_ms),
            outlets=tuple(dict.fromkeys(name_of(placed.source) for placed in texts))[:_MOST_OUTLETS],
            article_count=len(texts),
        )
        for _, texts in ordered
    )
