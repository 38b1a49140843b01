"""What the gate passes breaks nobody: random changes of the real schemas, tried on many events, valid and not."""

import copy
import json
import random
from pathlib import Path

import jsonschema_rs
import pytest

from schemas import schema
from schemas.difference import compare

ROOM = Path(__file__).parents[2] / "schemas"
VALUES = (None, True, 0, -1, 1.5, 10**6, "", "x", "A", "2024-03-05T09:14:00Z", [], ["x"], {}, {"x": 1})
SCHEMAS = (
    {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "array", "items": {"type": "string"}, "default": []},
    {"type": "object"},
    {"$ref": "#/$defs/RecordRef"}, {"$ref": "#/$defs/Source"}, {"anyOf": [{"type": "string"}]}, True, {},
)  # fmt: skip
WORDS = (
    "string",
    "integer",
    "object",
    "array",
    "number",
    "x",
    0,
    1,
    5,
    200,
    True,
    False,
    [],
    ["string", "null"],
    {},
    "^[a-z]+$",
    "date-time",
)


def walk(node, path=()):
    yield path, node
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, part in steps:
        yield from walk(part, (*path, step))


def put(document, path, value, *, delete=False):
    changed = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    if delete:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return changed


def events_of(event, draw):
    """The examples, and each with one place changed, some two hundred in all."""
    found = []
    for path in sorted((ROOM / event / "examples").glob("*.json")):
        example = json.loads(path.read_text(encoding="utf-8"))
        places = [place for place, _ in walk(example) if place]
        found.append(example)
        for place in draw.sample(places, min(len(places), 30)):
            found += [
                put(example, place, None, delete=True),
                put(example, place, draw.choice(VALUES)),
                put(example, place, draw.choice(VALUES)),
            ]
    return found


def changed_schema(rules, draw):
    """One random change: a place deleted or replaced, a keyword or a field added."""
    places = [(place, node) for place, node in walk(rules) if place and place[0] not in ("$schema", "$id")]
    kind = draw.choice(("delete", "replace", "keyword", "field"))
    if kind in ("delete", "replace"):
        place, node = draw.choice(places)
        return put(
            rules, place, draw.choice(SCHEMAS if isinstance(node, dict) else WORDS), delete=kind == "delete"
        )
    place, node = draw.choice(
        [
            (place, node)
            for place, node in places
            if isinstance(node, dict) and ("type" in node or "$ref" in node)
        ]
    )
    if kind == "field" and "properties" in node:
        return put(rules, (*place, "properties", "quite_new"), draw.choice(SCHEMAS))
    keyword = draw.choice(
        (
            "minLength",
            "maxLength",
            "minimum",
            "maxItems",
            "pattern",
            "enum",
            "const",
            "format",
            "required",
            "description",
            "default",
        )
    )
    return put(rules, (*place, keyword), draw.choice(WORDS))


@pytest.mark.parametrize("event", ["raw", "rejected", "duplicate", "story"])
def test_what_passes_is_valid_for_exactly_the_same_events(event):
    draw = random.Random(f"gate {event}")
    events = events_of(event, draw)
    before = jsonschema_rs.Draft202012Validator(schema(event), validate_formats=True)
    verdicts = [before.is_valid(data) for data in events]
    assert True in verdicts
    assert False in verdicts
    passed = 0
    for _ in range(400):
        rules = changed_schema(schema(event), draw)
        if rules == schema(event) or compare(event, schema(event), rules):
            continue
        passed += 1
        after = jsonschema_rs.Draft202012Validator(rules, validate_formats=True)
        for data, was_valid in zip(events, verdicts, strict=True):
            assert after.is_valid(data) is was_valid, (rules, data)
    assert passed > 10
