"""What is remembered of an article and of a story, packed: every change is a record on the changelog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from consumers import packing
from consumers.cluster.vector import Vector
from newswire.errors import StateFormatError

ARTICLE: Final = "a"
"""State keys of articles begin with this."""
STORY: Final = "t"
"""State keys of stories begin with this."""
CLOSED: Final = "x"
"""State keys of the marks of stories that were closed because their window had passed."""
_FORMAT: Final = 3
_HEADLINE_BYTES: Final = 160
_NAME_BYTES: Final = 200
_LONGEST_AGENCY: Final = 40  # characters, and bytes
_WORD_BYTES: Final = 320  # a keyword has at most 60 characters, a name 80
_ENTITY_TYPES: Final = ("person", "organisation", "place", "event", "work")
_ENTITY_BYTES: Final = 3
_HAS_PUBLISHED: Final = 1


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
    agency: str
    """The agency whose text it is; empty where it names none."""
    score: int
    """Likelihood when it joined, in ten-thousandths."""
    headline: str
    """Its headline, cut where it is long."""
    entities: frozenset[int]
    """Hashes of whom and what it names most."""
    vector: Vector
    """Its terms."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        flags = _HAS_PUBLISHED if self.published_ms is not None else 0
        numbers = (
            _FORMAT,
            self.place,
            self.revision,
            self.step,
            self.source,
            self.score,
            flags,
            len(self.entities),
        )
        return b"".join(
            (
                *map(packing.number, numbers),
                packing.raw(self.story_id),
                packing.text(self.language, 8),
                packing.signed(self.time_ms),
                packing.signed(self.published_ms - self.time_ms) if self.published_ms is not None else b"",
                packing.text(cut(self.headline), _HEADLINE_BYTES),
                packing.text(self.agency, _LONGEST_AGENCY),
                *(key.to_bytes(_ENTITY_BYTES, "big") for key in sorted(self.entities)),
                self.vector.pack(),
            )
        )

    @classmethod
    def unpack(cls, article_id: str, value: bytes) -> Placed:
        """Read what was packed. StateFormatError for another format."""
        data = packing.Reader(value)
        _check_format(data, f"article {article_id}")
        place, revision, step, source, score, flags, entities = (data.number() for _ in range(7))
        story_id = packing.long_raw(data.take(16))
        language, time_ms = data.text(), data.signed()
        published_ms = time_ms + data.signed() if flags & _HAS_PUBLISHED else None
        return cls(
            article_id=article_id,
            story_id=story_id,
            place=place,
            revision=revision,
            step=step,
            time_ms=time_ms,
            published_ms=published_ms,
            language=language,
            source=source,
            score=score,
            headline=data.text(),
            agency=data.text(),
            entities=frozenset(int.from_bytes(data.take(_ENTITY_BYTES), "big") for _ in range(entities)),
            vector=Vector.unpack(data),
        )


def cut(headline: str) -> str:
    """Return what is remembered of a headline, with `…` where it was cut."""
    return packing.cut(headline, _HEADLINE_BYTES)


def kept_name(source: str) -> str:
    """Return what is remembered of a source's name, with `…` where it was cut: each event has it as often as there are members."""
    return packing.cut(source, _NAME_BYTES)


def kept_agency(agency: str | None) -> str:
    """Return what is remembered of the agency that a text names; empty where it names none."""
    return (agency or "").strip()[:_LONGEST_AGENCY]


class Named(NamedTuple):
    """A person, organisation or place that a story names."""

    name: str
    """Its name."""
    type: str
    """Kind of entity."""


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
    entities: tuple[Named, ...] = ()
    """Whom and what its members name."""
    apart: tuple[str, ...] = ()
    """Stories that it must not become one with: the same template or the same series, of another day."""
    goes_on: str = ""
    """The story that takes articles in its place, since it is full; empty where none does."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        sizes = len(self.keywords), len(self.entities), len(self.apart), int(bool(self.goes_on))
        return b"".join(
            (
                *map(packing.number, (_FORMAT, self.version, self.places, self.step, *sizes)),
                packing.text(self.language, 8),
                *(packing.text(word, _WORD_BYTES) for word in self.keywords),
                *(
                    packing.number(_ENTITY_TYPES.index(named.type)) + packing.text(named.name, _WORD_BYTES)
                    for named in self.entities
                ),
                *map(packing.raw, self.apart),
                packing.raw(self.goes_on) if self.goes_on else b"",
            )
        )

    @classmethod
    def unpack(cls, story_id: str, value: bytes) -> Told:
        """Read what was packed. StateFormatError for another format."""
        data = packing.Reader(value)
        _check_format(data, f"story {story_id}")
        version, places, step, keywords, entities, apart, goes_on = (data.number() for _ in range(7))
        return cls(
            story_id=story_id,
            version=version,
            places=places,
            step=step,
            language=data.text(),
            keywords=tuple(data.text() for _ in range(keywords)),
            entities=tuple(_named(data) for _ in range(entities)),
            apart=tuple(packing.long_raw(data.take(16)) for _ in range(apart)),
            goes_on=packing.long_raw(data.take(16)) if goes_on else "",
        )


def changed_in(packed: bytes) -> int:
    """Return the step in which a packed story last changed, without the rest of it."""
    data = packing.Reader(packed)
    _check_format(data, "a story")
    *_, step = (data.number() for _ in range(3))
    return step


def _named(data: packing.Reader) -> Named:
    kind = _ENTITY_TYPES[data.number()]
    return Named(data.text(), kind)


def _check_format(data: packing.Reader, what: str) -> None:
    if (version := data.number()) != _FORMAT:
        raise StateFormatError(what, version, str(_FORMAT))
