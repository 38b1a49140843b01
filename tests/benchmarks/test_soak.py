"""The soak's verdict: it sees a leak where there is one, what is lost and what came twice."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from itertools import islice

import psutil
import pytest
from seeded import SEEDS, copied, seeded_log
from wire import everything

from benchmarks import varied
from benchmarks.sampling import Sample, Sampler, slope
from benchmarks.soak_report import Findings, judge, markdown
from benchmarks.verdict import Outcomes, count
from newswire.log.contract import Outgoing
from newswire.log.memory import MemoryLog

LEAK = """
import sys, time
kept = []
for number in range(40):
    kept.append((bytearray(1_000_000), open("/dev/null")))
    kept[-1][0][::4096] = b"x" * len(kept[-1][0][::4096])
    print(number, flush=True)
    sys.stdin.readline()
"""


def test_a_process_that_leaks_is_seen() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEAK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as leaking:
        assert leaking.stdin is not None
        assert leaking.stdout is not None
        sampler = Sampler(lambda: {"leaking": psutil.Process(leaking.pid)}, seconds=0.0)
        for _ in range(40):
            leaking.stdout.readline()
            sampler.look_if_due()
            time.sleep(0.005)
            leaking.stdin.write("\n")
            leaking.stdin.flush()
    memory = slope(sampler.samples, lambda sample: sample.memory, warm_up=0.0)
    files = slope(sampler.samples, lambda sample: sample.files, warm_up=0.0)
    assert memory is not None
    assert files is not None
    per_file = memory.per_hour / files.per_hour
    assert per_file == pytest.approx(1_000_000, rel=0.2)


def samples(growth: float, *, lives: int = 3, level: float = 100e6) -> list[Sample]:
    """Return what three lives of a process look like that grow by `growth` bytes an hour, each on a level of its own."""
    return [
        Sample(
            at=life * 1000 + age,
            role="enrich",
            life=str(life),
            age=age,
            memory=int(level + life * 5e6 + growth * age / 3600 + (-1) ** age * 1e5),
            private=0,
            files=20,
        )
        for life in range(lives)
        for age in range(0, 1000, 5)
    ]


@pytest.mark.parametrize("growth", [0.0, 50e6])
def test_levels_of_lives_are_no_growth(growth: float) -> None:
    found = slope(samples(growth), lambda sample: sample.memory, warm_up=100)
    assert found is not None
    assert found.per_hour == pytest.approx(growth, abs=0.5e6)
    assert found.lives == 3


CLEAN = Outcomes(
    raw=10,
    unread=0,
    lost=0,
    duplicated=0,
    by_event={"article": 10},
    articles_without_story=0,
    balanced=True,
    in_flight=0,
)


@pytest.mark.parametrize(
    ("outcomes", "growth", "fails"),
    [
        (CLEAN, 0.0, set()),
        (CLEAN, 50e6, {"memory of enrich flat"}),
        (replace(CLEAN, lost=1), 0.0, {"nothing lost"}),
        (replace(CLEAN, unread=1), 0.0, {"nothing lost"}),
        (replace(CLEAN, duplicated=1), 0.0, {"nothing twice"}),
        (replace(CLEAN, articles_without_story=1), 0.0, {"every article in one story"}),
        (replace(CLEAN, balanced=False), 0.0, {"the ledger balances"}),
    ],
)
def test_the_verdict_can_fail(outcomes: Outcomes, growth: float, fails: set[str]) -> None:
    found = Findings("test", 1, samples=samples(growth), outcomes=outcomes, warm_up=100)
    verdict = judge(found)
    assert {check.what for check in verdict if check.holds is False} == fails
    assert markdown(found, verdict).count("**NO**") == len(fails)


def test_what_was_seen_too_briefly_is_not_judged() -> None:
    verdict = judge(Findings("test", 1, samples=samples(50e6)[:20], outcomes=CLEAN))
    assert [check.holds for check in verdict if "enrich" in check.what] == [None, None]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> MemoryLog:
    return seeded_log(tmp_path_factory.mktemp("soak"), [SEEDS / "01-one-event", SEEDS / "02-wire"])


def test_everything_is_read_back(log: MemoryLog) -> None:
    told = count(log, {(record.partition, record.offset) for record in everything(log, "raw")})
    assert told.raw == sum(told.by_event.values()) == 7
    assert (told.unread, told.lost, told.duplicated, told.articles_without_story) == (0, 0, 0, 0)
    assert told.balanced


def test_what_is_gone_and_what_came_twice_is_counted(log: MemoryLog) -> None:
    records = [
        record for event in ("raw", "article", "duplicate", "story") for record in everything(log, event)
    ]
    article = everything(log, "article")[0]
    assert count(copied([record for record in records if record != article]), []).lost == 1
    twice = copied(records)
    twice.writer("again").write(
        [
            Outgoing(
                article.topic,
                article.partition,
                article.key,
                article.value,
                article.timestamp_ms,
                article.headers,
            )
        ]
    )
    assert count(twice, []).duplicated == 1
    assert count(copied(records), [(0, 1_000_000)]).unread == 1


def test_articles_are_varied_and_the_same_each_time() -> None:
    first, again = (list(islice(varied.stream(30), 60)) for _ in range(2))
    assert [capture.raw.body for capture in first] == [capture.raw.body for capture in again]
    originals = [capture for capture in first if capture.raw.guid and capture.raw.guid.startswith("article")]
    assert len({capture.raw.body for capture in originals}) == len(originals) == 54
    assert {capture.raw.item.language for capture in first} >= {"en", "de", "fr"}
    assert {capture.raw.media_type for capture in first} == {"text/plain", "text/html"}
