"""Who tells a story, and who only carries what others tell: an agency, or the outlet that had it first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from consumers import packing
from consumers.cluster.carriers import Carrier
from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed
from consumers.normalize.agency_names import known_agency
from schemas.core.contract import utc_from_ms
from schemas.story.model import Syndication

_MOST_OUTLETS: Final = 50
_MOST_TEXTS: Final = 50


class Appearance(NamedTuple):
    """A text in one outlet, in the order of time: the article before its copies, unless one says that it came before."""

    time_ms: int
    """When, as far as it is known."""
    is_copy: bool
    """Whether it is a copy."""
    article_id: str
    """The article, or the copy."""
    outlet: str
    """Who."""
    precedes: bool = False
    """Whether it is a copy that says that it came before the article."""


@dataclass(frozen=True, slots=True)
class Text:
    """A member with its copies."""

    placed: Placed
    """The member."""
    agency: str
    """Whose text it is by the credit of the member, or of a copy of the whole; empty where nobody says so."""
    appearances: tuple[Appearance, ...]
    """The member and its copies, the earliest first."""

    @property
    def origin(self) -> str:
        """Who tells it: the agency, or the outlet that had it first."""
        return (self.agency or _called(self.appearances[0].outlet)).casefold()

    @property
    def shared(self) -> str:
        """What all texts have in common that are one source: the agency, otherwise nothing but the text itself."""
        return self.agency.casefold() or self.placed.article_id


def texts(members: Sequence[Placed], memory: Memory) -> list[Text]:
    """Return the members with what is known of their copies."""
    return [_text(placed, memory.carriers.of(placed.article_id), memory) for placed in members]


def outlets(of: Sequence[Text]) -> frozenset[tuple[str, str]]:
    """Return who has what: what a story's readers are told anew when it changes."""
    return frozenset((text.shared, seen.outlet) for text in of for seen in text.appearances)


def outlet_count(of: Sequence[Text]) -> int:
    """Return how many outlets have a story."""
    return len({seen.outlet for text in of for seen in text.appearances})


def independent_sources(of: Sequence[Text]) -> int:
    """Return how many sources tell a story themselves: the agency is the source of all that names it, and of its own articles."""
    return len({text.origin for text in of})


def syndications(of: Sequence[Text]) -> tuple[Syndication, ...]:
    """Return what several carry, and the agencies whose texts members are, the most carried first, at most 50."""
    named = {text.agency.casefold() for text in of if text.agency}
    groups: dict[str, list[Text]] = {}
    for text in of:
        groups.setdefault(text.origin if text.origin in named else text.shared, []).append(text)
    found = [
        _syndication(key if key in named else "", group)
        for key, group in sorted(groups.items())
        if key in named or len(group[0].appearances) > 1
    ]
    carried = [each for each in found if each is not None]
    return tuple(
        sorted(carried, key=lambda each: (-(each.outlet_count or 0), -each.article_count))[:_MOST_TEXTS]
    )


def _syndication(agency: str, group: Sequence[Text]) -> Syndication | None:
    """Return what is told of texts of one agency (whose own articles are among them), or of one text.

    None where nobody carries them: the agency's own articles, which name it too (`LONDON (Reuters) -`).
    """
    in_time = sorted(seen for text in group for seen in text.appearances)
    first = in_time[0]
    carried = list(
        dict.fromkeys(seen.outlet for seen in in_time if _called(seen.outlet).casefold() != agency)
    )
    if not carried:
        return None
    crediting = [text for text in group if text.agency] or group
    return Syndication(
        agency=min((text.placed.time_ms, text.placed.place, text.agency) for text in crediting)[2] or None,
        article_id=first.article_id,
        earliest_at=utc_from_ms(first.time_ms),
        precedes_original=first.precedes or None,
        outlets=tuple(carried[:_MOST_OUTLETS]),
        outlet_count=len(carried),
        article_count=len(crediting),
        copy_count=sum(seen.is_copy for seen in in_time),
    )


def _called(outlet: str) -> str:
    """Return an outlet's name as datelines and credits have it: `AP` for the Associated Press's own articles."""
    return known_agency(outlet) or outlet


def _text(placed: Placed, copies: Sequence[Carrier], memory: Memory) -> Text:
    credited = (copy.agency for copy in copies if copy.whole and copy.agency)
    seen = sorted(_appearances(placed, copies, memory))
    return Text(placed, placed.agency or next(credited, ""), tuple(seen))


def _appearances(placed: Placed, copies: Sequence[Carrier], memory: Memory) -> Iterator[Appearance]:
    yield Appearance(placed.time_ms, False, placed.article_id, memory.source_name(placed.source))
    for copy in copies:
        # Of times that do not say which was first, the article's is: a day without an hour is no claim to have been before.
        at = copy.time_ms if copy.precedes else max(copy.time_ms, placed.time_ms)
        yield Appearance(
            at, True, packing.long_raw(copy.copy), memory.source_name(copy.source), copy.precedes
        )
