"""`newswire produce sitemaps` as a real process on a real broker, killed in the middle of a backlog; and what `sources list` then shows."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from due import make_due
from running import environment
from web_server import Handler, Web, page, web_server
from wire import make_topics, payloads

from newswire.log.kafka import KafkaLog

ARTICLES = 40
KILLS = max(20, int(os.environ.get("NEWSWIRE_CHAOS_ROUNDS", "20")))


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


def article(number: int) -> Any:
    def answer(handler: Handler) -> None:
        time.sleep(0.02)  # so that the kill finds something under way
        handler.answer(200, f"<p>Report {number}".encode(), Content_Type="text/html")

    return answer


def put_site(web: Web, articles: int = ARTICLES) -> None:
    def urlset(numbers: range) -> bytes:
        entries = "".join(f"<url><loc>{web.url(f'/news/{n}')}</loc></url>" for n in numbers)
        return f"<urlset>{entries}</urlset>".encode()

    half = articles // 2
    children = "".join(
        f"<sitemap><loc>{web.url(f'/{name}.xml')}</loc><lastmod>2026-11-0{n}T00:00:{articles % 60:02}Z</lastmod></sitemap>"
        for n, name in ((1, "a"), (2, "b"))
    )
    web.pages = {
        "/index.xml": page(200, f"<sitemapindex>{children}</sitemapindex>".encode()),
        "/a.xml": page(200, urlset(range(half))),
        "/b.xml": page(200, urlset(range(max(half - 5, 0), articles))),
        **{f"/news/{n}": article(n) for n in range(articles)},
    }


@pytest.mark.broker
@pytest.mark.chaos
def test_killed_in_the_middle_it_loses_and_repeats_nothing(
    kafka_log: KafkaLog, web: Web, tmp_path: Path
) -> None:
    make_topics(kafka_log, partitions=2)
    put_site(web)
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "site"\nurl = "{web.url("/index.xml")}"\nkind = "sitemap"\n'
        f'[[source]]\nname = "later"\nurl = "{web.url("/later.xml")}"\npaused = true\n'
    )
    settings = environment(kafka_log, tmp_path / "state") | {
        "NEWSWIRE_CONTACT_URL": "https://example.org/bot",
        "NEWSWIRE_LOOPBACK_PORTS": str(web.port),
        "NEWSWIRE_FETCH_INTERVAL": "0",
        "NEWSWIRE_SOURCES": str(tmp_path / "sources.toml"),
    }
    command = [sys.executable, "-m", "newswire"]
    killed = subprocess.Popen(
        [*command, "produce", "sitemaps"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert killed.stdout is not None
    for _ in range(5):
        assert killed.stdout.readline()  # a receipt: it is on the broker
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    assert 5 <= len(payloads(kafka_log, "raw")) < ARTICLES
    done = subprocess.run(
        [*command, "produce", "sitemaps", "--once"],
        env=settings,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert Counter(raw["url"] for raw in payloads(kafka_log, "raw")) == {
        web.url(f"/news/{n}"): 1 for n in range(ARTICLES)
    }
    assert payloads(kafka_log, "rejected") == []

    listed = subprocess.run(
        [*command, "sources", "list", "--json"], env=settings, capture_output=True, timeout=60, check=True
    )
    site, later = (json.loads(line) for line in listed.stdout.splitlines())
    assert (site["state"], site["failures"], site["problem"]) == ("ok", 0, None)
    assert site["next_at"] > site["polled_at"]
    assert (later["state"], later["polled_at"], later["next_at"]) == ("paused", None, None)


@pytest.mark.broker
@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_twenty_kills_lose_and_repeat_nothing(kafka_log: KafkaLog, web: Web, tmp_path: Path) -> None:
    """The lists grow between the kills, most of which come while it publishes, some while it starts."""
    make_topics(kafka_log, partitions=2)
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "site"\nurl = "{web.url("/index.xml")}"\nkind = "sitemap"\n'
    )
    settings = environment(kafka_log, tmp_path / "state") | {
        "NEWSWIRE_CONTACT_URL": "https://example.org/bot",
        "NEWSWIRE_LOOPBACK_PORTS": str(web.port),
        "NEWSWIRE_FETCH_INTERVAL": "0",
        "NEWSWIRE_SOURCES": str(tmp_path / "sources.toml"),
    }
    command = [sys.executable, "-m", "newswire", "produce", "sitemaps", "--once"]
    dice = random.Random(20261126)
    articles = 0
    for _ in range(KILLS):
        articles += 12
        put_site(web, articles)
        process = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        if dice.random() < 0.8:
            process.stdout.readline()
            time.sleep(dice.uniform(0.0, 0.4))
        else:
            time.sleep(dice.uniform(0.0, 2.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        make_due(kafka_log, "sitemaps", tmp_path / "state")
    done = subprocess.run(command, env=settings, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert Counter(raw["url"] for raw in payloads(kafka_log, "raw")) == {
        web.url(f"/news/{n}"): 1 for n in range(articles)
    }
    assert payloads(kafka_log, "rejected") == []
