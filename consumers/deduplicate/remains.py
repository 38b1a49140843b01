"""What is left of an article that is gone to know it again by, should it come back under another address or id.

No word of it: hashes of eight bytes, each over its source and one trait, at most four of them, under `r<hash>` with the article's id. What
has one of them is taken for the purged article, and refused as long as its purge holds. Traits are

- its guid, where no other article in the window has the same: there are feeds that give all items one;
- its content, word for word;
- the path of its address, or the number in it, together with the headline.

Of an agency's item that was killed its content is kept in the same way, as long as the kill is: the same text under another uri of the same
source is the killed one. Whoever else carries it is another publisher.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from consumers import packing, purges
from consumers.deduplicate.headlines import cut
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.names import headline_key
from consumers.deduplicate.places import asked_of, guid_in
from consumers.deduplicate.record import KILLED, REMAINS, Known, Status
from newswire.errors import Drop
from newswire.state.contract import State
from schemas.normalized.model import Normalized

_CONTENT_BYTES: Final = 8  # of a copy no more of the content hash is remembered


def leave(known: Known, memory: Memory, state: State) -> None:
    """Keep what an article is known again by. It is still in the state and in the window."""
    source = memory.origin_of(known)[0].name
    traits = list(_traits(source, known.place, known.headline, known.content_hash))
    if not _is_alone(known, memory, state):
        traits = traits[1:]
    _keep(known.article_id, traits, memory, state)


def leave_waiting(article: Normalized, article_id: str, memory: Memory, state: State) -> None:
    """Keep what an article that waited is known again by; nobody else is known to have its guid."""
    _keep(article_id, _of(article), memory, state)


def leave_killed(known: Known, memory: Memory, state: State) -> None:
    """Keep by what the text of an agency's item that is being killed is known again."""
    if known.order is None or known.status not in {Status.PUBLISHED, Status.COPY}:
        return
    trait = _key(memory.origin_of(known)[0].name, "content", known.content_hash[:_CONTENT_BYTES])
    if trait not in memory.remains:
        state.put(trait, packing.raw(known.article_id) + KILLED)
        memory.remains.add(trait)


def refuse(article: Normalized, timestamp_ms: int, memory: Memory, state: State) -> None:
    """Raise `Drop` where an article has a trait of one whose purge still holds, or that was killed."""
    if not memory.remains:
        return
    for trait in _of(article):
        if trait not in memory.remains or (value := state.get(trait)) is None:
            continue
        article_id = packing.long_raw(value[:16])
        if value[16:] == KILLED:
            if article.rights.status == "canceled":
                continue
            raise Drop(
                "withdrawn",
                f"its source has killed this text as {article_id}: it is not published under another id either",
            )
        purges.refuse(state, article.source, timestamp_ms, article_id=article_id, url=article.url)


def _of(article: Normalized) -> Iterator[str]:
    content_hash = bytes.fromhex(article.content_hash)
    return _traits(article.source.name, asked_of(article), cut(article.headline), content_hash)


def _traits(source: str, place: bytes, headline: str, content_hash: bytes) -> Iterator[str]:
    """Yield the keys of an article's traits, that of the guid first."""
    name = headline_key(source, headline).to_bytes(3, "big")
    yield _key(source, "guid", place[4:]) if guid_in(place) else ""
    yield _key(source, "content", content_hash[:_CONTENT_BYTES])
    if any(place[:2]):
        yield _key(source, "path", place[:2] + name)
    # What is remembered may be a directory instead of a number (`places`). No capture asks for that: it would be too little.
    if any(place[2:4]):
        yield _key(source, "number", place[2:4] + name)


def _key(source: str, kind: str, value: bytes) -> str:
    digest = blake2b(f"{source}\x1f{kind}\x1f".encode() + value, digest_size=8).digest()
    return REMAINS + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _keep(article_id: str, traits: Iterator[str] | list[str], memory: Memory, state: State) -> None:
    for trait in filter(None, traits):
        state.put(trait, packing.raw(article_id))
        memory.remains.add(trait)


def _is_alone(known: Known, memory: Memory, state: State) -> bool:
    guid = guid_in(known.place)
    if memory.window.is_common_guid(guid):
        return False
    others = (load(state, each) for each in memory.window.with_guid(guid) if each != known.article_id)
    return not any(other is not None and guid_in(other.place) == guid for other in others)
