"""What normalize makes of one capture, without a broker: each field, where it comes from, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newswire.errors import Drop, Reject
from newswire.event import Event
from newswire.stage.runner import load_handler
from newswire.state.memory import MemoryState
from newswire.topology import topic
from schemas.core.lineage import RecordRef
from schemas.core.provenance import Provenance
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the article."""

    name: str
    value: Any
    """Its value; None where nothing was found, or nothing of it was taken."""
    why: Provenance


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of a capture."""

    article: Normalized | None
    """None when it was refused."""
    fields: tuple[Field, ...] = ()
    """Those that were inferred, in the order of the contract; those of which nothing was taken at the end."""
    refused: Reject | Drop | None = None
    """The verdict, when it was refused."""


def explain(raw: Raw) -> Explained:
    """Return what today's rules make of a capture, as if it were the first of its article."""
    event = Event(
        name="raw",
        id="explain",
        key=raw.url or raw.guid or raw.path or "",
        data=raw.to_data(),
        ref=RecordRef(topic=topic("raw").name, partition=0, offset=0),
        timestamp_ms=round(raw.captured_at.timestamp() * 1000),
    )
    try:
        (emitted,) = load_handler("normalize").handle(event, MemoryState())
    except (Reject, Drop) as verdict:
        return Explained(None, refused=verdict)
    article = emitted.data
    assert isinstance(article, Normalized), "that is what the stage writes"
    names = [name for name in Normalized.model_fields if name in article.provenance]
    names += [name for name in article.provenance if name not in names]
    return Explained(
        article, tuple(Field(name, getattr(article, name, None), article.provenance[name]) for name in names)
    )
