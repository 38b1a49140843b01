"""What `newswire schemas list` shows."""

from __future__ import annotations

from dataclasses import dataclass

import schemas
from newswire import topology


@dataclass(frozen=True, slots=True)
class Listed:
    """One event of the contract."""

    event: str
    """Event name."""
    version: int
    """Major version."""
    id: str
    """`$id` of its schema, also the `ce_dataschema` header."""
    topic: str | None
    """Its topic; None when it has none of its own."""
    fields: int
    """How many fields it has at its top."""
    means: str
    """What it is, in a sentence or two."""


def listing() -> list[Listed]:
    """Return all events, in the order of the pipeline. Reads the committed schema files; loads no model."""
    topics = {topic.event: topic.name for topic in topology.TOPICS}
    return [
        Listed(
            event=event,
            version=major,
            id=schemas.schema_id(event),
            topic=topics.get(event),
            fields=len(schemas.schema(event)["properties"]),
            means=schemas.schema(event)["description"],
        )
        for event, major in schemas.EVENTS.items()
    ]
