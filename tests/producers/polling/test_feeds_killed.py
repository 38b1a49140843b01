"""`newswire produce feeds` as a real process on a real broker: killed at any moment, it loses and repeats nothing."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import forked
import pytest
from due import make_due
from newsroom import article, item, rss
from running import environment
from waiting import PATIENCE, until
from web_server import Handler, Web, page, web_server
from wire import make_topics, payloads

from newswire.log.kafka import KafkaLog
from producers.fetch import Limits

FEEDS = 6
ITEMS = 12


@dataclass
class Place:
    """A server with feeds, a list of them, and the command that polls it."""

    web: Web
    log: KafkaLog
    folder: Path
    shared: dict[int, int] = field(default_factory=dict)

    def write_list(self, **more: str) -> None:
        lines = []
        for n in range(FEEDS):
            lines += ["[[source]]", f'name = "feed-{n}"', f'url = "{self.web.url(f"/{n}.xml")}"']
            lines += [f"{name} = {value}" for name, value in more.items()] + [""]
        self.folder.mkdir(exist_ok=True)
        (self.folder / "sources.toml").write_text("\n".join(lines))

    def publish(self, upto: int) -> None:
        """Have each feed list its items up to a number, latest first; every fifth is in the next feed too."""
        for n in range(FEEDS):
            mine = range(n * 1000, n * 1000 + upto)
            others = [k for k in range((n + 1) % FEEDS * 1000, (n + 1) % FEEDS * 1000 + upto) if k % 5 == 0]
            listed = [item(k, self.web.url(f"/news/{k}")) for k in sorted({*mine, *others}, reverse=True)]
            self.web.pages[f"/{n}.xml"] = page(200, rss(*listed), Content_Type="application/rss+xml")
            for k in mine:
                self.web.pages.setdefault(f"/news/{k}", self._article(k))

    @staticmethod
    def _article(k: int) -> Any:
        def answer(handler: Handler) -> None:
            time.sleep(0.01)  # so that a kill finds something under way
            handler.answer(200, article(k), Content_Type="text/html; charset=utf-8")

        return answer

    def environment(self, **more: str) -> dict[str, str]:
        return environment(self.log, self.folder / "state") | {
            "NEWSWIRE_CONTACT_URL": "https://example.org/bot",
            "NEWSWIRE_LOOPBACK_PORTS": str(self.web.port),
            "NEWSWIRE_FETCH_INTERVAL": "0",
            "NEWSWIRE_SOURCES": str(self.folder / "sources.toml"),
            **more,
        }

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "newswire", "produce", "feeds", *arguments],
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def once(self, status: int = 0, **more: str) -> tuple[list[dict[str, Any]], str]:
        """Run it with --once to its end; return receipts and what it said."""
        done = forked.run(["produce", "feeds", "--once"], self.environment(**more))
        said = done.stderr.decode()
        assert done.returncode == status, said
        return [json.loads(line) for line in done.stdout.splitlines()], said


@pytest.fixture
def place(kafka_log: KafkaLog, tmp_path: Path) -> Iterator[Place]:
    make_topics(kafka_log, partitions=2)
    with web_server() as web:
        made = Place(web, kafka_log, tmp_path / "desk")
        made.write_list()
        yield made


def kill_at_random(place: Place, rounds: int, seed: int) -> None:
    dice = random.Random(seed)
    for round_ in range(rounds):
        place.publish(2 + (ITEMS - 2) * round_ // max(rounds - 1, 1))
        process = place.start("--once")
        watch = threading.Thread(target=process.stderr.read, daemon=True)  # type: ignore[union-attr]
        watch.start()
        if dice.random() < 0.8:  # most while it publishes, some while it starts
            process.stdout.readline()  # type: ignore[union-attr]
            time.sleep(dice.uniform(0.0, 0.6))
        else:
            time.sleep(dice.uniform(0.0, 2.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        watch.join()
        process.stdout.close()  # type: ignore[union-attr]
        process.stderr.close()  # type: ignore[union-attr]
        make_due(place.log, "feeds", place.folder / "state")


def everything_is_there_once(place: Place) -> None:
    found = Counter(raw["guid"] for raw in payloads(place.log, "raw"))
    assert set(found.values()) == {1}, [guid for guid, count in found.items() if count > 1]
    assert set(found) == {f"report-{n * 1000 + k}" for n in range(FEEDS) for k in range(ITEMS)}
    assert payloads(place.log, "rejected") == []


@pytest.mark.broker
@pytest.mark.timeout(300)
def test_killed_at_random_moments_it_loses_and_repeats_nothing(place: Place) -> None:
    kill_at_random(place, rounds=4, seed=20261126)
    place.publish(ITEMS)
    place.once()
    everything_is_there_once(place)


@pytest.mark.broker
@pytest.mark.chaos
def test_twenty_kills_lose_and_repeat_nothing(place: Place) -> None:
    rounds = int(os.environ.get("NEWSWIRE_CHAOS_ROUNDS", "20"))
    kill_at_random(place, rounds=max(rounds, 20), seed=20261126)
    place.publish(ITEMS)
    place.once()
    everything_is_there_once(place)


@pytest.mark.broker
def test_what_the_command_says(place: Place) -> None:
    """Receipts in the pipe, a line for each source, a status that tells whether one failed."""
    place.publish(2)
    place.web.pages["/1.xml"] = page(
        200, b"<!doctype html><title>One moment</title>", Content_Type="text/html"
    )
    receipts, said = place.once(status=3)
    assert {receipt["status"] for receipt in receipts} == {"published"}
    assert len(receipts) == len(payloads(place.log, "raw"))
    assert re.search(r"feed-0: fetched 1, new \d, known \d, failed 0, next poll in", said)
    assert re.search(
        r"feed-1: fetched 1, new 0, known 0, failed 1 \(not-a-feed-html\), next poll in", said
    ), said
    assert f"1 of {FEEDS} sources failed" in said
    receipts, said = place.once()
    assert receipts == []
    assert "feed-0: fetched 0" in said


@pytest.mark.broker
def test_without_a_contact_nothing_is_asked(place: Place) -> None:
    _, said = place.once(status=2, NEWSWIRE_CONTACT_URL="")
    assert "NEWSWIRE_CONTACT_URL" in said
    assert place.web.seen == []


@pytest.mark.broker
def test_asked_to_stop_it_ends_soon_and_leaves_the_rest_for_later(place: Place) -> None:
    place.publish(ITEMS)
    slow = threading.Event()

    def hangs(handler: Handler) -> None:
        slow.set()
        handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        handler.trickle(itertools.repeat(b" "), 0.2)

    place.web.pages["/news/3000"] = hangs
    process = place.start(NEWSWIRE_FETCH_THREADS="4", NEWSWIRE_LOG_FORMAT="json")
    second = None
    try:
        assert slow.wait(PATIENCE)
        second = place.start("--once")
        _, said = second.communicate(timeout=PATIENCE)
        assert second.returncode == 7, said.decode()
        assert "runs already on this machine" in said.decode()
        process.send_signal(signal.SIGTERM)
        # Long before a page has to be there.
        out, said = process.communicate(timeout=0.8 * Limits().total_seconds)
        assert process.returncode == 0, said.decode()
        assert len(out.splitlines()) == len(payloads(place.log, "raw"))
    finally:
        for started in (process, second):
            if started is not None and started.poll() is None:
                started.kill()
                started.wait()


@pytest.mark.broker
def test_what_is_written_into_the_list_is_taken_up_while_it_runs(place: Place) -> None:
    """A source that is added is asked without a restart, one that is paused no more; a mistake in the file changes nothing."""
    place.publish(1)
    file = place.folder / "sources.toml"
    tables = [f"[[source]]{table}" for table in file.read_text().split("[[source]]")[1:]]

    def write(text: str) -> None:
        new = file.with_suffix(".new")
        new.write_text(text)
        new.replace(file)

    def guids() -> set[str]:
        return {raw["guid"] for raw in payloads(place.log, "raw")}

    write(tables[0])
    said: list[bytes] = []
    process = place.start(NEWSWIRE_LOG_FORMAT="json")

    def listen() -> None:
        for line in process.stderr:  # type: ignore[union-attr]
            said.append(line)  # noqa: PERF402 - each is seen as it comes

    watch = threading.Thread(target=listen, daemon=True)
    watch.start()
    try:
        until(lambda: guids() == {"report-0", "report-1000"}, "what the first feed lists")
        write(f"{tables[0]}[[source]]\nname = 7\n")
        until(lambda: any(b"name: it must be a text" in line for line in said), "word of the mistake")
        write("".join([tables[0].rstrip(), "\npaused = true\n", *tables[1:]]))
        until(lambda: len(guids()) == FEEDS, "what the other feeds list")
    finally:
        process.terminate()
        process.wait()
        watch.join()
        process.stdout.close()  # type: ignore[union-attr]
        process.stderr.close()  # type: ignore[union-attr]
    assert process.returncode == 0, b"".join(said).decode()
    assert place.web.paths().count("/0.xml") == 1
    changes = [json.loads(line) for line in said if b"the list of sources has changed" in line]
    assert [(each["added"], each["gone"]) for each in changes] == [(FEEDS - 1, 1)]


def test_a_feed_that_was_merged_with_another_is_no_failure(place: Place) -> None:
    place.publish(2)
    place.web.pages["/0.xml"] = page(301, Location="/1.xml")
    for _ in range(2):
        _, said = place.once(status=0)
        assert re.search(r"feed-0: .*failed 0 \(merged into feed-1\), next poll never", said), said
        assert "sources failed" not in said
