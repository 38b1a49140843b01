"""The text of a capture, read once for all that it is compared with."""

from __future__ import annotations

from consumers.deduplicate import fields, posts
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.facts import Statements
from consumers.deduplicate.headlines import cut
from consumers.deduplicate.memory import Memory
from consumers.deduplicate.places import NOWHERE, place_of
from consumers.deduplicate.record import Known, Status
from consumers.deduplicate.sketch import Shingles, shingles, sketch
from consumers.deduplicate.words import Block, body, hash_of, is_cut, read
from newswire.state.contract import State


class ArrivedText:
    """The text of a capture, read for comparison."""

    def __init__(self, arrival: Arrival) -> None:
        article = arrival.article
        self.arrival = arrival
        self.blocks: list[Block] = body(article.sections, article.summary)
        self.words = read(self.blocks)
        self.shingles: Shingles = shingles(self.words)
        self.statements = Statements(self.words, article.language)
        self.words_hash = hash_of(article.headline, article.summary, self.words)
        if is_cut(self.blocks):
            # The words that differ may be in the rest: no change is taken for a cosmetic one.
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
