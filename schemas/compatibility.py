"""The gate between two releases of the contract: which changes of a published schema may keep their major version.

The mode is *full*: events written before must stay valid under the new schema (topics are kept and replayed, and a new consumer reads them
from the beginning: backward), and events written from now on must be valid under the schema that a subscriber took yesterday (forward).
Readers ignore fields they do not know, and writers may not set any that is not in the contract, so this leaves little:

=====================================================  ========  ======================================================================
change                                                 verdict   because
=====================================================  ========  ======================================================================
an optional field is added                             passes    old readers ignore it, old events lack it, and no old event can have
                                                                 used its name for something else: writers are closed
a description, title or example changes                passes    nothing checks it (a change of *meaning* needs a new field all the same)
a definition is renamed, an enum reordered             passes    the same values are valid
a new event, or a new major version with its topic     passes    nobody reads it yet
a field is removed                                     refused   subscribers rely on it; and it could come back as something else
a field is renamed                                     refused   it is a removal: keep the old name, add the new one beside it
a field is added to a map, or to an object without     refused   old events may use its name for something else
named fields
a required field is added, a field becomes required    refused   old events lack it
a field is no longer required                          refused   old schemas require it of new events
a type, enum, pattern, format or bound is narrowed     refused   old events may break it
a type, enum, pattern, format or bound is widened      refused   old schemas refuse new events; readers have no branch for a new value
a published default changes, comes or goes             refused   events that lack the field would mean something else
an object or map is closed, opened or changes kind     refused   one side or the other refuses the events
an event disappears, a major version goes down         refused   subscribers rely on it
a major version without its topic, or more than +1     refused   old and new events would share a topic; history would have a gap
a keyword this gate does not know, on either side      refused   what is not understood is not passed: teach the gate first
=====================================================  ========  ======================================================================

Fields never disappear and the values they take never change, so the relation is transitive: comparing with the last release is enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from schemas.difference import Breaking, compare
from schemas.registry import EVENTS, schema, schema_id

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
