"""All seeds through all stages: fates, contracts, and the same bytes every time."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from seeded import copied, run_stage_on, seeded_log
from wire import everything, payloads

from newswire import topology
from newswire.envelope import is_carried
from newswire.ledger import ledger
from newswire.log.memory import MemoryLog
from schemas.validation import reference


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> MemoryLog:
    return seeded_log(tmp_path_factory.mktemp("state"))


def test_the_ledger_balances(log: MemoryLog) -> None:
    book = ledger(log)
    total = book.total
    assert book.balanced
    assert total.in_flight == 0
    assert total.entered == (
        total.published + total.revised + total.withdrawn + total.duplicate + total.rejected + total.held
    )
    assert (total.withdrawn, total.held, total.revised, total.duplicate) == (2, 1, 3, 4)


def test_nothing_is_rejected_as_a_bug(log: MemoryLog) -> None:
    assert [letter["detail"] for letter in payloads(log, "rejected") if letter["verdict"] == "internal"] == []


@pytest.mark.parametrize("topic", topology.TOPICS, ids=lambda topic: topic.event)
def test_every_record_is_valid_under_plain_jsonschema(log: MemoryLog, topic: topology.Topic) -> None:
    found = [record for record in everything(log, topic.event) if record.value is not None]
    assert found, f"the seeds put nothing on {topic.name}"
    for record in found:
        event = "carried" if is_carried(record) else topic.event
        reference(event).validate(orjson.loads(record.value or b""))


def test_what_is_told_of_copies_stands_behind_their_originals(log: MemoryLog) -> None:
    copies = [d for d in payloads(log, "duplicate") if d["article_id"] != d["original"]["article_id"]]
    assert copies
    for event in ("unique", "article"):
        told = [record for record in everything(log, event) if is_carried(record)]
        assert len(told) == len(copies)
        for record in told:
            before = (other for other in everything(log, event) if other.partition == record.partition)
            assert any(other.key == record.key and other.offset < record.offset for other in before)
    told = [story for story in payloads(log, "story") if story.get("carriers_change")]
    assert told
    for story in told:
        assert story["outlet_count"] > story["source_count"] >= story["independent_source_count"]


def test_the_embargoed_text_is_nowhere_to_be_read(log: MemoryLog) -> None:
    (held,) = payloads(log, "held")
    for topic in ("unique", "article", "story", "duplicate"):
        assert held["article_id"] not in {data.get("article_id") for data in payloads(log, topic)}


def test_one_event_in_three_outlets_is_one_story(log: MemoryLog) -> None:
    last = {story["story_id"]: story for story in payloads(log, "story")}
    sizes = sorted((story["source_count"] for story in last.values()), reverse=True)
    assert sizes[0] == 3
    (story,) = [story for story in last.values() if story["source_count"] == 3]
    articles = {article["article_id"]: article for article in payloads(log, "article")}
    folders = {(articles[member["article_id"]].get("url") or "") for member in story["members"]}
    assert len(folders) == 3


def test_market_reports_of_one_template_are_no_copies(log: MemoryLog) -> None:
    related = [
        article
        for article in payloads(log, "article")
        if any(entry["relation"] == "same-template" for entry in article.get("related", ()))
    ]
    assert [entry["relation"] for article in related for entry in article["related"]] == ["same-template"]


@pytest.mark.parametrize("stage", [stage.name for stage in topology.STAGES])
def test_a_stage_gives_the_same_bytes_for_the_same_input(log: MemoryLog, tmp_path: Path, stage: str) -> None:
    def outputs(run: str) -> dict[str, list[tuple[int, bytes | None, bytes | None]]]:
        copy = copied(everything(log, topology.stage(stage).reads))
        run_stage_on(copy, stage, tmp_path / run)
        written = (*topology.stage(stage).writes, "rejected")
        # Sorted: how records of several input partitions interleave on a shared output is up to the moment they are read.
        return {
            event: sorted((r.partition, r.key, r.value) for r in everything(copy, event)) for event in written
        }

    first = outputs("first")
    assert any(first.values())
    assert outputs("second") == first


def test_the_hash_seed_of_the_interpreter_changes_nothing(log: MemoryLog, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs.pickle"
    inputs.write_bytes(pickle.dumps({stage.name: everything(log, stage.reads) for stage in topology.STAGES}))
    script = (
        "import hashlib, pickle, sys; sys.path[:0] = ['.', 'tests/support']\n"
        "import structlog; structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))\n"
        "from pathlib import Path; from seeded import *; from wire import payloads\n"
        "for stage, records in pickle.loads(Path(sys.argv[1]).read_bytes()).items():\n"
        "    log = copied(records)\n"
        "    run_stage_on(log, stage, Path(sys.argv[2]))\n"
        "    for event in topology.stage(stage).writes:\n"
        "        written = sorted(map(repr, payloads(log, event)))\n"
        "        print(event, len(written), hashlib.sha256(repr(written).encode()).hexdigest())\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", script, str(inputs), str(tmp_path / seed)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).resolve().parents[2],
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert printed[0].count("\n") == sum(len(stage.writes) for stage in topology.STAGES)
