"""What is asked for and cannot be, of dead letters: names that are none, filters that match nothing, folders that take nothing."""

from __future__ import annotations

import base64
import hashlib
import resource
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from small_pipeline import SmallPipeline

from newswire import rejected
from newswire.errors import UsageError
from newswire.log.contract import Outgoing
from newswire.rejected_export import export_to
from newswire.rejected_filter import Filter

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path / "stages")
    yield made
    made.close()


def letter(value: bytes = b"original", **more: Any) -> Outgoing:
    data = {
        "stage": "normalize",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "not-json",
        "detail": "is no JSON",
        "source": "planet",
        "original": {
            "size": len(value),
            "value": base64.b64encode(value).decode(),
            "sha256": hashlib.sha256(value).hexdigest(),
        },
    }
    return Outgoing("news.rejected.v1", 0, b"k", orjson.dumps(data | more), 0)


@pytest.mark.parametrize("name", ["2/21", "news.rejected.v1/2/21", "team.backfill.news.rejected.v1/2/21"])
def test_a_letter_is_named_with_its_topic_or_without(name: str) -> None:
    assert rejected.place_of(name, "team.backfill.") == (2, 21)


@pytest.mark.parametrize(
    "name",
    [
        "other.topic/0/1",
        "news.raw.v1/0/21",
        # Those of the live pipeline, or of another's, are not those of this lane.
        "team.news.rejected.v1/0/1",
        "x/news.rejected.v1/0/1",
        "/0/1",
    ],
)
def test_a_record_of_another_topic_is_no_letter(name: str) -> None:
    with pytest.raises(UsageError, match=r"is no dead letter: those are on|names no dead letter"):
        rejected.place_of(name, "team.backfill.")


@pytest.mark.parametrize(
    "name",
    ["", "0", "0/", "/", "0/-1", "0/1.5", "0/¹", "0/٣", "0/1\n", "0/" + "7" * 5_000, "7" * 5_000 + "/0"],
)
def test_what_is_no_name_of_a_letter_is_told_shortly(name: str) -> None:
    with pytest.raises(UsageError, match=r"names no dead letter: write partition/offset") as told:
        rejected.place_of(name)
    assert len(str(told.value)) < 250


def test_a_time_that_is_over_before_it_begins_is_refused() -> None:
    for until in (NOW, NOW - timedelta(seconds=1)):
        with pytest.raises(UsageError, match="give --since a time before --until"):
            Filter(since=NOW, until=until)


def asked(pipeline: SmallPipeline, **what: str) -> Filter:
    wanted = Filter(**what)
    assert list(wanted.of(rejected.find(pipeline.log))) == []
    return wanted


def test_where_none_matches_those_there_are_are_named(pipeline: SmallPipeline) -> None:
    pipeline.write(letter())
    pipeline.write(letter(reason="schema", source="herald", stage="my-own-source"))
    assert asked(pipeline, reason="typo").hints() == [
        "no dead letter has the reason 'typo'; there are: not-json, schema"
    ]
    assert asked(pipeline, source="x", reason="schema").hints() == [
        "no dead letter is from the source 'x'; there are: herald, planet"
    ]
    # Each is there, though not together: nothing is misspelt.
    assert asked(pipeline, reason="schema", source="planet").hints() == []
    assert asked(pipeline, stage="cluster").hints() == [
        "no dead letter is by 'cluster'; there are: my-own-source, normalize"
    ]
    with pytest.raises(
        UsageError, match=r"'nonsense'; stages: normalize, .*; there are dead letters by: my-own-source, norm"
    ):
        asked(pipeline, stage="nonsense").hints()
    found = Filter(stage="my-own-source")
    assert len(list(found.of(rejected.find(pipeline.log)))) == found.matched == 1
    assert found.hints() == []


def test_hints_are_bounded(pipeline: SmallPipeline) -> None:
    for number in range(25):
        pipeline.write(letter(source=f"{number:02}" + "x" * 10_000))
    (hint,) = asked(pipeline, source="y" * 10_000).hints()
    assert hint.endswith(", and more")
    assert len(hint) < 3_000


def test_a_folder_that_takes_nothing_is_told(pipeline: SmallPipeline, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"mine")
    for folder in (file, file / "below", Path("/proc/newswire"), tmp_path / ("x" * 300)):
        with pytest.raises(UsageError, match=r"cannot be written \(.+\): give a new folder"):
            list(export_to(folder, pipeline.log, []))
    assert file.read_bytes() == b"mine"


def test_a_disk_that_is_full_is_told_and_what_is_written_stays(
    pipeline: SmallPipeline, tmp_path: Path
) -> None:
    pipeline.write(letter(b"small"))
    pipeline.write(letter(b"x" * 50_000))
    entries = export_to(tmp_path / "out", pipeline.log, rejected.find(pipeline.log))
    assert next(entries)["letter"] == "news.rejected.v1/0/0"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(UsageError, match=r"out.* cannot be written \(File too large\).* and has room"):
            next(entries)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "out" / "0-000000000000.bin").read_bytes() == b"small"
    (line,) = (tmp_path / "out" / "index.jsonl").read_bytes().splitlines()
    assert orjson.loads(line)["file"] == "0-000000000000.bin"
