"""An archive goes through the lane beside live traffic, as docs/replay.md says: topics of its own, and the times of the archive."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from running import distinct_capture
from waiting import PATIENCE, until
from wire import everything, payloads

from newswire.lane import CARRIED_FROM
from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.chaos, pytest.mark.timeout(600)]
ARCHIVED = 25
WITHDRAWN = "live-2"


def line(number: int, kind: str, **more: str) -> dict[str, str]:
    """Return a record of a file, of an article that has nothing in common with any other."""
    made = distinct_capture(number, kind=kind)
    item = {"guid": made["guid"], "headline": made["item"]["headline"], "text": made["body"]}
    return {**item, "language": "en", "source": "herald", **more}


def written(path: Path, *records: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@contextmanager
def up(cli: Any, *arguments: str) -> Iterator[None]:
    """Run `newswire up`, until the block is left; then it has to end in order."""
    process: subprocess.Popen[bytes] = cli.start("up", *arguments, stdin=subprocess.DEVNULL, stderr=-1)
    assert process.stderr is not None
    try:
        while b"up; Ctrl-C" not in (said := process.stderr.readline()):
            assert said, "it ended"
        yield
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=PATIENCE)[1]
        assert process.returncode == 0
        assert b"Traceback" not in rest
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_an_archive_goes_through_the_lane_beside_live_traffic(cli: Any, tmp_path: Path) -> None:
    live, lane = (
        KafkaLog(
            Connection(
                cli.environment["KAFKA_BOOTSTRAP_SERVERS"],
                namespace=cli.environment["NEWSWIRE_NAMESPACE"] + name,
            )
        )
        for name in ("", "backfill.")
    )
    with up(cli), up(cli, "--lane", "backfill"):
        first = [line(number, "live") for number in range(6)]
        cli.run("produce", "files", written(tmp_path / "live.jsonl", *first))
        kill = line(2, "live", status="canceled")
        cli.run("produce", "files", written(tmp_path / "kill.jsonl", kill))
        archive = [
            line(number, "archive", captured_at=f"2019-03-{number + 1:02}T06:30:00Z")
            for number in range(ARCHIVED)
        ]
        # The archive has it from before it was withdrawn.
        archive.append(line(2, "live", captured_at="2019-03-01T06:30:00Z"))
        path = written(tmp_path / "archive.jsonl", *archive)
        said = cli.run("produce", "files", "--lane", "backfill", path).stderr.decode()
        assert "1 withdrawals carried over from the live pipeline" in said
        assert f"{ARCHIVED + 1} published" in said
        # Beside it the live pipeline goes on.
        cli.run(
            "produce",
            "files",
            written(tmp_path / "more.jsonl", *(line(n, "live") for n in range(6, 12))),
        )
        until(lambda: len(everything(lane, "article")) >= ARCHIVED, "the archive comes out of the lane")
        until(lambda: len(everything(live, "article")) >= 13, "the live articles come out")
        books = [
            json.loads(cli.text("ledger", "--json")),
            json.loads(type(cli)(cli.environment | {"NEWSWIRE_LANE": "backfill"}).text("ledger", "--json")),
        ]
    assert [book["total"]["entered"] for book in books] == [13, ARCHIVED + 2]
    assert [book["balanced"] for book in books] == [True, True]
    seen = {data["guid"]: data["first_seen_at"] for data in payloads(lane, "article")}
    assert {guid: at for guid, at in seen.items() if guid != WITHDRAWN} == {
        record["guid"]: record["captured_at"] for record in archive[:ARCHIVED]
    }
    # What is withdrawn came out of the lane as that, if at all.
    states = {data["revision"]["change"] for data in payloads(lane, "article") if data["guid"] == WITHDRAWN}
    assert states <= {"withdrawn"}
    carried = [r for r in everything(lane, "raw") if CARRIED_FROM in dict(r.headers)]
    assert len(carried) == 1
    # Neither knows what the other has.
    assert {data["guid"] for data in payloads(live, "article")} == {f"live-{number}" for number in range(12)}
    assert all(data["first_seen_at"] >= "2024" for data in payloads(live, "article"))
    for log in (live, lane):
        log.close()
