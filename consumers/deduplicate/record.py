"""What is remembered of an article, packed: every change of it is a record on the changelog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from consumers import packing
from consumers.clock import STEP_MS
from consumers.deduplicate import fields, format_one, format_three, headlines, places, sample, versions
from consumers.deduplicate.facts import Facts
from consumers.deduplicate.places import NOWHERE
from consumers.deduplicate.sketch import Sketch
from newswire.errors import StateFormatError
from schemas.core.lineage import RecordRef

PREFIX: Final = "d"
"""State keys of articles begin with this."""
ALIAS: Final = "a"
"""State keys of other ids of an article begin with this (see `aliases`)."""
NOTICE: Final = "n"
"""State keys of notices about an article begin with this (see `notices`)."""
REMAINS: Final = "r"
"""State keys of what purged articles are known again by begin with this (see `remains`)."""
KILLED: Final = b"k"
"""Ends the value of such a key where it is of a killed article: it is forgotten with the kill. That of a purged one stays."""
MOST_FORMER: Final = 8
"""Earlier contents that are remembered of an article, so that a late capture of one is known."""
_FORMAT: Final = 4
_FORMAT_BITS: Final = 6
_WRITTEN_AS: Final = 1  # there are only two bits for it, and format 1 has another place for its number
_SKETCHED, _EARLIER, _VERSIONED, _POSTS = 4, 8, 16, 32
_FORMER_BITS: Final = 4  # of the number that holds revision and how many earlier contents there are
_FORMER_BYTES: Final = 4
_COPY_HASH_BYTES: Final = 8
_WORDS_BYTES: Final = 3
_NO_FIELDS: Final = bytes(3)


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
    """SHA-256 of the present content; of an article that was never published its first eight bytes."""
    words_hash: bytes = b""
    """Three bytes over all words, without case, punctuation and spacing; with the sketch."""
    fields: bytes = b""
    """A byte or two for each field that says something (see `fields.hashes_of`); with the sketch."""
    former: tuple[bytes, ...] = ()
    """First four bytes of earlier content hashes, oldest first."""
    order: versions.Order | None = None
    """Where the version of its last capture stands; only for an agency's item."""
    sketch: Sketch | None = None
    """Sample of its shingles; None for a copy and a withdrawn article: nothing is compared with them."""
    facts: Facts | None = None
    """Sample of its facts; with the sketch."""
    headline: str = ""
    """Its headline, cut; with the sketch."""
    published_ms: int | None = None
    """When its publisher says that it was published, to the second; with the sketch."""
    place: bytes = NOWHERE
    """What is kept of its address and guid (see `places.place_of`); with the sketch."""
    posts: bytes = b""
    """Of a live blog eight bytes for each update (see `posts.hashes_of`)."""
    copy_of: bytes = b""
    """The article that it is a copy of, as 16 bytes; only for a copy, and not for one that was seen before this was remembered."""

    def raw(self, topic: str) -> RecordRef:
        """Return the raw record of the present content."""
        return RecordRef(topic=topic, partition=self.partition, offset=self.offset)

    def seen_at(self, step: int) -> Known:
        """Return the same with a later time of last sight."""
        return replace(self, seen_step=step)

    def shows(self, content_hash: bytes) -> bool:
        """Return whether this is the present content."""
        return self.content_hash == content_hash[: len(self.content_hash)]

    def showed(self, content_hash: bytes) -> bool:
        """Return whether this was the content at an earlier time."""
        return content_hash[:_FORMER_BYTES] in self.former

    def with_former(self) -> tuple[bytes, ...]:
        """Return the earlier contents of the next revision."""
        if not self.revision:
            return ()
        return (*self.former, self.content_hash[:_FORMER_BYTES])[-MOST_FORMER:]

    @staticmethod
    def peek(value: bytes) -> tuple[Status, int]:
        """Return status and time of last sight without reading the rest."""
        flags, numbers = _head(packing.Reader(value))
        return Status(flags & 3), numbers[2]

    @staticmethod
    def origin_in(value: bytes) -> int:
        """Return the number of the origin without reading the rest."""
        return _head(packing.Reader(value))[1][3]

    @classmethod
    def copy_in(cls, value: bytes) -> bytes:
        """Return what an article is a copy of without reading the rest; nothing where it is none."""
        status, _ = cls.peek(value)
        return cls.unpack("", value).copy_of if status is Status.COPY else b""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        delta = self.captured_ms - self.first_seen_ms
        flags = (
            self.status
            | (_SKETCHED if self.sketch else 0)
            | (_EARLIER if delta < 0 else 0)
            | (_VERSIONED if self.order is not None else 0)
            | (_POSTS if self.posts else 0)
        )
        shown = self.revision << _FORMER_BITS | len(self.former)
        parts = [
            bytes((_WRITTEN_AS << _FORMAT_BITS | flags,)),
            packing.number(self.first_seen_ms),
            packing.number(abs(delta)),
            packing.signed(self.seen_step - self.first_seen_ms // STEP_MS),
            *map(packing.number, (self.origin, self.partition, self.offset, shown)),
        ]
        parts += (self.content_hash if self.revision else self.content_hash[:_COPY_HASH_BYTES], *self.former)
        if self.order is not None:
            parts.append(versions.pack(self.order))
        if self.posts:
            parts += (packing.number(len(self.posts)), self.posts)
        if self.sketch and self.facts is not None:
            published = (
                0 if self.published_ms is None else _seconds_before(self.first_seen_ms, self.published_ms)
            )
            parts += (self.words_hash, fields.pack(self.fields or _NO_FIELDS), packing.signed(published))
            parts += (places.pack(self.place), headlines.pack(self.headline))
            parts.append(sample.pack(self.sketch, self.facts))
        elif self.status is Status.COPY:
            parts.append(self.copy_of)
        return b"".join(parts)

    @classmethod
    def unpack(cls, article_id: str, value: bytes) -> Known:
        """Return what was packed. StateFormatError for another format."""
        data = packing.Reader(value)
        flags, numbers = _head(data)
        if value[0] == format_one.FIRST_BYTE:
            return cls(article_id, Status(flags & 3), *_in_order(numbers), **format_one.body(data, flags))
        first_seen_ms, captured_ms, seen_step, origin, partition, offset, revision, former = numbers
        status = Status(flags & 3)
        content_hash = data.take(32 if revision else _COPY_HASH_BYTES)
        earlier = tuple([data.take(_FORMER_BYTES) for _ in range(former)])
        order = versions.unpack(data) if flags & _VERSIONED else None
        posts = data.take(data.number()) if flags & _POSTS else b""
        compared: dict[str, Any] = {}
        if flags & _SKETCHED:
            before = flags >> _FORMAT_BITS != _WRITTEN_AS
            compared = format_three.compared(data, flags >> _FORMAT_BITS) if before else _compared(data)
            compared["published_ms"] = _published_ms(first_seen_ms, compared.pop("published"))
        elif status is Status.COPY:
            compared = {"copy_of": data.rest()}
        return cls(
            article_id=article_id,
            status=status,
            revision=revision,
            first_seen_ms=first_seen_ms,
            captured_ms=captured_ms,
            seen_step=seen_step,
            origin=origin,
            partition=partition,
            offset=offset,
            content_hash=content_hash,
            former=earlier,
            order=order,
            posts=posts,
            **compared,
        )


def state_key(article_id: str) -> str:
    """Return the state key of an article: 23 characters instead of 37."""
    return PREFIX + packing.short(article_id)


def article_id_of(key: str) -> str:
    """Return the article id of a state key."""
    return packing.long(key[len(PREFIX) :])


def _head(data: packing.Reader) -> tuple[int, list[int]]:
    """Return the flags and: first seen, capture, last seen, origin, partition, offset, revision, earlier contents."""
    if data.starts_with(format_one.FIRST_BYTE):
        return format_one.head(data)
    (flags,) = data.take(1)
    version = flags >> _FORMAT_BITS
    if version != _WRITTEN_AS and version not in format_three.NUMBERS:
        raise StateFormatError("an article", version, f"1 to {_FORMAT}")
    first_seen_ms, delta, since = data.number(), data.number(), data.signed()
    captured_ms = first_seen_ms - delta if flags & _EARLIER else first_seen_ms + delta
    origin, partition, offset, shown = (data.number() for _ in range(4))
    revision, former = divmod(shown, 1 << _FORMER_BITS) if version == _WRITTEN_AS else (shown, data.number())
    seen_step = first_seen_ms // STEP_MS + since
    return flags, [first_seen_ms, captured_ms, seen_step, origin, partition, offset, revision, former]


def _compared(data: packing.Reader) -> dict[str, Any]:
    """Return what articles are compared by, by its names."""
    found: dict[str, Any] = {
        "words_hash": data.take(_WORDS_BYTES),
        "fields": fields.take(data),
        "published": data.signed(),
        "place": places.take(data),
        "headline": headlines.take(data),
    }
    found["sketch"], found["facts"] = sample.take(data)
    return found


def _in_order(numbers: list[int]) -> tuple[int, int, int, int, int, int, int]:
    """Return the numbers of a head in the order of the fields of `Known`."""
    first_seen_ms, captured_ms, seen_step, origin, partition, offset, revision = numbers[:7]
    return revision, first_seen_ms, captured_ms, seen_step, origin, partition, offset


def _seconds_before(first_seen_ms: int, published_ms: int) -> int:
    seconds = first_seen_ms // 1000 - published_ms // 1000
    return seconds + 1 if seconds >= 0 else seconds  # 0 is for what says nothing


def _published_ms(first_seen_ms: int, seconds: int) -> int | None:
    if not seconds:
        return None
    return (first_seen_ms // 1000 - (seconds - 1 if seconds > 0 else seconds)) * 1000
