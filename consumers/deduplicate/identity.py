"""The identity layer: whether an article has been seen, and with which content."""

from __future__ import annotations

from dataclasses import replace

from consumers import packing
from consumers.deduplicate import (
    aliases,
    changes,
    events,
    fields,
    notices,
    passages,
    posts,
    remains,
    signals,
    versions,
)
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.arrived_text import ArrivedText
from consumers.deduplicate.judgement import ExactCopy, NearCopy, New, Recognised, judge
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.places import guid_in
from consumers.deduplicate.record import Known, Status
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
    if known is not None and not (newer or elsewhere):
        if known.shows(arrival.content_hash) and known.status in {Status.PUBLISHED, Status.COPY}:
            return _redelivered(arrival, known, "content-hash", memory, state)
        if _is_overtaken(arrival, known, memory):
            return _redelivered(arrival, known, "older-version", memory, state)
    if known is not None and known.status is not Status.COPY:
        return _revise(arrival, known, memory, state)
    return _introduce(arrival, known, memory, state)


def supersede(arrival: Arrival, memory: Memory, state: State) -> Emit:
    """Return the event of a version that changes nothing, since a newer one of the same item is known."""
    known = load(state, arrival.id)
    assert known is not None, "what supersedes it was remembered"
    rule = "content-hash" if known.shows(arrival.content_hash) else "older-version"
    return _nothing_new(arrival, known, rule, memory, state)


def withdraw(arrival: Arrival, status: Status, memory: Memory, state: State, *, again: bool = False) -> Emit:
    """Withdraw an article and return the capture's one event: the withdrawal, or a copy of it when it was withdrawn before.

    `again` makes it a withdrawal in any case: for captures that waited and whose end this is.
    """
    known = load(state, arrival.id)
    if known is not None and known.status is status and not again:
        if versions.is_before(known.order, arrival.order):
            memory.save(replace(known, order=arrival.order), known, state)
        return _nothing_new(arrival, known, "withdrawal-repeated", memory, state)
    spoken_of = notices.of_killed_copy(known, state) if status is Status.WITHDRAWN else ()
    notices.remember(arrival.id, spoken_of, state)
    if known is not None and status is Status.WITHDRAWN:
        remains.leave_killed(known, memory, state)
    told = arrival.without_text()
    now = ArrivedText(told).remembered(memory, state, status, known)
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


def _is_overtaken(arrival: Arrival, known: Known, memory: Memory) -> bool:
    """Whether a capture was made before that of the present content, and shows what was there before.

    What was shown before needs no more. Other content is an older version only where no agency's version tells; and a time of capture that
    had not come when the latest record did (an archive's mistake, a clock that is wrong) overtakes nothing.
    """
    by_ms = known.captured_ms - arrival.captured_ms
    if by_ms <= 0 or known.shows(arrival.content_hash):
        return False
    if known.showed(arrival.content_hash):
        return True
    if arrival.order is not None or known.order is not None:
        return False
    return by_ms > memory.rules.overtaken_seconds * 1000 and known.captured_ms < memory.clock.end_ms


def _redelivered(arrival: Arrival, known: Known, rule: str, memory: Memory, state: State) -> Emit:
    emitted = _nothing_new(arrival, known, rule, memory, state)
    if arrival.captured_as is not None:
        aliases.note(arrival, state)
    return emitted


def _nothing_new(arrival: Arrival, known: Known, rule: str, memory: Memory, state: State) -> Emit:
    memory.refresh(known, state)
    source, topic = memory.origin_of(known)
    return events.duplicate_of_itself(arrival, known, source, topic, rule)


def _revise(arrival: Arrival, known: Known, memory: Memory, state: State) -> Emit:
    text = ArrivedText(arrival)
    now = text.remembered(memory, state, Status.PUBLISHED, known)
    changed_fields = fields.changed(
        known.fields, now.fields, guids=(guid_in(known.place), guid_in(now.place))
    )
    # An agency's version says what it says, also by leaving it out.
    if known.status is Status.PUBLISHED and arrival.order is None:
        less = fields.says_less(changed_fields, now.fields, guid_in(now.place))
        if less and changes.same_text(known, now, text.shingles):
            return _redelivered(arrival, known, "says-less", memory, state)
    memory.save(now, known, state)
    aliases.note(arrival, state)
    added, changed = posts.changed(known.posts, arrival.article)
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


def _introduce(arrival: Arrival, known: Known | None, memory: Memory, state: State) -> Emit:
    """Publish an article that never was, or link it to what it is a copy of."""
    text = ArrivedText(arrival)
    match judge(text, known, memory, state):
        case Recognised() as found:
            return settle(arrival.known_as(found.article_id, found.by), memory, state)
        case ExactCopy(original):
            _remember_copy(text, original, known, memory, state)
            noticed_by = notices.about(original.article_id, state)
            return events.exact_copy(arrival, original, *memory.origin_of(original), noticed_by=noticed_by)
        case NearCopy() as copy:
            return _near_copy(text, copy, known, memory, state)
        case New() as new:
            return _publish(text, new, known, memory, state)


def _publish(text: ArrivedText, new: New, known: Known | None, memory: Memory, state: State) -> Emit:
    arrival = text.arrival
    now = text.remembered(memory, state, Status.PUBLISHED, known)
    memory.save(now, known, state)
    aliases.note(arrival, state)
    notices.remember(arrival.id, new.spoken_of, state)
    revision = Revision(
        number=now.revision,
        change="new",
        signals=signals.read(arrival.article, {notice.says for notice in new.spoken_of}) or None,
        split_from=packing.long_raw(known.copy_of) if known and known.copy_of else None,
    )
    return events.unique(
        arrival,
        revision,
        now.first_seen_ms,
        new.siblings,
        notice_of=new.spoken_of,
        noticed_by=notices.about(arrival.id, state),
    )


def _near_copy(text: ArrivedText, copy: NearCopy, known: Known | None, memory: Memory, state: State) -> Emit:
    original = copy.match.original
    _remember_copy(text, original, known, memory, state)
    assert original.sketch is not None, "only what has a sketch can match"
    return events.near_copy(
        text.arrival,
        copy.match,
        *memory.origin_of(original),
        passages.shared(text.blocks, text.words, text.shingles, original.sketch),
        merges=copy.merges,
        noticed_by=notices.about(original.article_id, state),
    )


def _remember_copy(
    text: ArrivedText, original: Known, before: Known | None, memory: Memory, state: State
) -> None:
    copy = text.remembered(memory, state, Status.COPY, before)
    memory.save(replace(copy, copy_of=packing.raw(original.article_id)), before, state)
    memory.refresh(original, state)
