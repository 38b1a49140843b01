"""Normalized articles in several languages, with copies and revisions among them: what `deduplicate` has to remember things for."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
from seeded import copied, run_stage_on
from wire import CAPTURED

from newswire import topology
from newswire.envelope import Encoder
from newswire.event import Emit
from newswire.log.contract import Log, Outgoing, Record, WindowLimits
from newswire.stage.loop import StageLoop
from newswire.stage.runner import load_handler
from schemas.raw.model import Raw

LANGUAGES = ("en", "de", "fr")
"""One for each of three partitions."""
DEDUPLICATED = ("unique", "duplicate", "held")


def normalized_news(folder: Path, count: int, seed: int = 5) -> list[Outgoing]:
    """Return about `count` normalized records a partition, as the real `normalize` makes them of captures, in the order of the log."""
    log = copied([])
    encoder = Encoder("files", log.topics())
    dice = random.Random(seed)
    made: list[Outgoing] = []
    for number in range(count * len(LANGUAGES)):
        language = LANGUAGES[number % len(LANGUAGES)]
        told = dice.randrange(max(1, number // len(LANGUAGES)))
        kind = dice.choice(("new", "new", "copy", "revision"))
        story = number // len(LANGUAGES) if kind == "new" else told
        # A copy has another id and the same text; a revision has the same id and one more sentence.
        guid = f"{language}-{number if kind == 'copy' else story}"
        more = f" Correction {number}: the figure was wrong." if kind == "revision" else ""
        raw = Raw.from_data(
            {
                "source": {"name": "herald" if kind != "copy" else "courier", "kind": "files"},
                "captured_at": CAPTURED,
                "media_type": "text/plain",
                "body": _text(language, story) + more,
                "guid": guid,
                "item": {"headline": f"Report {language} {story}", "language": language},
            }
        )
        made.append(
            encoder.record(
                Emit("raw", guid, raw),
                raw.to_data(),
                event_id=f"news-{number}",
                timestamp_ms=int(CAPTURED.timestamp() * 1000) + number,
                now=CAPTURED,
                partition=number % len(LANGUAGES),
            )
        )
    log.writer("news").write(made)
    run_stage_on(log, "normalize", folder)
    return [again(record) for record in every(log, "news.normalized.v1")]


def expected(folder: Path, news: Sequence[Outgoing]) -> dict[tuple[str, int], list[object]]:
    """Return what one undisturbed slot of `deduplicate` makes of it."""
    log = copied([])
    log.writer("news").write(news)
    run_stage_on(log, "deduplicate", folder)
    return by_input(log)


def deduplicate_on(
    log: Log, folder: Path, *, slot: int = 0, standby: bool = False, records: int = 17
) -> StageLoop:
    """Return a slot of the real `deduplicate` with windows of an odd size."""
    return StageLoop(
        load_handler("deduplicate"),
        log,
        log.slot(
            topic=topology.topic("normalized").name,
            group=topology.group("deduplicate"),
            slot_id=topology.slot_id("deduplicate", slot),
        ),
        folder,
        limits=WindowLimits(seconds=0.05, records=records),
        standby=standby,
    )


def drain(*loops: StageLoop, records: int, seconds: float = 300) -> None:
    """Let the slots take turns until they have handled this many records between them."""
    deadline = time.monotonic() + seconds
    done = 0
    while done < records:
        assert time.monotonic() < deadline, f"only {done} of {records} records came"
        done += sum(loop.step(0.1) for loop in loops)


def _text(language: str, story: int) -> str:
    words = random.Random(f"{language}-{story}")
    return (
        " ".join(
            "".join(words.choices("abcdefghiklmnoprstuvw", k=words.randint(3, 9))) for _ in range(60)
        ).capitalize()
        + "."
    )


def every(log: Log, topic: str) -> list[Record]:
    """Return all records of a topic, by partition and offset."""
    ends = log.end_offsets(topic, committed=False)
    return [record for partition, end in ends.items() for record in log.read(topic, partition, 0, end)]


def again(record: Record) -> Outgoing:
    """Return what writes the same record once more."""
    return Outgoing(
        record.topic, record.partition, record.key, record.value, record.timestamp_ms, record.headers
    )


def by_input(log: Log, events: Sequence[str] = DEDUPLICATED) -> dict[tuple[str, int], list[object]]:
    """Return what came of each input partition: (topic, input partition) -> keys and values in order.

    How several input partitions interleave on a shared output depends on when they are read. Offsets stand in the lineage, and Kafka's
    have gaps where transactions end: values are compared without it.
    """
    found: dict[tuple[str, int], list[object]] = {}
    for event in events:
        for record in every(log, topology.topic(event).name):
            data = orjson.loads(record.value or b"null")
            lineage = (data or {}).pop("lineage", None)
            used = lineage["was_generated_by"][-1]["used"] if lineage else {"partition": -1}
            found.setdefault((event, used["partition"]), []).append((record.key, data))
    return found
