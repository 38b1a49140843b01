"""The identity layer: whether an article has been seen, and with which content."""

from __future__ import annotations

from dataclasses import replace

from consumers import packing
from consumers.deduplicate import (
    aliases,
    changes,
    events,
    fields,
    near,
    notices,
    passages,
    posts,
    remains,
    series,
    signals,
    slugs,
    versions,
)
from consumers.deduplicate.events import Arrival, KnownBy
from consumers.deduplicate.facts import Statements
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.places import NOWHERE, asked_of, guid_in, place_of, same
from consumers.deduplicate.record import Known, Status, cut
from consumers.deduplicate.sketch import Shingles, shingles, sketch
from consumers.deduplicate.table import content_key
from consumers.deduplicate.words import Block, body, hash_of, is_cut, read
from newswire.event import Emit
from newswire.state.contract import State
from schemas.unique.model import Revision


def is_published(known: Known, arrival: Arrival) -> bool:
    """Return whether this very content is what the article shows to everyone."""
    return known.status is Status.PUBLISHED and known.shows(arrival.content_hash)


def settle(arrival: Arrival, memory: Memory, state: State) -> Emit:
    """Decide about a capture that may be published, remember it, and return its one event."""
    known = load(state, arrival.id)
    if known is not None and versions.is_before(arrival.order, known.order):
        return supersede(arrival, memory, state)
    # A newer version is one by its publisher's word, also where the text is the same: urgency or rights have changed.
    newer = known is not None and versions.is_before(known.order, arrival.order)
    elsewhere = (
        known is not None
        and is_published(known, arrival)
        and fields.seen_elsewhere(known.fields, arrival.article)
    )
    if known is not None and not (newer or elsewhere) and _shown_before(known, arrival):
        memory.refresh(known, state)
        if arrival.captured_as is not None:
            aliases.note(arrival, state)
        source, topic = memory.origin_of(known)
        return events.duplicate_of_itself(arrival, known, source, topic, "content-hash")
    if known is not None and known.status is not Status.COPY:
        return _revise(arrival, known, memory, state)
    return _judge(arrival, known, memory, state)


def supersede(arrival: Arrival, memory: Memory, state: State) -> Emit:
    """Return the event of a version that changes nothing, since a newer one of the same item is known."""
    known = load(state, arrival.id)
    assert known is not None, "what supersedes it was remembered"
    memory.refresh(known, state)
    source, topic = memory.origin_of(known)
    rule = "content-hash" if known.shows(arrival.content_hash) else "older-version"
    return events.duplicate_of_itself(arrival, known, source, topic, rule)


def withdraw(arrival: Arrival, status: Status, memory: Memory, state: State, *, again: bool = False) -> Emit:
    """Withdraw an article and return the capture's one event: the withdrawal, or a copy of it when it was withdrawn before.

    `again` makes it a withdrawal in any case: for captures that waited and whose end this is.
    """
    known = load(state, arrival.id)
    if known is not None and known.status is status and not again:
        if versions.is_before(known.order, arrival.order):
            memory.save(replace(known, order=arrival.order), known, state)
        memory.refresh(known, state)
        source, topic = memory.origin_of(known)
        return events.duplicate_of_itself(arrival, known, source, topic, "withdrawal-repeated")
    spoken_of = notices.of_killed_copy(known, state) if status is Status.WITHDRAWN else ()
    notices.remember(arrival.id, spoken_of, state)
    if known is not None and status is Status.WITHDRAWN:
        remains.leave_killed(known, memory, state)
    told = arrival.without_text()
    now = _Text(told).remembered(memory, state, status, known)
    memory.save(now, known, state)
    revision = Revision(
        number=now.revision,
        change="withdrawn",
        previous_content_hash=known.content_hash.hex() if known and known.revision else None,
        previous=known.raw(memory.origin_of(known)[1]) if known and known.revision else None,
        captured_as=arrival.captured_as,
        known_by=arrival.known_by,
    )
    return events.unique(told, revision, now.first_seen_ms, notice_of=spoken_of)


class _Text:
    """A capture, read for comparison."""

    def __init__(self, arrival: Arrival) -> None:
        article = arrival.article
        self.arrival = arrival
        self.blocks: list[Block] = body(article.sections, article.summary)
        self.words = read(self.blocks)
        self.shingles: Shingles = shingles(self.words)
        self.statements = Statements(self.words)
        self.words_hash = hash_of(article.headline, article.summary, self.words)
        if is_cut(
            self.blocks
        ):  # where the words that differ may be in the rest, no change is taken for a cosmetic one
            self.words_hash = arrival.content_hash[: len(self.words_hash)]

    def remembered(self, memory: Memory, state: State, status: Status, before: Known | None) -> Known:
        """Return what to remember of it as the article's next state; its revision is the next one."""
        arrival = self.arrival
        raw = arrival.article.lineage.was_derived_from
        compared = status is Status.PUBLISHED
        published = arrival.article.published_at
        return Known(
            article_id=arrival.id,
            status=status,
            revision=(before.revision if before else 0) + (status is not Status.COPY),
            first_seen_ms=before.first_seen_ms if before else arrival.captured_ms,
            captured_ms=arrival.captured_ms,
            seen_step=memory.clock.step,
            origin=memory.origin(arrival.article.source, raw.topic, state),
            partition=raw.partition,
            offset=raw.offset,
            content_hash=arrival.content_hash,
            words_hash=self.words_hash if compared else b"",
            fields=fields.hashes_of(arrival.article) if compared else b"",
            former=before.with_former() if before else (),
            posts=posts.hashes_of(arrival.article) if compared else b"",
            order=arrival.order,
            sketch=sketch(self.shingles) if compared else None,
            facts=self.statements.facts() if compared else None,
            headline=cut(arrival.article.headline) if compared else "",
            published_ms=round(published.timestamp()) * 1000 if published and compared else None,
            place=place_of(arrival.article) if compared else NOWHERE,
        )


def _shown_before(known: Known, arrival: Arrival) -> bool:
    """Whether a capture shows the present content, or comes late and shows an earlier one."""
    if known.shows(arrival.content_hash):
        return known.status in {Status.PUBLISHED, Status.COPY}
    return arrival.captured_ms < known.captured_ms and known.showed(arrival.content_hash)


def _revise(arrival: Arrival, known: Known, memory: Memory, state: State) -> Emit:
    text = _Text(arrival)
    now = text.remembered(memory, state, Status.PUBLISHED, known)
    memory.save(now, known, state)
    aliases.note(arrival, state)
    added, changed = posts.changed(known.posts, arrival.article)
    changed_fields = fields.changed(
        known.fields, now.fields, guids=(guid_in(known.place), guid_in(now.place))
    )
    spoken_of = notices.found_in(arrival, memory, state)
    notices.remember(arrival.id, spoken_of, state)
    said = signals.read(arrival.article, {notice.says for notice in spoken_of})
    revision = Revision(
        number=now.revision,
        change="revised",
        posts_added=added,
        posts_changed=changed,
        relation=changes.relation(known, text.words_hash, text.shingles, text.statements, said),
        changed_fields=changed_fields,
        previous_content_hash=known.content_hash.hex(),
        previous=known.raw(memory.origin_of(known)[1]),
        signals=(*said, *(("modified",) if "modified_at" in changed_fields else ())) or None,
        captured_as=arrival.captured_as,
        known_by=arrival.known_by,
    )
    return events.unique(
        arrival,
        revision,
        now.first_seen_ms,
        notice_of=spoken_of,
        noticed_by=notices.about(arrival.id, state),
    )


def _judge(arrival: Arrival, known: Known | None, memory: Memory, state: State) -> Emit:
    """Decide about an article that was never published: new, or a copy of another."""
    text = _Text(arrival)
    if len(text.words.hashes) >= memory.rules.least_words:
        first = _same_content(arrival, memory, state)
        if first is not None:
            renamed = slugs.renamed(arrival.article, first, None)
            if known is None and (by := _known_by(arrival, first, memory, renamed=renamed)):
                return settle(arrival.known_as(first.article_id, by), memory, state)
            _remember_copy(text, first, known, memory, state)
            noticed_by = notices.about(first.article_id, state)
            return events.exact_copy(arrival, first, *memory.origin_of(first), noticed_by=noticed_by)
    spoken_of = notices.found_in(arrival, memory, state)
    found = near.find(text.shingles, text.statements, arrival.article.source.name, memory, state)
    siblings = found.siblings
    if found.copy_of is not None:
        original = found.copy_of.original
        of_one = _one_source(arrival, original, memory)
        # All notices of a house may have the same words, but for what they are about.
        another = of_one and notices.are_two(arrival.article.headline, original.headline)
        if of_one and series.another_day(arrival, found.copy_of):
            another, siblings = True, (found.copy_of,)
        another = another or bool(spoken_of and original.article_id not in {n.article_id for n in spoken_of})
        whole = found.copy_of.verdict != "excerpt"
        renamed = not another and slugs.renamed(arrival.article, original, found.copy_of)
        by = _known_by(arrival, original, memory, renamed=renamed) if known is None and whole else None
        if by is not None and not (another and by == "notice"):
            return settle(arrival.known_as(original.article_id, by), memory, state)
        if not another:
            return _near_copy(text, found, known, memory, state)
    elif found.of_house is not None:
        if known is None and _known_by(arrival, found.of_house.original, memory) == "address":
            return settle(arrival.known_as(found.of_house.original.article_id, "address"), memory, state)
        if series.another_day(arrival, found.of_house):
            siblings = (found.of_house,)
    now = text.remembered(memory, state, Status.PUBLISHED, known)
    memory.save(now, known, state)
    aliases.note(arrival, state)
    notices.remember(arrival.id, spoken_of, state)
    revision = Revision(
        number=now.revision,
        change="new",
        signals=signals.read(arrival.article, {notice.says for notice in spoken_of}) or None,
        split_from=packing.long_raw(known.copy_of) if known and known.copy_of else None,
    )
    return events.unique(
        arrival,
        revision,
        now.first_seen_ms,
        siblings,
        notice_of=spoken_of,
        noticed_by=notices.about(arrival.id, state),
    )


def _near_copy(text: _Text, found: near.Found, known: Known | None, memory: Memory, state: State) -> Emit:
    assert found.copy_of is not None, "it is a copy of something"
    original = found.copy_of.original
    _remember_copy(text, original, known, memory, state)
    assert original.sketch is not None, "only what has a sketch can match"
    return events.near_copy(
        text.arrival,
        found.copy_of,
        *memory.origin_of(original),
        passages.shared(text.blocks, text.words, text.shingles, original.sketch),
        merges=found.merges,
        noticed_by=notices.about(original.article_id, state),
    )


def _known_by(arrival: Arrival, original: Known, memory: Memory, *, renamed: bool = False) -> KnownBy | None:
    """Return by what a near copy of the same source is a capture of the very same article; None where it is an article of its own.

    `renamed` says that its address is one with another slug (see `slugs`).
    """
    article = arrival.article
    if article.wire is not None or original.order is not None or not _one_source(arrival, original, memory):
        return None
    if same(asked_of(article), original.place):
        return "address"
    said = {"corrected", "refiled", "updated", "retracted"}.intersection(signals.in_headline(article))
    if said:
        return "notice"
    return "address" if renamed else None


def _one_source(arrival: Arrival, original: Known, memory: Memory) -> bool:
    return memory.origin_of(original)[0].name == arrival.article.source.name


def _same_content(arrival: Arrival, memory: Memory, state: State) -> Known | None:
    """Return the article that was first published with this content, or None."""
    held = memory.window.with_content(content_key(arrival.content_hash))
    found = [known for article_id in held if (known := load(state, article_id)) is not None]
    same = [known for known in found if known.shows(arrival.content_hash)]
    return min(same, key=lambda known: known.first_seen_ms, default=None)


def _remember_copy(text: _Text, original: Known, before: Known | None, memory: Memory, state: State) -> None:
    copy = text.remembered(memory, state, Status.COPY, before)
    memory.save(replace(copy, copy_of=packing.raw(original.article_id)), before, state)
    memory.refresh(original, state)
