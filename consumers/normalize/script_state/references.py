"""References within states: what stands once and is named elsewhere, put in the place of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from consumers.normalize.script_state.literals import read_literal

_CACHES: Final = ("ROOT_QUERY", "client:root")
"""A key of what Apollo and Relay keep their records in."""
_WRAPPERS: Final = frozenset(
    (
        "Ref",
        "Reactive",
        "ShallowReactive",
        "ShallowRef",
        "EmptyRef",
        "EmptyShallowRef",
        "Set",
        "Island",
        "NuxtError",
    )
)
_ROW: Final = re.compile(rb"([0-9a-f]{0,8}):(?:T([0-9a-f]{1,6}),|([A-Z])?)")
_NAMED: Final = re.compile(r"\$[L@]?([0-9a-f]{1,8})")


def containers(value: Any) -> Iterator[dict[Any, Any] | list[Any]]:
    """Yield the objects and lists in a value, itself first, each once, however often it is in it."""
    pending = [value]
    seen: set[int] = set()
    while pending:
        each = pending.pop()
        if not isinstance(each, (dict, list)) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        pending.extend(reversed(list(each.values() if isinstance(each, dict) else each)))


def linked(value: Any) -> Any:
    """Return a value in which references to records of the same value lead to them, in place: those of Apollo and Relay."""
    caches: list[dict[Any, Any]] = [value] if isinstance(value, dict) else []
    found: list[tuple[Any, Any, Any]] = []
    for each in containers(value):
        if isinstance(each, dict) and any(key in each for key in _CACHES):
            caches.append(each)
        for key, member in _members(each):
            if isinstance(member, dict) and (named := _named(member)) is not None:
                found.append((each, key, named))
    for container, key, named in found:
        if isinstance(named, list):
            container[key] = [record for name in named if (record := _record(name, caches)) is not None]
        elif (record := _record(named, caches)) is not None:
            container[key] = record
    return value


def flat(value: Any) -> Any:
    """Return what a flat list of values is, in which members are places in the list (devalue, as Nuxt 3 writes it)."""
    if not isinstance(value, list):
        return value
    made: list[Any] = [
        {} if isinstance(each, dict) else [] if isinstance(each, list) else each for each in value
    ]

    def at(place: Any) -> Any:
        return made[place] if isinstance(place, int) and 0 <= place < len(made) else None

    for given, own in zip(value, made, strict=True):
        if isinstance(given, dict):
            own.update({key: at(place) for key, place in given.items()})
        elif isinstance(given, list) and given:
            is_tagged = isinstance(given[0], str)
            own.extend(
                at(place)
                for place in (
                    given[1:] if is_tagged and given[0] in _WRAPPERS else [] if is_tagged else given
                )
            )
    return made[:1] if not made or not isinstance(made[0], (dict, list)) else made[0]


def streamed(text: str) -> Any:
    """Return the values of the rows that Next.js streams (React's flight format), with references between rows resolved."""
    data = text.encode("utf-8", "replace")
    rows: dict[str, Any] = {}
    at = 0
    while row := _ROW.match(data, at):
        if row[2]:
            at = row.end() + int(row[2], 16)
            rows[row[1].decode()] = data[row.end() : at].decode("utf-8", "replace")
            continue
        end = data.find(b"\n", row.end())
        end = len(data) if end < 0 else end
        if not row[3]:  # rows with a letter load scripts and the like
            rows[row[1].decode()] = read_literal(data[row.end() : end].decode("utf-8", "replace"), 0).value
        at = end + 1
    whole = list(rows.values())
    for each in containers(whole):
        for key, member in _members(each):
            named = _NAMED.fullmatch(member) if isinstance(member, str) else None
            if named is not None and named[1] in rows:
                each[key] = rows[named[1]]
    return whole


def _members(container: Any) -> list[tuple[Any, Any]]:
    return list(container.items() if isinstance(container, dict) else enumerate(container))


def _named(member: dict[Any, Any]) -> Any:
    if len(member) > 4:
        return None
    if isinstance(named := member.get("__refs"), list):
        return named
    if isinstance(named := member.get("__ref"), str):
        return named
    return named if member.get("type") == "id" and isinstance(named := member.get("id"), str) else None


def _record(name: Any, caches: list[dict[Any, Any]]) -> Any:
    return next((cache[name] for cache in caches if isinstance(name, str) and name in cache), None)
