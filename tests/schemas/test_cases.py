"""Every example passes, every counterexample fails where it says: in both validators, and in the model."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas import EVENTS, model
from schemas.validation import Invalid, Validator, pointer, reader, reference, writer

ROOM = Path(__file__).parents[2] / "schemas"


def cases(kind):
    return [
        pytest.param(
            path.parent.parent.name,
            json.loads(path.read_text(encoding="utf-8")),
            id=f"{path.parent.parent.name}-{path.stem}",
        )
        for path in sorted(ROOM.glob(f"*/{kind}/*.json"))
    ]


def reference_errors(event, data, *, closed):
    """What the plain validator finds, with the paths of missing and surplus fields as ours has them."""
    found = set()
    for error in reference(event, closed=closed).iter_errors(data):
        path = list(error.absolute_path)
        if error.validator == "required":
            found |= {
                (pointer([*path, name]), "required")
                for name in error.validator_value
                if name not in error.instance
            }
        elif error.validator == "additionalProperties":
            surplus = set(error.instance) - set(error.schema["properties"])
            found |= {(pointer([*path, name]), "additionalProperties") for name in surplus}
        else:
            found.add((pointer(path), error.validator))
    return found


def our_errors(validator: Validator, data):
    return {(error.path, error.keyword) for error in validator.errors(data)}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_examples_and_counterexamples(event):
    names = {path.stem for path in (ROOM / event / "examples").glob("*.json")}
    assert names >= {"minimal", "full"}
    assert len(list((ROOM / event / "counterexamples").glob("*.json"))) >= 4


@pytest.mark.parametrize("event", EVENTS)
def test_full_examples_show_every_property(event):
    shown = set()
    for path in (ROOM / event / "examples").glob("*.json"):
        shown |= set(json.loads(path.read_text(encoding="utf-8")))
    assert shown == set(model(event).model_fields)


@pytest.mark.parametrize(("event", "data"), cases("examples"))
def test_example_is_valid_and_survives_the_model(event, data):
    reader(event).check(data)
    writer(event).check(data)
    assert not reference_errors(event, data, closed=False)
    assert not reference_errors(event, data, closed=True)
    assert model(event).from_data(data).to_data() == data


@pytest.mark.parametrize(("event", "data"), cases("examples"))
def test_spans_of_examples_hold_what_they_say(event, data):
    def spans(node):
        if isinstance(node, dict):
            if {"text", "location"} <= set(
                node
            ) and event != "duplicate":  # a passage stands in another event
                yield node
            for part in node.values():
                yield from spans(part)
        elif isinstance(node, list):
            for part in node:
                yield from spans(part)

    for span in spans(data):
        text = data
        for step in span["location"]["path"].split("/")[1:]:
            text = text[int(step)] if isinstance(text, list) else text[step]
        assert text[span["location"]["start"] : span["location"]["end"]] == span["text"]


@pytest.mark.parametrize(("event", "case"), cases("counterexamples"))
def test_counterexample_fails_where_it_says(event, case):
    assert set(case) == {"why", "side", "path", "keyword", "event"}
    named = (case["path"], case["keyword"])
    for validator, closed in ((reader(event), False), (writer(event), True)):
        if case["side"] == "writer" and not closed:
            validator.check(case["event"])
            assert not reference_errors(event, case["event"], closed=False)
            continue
        assert not validator.is_valid(case["event"])
        with pytest.raises(Invalid) as raised:
            validator.check(case["event"])
        assert raised.value.path == case["path"]
        assert raised.value.keyword in {keyword for _, keyword in our_errors(validator, case["event"])}
        assert named in our_errors(validator, case["event"])
        theirs = reference_errors(event, case["event"], closed=closed)
        assert named in theirs
        # Of an instant with a pattern and a format, one implementation may find both broken where another finds one.
        assert {path for path, _ in our_errors(validator, case["event"])} == {path for path, _ in theirs}


@pytest.mark.parametrize(("event", "case"), cases("counterexamples"))
def test_no_writer_can_make_a_counterexample(event, case):
    """The model refuses it, or turns it into something valid; it never lets the wrong thing through."""
    try:
        made = model(event).model_validate(case["event"]).to_data()
    except ValidationError:
        return
    assert made != case["event"]
    writer(event).check(made)
