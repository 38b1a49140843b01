"""Every event can be shown to a person, whatever stands in it."""

from __future__ import annotations

import importlib.resources
import io
import unicodedata
from pathlib import Path
from typing import Any

import orjson
import pytest
from rich.console import Console

import schemas
from newswire import topology
from newswire.cli.blocks import block
from newswire.log.contract import Record

EXAMPLES = sorted(
    path
    for topic in topology.TOPICS
    for path in Path(str(importlib.resources.files(f"schemas.{topic.event}"))).glob("examples/*.json")
)
BESIDE = sorted(Path(str(importlib.resources.files("schemas.carried"))).glob("examples/*.json"))
HOSTILE = "\x1b[2J\x1b]0;title\x07\u202e[bold]\r"


def shown(topic: str, value: bytes | None) -> str:
    out = io.StringIO()
    Console(file=out, width=80, markup=False, force_terminal=False).print(
        block(Record(topic, 1, 7, 1706788800000, b"key", value))
    )
    return out.getvalue()


def hostile(data: Any) -> Any:
    """Return the data with every free text made hostile; times and numbers stay."""
    if isinstance(data, dict):
        return {name: hostile(value) for name, value in data.items()}
    if isinstance(data, list):
        return [hostile(value) for value in data]
    return f"{data}{HOSTILE}" if isinstance(data, str) and " " in data else data


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_examples_are_shown(path: Path) -> None:
    topic = topology.topic(path.parts[-3]).name
    data = orjson.loads(path.read_bytes())
    text = shown(topic, orjson.dumps(data))
    assert f"{topic}/1/7" in text
    assert not text.startswith("{")
    unsafe = shown(topic, orjson.dumps(hostile(data)))
    assert not [c for c in unsafe if unicodedata.category(c) == "Cc" and c != "\n"]
    assert "\u202e" not in unsafe


@pytest.mark.parametrize("path", BESIDE, ids=lambda path: path.stem)
def test_what_is_said_of_copies_is_shown(path: Path) -> None:
    data = orjson.loads(path.read_bytes())
    out = io.StringIO()
    headers = (("ce_type", b"newswire.carried.v1"),)
    record = Record("news.articles.v1", 1, 7, 1706788800000, b"key", orjson.dumps(data), headers)
    Console(file=out, width=120, markup=False).print(block(record))
    assert data["original_id"] in out.getvalue()
    assert ("Harbour Post" in out.getvalue()) is ("carrier" in data)


def test_all_events_have_examples() -> None:
    assert {path.parts[-3] for path in EXAMPLES} == set(schemas.EVENTS) - {"tick", "purge", "carried"}


@pytest.mark.parametrize("value", [None, b"", b"not json \x1b[2J", b"[1]", b'{"source": 1}', b"\xff\xfe"])
def test_what_is_no_event_is_shown_as_it_is(value: bytes | None) -> None:
    for topic in ("news.articles.v1", "news.raw.v1", "newswire.cluster.changelog"):
        text = shown(topic, value)
        assert f"{topic}/1/7" in text
        assert "\x1b" not in text


def test_what_is_withheld_or_outdated_is_told() -> None:
    def told(event: str, example: str) -> str:
        path = Path(str(importlib.resources.files(f"schemas.{event}"))) / "examples" / f"{example}.json"
        return " ".join(shown(topology.topic(event).name, path.read_bytes()).split())

    assert "held until its publisher lets it go" in told("held", "withheld")
    assert "an older version of “" in told("duplicate", "older-version")
