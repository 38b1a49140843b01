"""What is remembered of an article and of a story, packed: every change is a record on the changelog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from consumers import packing
from consumers.cluster.vector import Vector

ARTICLE: Final = "a"
"""State keys of articles begin with this."""
STORY: Final = "t"
"""State keys of stories begin with this."""
_HEADLINE_BYTES: Final = 160


@dataclass(frozen=True, slots=True)
class Placed:
    """An article in a story."""

    article_id: str
    """Its id; the state key, not in the value."""
    story_id: str
    """The story."""
    place: int
    """Order of joining within the story."""
    revision: int
    """Its revision when it was last looked at."""
    step: int
    """Step of the stage's clock in which it was last looked at."""
    time_ms: int
    """When it was published, or captured: for the distance to others."""
    published_ms: int | None
    """When it says that it was published."""
    language: str
    """Its language (ISO 639)."""
    source: int
    """Number of its source."""
    score: int
    """Similarity when it joined, in ten-thousandths."""
    headline: str
    """Its headline."""
    vector: Vector
    """Its terms."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        stated = self.published_ms is not None
        return b"".join(
            (
                packing.short(self.story_id).encode(),
                *map(packing.number, (self.place, self.revision, self.step, self.source, self.score, stated)),
                packing.text(self.language, 8),
                packing.signed(self.time_ms),
                packing.signed(self.published_ms or 0),
                packing.text(self.headline, _HEADLINE_BYTES),
                self.vector.pack(),
            )
        )

    @classmethod
    def unpack(cls, article_id: str, value: bytes) -> Placed:
        """Read what was packed."""
        data = packing.Reader(value)
        story_id = packing.long(data.take(22).decode())
        place, revision, step, source, score, stated = (data.number() for _ in range(6))
        language = data.text()
        time_ms, published_ms = data.signed(), data.signed()
        return cls(
            article_id=article_id,
            story_id=story_id,
            place=place,
            revision=revision,
            step=step,
            time_ms=time_ms,
            published_ms=published_ms if stated else None,
            language=language,
            source=source,
            score=score,
            headline=data.text(),
            vector=Vector.unpack(data.rest()),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A story, without its members: they know it."""

    story_id: str
    """Its id; the state key, not in the value."""
    version: int
    """Changes so far."""
    places: int
    """Members so far, those that were withdrawn included."""
    step: int
    """Step of the stage's clock in which it last changed."""
    language: str
    """Language of its members (ISO 639)."""
    keywords: tuple[str, ...]
    """Terms named in its last event."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        return orjson.dumps((self.version, self.places, self.step, self.language, *self.keywords))

    @classmethod
    def unpack(cls, story_id: str, value: bytes) -> Told:
        """Read what was packed."""
        version, places, step, language, *keywords = orjson.loads(value)
        return cls(story_id, version, places, step, language, tuple(keywords))
