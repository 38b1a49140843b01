"""A day of polling in simulated time, through the poller, the real client and real connections; the process is killed twice in it.

The server notes the simulated time of every request: what was asked is judged by its notes, not by what the client says of itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import simulated_day
from publishers import (
    BROKEN_SECONDS,
    CRAWL_DELAY,
    EVERY,
    GONE_AT,
    KINDS,
    MIDNIGHT,
    PAUSE,
    PRESS_CLOSES,
    RETRY_AT,
    REVIVES_AT,
    Publishers,
)
from web_server import web_server
from wire import make_topics, payloads

from newswire.log.memory import MemoryLog
from producers.fetch import Courtesy
from producers.fetch.schedule import HOUR, MINUTE
from producers.polling import PolledSource

INTERVAL = 2.0
LEAST = 20 * MINUTE
KILLS = (MIDNIGHT + 5.1 * HOUR, MIDNIGHT + 13.7 * HOUR)
END = MIDNIGHT + 29 * HOUR


def a_day(folder: Path, hosts: int) -> tuple[Publishers, list[dict[str, Any]]]:
    """Poll all feeds of so many hosts for a day; return who was asked, and what was published."""
    log = MemoryLog()
    make_topics(log, partitions=1)
    with web_server() as web:
        publishers = Publishers(web, hosts)
        sources = [
            PolledSource(name=f"{host}-{kind}", url=publishers.url(host, kind), least=LEAST, most=3 * HOUR)
            for host in publishers.hosts
            for kind in KINDS
        ]
        for number, (begin, until) in enumerate(pairwise((MIDNIGHT, *KILLS, END))):
            simulated_day.run(
                web,
                log,
                folder,
                sources,
                begin=begin,
                until=until,
                courtesy=Courtesy(interval=INTERVAL),
                seed=number,
            )
    assert payloads(log, "rejected") == []
    return publishers, payloads(log, "raw")


def gaps(times: list[float]) -> list[float]:
    """Return the times between requests, but for those between which the process was killed: it asks again for what was under way."""
    return [b - a for a, b in pairwise(times) if not any(a <= kill <= b for kill in KILLS)]


def every_host_is_left_its_time(publishers: Publishers) -> None:
    for host, times in publishers.asked.items():
        apart = CRAWL_DELAY if host == publishers.hosts[0] else INTERVAL
        # The first request to a host is for robots.txt, before its delay is known; so after a kill.
        after = [
            gap for gap, (a, _) in zip(gaps(times), pairwise(times), strict=False) if a not in _firsts(times)
        ]
        assert min(after) >= apart - 1e-3, host
        assert min(gaps(times)) >= INTERVAL - 1e-3, host
    paused = publishers.paused_at
    assert paused is not None
    within = [at for at in publishers.asked[publishers.hosts[-1]] if paused < at < paused + PAUSE - 1e-3]
    assert within == [], "429 speaks for the host"


def _firsts(times: list[float]) -> set[float]:
    return {next(at for at in times if at >= begin) for begin in (MIDNIGHT, *KILLS)}


def every_feed_is_asked_as_it_wants(publishers: Publishers) -> None:
    for host in publishers.hosts:
        polled = {kind: publishers.polled[f"{host} {kind}"] for kind in (*KINDS, "moved-to")}
        assert all(polled.values())
        for kind in set(KINDS) - {"busy"}:  # where the merged one has arrived too
            assert min(gaps(polled[kind]), default=LEAST) >= LEAST - 1e-3, kind
        assert sum(at >= GONE_AT for at in polled["gone"]) == 1, "410 is heard once"
        assert len(polled["moved"]) == len(polled["merged"]) == 1, "a permanent redirect is followed for good"
        assert min(gaps(polled["broken-route"])) >= BROKEN_SECONDS - 1e-3
        assert len([at for at in polled["retry-date"] if at < RETRY_AT]) == 1
        assert len([at for at in polled["revives"] if at < REVIVES_AT]) <= 5
        asked_at = {int((at - MIDNIGHT) // HOUR) for at in polled["skips"]}
        assert asked_at & {2, 3, 4, 5, 26, 27} == set(), "skipHours"
        # Which of the two busy ones is asked often is chance: that from which articles come first.
        often = max(len(polled["busy"]), len(polled["section"]))
        assert often > 3 * len(polled["tag-changes"]), "a changing tag is no yield"


def every_item_is_there_once(publishers: Publishers, raws: list[dict[str, Any]]) -> None:
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for raw in raws:
        host, _, path = raw["url"].removeprefix("http://").partition("/")
        kind, number = path.partition("?")[0].split("/")[1:]
        found[f"{host.partition(':')[0]} {kind}"][int(number)] += 1
        assert "page_failure" not in raw, raw["page_failure"]
        assert raw["body"].startswith("<!doctype html>")
    for host in publishers.hosts:
        for kind in {*KINDS, "moved-to"} - {"section", "moved", "merged", "broken-route"}:
            published = publishers.published(kind, PRESS_CLOSES)
            counted = found.pop(f"{host} {kind}")
            assert set(counted) == set(published), (host, kind)
            # Captured again are those that were edited, and those that were seen in another feed since.
            most = 2 if kind in ("edits", "busy") else 1
            assert set(counted.values()) <= {1, most}, (host, kind, counted)
    assert found == {}
    titles: dict[str, str] = {}
    for raw in raws:
        titles[raw["url"]] = raw["item"]["headline"]
    edited = [title for url, title in titles.items() if "/edits/" in url]
    assert edited
    assert all(title.startswith("Corrected") for title in edited)


def what_several_feeds_list_is_one_article(publishers: Publishers, raws: list[dict[str, Any]]) -> None:
    """Which of them an article came from is chance; that its last capture names the other one is not."""
    shared = list({_path(raw): raw for raw in raws if "/news/busy/" in raw["url"]}.values())
    assert all(raw.get("references") for raw in shared)
    assert {raw["source"]["name"].rpartition("-")[2] for raw in shared} <= {"busy", "section", "merged"}
    assert len(shared) == len(publishers.hosts) * int((PRESS_CLOSES - MIDNIGHT) // EVERY["busy"] + 1)


def _path(raw: dict[str, Any]) -> str:
    return str(raw["url"]).partition("?")[0]


def check(publishers: Publishers, raws: list[dict[str, Any]]) -> None:
    every_host_is_left_its_time(publishers)
    every_feed_is_asked_as_it_wants(publishers)
    every_item_is_there_once(publishers, raws)
    what_several_feeds_list_is_one_article(publishers, raws)
    assert publishers.statuses[304] > 0


def test_a_day_of_32_feeds_is_polite_and_whole(tmp_path: Path) -> None:
    check(*a_day(tmp_path / "state", hosts=2))


@pytest.mark.chaos
def test_a_day_of_208_feeds_is_polite_and_whole(tmp_path: Path) -> None:
    check(*a_day(tmp_path / "state", hosts=13))
