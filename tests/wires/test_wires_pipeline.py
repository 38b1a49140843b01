"""Wires through the real thing: the command killed at random moments, and items through all stages on a real broker."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import waiting
from running import environment, settled, stages, until
from wire import everything, make_topics, payloads, publish

from newswire.clock import ticks
from newswire.envelope import Encoder
from newswire.keeping import SourceState
from newswire.log.kafka import KafkaLog
from newswire.source import SourceLoop
from producers.wires import WiresSource

WIRES = [sys.executable, "-m", "newswire", "produce", "wires"]
KILLS = max(20, int(os.environ.get("NEWSWIRE_CHAOS_ROUNDS", "20")))
FILES_A_KILL = 10
ITEMS_A_FILE = 8
FILES_REPLACED = 3


def put(folder: Path, name: str, content: Any, age: float = 60) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    partly = folder / f".{name}"
    partly.write_text(text, encoding="utf-8")
    os.utime(partly, (time.time() - age,) * 2)
    partly.rename(folder / name)


@pytest.mark.broker
@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_a_producer_killed_at_random_moments_loses_and_repeats_nothing(
    kafka_log: KafkaLog, tmp_path: Path
) -> None:
    make_topics(kafka_log, partitions=3)
    folder = tmp_path / "in"
    folder.mkdir()
    env = environment(kafka_log, tmp_path / "state")
    dice = random.Random(20260302)
    uris: set[str] = set()
    replaced: set[str] = set()
    for kill in range(KILLS):
        for number in range(FILES_A_KILL):
            items = [_item(f"{kill}-{number}-{n}") for n in range(ITEMS_A_FILE)]
            (replaced if number < FILES_REPLACED else uris).update(item["uri"] for item in items)
            put(folder, f"{kill}-{number}.json", items)
        before = len(everything(kafka_log, "raw"))
        process = subprocess.Popen(
            [*WIRES, str(folder)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        try:
            waiting.until(
                lambda before=before, process=process: (
                    len(everything(kafka_log, "raw")) > before or process.poll() is not None
                ),
                "it publishes",
            )
            assert process.poll() is None, process.stderr.read()
            for number in range(FILES_REPLACED):
                items = [_item(f"{kill}-{number}-{n}-again") for n in range(ITEMS_A_FILE)]
                uris |= {item["uri"] for item in items}
                put(folder, f"{kill}-{number}.json", items)
            time.sleep(dice.uniform(0.0, 0.3))  # a random moment of its work is what is tested here
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stderr.close()
    put(folder, "broken.xml", "<nitf><head>")
    last = subprocess.run([*WIRES, str(folder), "--once"], env=env, capture_output=True, check=False)
    assert last.returncode == 3, last.stderr
    assert b"broken.xml" in last.stderr
    assert b"invalid-xml" in last.stderr
    published = Counter(raw["guid"] for raw in payloads(kafka_log, "raw"))
    # What was replaced before it was taken is gone; what took its place is not.
    assert {uri: published[uri] for uri in uris} == dict.fromkeys(uris, 1)
    assert {uri: n for uri, n in published.items() if n != 1 or uri not in uris | replaced} == {}
    assert [letter["reason"] for letter in payloads(kafka_log, "rejected")] == ["invalid-xml"]
    assert [path.name for path in folder.iterdir() if path.is_file()] == []
    assert [
        path for path in (folder / ".newswire").rglob("*") if path.is_file()
    ] == []  # folders may be left by a kill
    done = [json.loads(path.read_bytes()) for path in (folder / "done").iterdir()]
    assert uris <= {item["uri"] for items in done for item in items} <= published.keys()
    assert [path.name for path in (folder / "failed").iterdir()] == ["broken.xml"]


@pytest.mark.broker
@pytest.mark.timeout(300)
def test_items_through_all_stages(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log, partitions=2)
    folder = tmp_path / "in"
    folder.mkdir()
    opens = datetime.now(UTC) + timedelta(minutes=50)

    def drop(**files: Any) -> None:
        for age, (name, content) in zip(range(3600, 0, -1), files.items(), strict=False):
            put(folder, f"{name}.json", content, age=age)
        kept = SourceState(kafka_log, "wires", tmp_path / "state")
        SourceLoop(
            WiresSource({"npa": folder}, kept.state, once=True), kafka_log, kept.writer, kept=kept
        ).run()
        kept.close()

    with stages(kafka_log, tmp_path / "stages", ["normalize", "deduplicate", "enrich"]) as supervisor:
        drop(
            late3=_item("late", "3"), late2=_item("late", "2"), late3_again=_item("late", "3"),
            kill=_item("killed", "4", pubstatus="canceled", body_text="", headline="KILL"),
            killed=_item("killed", "1"), killed_late=_item("killed", "5"),
            embargoed=_item("embargoed", "2", embargoed=opens.isoformat()),
            embargoed_before=_item("embargoed", "1"),
            withheld=_item("withheld", "1", pubstatus="withheld"),
            picture=_item("picture", "1", type="picture"),
        )  # fmt: skip
        book = settled(kafka_log, supervisor)
        total = book.total
        assert book.balanced
        assert (total.entered, total.published, total.revised, total.withdrawn) == (10, 1, 0, 1)
        assert (total.duplicate, total.rejected, total.held) == (2, 3, 3)
        assert book.reasons == {"withdrawn": 2, "not-text": 1}
        # The time comes, as `newswire run clock` tells it.
        for _ in range(2):
            publish(
                kafka_log,
                *ticks(
                    Encoder("clock", kafka_log.topics()), kafka_log.topics(), opens + timedelta(seconds=1)
                ),
            )
        until(lambda: "embargoed" in _seen(kafka_log) or None, supervisor)
        drop(usable=_item("withheld", "2"))
        book = settled(kafka_log, supervisor)
        total = book.total
        assert book.balanced
        assert (total.entered, total.published, total.withdrawn, total.duplicate) == (11, 3, 1, 4)
        assert (total.rejected, total.held) == (3, 0)
    shown = [
        (article["wire"]["uri"], article["wire"]["version"], article["revision"]["change"])
        for article in payloads(kafka_log, "article")
    ]
    assert sorted(shown) == [
        ("urn:npa:embargoed", "2", "new"),
        ("urn:npa:killed", "4", "withdrawn"),
        ("urn:npa:late", "3", "new"),
        ("urn:npa:withheld", "2", "new"),
    ]
    (article,) = [each for each in payloads(kafka_log, "article") if each["wire"]["uri"] == "urn:npa:late"]
    assert article["wire"]["urgency"] == 3
    assert article["wire"]["subjects"] == [{"scheme": "medtop", "code": "20000337", "name": "port"}]
    assert article["rights"]["usage_terms"] == "For subscribers."


def _item(name: str, version: str = "1", **more: Any) -> dict[str, Any]:
    words = random.Random(name + version)
    text = " ".join("".join(words.choices("abcdefghiklmnoprstuvw", k=words.randint(3, 9))) for _ in range(60))
    return {
        "uri": f"urn:npa:{name}",
        "type": "text",
        "version": version,
        "versioncreated": "2026-03-02T10:00:00Z",
        "language": "en",
        "urgency": 3,
        "usageterms": "For subscribers.",
        "subject": [{"code": "medtop:20000337", "name": "port"}],
        "headline": f"Item {name} in version {version}",
        "body_text": text.capitalize() + ".",
    } | more


def _seen(log: KafkaLog) -> set[str]:
    return {article["wire"]["uri"].removeprefix("urn:npa:") for article in payloads(log, "article")}
