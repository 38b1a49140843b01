"""What differs between two published schemas of one major version, and whom it breaks. The rules: `schemas.compatibility`."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs

_ANNOTATIONS: Final = {"title", "description", "$comment", "examples"}
_LOWER: Final = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_UPPER: Final = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
_KNOWN: Final = (
    _ANNOTATIONS
    | _LOWER
    | _UPPER
    | {"type", "format", "pattern", "const", "enum", "default", "items", "properties", "required"}
    | {"additionalProperties", "$ref", "$defs", "$schema", "$id"}
)
_NEW_MAJOR: Final = (
    "keep it as it was and add an optional field beside it, or raise the event's major version in schemas/registry.py and with it "
    "its topic in newswire/topology.py"
)
_NARROWED: Final = "events written before may not be valid any more"
_WIDENED: Final = "subscribers who check with the released schema would refuse new events"
_EITHER: Final = (
    "events written before may not be valid any more, or subscribers with the released schema refuse new ones"
)
_RENAMED_LIKE: Final = 0.6
"""Similarity of names (difflib ratio) from which a field that went and one that came look like a rename."""


@dataclass(frozen=True, slots=True)
class Breaking:
    """One breaking change."""

    event: str
    """The event."""
    path: str
    """JSON Pointer to the field in an event, with `*` for every item of a list or map; empty for the event itself."""
    what: str
    """What changed."""
    why: str
    """Whom it breaks."""
    do: str
    """What to do instead."""

    def __str__(self) -> str:
        return f"{self.event}{self.path}: {self.what}; {self.why}; {self.do}"


def compare(event: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Breaking]:
    """Return the breaking changes between two published schemas of one major version of an event."""
    for which, one in (("released", old), ("new", new)):
        if not jsonschema_rs.meta.is_valid(dict(one)):
            what = f"the {which} schema is no valid JSON Schema"
            return [Breaking(event, "", what, "nobody can check events with it", "mend it")]
    found = [
        _changed(event, "", keyword, (old.get(keyword), new.get(keyword)), _EITHER)
        for keyword in ("$schema", "$id")
        if old.get(keyword) != new.get(keyword)
    ]
    return found + list(_Comparison(event, old, new).at("", old, new))


def _changed(event: str, path: str, keyword: str, values: tuple[object, object], why: str) -> Breaking:
    old, new = map(_shown, values)
    return Breaking(event, path, f"`{keyword}` was {old}, is {new}", why, _NEW_MAJOR)


def _shown(value: object) -> str:
    return "not there" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


class _Comparison:
    """Two schemas, walked side by side; `$ref` is followed, so that only what is valid counts, not how it is written down."""

    def __init__(self, event: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.event = event
        self.old = old
        self.new = new
        self.inside: set[tuple[str, str]] = set()

    def at(self, path: str, old: Any, new: Any) -> Iterator[Breaking]:
        """Compare two subschemas that describe the same place of an event."""
        pair = (_frozen(_bare(old)), _frozen(_bare(new)))
        if pair in self.inside:
            return  # a part that contains itself: being compared already
        try:
            before, after = _resolved(old, self.old), _resolved(new, self.new)
        except _NotUnderstoodError as error:
            yield self._not_understood(path, str(error))
            return
        self.inside.add(pair)
        yield from self._values(path, before, after)
        yield from self._fields(path, before, after)
        yield from self._parts(path, before, after)
        self.inside.discard(pair)

    def _values(self, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Breaking]:
        """Compare what single values are allowed."""
        for keyword in ("format", "pattern"):
            before, after = old.get(keyword), new.get(keyword)
            if before != after:
                why = _NARROWED if before is None else _WIDENED if after is None else _EITHER
                yield _changed(self.event, path, keyword, (before, after), why)
        for keyword in sorted(_LOWER | _UPPER):
            before, after = old.get(keyword), new.get(keyword)
            if before != after:
                narrowed = before is None or (after is not None and (after > before) is (keyword in _LOWER))
                yield _changed(
                    self.event, path, keyword, (before, after), _NARROWED if narrowed else _WIDENED
                )
        if "default" in old or "default" in new:
            before, after = _frozen(old.get("default")), _frozen(new.get("default"))
            if before != after or ("default" in old) is not ("default" in new):
                why = "events without the field would mean something else"
                yield _changed(self.event, path, "default", (old.get("default"), new.get("default")), why)
        for keyword, before_set, after_set in (
            ("type", _types(old), _types(new)),
            ("enum", _allowed(old), _allowed(new)),
        ):
            if before_set != after_set:
                yield self._set_changed(path, keyword, before_set, after_set)

    def _set_changed(
        self, path: str, keyword: str, old: frozenset[str] | None, new: frozenset[str] | None
    ) -> Breaking:
        gone = old is None or bool(old - (new if new is not None else old))
        come = new is None or bool(new - (old if old is not None else new))
        why = _EITHER if gone and come else _NARROWED if gone else _WIDENED
        before, after = (
            None if part is None else [json.loads(value) for value in sorted(part)] for part in (old, new)
        )
        return _changed(self.event, path, keyword, (before, after), why)

    def _fields(self, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Breaking]:
        """Compare which fields there are and must be."""
        before, after = old.get("properties", {}), new.get("properties", {})
        required_before, required_after = set(old.get("required", ())), set(new.get("required", ()))
        added = [name for name in after if name not in before]
        for name in before:
            here = f"{path}/{_escaped(name)}"
            if name not in after:
                yield self._removed(here, name, before[name], {other: after[other] for other in added})
                continue
            yield from self.at(here, before[name], after[name])
        for name in sorted(required_before ^ required_after):
            here = f"{path}/{_escaped(name)}"
            if name not in before and name in required_after:
                do = "make it optional, or give it a default"
                yield Breaking(self.event, here, "a required field was added", _NARROWED, do)
            elif name in required_after:
                yield Breaking(self.event, here, "the field became required", _NARROWED, _NEW_MAJOR)
            elif name in after or name not in before:
                yield Breaking(self.event, here, "the field is no longer required", _WIDENED, _NEW_MAJOR)
        free = "properties" not in old or "additionalProperties" in old
        for name in added:
            here = f"{path}/{_escaped(name)}"
            if free and old.get("type") == "object":
                what = "a field was added to an object or map whose names are free"
                why = "events written before may use the name for something else"
                yield Breaking(self.event, here, what, why, _NEW_MAJOR)
            yield from self._understood(here, after[name])

    def _removed(self, path: str, name: str, rules: Any, added: Mapping[str, Any]) -> Breaking:
        likely = [
            other
            for other, theirs in added.items()
            if _bare(rules) == _bare(theirs)
            or difflib.SequenceMatcher(None, name, other).ratio() >= _RENAMED_LIKE
        ]
        likely.sort(key=lambda other: -difflib.SequenceMatcher(None, name, other).ratio())
        if likely:
            what = f"the field is gone; it looks renamed to `{likely[0]}`"
            do = f"keep `{name}`, write both, and say in its description that `{likely[0]}` takes its place"
        else:
            what, do = (
                "the field is gone",
                f"keep it, or leave it absent where it is optional; otherwise {_NEW_MAJOR}",
            )
        return Breaking(self.event, path, what, "subscribers rely on it", do)

    def _parts(self, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Breaking]:
        """Compare items of lists and values of maps."""
        for keyword in ("items", "additionalProperties"):
            before, after = old.get(keyword), new.get(keyword)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self.at(f"{path}/*", before, after)
            elif before != after:
                why = _NARROWED if before is None else _WIDENED if after is None else _EITHER
                yield _changed(self.event, path, keyword, (before, after), why)
            elif before is not None:
                yield self._not_understood(path, f"`{keyword}` is {_shown(before)}")

    def _understood(self, path: str, new: Any) -> Iterator[Breaking]:
        """Yield what this gate could not compare at the next release, in a part that is new."""
        yield from _Comparison(self.event, self.new, self.new).at(path, new, new)

    def _not_understood(self, path: str, what: str) -> Breaking:
        why = "the gate cannot tell whether it breaks anybody"
        return Breaking(
            self.event, path, what, why, "write it otherwise, or teach schemas/compatibility.py what it means"
        )


class _NotUnderstoodError(Exception):
    """A schema says something in a way that is not handled here."""


def _resolved(node: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a subschema with its reference replaced by what it refers to."""
    if not isinstance(node, Mapping):
        raise _NotUnderstoodError(f"the schema here is {_shown(node)}, not an object")
    unknown = sorted(set(node) - _KNOWN)
    if unknown:
        raise _NotUnderstoodError(f"the keyword `{unknown[0]}` is not one the gate knows")
    if "$ref" not in node:
        return node
    kind, _, name = node["$ref"].rpartition("/")
    target = root.get("$defs", {}).get(name)
    if kind != "#/$defs" or target is None:
        raise _NotUnderstoodError(f"`$ref` is {node['$ref']}, not a definition of the same schema")
    beside = {key: value for key, value in node.items() if key != "$ref"}
    if set(beside) - _ANNOTATIONS - {"default"}:
        raise _NotUnderstoodError("`$ref` stands beside other rules")
    return {**_resolved(target, root), **beside}


def _types(node: Mapping[str, Any]) -> frozenset[str] | None:
    found = node.get("type")
    return None if found is None else frozenset(map(_frozen, [found] if isinstance(found, str) else found))


def _allowed(node: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the values of `enum`, or the one of `const`, as JSON texts; None when all are allowed."""
    values = [node["const"]] if "const" in node else node.get("enum")
    return None if values is None else frozenset(map(_frozen, values))


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _bare(rules: Any) -> Any:
    """Return a subschema without what nothing checks."""
    return (
        {key: value for key, value in rules.items() if key not in _ANNOTATIONS}
        if isinstance(rules, Mapping)
        else rules
    )


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
