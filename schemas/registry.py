"""Which events there are, under which version, and how to get at their model and their published schema."""

from __future__ import annotations

import functools
import importlib
import importlib.resources
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from schemas.core.contract import Contract

EVENTS: Final[dict[str, int]] = {
    "raw": 1,
    "normalized": 1,
    "unique": 1,
    "duplicate": 1,
    "article": 1,
    "story": 1,
    "held": 1,
    "rejected": 1,
    "tick": 1,
    "purge": 1,
    "carried": 1,
}
"""Event name -> major version of its contract. A breaking change is a new major version, and with it a new topic."""


def version(event: str) -> int:
    """Return the major version of an event's contract; ValueError names the events there are when it is none of them."""
    try:
        return EVENTS[event]
    except KeyError:
        raise ValueError(f"no event is called {event!r}; there are: {', '.join(EVENTS)}") from None


def schema_id(event: str) -> str:
    """Return the `$id` of the event's JSON Schema, which is also the `ce_dataschema` header of its records."""
    return f"urn:newswire:schema:{event}:v{version(event)}"


def model(event: str) -> type[Contract]:
    """Return the pydantic model of an event, e.g. `model("raw")` is `schemas.raw.model.Raw`."""
    version(event)
    module = importlib.import_module(f"schemas.{event}.model")
    found: type[Contract] = getattr(module, event.capitalize())
    return found


@functools.cache
def schema(event: str) -> dict[str, Any]:
    """Return the published JSON Schema (2020-12) of an event as the committed file says it. Treat it as read-only."""
    version(event)
    text = importlib.resources.files(f"schemas.{event}").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
