"""Which items of a feed are new: by their guid, and by something steadier where a feed's guids cannot be trusted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from producers.feeds.model import Item

Level = Literal["guid", "link", "text"]

CHURN_SHARE: Final = 0.5
"""Share of the addresses seen before that must have another guid now."""
CHURN_LEAST: Final = 3
"""Addresses seen before that it takes to judge."""
CHURN_POLLS: Final = 2
"""Polls in a row in which guids changed, before they are given up: once may be a new content system."""
_SCHEME: Final = re.compile(r"^https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keys:
    """What identifies an item, at each level. Absent where the item does not say it."""

    guid: str | None
    """The guid; `http:` and `https:` are one."""
    link: str | None
    text: str
    """A hash over address, title and date as written: all that is left when an item has nothing else."""

    def at(self, level: Level) -> str:
        """Return the key at a level, or the next steadier one that the item has. Keys of different levels never collide."""
        if level == "guid" and self.guid is not None:
            return f"guid {self.guid}"
        if level in ("guid", "link") and self.link is not None:
            return f"link {self.link}"
        return f"text {self.text}"

    def all(self) -> tuple[str, ...]:
        """Return its keys at all levels: what has to be remembered, so that a change of level repeats nothing."""
        return tuple(dict.fromkeys(self.at(level) for level in ("guid", "link", "text")))


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a feed's ids are believed. It only ever falls: a feed that was wrong before is not believed again by itself."""

    level: Level = "guid"
    why: str | None = None
    """What made it fall, for people."""
    churned: int = 0
    """Polls in a row in which known addresses had new guids."""


def keys_of(item: Item) -> Keys:
    """Return what identifies an item."""
    said = "\x1f".join(
        (
            item.link or "",
            # Its first words change with it; but they are all that tells one without title and address from others of its day.
            "" if item.title_from_body and item.link else item.title or "",
            item.published_text or item.updated_text or "",
        )
    )
    if said == "\x1f\x1f":
        said = item.content or item.summary or ""
    digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
    return Keys(_same(item.guid), _same(item.link), digest)


def judge(trust: Trust, items: Sequence[Keys], guids_by_link: dict[str, str]) -> Trust:
    """Return how far the ids are believed after a poll.

    `guids_by_link` is what `remembered` gave after the poll before. Guids collide when two items share one and have different addresses,
    or none and different texts: then addresses identify, or texts where addresses collide too. Guids churn when half of the known addresses
    have another one, in two polls in a row.
    """
    if trust.level == "guid":
        if _collide((each.guid, each.link or each.text) for each in items):
            trust = Trust("link", "items with different addresses or texts share a guid")
        else:
            trust = _after_churn(trust, items, guids_by_link)
    if trust.level == "link" and _collide((each.link, each.text) for each in items):
        return Trust("text", f"{trust.why}, and different items share an address")
    return trust


def remembered(items: Sequence[Keys]) -> dict[str, str]:
    """Return the guid of each address that has exactly one: what churn is seen by at the next poll."""
    found: dict[str, str] = {}
    several = Counter(each.link for each in items)
    for each in items:
        if each.link is not None and each.guid is not None and several[each.link] == 1:
            found[each.link] = each.guid
    return found


def _after_churn(trust: Trust, items: Sequence[Keys], before: dict[str, str]) -> Trust:
    now = remembered(items)
    known = [link for link in now if link in before]
    changed = sum(1 for link in known if now[link] != before[link])
    if len(known) < CHURN_LEAST:
        return trust
    if changed < CHURN_SHARE * len(known):
        return replace(trust, churned=0)
    if trust.churned + 1 >= CHURN_POLLS:
        return Trust("link", "the guids of known addresses change from poll to poll")
    return replace(trust, churned=trust.churned + 1)


def _collide(pairs: Iterable[tuple[str | None, str]]) -> bool:
    seen: dict[str, str] = {}
    return any(key is not None and seen.setdefault(key, other) != other for key, other in pairs)


def _same(address: str | None) -> str | None:
    return _SCHEME.sub("//", address) if address else None
