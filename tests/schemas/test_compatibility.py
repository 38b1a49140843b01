"""The gate's verdict on every kind of change, and that the verdict is true of events."""

import copy
import json
import re
from pathlib import Path

import jsonschema
import pytest

from schemas import EVENTS, compatibility, release, schema
from schemas.difference import Breaking, compare

ROOM = Path(__file__).parents[2] / "schemas"

BASE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:newswire:schema:sample:v1",
    "title": "Sample v1",
    "type": "object",
    "properties": {
        "id": {"description": "Id.", "type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 9},
        "count": {"description": "Count.", "type": "integer", "minimum": 0, "maximum": 10},
        "kind": {"description": "Kind.", "type": "string", "enum": ["a", "b"], "default": "a"},
        "only": {"description": "Only.", "type": "string", "const": "x"},
        "at": {"description": "At.", "type": "string", "format": "date-time"},
        "part": {"description": "Part.", "$ref": "#/$defs/Part"},
        "parts": {"description": "Parts.", "type": "array", "items": {"$ref": "#/$defs/Part"}},
        "map": {"description": "Map.", "type": "object", "additionalProperties": {"type": "string"}},
        "free": {"description": "Free.", "type": "object"},
        "tree": {"description": "Tree.", "$ref": "#/$defs/Tree"},
    },
    "required": ["id", "count"],
    "$defs": {
        "Part": {
            "title": "Part",
            "type": "object",
            "properties": {"name": {"description": "Name.", "type": "string"}},
            "required": ["name"],
        },
        "Tree": {
            "title": "Tree",
            "type": "object",
            "properties": {
                "size": {"description": "Size.", "type": "integer"},
                "children": {"description": "Children.", "type": "array", "items": {"$ref": "#/$defs/Tree"}},
            },
            "required": ["size"],
        },
    },
}
FULL = {
    "id": "abc", "count": 3, "kind": "b", "only": "x", "at": "2024-03-05T09:14:00Z", "part": {"name": "n"}, "parts": [{"name": "m"}],
    "map": {"k": "v"}, "free": {"z": 1}, "tree": {"size": 1, "children": [{"size": 2}]},
}  # fmt: skip
MINIMAL = {"id": "abc", "count": 0}


def put(path, value):
    """A change that sets what stands at a path of the schema; `...` deletes it."""

    def change(rules):
        *steps, last = path.split("/")
        node = rules
        for step in steps:
            node = node[step]
        if value is ...:
            del node[last]
        else:
            node[last] = value

    return change


def rename(old, new):
    def change(rules):
        fields = rules["properties"]
        rules["properties"] = {new if name == old else name: part for name, part in fields.items()}

    return change


def rename_definition(rules):
    text = (
        json.dumps(rules)
        .replace("#/$defs/Part", "#/$defs/Piece")
        .replace('"Part": {"title"', '"Piece": {"title"')
    )
    rules.clear()
    rules.update(json.loads(text))


def inline_definition(rules):
    rules["properties"]["part"] = {"description": "Part.", **rules["$defs"]["Part"]}


def both(*changes):
    def change(rules):
        for part in changes:
            part(rules)

    return change


P = "properties/"
PASSES = {
    "nothing": lambda rules: None,
    "optional field added": put(P + "new", {"type": "string", "description": "New."}),
    "optional field with default added": put(
        P + "new", {"type": "array", "items": {"type": "string"}, "default": []}
    ),
    "optional field added in a definition": put("$defs/Part/properties/new", {"type": "string"}),
    "optional part added": both(
        put("$defs/New", {"type": "object", "properties": {"a": {"type": "string"}}}),
        put(P + "new", {"$ref": "#/$defs/New"}),
    ),
    "description": put(P + "id/description", "The id."),
    "description gone": put(P + "id/description", ...),
    "title": put("title", "Sample"),
    "examples": put(P + "id/examples", ["abc"]),
    "enum reordered": put(P + "kind/enum", ["b", "a"]),
    "const written as enum": both(put(P + "only/const", ...), put(P + "only/enum", ["x"])),
    "type written as list": put(P + "count/type", ["integer"]),
    "required reordered": put("required", ["count", "id"]),
    "definition renamed": rename_definition,
    "definition written in place": inline_definition,
    "unused definition": put("$defs/Unused", {"allOf": [{}]}),
    "bound written as float": put(P + "count/maximum", 10.0),
}
OLD, NEW, EITHER = "written before", "refuse new events", "or subscribers"
REFUSED = {
    # change: (path, words of what, words of why)
    "required field removed": (put(P + "id", ...), "/id", "gone", "rely"),
    "optional field removed": (put(P + "at", ...), "/at", "gone", "rely"),
    "field removed in a definition": (put("$defs/Part/properties/name", ...), "/part/name", "gone", "rely"),
    "field renamed": (rename("count", "counted"), "/count", "renamed to `counted`", "rely"),
    "field renamed beyond likeness": (rename("map", "z"), "/map", "renamed to `z`", "rely"),
    "required field added": (
        both(put(P + "new", {"type": "string"}), put("required", ["new", "id", "count"])), "/new", "required field was added", OLD,
    ),
    "required without a property": (put("required", ["id", "count", "ghost"]), "/ghost", "required field was added", OLD),
    "field became required": (put("required", ["id", "count", "at"]), "/at", "became required", OLD),
    "field no longer required": (put("required", ["id"]), "/count", "no longer required", NEW),
    "nothing required": (put("required", ...), "/id", "no longer required", NEW),
    "type changed": (put(P + "at/type", "integer"), "/at", '`type` was ["string"], is ["integer"]', EITHER),
    "type widened": (put(P + "count/type", ["integer", "string"]), "/count", "`type`", NEW),
    "integer to number": (put(P + "count/type", "number"), "/count", "`type`", EITHER),
    "null allowed": (put(P + "at/type", ["string", "null"]), "/at", "`type`", NEW),
    "type gone": (put(P + "at/type", ...), "/at", "is not there", NEW),
    "enum narrowed": (put(P + "kind/enum", ["a"]), "/kind", "`enum`", OLD),
    "enum widened": (put(P + "kind/enum", ["a", "b", "c"]), "/kind", "`enum`", NEW),
    "enum value renamed": (put(P + "kind/enum", ["a", "bee"]), "/kind", "`enum`", EITHER),
    "enum gone": (put(P + "kind/enum", ...), "/kind", "`enum`", NEW),
    "enum came": (put(P + "id/enum", ["abc"]), "/id", "`enum`", OLD),
    "const widened": (both(put(P + "only/const", ...), put(P + "only/enum", ["x", "y"])), "/only", "`enum`", NEW),
    "pattern changed": (put(P + "id/pattern", "^[a-z0-9]+$"), "/id", "`pattern`", EITHER),
    "pattern came": (put(P + "at/pattern", "Z$"), "/at", "`pattern` was not there", OLD),
    "pattern gone": (put(P + "id/pattern", ...), "/id", "`pattern`", NEW),
    "format changed": (put(P + "at/format", "date"), "/at", "`format`", EITHER),
    "format gone": (put(P + "at/format", ...), "/at", "`format`", NEW),
    "minimum raised": (put(P + "count/minimum", 1), "/count", "`minimum` was 0, is 1", OLD),
    "minimum lowered": (put(P + "count/minimum", -1), "/count", "`minimum`", NEW),
    "minimum gone": (put(P + "count/minimum", ...), "/count", "`minimum`", NEW),
    "maximum lowered": (put(P + "count/maximum", 9), "/count", "`maximum`", OLD),
    "maximum raised": (put(P + "count/maximum", 11), "/count", "`maximum`", NEW),
    "exclusive maximum came": (put(P + "count/exclusiveMaximum", 10), "/count", "`exclusiveMaximum`", OLD),
    "longer": (put(P + "id/maxLength", 10), "/id", "`maxLength`", NEW),
    "shorter": (put(P + "id/maxLength", 8), "/id", "`maxLength`", OLD),
    "not empty any more": (put(P + "parts/minItems", 1), "/parts", "`minItems`", OLD),
    "default changed": (put(P + "kind/default", "b"), "/kind", "`default`", "something else"),
    "default gone": (put(P + "kind/default", ...), "/kind", "`default`", "something else"),
    "default came": (put(P + "parts/default", []), "/parts", "`default`", "something else"),
    "items changed": (put(P + "parts/items", {"type": "string"}), "/parts/*", "`type`", EITHER),
    "items gone": (put(P + "parts/items", ...), "/parts", "`items`", NEW),
    "field required in items": (put("$defs/Part/required", []), "/parts/*/name", "no longer required", NEW),
    "map values changed": (put(P + "map/additionalProperties/type", "integer"), "/map/*", "`type`", EITHER),
    "map opened": (put(P + "map/additionalProperties", ...), "/map", "`additionalProperties`", NEW),
    "map turned into an object": (put(P + "map/properties", {"k": {"type": "string"}}), "/map/k", "names are free", "something else"),
    "field added to a free object": (put(P + "free/properties", {"z": {"type": "string"}}), "/free/z", "names are free", "something else"),
    "object closed": (put("additionalProperties", False), "", "`additionalProperties`", OLD),
    "deep in a part that contains itself": (put("$defs/Tree/properties/size/type", "string"), "/tree/size", "`type`", EITHER),
    "other definition of the same shape": (put(P + "part/$ref", "#/$defs/Tree"), "/part/name", "gone", "rely"),
    "id": (put("$id", "urn:newswire:schema:sample:v2"), "", "`$id`", EITHER),
    "dialect": (put("$schema", "http://json-schema.org/draft-07/schema#"), "", "`$schema`", EITHER),
    # not understood
    "anyOf": (put(P + "at/anyOf", [{"type": "string"}]), "/at", "keyword `anyOf`", "cannot tell"),
    "anyOf in a new field": (put(P + "new", {"anyOf": [{"type": "string"}]}), "/new", "keyword `anyOf`", "cannot tell"),
    "boolean schema": (put(P + "at", True), "/at", "the schema here is true", "cannot tell"),
    "reference elsewhere": (put(P + "part/$ref", "https://example.com/part"), "/part", "not a definition", "cannot tell"),
    "rules beside a reference": (put(P + "part/minProperties", 1), "/part", "beside other rules", "cannot tell"),
    "no schema": (put(P + "count/minimum", "none"), "", "no valid JSON Schema", "nobody can check"),
    "invented keyword": (put(P + "at/maxWords", 5), "/at", "keyword `maxWords`", "cannot tell"),
    "reference to nowhere": (put("$defs/Part", ...), "/part", "not a definition", "cannot tell"),
}  # fmt: skip


def changed(change):
    rules = copy.deepcopy(BASE)
    change(rules)
    return rules


def is_valid(rules, data):
    return jsonschema.Draft202012Validator(rules, format_checker=jsonschema.FormatChecker()).is_valid(data)


@pytest.mark.parametrize("name", PASSES)
def test_passes_and_events_are_valid_both_ways(name):
    rules = changed(PASSES[name])
    assert compare("sample", BASE, rules) == []
    for event in (FULL, MINIMAL):
        assert is_valid(BASE, event)
        assert is_valid(rules, event)
    if "new" in rules["properties"]:
        assert is_valid(
            BASE,
            {**MINIMAL, "new": {"array": [], "string": "s"}.get(rules["properties"]["new"].get("type"), {})},
        )


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_place_reason_and_way_out(name):
    change, path, what, why = REFUSED[name]
    found = compare("sample", BASE, changed(change))
    matching = [
        finding for finding in found if finding.path == path and what in finding.what and why in finding.why
    ]
    assert matching, "\n".join(map(str, found))
    assert all(finding.event == "sample" and finding.do for finding in found)
    assert f"sample{path}: " in str(matching[0])


ONE_WAY = {
    "required field removed",
    "optional field removed",
    "field removed in a definition",
    "anyOf in a new field",
}
"""Their opposites add or remove an optional field."""


@pytest.mark.parametrize("name", sorted(set(REFUSED) - ONE_WAY))
def test_the_opposite_change_is_refused_too(name):
    """Full compatibility is the same in both directions, but for optional fields that are added."""
    change, *_ = REFUSED[name]
    assert compare("sample", changed(change), BASE)


def test_not_understood_is_refused_even_when_nothing_changed():
    odd = changed(put(P + "at/not", {"const": "x"}))
    assert [finding.path for finding in compare("sample", odd, odd)] == ["/at"]


def test_every_refused_narrowing_or_widening_is_real():
    """For changes of one rule: some event is valid on one side and not on the other."""
    witnesses = {
        "enum narrowed": {"kind": "b"}, "enum widened": {"kind": "c"}, "minimum raised": {"count": 0}, "minimum lowered": {"count": -1},
        "maximum lowered": {"count": 10}, "maximum raised": {"count": 11}, "longer": {"id": "abcdefghij"}, "shorter": {"id": "abcdefghi"},
        "null allowed": {"at": None}, "type widened": {"count": "1"}, "integer to number": {"count": 1.5}, "pattern gone": {"id": "A1"},
        "format gone": {"at": "now"}, "map opened": {"map": {"k": 1}}, "object closed": {"z": 1}, "not empty any more": {"parts": []},
        "const widened": {"only": "y"}, "exclusive maximum came": {"count": 10}, "items gone": {"parts": [1]},
    }  # fmt: skip
    for name, event in witnesses.items():
        change, _, _, why = REFUSED[name]
        before, after = is_valid(BASE, {**MINIMAL, **event}), is_valid(changed(change), {**MINIMAL, **event})
        assert (before, after) == ((True, False) if why == OLD else (False, True)), name


def test_a_rename_is_refused_with_a_hint():
    change, *_ = REFUSED["field renamed"]
    finding = next(
        finding for finding in compare("sample", BASE, changed(change)) if finding.path == "/count"
    )
    assert finding.do == "keep `count`, write both, and say in its description that `counted` takes its place"


# The tree itself


def test_this_tree_keeps_the_contract_of_the_last_release():
    from newswire.topology import TOPICS

    assert [
        str(finding) for finding in compatibility.check({topic.event: topic.name for topic in TOPICS})
    ] == []


def test_released_snapshot_has_known_events_and_only_valid_schemas():
    assert set(compatibility.released()) <= set(EVENTS), "an event that is new since has none yet"
    assert re.fullmatch(r"\d+\.\d+\.\d+", release.released_version() or "")
    for path in compatibility.RELEASED.glob("*/*.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("event", compatibility.released())
def test_examples_are_valid_under_the_released_schema(event):
    path = compatibility.RELEASED / event / f"v{EVENTS[event]}.json"
    rules = json.loads(path.read_text(encoding="utf-8"))
    for example in (ROOM / event / "examples").glob("*.json"):
        jsonschema.validate(
            json.loads(example.read_text(encoding="utf-8")), rules, cls=jsonschema.Draft202012Validator
        )


@pytest.fixture
def snapshot(tmp_path, monkeypatch):
    """A released folder of this tree's schemas that a test may change."""
    monkeypatch.setattr(compatibility, "RELEASED", tmp_path)
    release.release("0.1.0")
    return tmp_path


def test_release_keeps_what_the_gate_compares_with(snapshot):
    assert compatibility.released() == {event: [major] for event, major in sorted(EVENTS.items())}
    assert release.released_version() == "0.1.0"
    assert compatibility.check() == []
    for event in EVENTS:
        assert json.loads((snapshot / event / "v1.json").read_text(encoding="utf-8")) == schema(event)


def test_release_is_no_way_around_the_gate(snapshot, capsys):
    path = snapshot / "tick" / "v1.json"
    rules = json.loads(path.read_text(encoding="utf-8"))
    rules["properties"]["zone"] = {"type": "string"}
    path.write_text(json.dumps(rules), encoding="utf-8")

    assert release.main(["0.2.0"]) == 5
    assert "tick/zone: the field is gone" in capsys.readouterr().err
    assert release.released_version() == "0.1.0"

    assert release.main(["0.2.0", "--replace"]) == 0
    assert compatibility.check() == []
    assert release.released_version() == "0.2.0"


@pytest.mark.parametrize("arguments", [[], ["0.1.0", "0.2.0"], ["0.1.0", "--force"]])
def test_release_refuses_a_wrong_command_line(snapshot, arguments, capsys):
    assert release.main(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_an_event_that_is_gone_is_refused(snapshot):
    (snapshot / "bulletin").mkdir()
    (snapshot / "bulletin" / "v1.json").write_text("{}", encoding="utf-8")
    (found,) = compatibility.check()
    assert (found.event, found.what) == ("bulletin", "the event is gone")


def test_major_versions_go_up_one_at_a_time_with_their_topic(snapshot, monkeypatch):
    topics = {"tick": "news.ticks.v1"}
    assert compatibility.check(topics) == []

    monkeypatch.setitem(EVENTS, "tick", 2)
    (found,) = compatibility.check(topics)
    assert found.what == "its major version is 2, its topic is news.ticks.v1"
    assert compatibility.check({"tick": "news.ticks.v2"}) == []

    monkeypatch.setitem(EVENTS, "tick", 3)
    (found,) = compatibility.check()
    assert found.what == "the major version is 3, the released one 1"

    monkeypatch.setitem(EVENTS, "tick", 1)
    (snapshot / "tick" / "v2.json").write_text("{}", encoding="utf-8")
    (found,) = compatibility.check()
    assert found.what == "the major version is 1, the released one 2"


def test_a_new_event_passes(snapshot):
    import shutil

    shutil.rmtree(snapshot / "held")
    assert compatibility.check() == []


def test_findings_are_values():
    assert Breaking("a", "/b", "c", "d", "e") == Breaking("a", "/b", "c", "d", "e")
