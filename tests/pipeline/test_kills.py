"""SIGKILL of stage processes in the middle of their work: every article once, and the ledger balances."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from running import STAGES, distinct_articles, settled, stages, until
from wire import everything, make_topics, payloads, publish

from newswire.log.kafka import KafkaLog
from schemas.validation import reader

ARTICLES_A_KILL = 60


@pytest.mark.broker
@pytest.mark.timeout(400)
@pytest.mark.parametrize("kills", [8, pytest.param(40, marks=[pytest.mark.chaos, pytest.mark.timeout(1800)])])
def test_kills_lose_nothing_and_repeat_nothing(kafka_log: KafkaLog, tmp_path: Path, kills: int) -> None:
    """Every stage in turn, each at a random moment while a batch goes through."""
    make_topics(kafka_log, partitions=3)
    dice = random.Random(20240201)
    killed: Counter[str] = Counter()
    with stages(kafka_log, tmp_path) as supervisor:
        until(
            lambda: True if everything(kafka_log, "raw") == [] and len(supervisor.pids()) == 4 else None,
            supervisor,
        )
        for kill in range(kills):
            publish(kafka_log, *distinct_articles(kafka_log, kill * ARTICLES_A_KILL, ARTICLES_A_KILL))
            # A random moment while the batch goes through is what is tested here, not a wait for something.
            deadline = time.monotonic() + dice.uniform(0.0, 0.8)
            while time.monotonic() < deadline:
                supervisor.watch()
                time.sleep(0.01)
            name = STAGES[kill % len(STAGES)]
            pid = until(lambda name=name: supervisor.pids().get(name), supervisor)
            os.kill(pid, signal.SIGKILL)
            killed[name] += 1
            until(lambda name=name, pid=pid: supervisor.pids().get(name, pid) != pid or None, supervisor)
        book = settled(kafka_log, supervisor)
    assert killed.total() == kills
    assert set(killed) == set(STAGES)
    published = ARTICLES_A_KILL * kills
    assert book.balanced
    assert (book.total.entered, book.total.published, book.total.rejected) == (published, published, 0)
    articles = payloads(kafka_log, "article")
    assert Counter(article["guid"] for article in articles) == {f"chaos-{n}": 1 for n in range(published)}
    for article in articles:
        reader("article").check(article)
    joined = Counter(member["article_id"] for member in _last_members(kafka_log))
    assert set(joined) == {article["article_id"] for article in articles}
    assert set(joined.values()) == {1}


def _last_members(log: KafkaLog) -> list[dict[str, str]]:
    last = {story["story_id"]: story for story in payloads(log, "story")}
    return [member for story in last.values() for member in story["members"]]
