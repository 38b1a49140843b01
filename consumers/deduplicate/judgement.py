"""What an article is that was never published: a known one under another id, a copy of one, or a new one. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from consumers.deduplicate import near, notices, series, signals, slugs
from consumers.deduplicate.arrival import Arrival, KnownBy
from consumers.deduplicate.arrived_text import ArrivedText
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.near import Match
from consumers.deduplicate.places import asked_of, same
from consumers.deduplicate.record import Known
from consumers.deduplicate.table import content_key
from newswire.state.contract import State
from newswire.wires import OF_TRANSMISSIONS
from schemas.core.notice import Notice


@dataclass(frozen=True, slots=True)
class Recognised:
    """A capture of an article that is known under another id."""

    article_id: str
    """That id."""
    by: KnownBy
    """By what it was recognised."""


@dataclass(frozen=True, slots=True)
class ExactCopy:
    """An article with the very content of another one."""

    original: Known
    """The other one."""


@dataclass(frozen=True, slots=True)
class NearCopy:
    """An article that shares most of its text, or of the other's, with another one."""

    match: Match
    """The other one, and what they share."""
    merges: tuple[Match, ...]
    """Other articles that are the same text as the original, as this text shows."""


@dataclass(frozen=True, slots=True)
class New:
    """An article of its own."""

    siblings: tuple[Match, ...]
    """Articles of the same wording that tell other facts."""
    spoken_of: tuple[Notice, ...]
    """The articles that it is a notice of."""


Judgement = Recognised | ExactCopy | NearCopy | New


def judge(text: ArrivedText, known: Known | None, memory: Memory, state: State) -> Judgement:
    """Return what an article is that was never published; `known` is what is remembered of it, if it was a copy until now.

    Only what is not known yet can be recognised as another article.
    """
    arrival = text.arrival
    if len(text.words.hashes) >= memory.rules.least_words:
        first = _same_content(arrival, memory, state)
        if first is not None:
            renamed = slugs.renamed(arrival.article, first, None)
            by = _known_by(arrival, first, memory, renamed=renamed) if known is None else None
            return Recognised(first.article_id, by) if by else ExactCopy(first)
    spoken_of = notices.found_in(arrival, memory, state)
    found = near.find(text.shingles, text.statements, arrival.article.source.name, memory, state)
    match = found.of_house if found.copy_of is None else found.copy_of
    if match is None:
        return New(found.siblings, spoken_of)
    original = match.original
    another_day = _one_source(arrival, original, memory) and series.another_day(arrival, match)
    another = found.copy_of is None or another_day or _speaks_of_another(arrival, original, spoken_of, memory)
    if known is None and (found.copy_of is None or match.verdict != "excerpt"):
        renamed = not another and slugs.renamed(arrival.article, original, match)
        by = _known_by(arrival, original, memory, renamed=renamed)
        if by is not None and not (another and by == "notice"):
            return Recognised(original.article_id, by)
    if another:
        return New((match,) if another_day else found.siblings, spoken_of)
    return NearCopy(match, found.merges)


def _speaks_of_another(
    arrival: Arrival, original: Known, spoken_of: tuple[Notice, ...], memory: Memory
) -> bool:
    """Whether a text is a notice of another article than one like it: all notices of a house may have the same words otherwise."""
    if spoken_of and original.article_id not in {notice.article_id for notice in spoken_of}:
        return True
    return _one_source(arrival, original, memory) and notices.are_two(
        arrival.article.headline, original.headline
    )


def _known_by(arrival: Arrival, original: Known, memory: Memory, *, renamed: bool = False) -> KnownBy | None:
    """Return by what a near copy of the same source is a capture of the very same article; None where it is an article of its own.

    `renamed` says that its address is one with another slug (see `slugs`).
    """
    article = arrival.article
    if not _one_source(arrival, original, memory):
        return None
    said = {"corrected", "refiled", "updated", "retracted"}.intersection(signals.of_its_text(article))
    if article.wire is not None or original.order is not None:
        # An agency's uri says what is one item, unless it names what was sent: then a correction has another one.
        sent = article.wire is not None and article.wire.format in OF_TRANSMISSIONS
        return "notice" if said and sent and original.order is not None and not original.order[0] else None
    if same(asked_of(article), original.place):
        return "address"
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
