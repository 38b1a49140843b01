"""Both validators really check, and agree."""

import copy
import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import EVENTS, schema
from schemas.core.contract import Contract
from schemas.validation import Invalid, closed, reader, reference, writer

ROOM = Path(__file__).parents[2] / "schemas"
BAD_OF_FORMAT = {
    "date-time": (
        "2024-02-30T00:00:00Z",
        "2024-02-01T25:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "yesterday",
    ),
}
"""Format -> values that have the right type and are none."""


def load(event, kind):
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOM / event / kind).glob("*.json"))
    ]


def walk(node, path=()):
    """Every place of a document, the root first."""
    yield path, node
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, part in steps:
        yield from walk(part, (*path, step))


def replaced(document, path, value):
    if not path:
        return value
    changed = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return changed


def without(document, path):
    changed = copy.deepcopy(document)
    node = changed
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return changed


def refusal(validator, data) -> Invalid:
    with pytest.raises(Invalid) as raised:
        validator.check(data)
    return raised.value


def formats_used():
    return {
        part["format"]
        for event in EVENTS
        for _, part in walk(schema(event))
        if isinstance(part, dict) and isinstance(part.get("format"), str)
    }


def test_every_format_used_has_bad_values_here():
    assert formats_used() == set(BAD_OF_FORMAT)


@pytest.mark.parametrize(
    ("name", "bad"), [(name, bad) for name, values in BAD_OF_FORMAT.items() for bad in values]
)
def test_formats_are_checked_by_both(name, bad):
    import jsonschema
    import jsonschema_rs

    rules = {"type": "string", "format": name}
    assert not jsonschema_rs.Draft202012Validator(rules, validate_formats=True).is_valid(bad)
    assert not jsonschema.Draft202012Validator(rules, format_checker=jsonschema.FormatChecker()).is_valid(bad)


@pytest.mark.parametrize(
    ("instant", "valid"),
    [
        ("2024-03-05T09:14:00Z", True),
        ("2024-03-05T09:14:00.1Z", True),
        ("2024-03-05T09:14:00.123456789Z", True),
        ("2024-02-29T23:59:59Z", True),
        ("0001-01-01T00:00:00Z", True),
        ("9999-12-31T23:59:59.999999Z", True),
        ("2024-03-05T09:14:00.1234567891Z", False),
        ("2024-03-05T09:14:00.Z", False),
        ("2024-03-05T09:14Z", False),
        ("2024-03-05T09:14:00", False),
        ("2024-03-05T09:14:00+00:00", False),
        ("2024-03-05T09:14:00-00:00", False),
        ("2024-03-05T09:14:00+0100", False),
        ("2024-03-05t09:14:00Z", False),
        ("2024-03-05T09:14:00z", False),
        ("2024-03-05 09:14:00Z", False),
        ("2016-12-31T23:59:60Z", False),
        ("2024-03-05T24:00:00Z", False),
        ("0000-03-05T09:14:00Z", False),
        ("2024-02-30T09:14:00Z", False),
        ("2024-03-05T09:14:00Z\n", False),
        (" 2024-03-05T09:14:00Z", False),
        ("\uff12\uff10\uff12\uff14-03-05T09:14:00Z", False),
        ("12024-03-05T09:14:00Z", False),
    ],
)
def test_instants_have_one_form(instant, valid):
    assert reader("tick").is_valid({"at": instant}) is valid
    assert reference("tick").is_valid({"at": instant}) is valid


@settings(max_examples=200, deadline=None)
@given(moment=st.datetimes(timezones=st.timezones()))
def test_whatever_instant_a_model_takes_it_publishes_in_that_form(moment):
    from datetime import UTC

    from schemas.tick.model import Tick

    try:
        moment.astimezone(UTC)
    except OverflowError:  # the first and last day that datetime can hold, outside UTC
        return
    writer("tick").check(Tick(at=moment).to_data())


REPLACEMENTS = (
    None, True, False, 0, -1, 1.0, 0.5, 2**53, 2**64, -(2**70), 1e308, "", " ", "x", "\n", "A\n", "en\n", "\u0000", "\u0661",
    "2024-03-05T09:14:00+01:00",
    "2024-02-30T00:00:00Z", "00000000-0000-5000-8000-000000000000", "0" * 64, "0" * 64 + "\n", "/a/b\n", "text/plain",
    [], [None], [[]], {}, {"a": None},
)  # fmt: skip
"""Values that stand at the edges of the rules we use. Non-finite numbers are apart: JSON has none."""


def verdicts(event, data):
    return [
        reader(event).is_valid(data),
        reference(event).is_valid(data),
        writer(event).is_valid(data),
        reference(event, closed=True).is_valid(data),
    ]


def rules_at(event, path):
    """What the schema says of a place, but for words to people, as a key: fields with the same rules have the same."""
    whole = schema(event)
    node = whole
    for step in path:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        inside = node.get("properties", {}).get(step) if isinstance(step, str) else node.get("items")
        node = inside or node.get("additionalProperties") or {}
    return json.dumps(
        {word: value for word, value in node.items() if word not in {"description", "title", "default"}}
    )


def around(whole, rules, node, way):
    """A document with only what must be in it and what is on the way to a place, and the way to the place in that.

    The plain validator takes as long as the document is large, and a change is judged by what stands around it.
    """
    rules = whole["$defs"][rules["$ref"].rpartition("/")[2]] if "$ref" in rules else rules
    if isinstance(node, dict):
        kept, steps = {}, way[:1]
        for name, part in node.items():
            on_the_way = way[:1] == (name,)
            if on_the_way or name in rules.get("required", ()):
                inside = rules.get("properties", {}).get(name) or rules.get("additionalProperties") or {}
                kept[name], rest = around(whole, inside, part, way[1:] if on_the_way else ())
                steps += rest if on_the_way else ()
        return kept, steps
    if isinstance(node, list) and node:
        kept, steps = around(whole, rules.get("items") or {}, node[way[0] if way else 0], way[1:])
        return [kept], ((0, *steps) if way else ())
    return node, ()


@pytest.mark.parametrize("event", EVENTS)
def test_both_agree_on_every_single_change_of_the_examples(event):
    """Delete at every place, replace and add wherever there are other rules: the compiled validator says what the plain one says."""
    open_, plain, shut, plain_shut = (
        reader(event),
        reference(event),
        writer(event),
        reference(event, closed=True),
    )
    draw = random.Random(20240305)
    seen = set()
    rules = closed(event)
    for document in load(event, "examples"):
        for path, node in walk(document):
            changed = [without(document, path)] if path else []
            # The same rules once more: one random change is enough.
            changed.append(replaced(document, path, draw.choice(REPLACEMENTS)))
            shape = (rules_at(event, path), type(node).__name__)
            if shape not in seen:
                small, place = around(rules, rules, document, path)
                assert shut.is_valid(small), path
                changed += [replaced(small, place, value) for value in REPLACEMENTS]
                if isinstance(node, dict):
                    changed += [replaced(small, (*place, name), 1) for name in ("x", "a/b~", "")]
                if isinstance(node, str):
                    changed += [
                        replaced(small, place, text)
                        for text in (node + "\n", node.upper(), node + "\u0661", node[:-1])
                    ]
            seen.add(shape)
            for data in changed:
                assert open_.is_valid(data) is plain.is_valid(data), (path, data)
                assert shut.is_valid(data) is plain_shut.is_valid(data), (path, data)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_both_agree_on_documents_changed_at_random(data):
    event = data.draw(st.sampled_from(sorted(EVENTS)))
    document = data.draw(st.sampled_from(load(event, "examples")))
    json_values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    )
    for _ in range(data.draw(st.integers(1, 3))):
        path, _ = data.draw(st.sampled_from(list(walk(document))))
        document = replaced(document, path, data.draw(json_values))
    is_open, plain, is_closed, plain_closed = verdicts(event, document)
    assert is_open is plain
    assert is_closed is plain_closed
    assert is_open or not is_closed


@pytest.mark.parametrize("event", EVENTS)
def test_check_and_errors_tell_the_same(event):
    for case in load(event, "counterexamples"):
        first = refusal(writer(event), case["event"])
        assert (first.path, first.keyword) in {
            (error.path, error.keyword) for error in writer(event).errors(case["event"])
        }
    for data in load(event, "examples"):
        assert writer(event).errors(data) == []


def test_errors_say_what_is_wrong_in_words():
    said = {
        error.path: str(error)
        for error in writer("raw").errors(
            {
                "source": {"name": "x" * 300, "kind": "files"},
                "captured_at": "now",
                "media_type": 5,
                "rights": None,
                "a/b": 1,
                "body": "b",
                "body_encoding": "hex",
            }
        )
    }
    assert said["/source/name"].startswith("/source/name is 'xxxxxxxx")
    assert said["/source/name"].endswith("… (300 characters), which breaks maxLength 200")
    assert said["/body_encoding"] == "/body_encoding is 'hex', must be one of: text, base64"
    assert said["/media_type"] == "/media_type is the number 5, must be of type string"
    assert said["/rights"] == "/rights is null (what is not known is left out), must be of type object"
    assert said["/a~1b"] == "/a~1b is not in the contract: writers may not set it"
    assert said["/item"] == "/item is missing"


def test_a_huge_value_does_not_make_a_huge_error():
    huge = "y" * 5_000_000
    for data in (huge, {"body": [huge]}, {"at": huge}, [huge]):
        error = refusal(reader("tick"), data)
        assert len(str(error)) < 500


def test_the_whole_event_may_be_anything():
    for data in (None, True, 1, "text", [], [1], {}):
        assert not reader("tick").is_valid(data)
        assert refusal(reader("tick"), data).path in ("", "/at")


def test_what_json_has_no_form_for_is_refused_with_its_path():
    minimal = load("article", "examples")[1]
    for value in (math.nan, math.inf, -math.inf):
        error = refusal(writer("article"), minimal | {"detected_language_confidence": value})
        assert error.path == "/detected_language_confidence"
    for value in (b"bytes", {1, 2}, object()):
        error = refusal(writer("article"), minimal | {"headline": value})
        assert error.path == "/headline"
    error = refusal(writer("article"), minimal | {"language": "\ud800"})
    assert (error.path, error.message) == (
        "/language",
        "holds half of a surrogate pair, which is no Unicode text",
    )


def test_models_refuse_numbers_that_json_has_no_form_for():
    from pydantic import ValidationError

    from schemas.article.model import Keyword

    for score in (math.inf, math.nan):
        with pytest.raises(ValidationError):
            Keyword(term="bridge", score=score)
    assert Contract.model_config["allow_inf_nan"] is False


def test_half_a_surrogate_pair_stops_at_the_parser_and_at_the_writer():
    """Neither schema nor model looks at the letters of a plain string; what turns them into bytes does."""
    import orjson

    assert writer("raw").is_valid(replaced(load("raw", "examples")[1], ("body",), "\ud800"))
    with pytest.raises(TypeError, match="surrogates"):
        orjson.dumps({"body": "\ud800"})
    with pytest.raises(orjson.JSONDecodeError, match="surrogate"):
        orjson.loads(b'{"body": "\\ud800"}')


def test_large_and_whole_numbers():
    """JSON Schema knows no largest integer, and 1.0 is one."""
    rejected = load("rejected", "examples")[0]
    for number in (1.0, 2**63, 2**64, 10**40):
        assert verdicts("rejected", replaced(rejected, ("attempt",), number)) == [True] * 4
    assert verdicts("rejected", replaced(rejected, ("attempt",), 1.5)) == [False] * 4
    assert verdicts("rejected", replaced(rejected, ("attempt",), True)) == [False] * 4


def test_unknown_fields_may_nest_as_deep_as_they_like():
    deep = None
    for _ in range(100_000):
        deep = [deep]
    assert reader("tick").is_valid({"at": "2024-03-05T09:14:00Z", "deep": deep})
    while deep:  # taken apart by hand: CPython frees it by recursion
        deep = deep.pop()


def test_writers_variant_closes_objects_and_leaves_maps_open():
    variant = closed("normalized")
    assert variant["additionalProperties"] is False
    assert variant["properties"]["provenance"]["additionalProperties"] == {"$ref": "#/$defs/Provenance"}
    assert variant["$defs"]["Provenance"]["required"] == ["origin", "confidence", "refused"]
    assert variant["$id"] != schema("normalized")["$id"]
    assert "additionalProperties" not in schema("normalized")


def test_unknown_event_is_named():
    with pytest.raises(ValueError, match="no event is called 'articel'; there are: raw"):
        reader("articel")
    with pytest.raises(ValueError, match="no event is called"):
        reference("articel")


def test_validators_are_compiled_once():
    assert reader("raw") is reader("raw")
    assert writer("raw") is writer("raw")
    assert reader("raw") is not writer("raw")
