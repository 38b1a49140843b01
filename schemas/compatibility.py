"""The gate between two releases of the contract: which changes of a published schema may keep their major version.

The mode is *full*: events written before must stay valid under the new schema (topics are kept and replayed, and a new consumer reads them
from the beginning: backward), and events written from now on must be valid under the schema that a subscriber took yesterday (forward).
Readers ignore fields they do not know, and writers may not set any that is not in the contract; together that leaves room for optional
fields, and for little else: `RULES` has the whole list, `schemas.difference` carries it out.

Fields never disappear and the values they take never change, so the relation is transitive: comparing with the last release is enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas.difference import Breaking, compare
from schemas.registry import EVENTS, schema, schema_id


@dataclass(frozen=True, slots=True)
class Rule:
    """The verdict on one kind of change."""

    change: str
    """What is changed."""
    passes: bool
    """Whether the major version may stay."""
    because: str
    """Why."""


RULES: Final = (
    Rule(
        "an optional field is added",
        True,
        "old readers ignore it, old events lack it, and none can have used its name for something else: writers are closed",
    ),
    Rule(
        "a description, title or example is changed",
        True,
        "nothing checks it; a new *meaning* needs a new field all the same",
    ),
    Rule("a definition is renamed, an enum reordered", True, "the same values are valid"),
    Rule("a new event, or a new major version with its topic", True, "nobody reads it yet"),
    Rule("a field is removed", False, "subscribers rely on it, and it could come back as something else"),
    Rule("a field is renamed", False, "it is a removal: keep the old name and add the new one beside it"),
    Rule(
        "a field is added to a map, or to an object without named fields",
        False,
        "old events may use its name for something else",
    ),
    Rule("a required field is added, a field becomes required", False, "old events lack it"),
    Rule("a field is no longer required", False, "old schemas require it of new events"),
    Rule("a type, enum, pattern, format or bound is narrowed", False, "old events may break it"),
    Rule(
        "a type, enum, pattern, format or bound is widened",
        False,
        "old schemas refuse new events, and readers have no branch for a new value",
    ),
    Rule(
        "a published default changes, comes or goes",
        False,
        "events without the field would mean something else",
    ),
    Rule("an object or map is closed, opened or changes kind", False, "one side refuses the other's events"),
    Rule("an event disappears, a major version goes down", False, "subscribers rely on it"),
    Rule(
        "a major version without its topic, or more than one up",
        False,
        "old and new events would share a topic; history would have a gap",
    ),
    Rule(
        "a keyword that the gate does not know",
        False,
        "what is not understood is not passed: teach the gate first",
    ),
)

RELEASED: Final = Path(__file__).parent / "released"
"""The schemas of the last release: `<event>/v<major>.json`; written by `schemas.release`."""


def check(topics: Mapping[str, str] | None = None) -> list[Breaking]:
    """Return the breaking changes of this tree's schemas against the released ones.

    `topics` maps events to their topics' names (`news.articles.v1`); with it, each topic must carry its event's major version.
    """
    found: list[Breaking] = []
    for event, majors in released().items():
        found += _against_history(event, majors)
    for event, major in EVENTS.items():
        path = RELEASED / event / f"v{major}.json"
        if path.exists():
            found += compare(event, json.loads(path.read_text(encoding="utf-8")), schema(event))
        if topics and event in topics and not topics[event].endswith(f".v{major}"):
            found.append(
                Breaking(
                    event,
                    "",
                    f"its major version is {major}, its topic is {topics[event]}",
                    "old and new events would share a topic",
                    f"name the topic in newswire/topology.py with .v{major} at its end",
                )
            )
    return found


def released() -> dict[str, list[int]]:
    """Return the major versions of each event in the released snapshot, lowest first; empty before the first release."""
    found: dict[str, list[int]] = {}
    for path in RELEASED.glob("*/v*.json"):
        found.setdefault(path.parent.name, []).append(int(path.stem.removeprefix("v")))
    return {event: sorted(majors) for event, majors in sorted(found.items())}


def _against_history(event: str, majors: list[int]) -> Iterator[Breaking]:
    last = majors[-1]
    if event not in EVENTS:
        yield Breaking(
            event,
            "",
            "the event is gone",
            "subscribers rely on it",
            "put it back into schemas/registry.py; to retire it, stop writing it and say so in the changelog",
        )
    elif not last <= EVENTS[event] <= last + 1:
        what = f"the major version is {EVENTS[event]}, the released one {last}"
        yield Breaking(
            event, "", what, f"{schema_id(event)} is not what follows", f"make it {last} or {last + 1}"
        )
