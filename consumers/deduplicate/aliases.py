"""One article under several ids: what its source calls it (`guid`) leads to it when its address has changed, and the other way round.

`g<hash of source and guid>` and `a<start of an id>` hold the article id, 27 bytes each, only where they are needed: an item whose
guid is its address has none. A guid alone makes no two captures one article, for there are feeds that give all items the same: headline,
address or text must agree too.
"""

from __future__ import annotations

import base64
from hashlib import blake2b
from typing import Final

from consumers import packing
from consumers.deduplicate.events import Arrival
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.places import place_of, same
from consumers.deduplicate.record import ALIASES, Known, Status, cut
from consumers.deduplicate.sketch import overlap, shingles
from consumers.deduplicate.words import body, read
from newswire.state.contract import State

_ID, _GUID = ALIASES
_CHARACTERS: Final = 10  # 60 bits: among ten million, one in a hundred million meets another's
_LEAST_SAME: Final = 0.25  # of either text, where only the guid is the same


def resolve(arrival: Arrival, memory: Memory, state: State) -> Arrival:
    """Return a capture as one of the article that it belongs to by what is known, or as it is."""
    if (
        arrival.article.wire is not None
        or load(state, arrival.id) is not None
        or memory.waiting.of(arrival.id)
    ):
        return arrival
    if (known := _get(_id_key(arrival.id), state)) is not None:
        return arrival.known_as(known, "address")
    key = _guid_key(arrival)
    known = _get(key, state) if key else None
    if known is not None and _agrees(load(state, known), arrival):
        return arrival.known_as(known, "guid")
    return arrival


def note(arrival: Arrival, state: State) -> None:
    """Remember by what else an article is known, once it is published."""
    keys = [_guid_key(arrival), _id_key(arrival.captured_as) if arrival.captured_as else None]
    value = packing.raw(arrival.id)
    for key in keys:
        if key and state.get(key) != value:
            state.put(key, value)


def _agrees(known: Known | None, arrival: Arrival) -> bool:
    if known is None or known.status is not Status.PUBLISHED or known.sketch is None:
        return False
    article = arrival.article
    if article.rights.status == "canceled":  # a kill may have neither text nor headline
        return True
    if cut(article.headline) == known.headline or same(place_of(article.url), known.place):
        return True
    both = overlap(known.sketch, shingles(read(body(article.sections, article.summary))))
    return max(both.of_stored, both.of_arrived) >= _LEAST_SAME


def _get(key: str, state: State) -> str | None:
    value = state.get(key)
    return None if value is None else packing.long_raw(value)


def _guid_key(arrival: Arrival) -> str | None:
    article = arrival.article
    if not article.guid or article.wire is not None or article.guid == article.url:
        return None
    digest = blake2b(f"{article.source.name}\x1f{article.guid}".encode(), digest_size=8).digest()
    return _GUID + base64.urlsafe_b64encode(digest).decode()[:_CHARACTERS]


def _id_key(article_id: str) -> str:
    return _ID + packing.short(article_id)[:_CHARACTERS]
