"""One article under several ids: what its source calls it (`guid`) leads to it when its address has changed, and the other way round.

`a<start of an id>` holds the article that a capture with this id belongs to, 27 bytes, once one was recognised by something else. A guid
is looked for among the articles of the window. It alone makes no two captures one article, for there are feeds that give all items the
same: address or text must agree too. A headline is no text: `Morning briefing` is written every day. Nor is a template that is filled with
other numbers and names: then headline or time of publication must be the same as well, as of a count that goes on.
"""

from __future__ import annotations

from typing import Final

from consumers import packing
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.facts import Statements
from consumers.deduplicate.headlines import cut
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.places import asked_of, guid_in, same
from consumers.deduplicate.record import ALIAS, Known
from consumers.deduplicate.sketch import overlap, shingles
from consumers.deduplicate.slugs import published_ms
from consumers.deduplicate.words import body, read
from newswire.state.contract import State
from newswire.wires import OF_TRANSMISSIONS

_CHARACTERS: Final = 10  # 60 bits: among ten million, one in a hundred million meets another's
_LEAST_SAME: Final = 0.25  # of either text, where only the guid is the same
_LEAST_SHINGLES: Final = 5  # a text with fewer says nothing: then the headline must be the same


def resolve(arrival: Arrival, memory: Memory, state: State) -> Arrival:
    """Return a capture as one of the article that it belongs to by what is known, or as it is."""
    wire = arrival.article.wire
    sent = wire is not None and wire.format in OF_TRANSMISSIONS
    if (
        (wire is not None and not sent)
        or load(state, arrival.id) is not None
        or memory.waiting.of(arrival.id)
    ):
        return arrival
    if (value := state.get(_key(arrival.id))) is not None:
        return arrival.known_as(packing.long_raw(value), "guid" if sent else "address")
    if sent:
        return arrival
    guid = guid_in(asked_of(arrival.article))
    for article_id in memory.window.with_guid(guid) if guid else ():
        known = load(state, article_id)
        if known is not None and guid_in(known.place) == guid and _agrees(known, arrival, memory):
            return arrival.known_as(article_id, "guid")
    return arrival


def note(arrival: Arrival, state: State) -> None:
    """Remember by what else an article is known."""
    if arrival.captured_as is not None:
        key, value = _key(arrival.captured_as), packing.raw(arrival.id)
        if state.get(key) != value:
            state.put(key, value)


def _agrees(known: Known, arrival: Arrival, memory: Memory) -> bool:
    article = arrival.article
    if known.sketch is None or memory.origin_of(known)[0].name != article.source.name:
        return False
    if article.rights.status == "canceled":  # a kill may have neither text nor headline
        return True
    if same(asked_of(article), known.place):
        return True
    words = read(body(article.sections, article.summary))
    arrived = shingles(words)
    same_headline = cut(article.headline) == known.headline
    if min(arrived.count, known.sketch.count) < _LEAST_SHINGLES:
        return same_headline
    both = overlap(known.sketch, arrived)
    if max(both.of_stored, both.of_arrived) < _LEAST_SAME:
        return False
    if (
        same_headline
        or known.facts is None
        or Statements(words, article.language).agreement(known.facts).holds
    ):
        return True
    published = published_ms(article)
    return published is not None and published == known.published_ms


def _key(article_id: str) -> str:
    return ALIAS + packing.short(article_id)[:_CHARACTERS]
