"""Purges: articles that must be forgotten. Nothing of a text stays; subscribers are told by withdrawals, and by tombstones.

What stays of a published article is its id, the number of its last revision and its raw record's place, so that a subscriber sees a later
revision after the earlier ones, should its publisher ever be allowed again; and hashes by which it is known under another address
(`remains`). What was a copy of a purged article is forgotten too: its next
capture is judged anew, and may be published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from consumers import packing, purges
from consumers.deduplicate import carried, record, remains
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.places import NOWHERE
from consumers.deduplicate.record import Known, Status
from consumers.normalize.content_hash import content_hash
from newswire.event import Emit
from newswire.state.contract import State
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import Activity, Lineage, RecordRef
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.normalized.model import Normalized
from schemas.purge.model import Purge
from schemas.unique.model import Revision, Unique

HEADLINE: Final = "(purged)"
"""What stands in place of a headline, which every article must have."""
NOTHING: Final = bytes.fromhex(content_hash(HEADLINE, None, ()))
"""Content hash of what is left."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """A raw record that is withdrawn: all that the withdrawal tells."""

    source: Source
    ref: RecordRef
    captured_ms: int


def purge(purge: Purge, activity: Activity, memory: Memory, state: State) -> list[Emit]:
    """Forget what a purge names, at most `purges.MOST` articles, and return what subscribers are told."""
    emits: list[Emit] = []
    gone: set[bytes] = set()
    for article_id in islice(_waiting(purge, memory, state), purges.MOST):
        emits += _end_waiting(article_id, purge, activity, memory, state)
        gone.add(packing.raw(article_id))
    for known in islice(_matching(purge, memory, state), purges.MOST - len(gone)):
        gone.add(packing.raw(known.article_id))
        if purge.kind != "publisher":  # that is refused by its name
            remains.leave(known, memory, state)
        if known.status is Status.COPY:
            state.delete(record.state_key(known.article_id))
            # The copy's own event has its headline and passages: whoever stored those learns by this.
            emits.append(Emit("duplicate", known.article_id, None))
            emits += _no_longer_carried(known, activity, memory)
            continue
        source, topic = memory.origin_of(known)
        raw = _Raw(source, known.raw(topic), known.captured_ms)
        emits.append(_withdrawal(known.article_id, known, raw, purge, activity))
        memory.save(_remnant(known), known, state)
    _free_copies(gone, state)
    return emits


def remembers(purge: Purge, memory: Memory, state: State) -> list[str]:
    """Return the articles of a purge of which more than the remnant is still in the state."""
    return [*_waiting(purge, memory, state), *(known.article_id for known in _matching(purge, memory, state))]


def _waiting(purge: Purge, memory: Memory, state: State) -> list[str]:
    """Return the articles under embargo that a purge names."""
    return [
        article_id
        for article_id in memory.waiting.ids()
        if purges.names_article(purge, article_id)
        or (
            purge.kind == "publisher"
            and any(
                purge.names_source(Source.from_data(capture.data["source"]))
                for capture in memory.waiting.captures(article_id, state)
            )
        )
    ]


def _matching(purge: Purge, memory: Memory, state: State) -> list[Known]:
    """Return what is known of the articles that a purge names, remnants of earlier purges left out."""
    if purge.kind != "publisher":
        ids = sorted({*purge.article_ids, *((purge.name,) if purge.kind == "article" else ())})
        values = [(id_, state.get(record.state_key(id_))) for id_ in ids]
        found = [Known.unpack(id_, value) for id_, value in values if value is not None]
    else:
        origins = memory.origins_of(purge.names_source)
        found = [
            Known.unpack(record.article_id_of(key), value)
            for key, value in (state.scan(record.PREFIX) if origins else ())
            if Known.origin_in(value) in origins
        ]
    return [known for known in found if known.content_hash != NOTHING]


def _end_waiting(
    article_id: str, purge: Purge, activity: Activity, memory: Memory, state: State
) -> list[Emit]:
    """End an embargo: each capture that waited has a withdrawal as its fate."""
    emits: list[Emit] = []
    before = load(state, article_id)
    if before is not None:
        emits += _no_longer_carried(before, activity, memory)
    known = before
    for capture in memory.waiting.take(article_id, state):
        article = Normalized.from_data(capture.data)
        if purge.kind != "publisher":
            remains.leave_waiting(article, article_id, memory, state)
        captured_ms = max(0, round(article.captured_at.timestamp() * 1000))
        ref = article.lineage.was_derived_from
        origin = memory.origin(article.source, ref.topic, state)
        if known is None:
            known = _first(article_id, origin, ref, captured_ms, memory.clock.step)
        raw = _Raw(article.source, ref, captured_ms)
        emits.append(_withdrawal(article_id, known, raw, purge, activity))
        known = _remnant(known)
    if known is not None:
        memory.save(known, before, state)
    return [*emits, Emit("held", article_id, None)]


def _no_longer_carried(known: Known, activity: Activity, memory: Memory) -> list[Emit]:
    """Return what is told behind the original of a copy that goes: nothing of the copy but its id."""
    if known.status is not Status.COPY or not known.copy_of:
        return []
    lineage = Lineage(was_derived_from=known.raw(memory.origin_of(known)[1]), was_generated_by=(activity,))
    return [carried.ended(known.copy_of, known.article_id, lineage)]


def _first(article_id: str, origin: int, ref: RecordRef, captured_ms: int, step: int) -> Known:
    return Known(
        article_id=article_id,
        status=Status.WITHHELD,
        revision=0,
        first_seen_ms=captured_ms,
        captured_ms=captured_ms,
        seen_step=step,
        origin=origin,
        partition=ref.partition,
        offset=ref.offset,
        content_hash=NOTHING,
    )


def _remnant(known: Known) -> Known:
    """Return what stays on record: one revision later, and nothing of the content. What its publisher killed stays killed."""
    return replace(
        known,
        status=Status.WITHDRAWN if known.status is Status.WITHDRAWN else Status.WITHHELD,
        revision=known.revision + 1,
        content_hash=NOTHING,
        words_hash=b"",
        fields=b"",
        former=(),
        posts=b"",
        sketch=None,
        facts=None,
        headline="",
        published_ms=None,
        place=NOWHERE,
    )


def _withdrawal(article_id: str, known: Known, raw: _Raw, purge: Purge, activity: Activity) -> Emit:
    """Return the event that says that an article is gone: its id, its source, and why."""
    event = Unique(
        article_id=article_id,
        source=raw.source,
        kind="article",
        headline=HEADLINE,
        language="und",
        captured_at=utc_from_ms(raw.captured_ms),
        sections=(),
        content_hash=NOTHING.hex(),
        rights=Rights(status="canceled"),
        provenance={},
        lineage=Lineage(was_derived_from=raw.ref, was_generated_by=(activity,)),
        revision=Revision(number=known.revision + 1, change="withdrawn", purge=purge.mark),
        first_seen_at=utc_from_ms(known.first_seen_ms),
    )
    return Emit("unique", article_id, event)


def _free_copies(gone: set[bytes], state: State) -> None:
    """Forget the copies of what is gone. They were never published, so that nobody has to be told."""
    if not gone:
        return
    freed = [key for key, value in state.scan(record.PREFIX) if Known.copy_in(value) in gone]
    for key in freed:
        state.delete(key)
