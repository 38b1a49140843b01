"""The published schemas are what the models imply, and keep to the part of JSON Schema that every implementation has."""

import json
import re

import jsonschema
import pytest

from schemas import EVENTS, generate, schema, schema_id

KEYWORDS = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "type", "format", "const", "enum", "pattern", "minLength", "maxLength",
    "minimum", "maximum", "items", "additionalProperties", "properties", "required", "default",
}  # fmt: skip


def subschemas(node):
    yield node
    for name in ("properties", "$defs"):
        for part in node.get(name, {}).values():
            yield from subschemas(part)
    for name in ("items", "additionalProperties"):
        if name in node:
            yield from subschemas(node[name])


def all_subschemas():
    return [(event, part) for event in EVENTS for part in subschemas(schema(event))]


def test_committed_files_are_what_the_models_imply():
    assert generate.stale() == []


def test_check_names_stale_files_and_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(generate, "path_of", lambda event: tmp_path / event / "schema.json")
    for event in EVENTS:
        (tmp_path / event).mkdir()
        (tmp_path / event / "schema.json").write_text(generate.render(event), encoding="utf-8")
    (tmp_path / "tick" / "schema.json").write_text("{}", encoding="utf-8")

    assert generate.main(["--check"]) == 5
    said = capsys.readouterr().err
    assert "schemas/tick/schema.json" in said
    assert "raw" not in said
    assert generate.COMMAND in said

    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize("event", EVENTS)
def test_schema_is_valid_under_its_dialect(event):
    assert schema(event)["$schema"] == generate.DIALECT
    assert schema(event)["$id"] == schema_id(event)
    jsonschema.Draft202012Validator.check_schema(schema(event))


@pytest.mark.parametrize("event", EVENTS)
def test_every_property_says_what_it_means(event):
    for part in subschemas(schema(event)):
        for name, rules in part.get("properties", {}).items():
            assert rules.get("description", "").endswith((".", "…", "`")), f"{event}: {name}"


@pytest.mark.parametrize("event", EVENTS)
def test_published_schema_is_open_and_has_no_null(event):
    for part in subschemas(schema(event)):
        assert part.get("additionalProperties") is not False
        assert part.get("type") != "null"
        assert "null" not in json.dumps(part.get("default", ""))
        assert set(part) <= KEYWORDS


@pytest.mark.parametrize("event", EVENTS)
def test_what_has_a_default_is_not_required(event):
    for part in subschemas(schema(event)):
        defaulted = {name for name, rules in part.get("properties", {}).items() if "default" in rules}
        assert not defaulted & set(part.get("required", ()))


def test_patterns_mean_the_same_in_every_dialect():
    """No class whose extent differs (ECMA-262, Python, Rust, RE2), nothing that looks around or back, both ends anchored."""
    for event, part in all_subschemas():
        if pattern := part.get("pattern"):
            assert re.fullmatch(r"\^.*\$", pattern), f"{event}: {pattern}"
            assert not re.search(
                r"\\[dDwWsSbBpPkAzZ0-9]|\(\?|(?<!\\)\.(?![+\-\]])", re.sub(r"\\\.", "", pattern)
            ), f"{event}: {pattern}"


def test_a_property_without_docstring_is_refused(monkeypatch):
    from schemas.core.contract import Contract

    class Silent(Contract):
        """An event with a field that nobody described."""

        at: str

    monkeypatch.setattr(generate, "model", lambda event: Silent)
    with pytest.raises(ValueError, match=r"Silent\.at of tick has no docstring"):
        generate.published("tick")
