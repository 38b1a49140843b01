"""What is remembered of an article, packed: every change of it is a record on the changelog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from consumers import packing
from consumers.deduplicate import versions
from consumers.deduplicate.facts import Facts
from consumers.deduplicate.sketch import Sketch
from schemas.core.lineage import RecordRef

PREFIX: Final = "d"
"""State keys of articles begin with this."""
MOST_FORMER: Final = 8
"""Earlier contents that are remembered of an article, so that a late capture of one is known."""
_HEADLINE_BYTES: Final = 120
_URL_BYTES: Final = 250
_FORMAT: Final = 1
_SKETCHED, _EARLIER, _VERSIONED, _POSTS = 4, 8, 16, 32


class Status(IntEnum):
    """What became of an article."""

    PUBLISHED = 0
    COPY = 1
    WITHHELD = 2
    WITHDRAWN = 3


@dataclass(frozen=True, slots=True)
class Known:
    """An article that was seen before."""

    article_id: str
    """Its id; the state key, not in the value."""
    status: Status
    """Whether its last capture was published, a copy, or withdrawn."""
    revision: int
    """Number of the last published revision; 0 when none was."""
    first_seen_ms: int
    """When its first capture was made."""
    captured_ms: int
    """When the capture of the present content was made."""
    seen_step: int
    """Step of the stage's clock in which it or a copy of it was last seen: the windows slide by it."""
    origin: int
    """Number of the source and raw topic that its present content came from."""
    partition: int
    """Raw partition of the present content."""
    offset: int
    """Raw offset of the present content."""
    content_hash: bytes
    """SHA-256 of the present content."""
    words_hash: bytes
    """Four bytes over all words, without case, punctuation and spacing."""
    fields: bytes
    """A byte or two for each field (see `changes.field_hashes`)."""
    former: tuple[bytes, ...] = ()
    """First eight bytes of earlier content hashes, oldest first."""
    order: versions.Order | None = None
    """Where the version of its last capture stands; only for an agency's item."""
    sketch: Sketch | None = None
    """Sample of its shingles; None for a copy and a withdrawn article: nothing is compared with them."""
    facts: Facts | None = None
    """Sample of its facts; with the sketch."""
    headline: str = ""
    """Its headline; with the sketch."""
    url: str | None = None
    """Its canonical URL, unless it is very long; with the sketch."""
    posts: bytes = b""
    """Of a live blog eight bytes for each update (see `changes.post_hashes`)."""
    copy_of: bytes = b""
    """The article that it is a copy of, as 16 bytes; only for a copy, and not for one that was seen before this was remembered."""

    def raw(self, topic: str) -> RecordRef:
        """Return the raw record of the present content."""
        return RecordRef(topic=topic, partition=self.partition, offset=self.offset)

    def seen_at(self, step: int) -> Known:
        """Return the same with a later time of last sight."""
        return replace(self, seen_step=step)

    @staticmethod
    def peek(value: bytes) -> tuple[Status, int]:
        """Return status and time of last sight without reading the rest."""
        data = packing.Reader(value)
        _, flags, _, _, _, seen_step = (data.number() for _ in range(6))
        return Status(flags & 3), seen_step

    @staticmethod
    def origin_in(value: bytes) -> int:
        """Return the number of the origin without reading the rest."""
        data = packing.Reader(value)
        return [data.number() for _ in range(7)][6]

    @classmethod
    def copy_in(cls, value: bytes) -> bytes:
        """Return what an article is a copy of without reading the rest; nothing where it is none."""
        status, _ = cls.peek(value)
        return cls.unpack("", value).copy_of if status is Status.COPY else b""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        delta = self.captured_ms - self.first_seen_ms
        numbers = (
            _FORMAT,
            self.status
            | (_SKETCHED if self.sketch else 0)
            | (_EARLIER if delta < 0 else 0)
            | (_VERSIONED if self.order is not None else 0)
            | (_POSTS if self.posts else 0),
            self.revision,
            self.first_seen_ms,
            abs(delta),
            self.seen_step,
            self.origin,
            self.partition,
            self.offset,
            len(self.fields),
            len(self.former),
        )
        parts = [*map(packing.number, numbers), self.content_hash, self.words_hash, self.fields, *self.former]
        if self.order is not None:
            parts.append(versions.pack(self.order))
        if self.posts:
            parts += (packing.number(len(self.posts)), self.posts)
        if self.sketch and self.facts is not None:
            parts += (self.sketch.pack(), self.facts.pack(), packing.text(self.headline, _HEADLINE_BYTES))
            fits = self.url and len(self.url.encode()) <= _URL_BYTES  # a cut address leads nowhere
            parts.append(packing.text(self.url if self.url and fits else "", _URL_BYTES))
        elif self.status is Status.COPY:
            parts.append(self.copy_of)
        return b"".join(parts)

    @classmethod
    def unpack(cls, article_id: str, value: bytes) -> Known:
        """Return what was packed. ValueError for another format: the stage's state must then be rebuilt by a replay."""
        data = packing.Reader(value)
        if (version := data.number()) != _FORMAT:
            raise ValueError(
                f"state of article {article_id} has format {version}, this code reads {_FORMAT}: replay the stage"
            )
        flags, revision, first_seen_ms, delta, seen_step = (data.number() for _ in range(5))
        origin, partition, offset, fields, former = (data.number() for _ in range(5))
        sketched = bool(flags & _SKETCHED)
        return cls(
            article_id=article_id,
            status=Status(flags & 3),
            revision=revision,
            first_seen_ms=first_seen_ms,
            captured_ms=first_seen_ms - delta if flags & _EARLIER else first_seen_ms + delta,
            seen_step=seen_step,
            origin=origin,
            partition=partition,
            offset=offset,
            content_hash=data.take(32),
            words_hash=data.take(4),
            fields=data.take(fields),
            former=tuple(data.take(8) for _ in range(former)),
            order=versions.unpack(data) if flags & _VERSIONED else None,
            posts=data.take(data.number()) if flags & _POSTS else b"",
            sketch=Sketch.unpack(data) if sketched else None,
            facts=Facts.unpack(data) if sketched else None,
            headline=data.text() if sketched else "",
            url=(data.text() or None) if sketched else None,
            copy_of=data.rest() if not sketched and flags & 3 == Status.COPY else b"",
        )


def state_key(article_id: str) -> str:
    """Return the state key of an article: 23 characters instead of 37."""
    return PREFIX + packing.short(article_id)


def article_id_of(key: str) -> str:
    """Return the article id of a state key."""
    return packing.long(key[len(PREFIX) :])
