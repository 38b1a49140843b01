"""Feeds that are meant to break a reader: each ends, in bounded memory, and gives its good items. `benchmarks/feeds.py` has the times."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.hostile_feeds import CASES, GOOD, bomb, rss
from producers.feeds import read_feed

ROOT = Path(__file__).resolve().parents[3]
MOST_MIB = 512
CHILD = """
import json, resource
from benchmarks.hostile_feeds import CASES, GOOD
from producers.feeds import read_feed
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, make in CASES.items():
    feed = read_feed(make(), {"content-type": "application/xml"}, "http://e.example/feed")
    said = [text for item in feed.items for text in item if isinstance(text, str)]
    found = dict(
        count=len(feed.items),
        good=any(item.link == GOOD for item in feed.items),
        dangerous=any("javascript:" in text or "<script" in text for text in said),
        mib=(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024,
    )
    del feed, said
    print(json.dumps([name, found]), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, int]]:
    """What a process of its own makes of all of them, one after the other."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.chaos  # minutes of computing
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", CASES)
def test_good_items_come_out_in_bounded_memory(name: str, outcomes: dict[str, dict[str, int]]) -> None:
    found = outcomes[name]
    assert found["good"], found
    assert not found["dangerous"]
    assert found["mib"] < MOST_MIB
    if name.startswith("200,000 items"):
        assert found["count"] >= 200_000


def test_entities_of_a_document_type_stand_for_nothing() -> None:
    feed = read_feed(bomb(), {}, "http://e.example/feed")
    assert feed.items[0].title == "&a11;"
    external = read_feed(CASES["external entity"](), {}, "http://e.example/feed")
    assert external.items[0].title == "&x;"


@pytest.mark.parametrize(
    "name",
    [
        "a megabyte of junk before",
        "channels in channels",
        "deep values, JSON",
        "deep values left open, JSON",
        "trailing junk",
        "truncated in a tag",
    ],
)
def test_a_good_item_is_found_behind_what_no_reader_can_take(name: str) -> None:
    assert GOOD in [item.link for item in read_feed(CASES[name](), {}, "http://e.example/feed").items]


@pytest.mark.parametrize("end", ["", "<", "</tit", "&am"])
def test_a_feed_that_breaks_off_keeps_what_it_had_said(end: str) -> None:
    whole = "<item><title>first</title><link>http://e.example/1</link></item>"
    given = rss(whole + "<item><title>second, cut" + end).partition(b"</channel>")[0]
    feed = read_feed(given, {}, "http://e.example/feed")
    assert feed.items[0].title == "first"
    assert (feed.items[1].title or "").startswith("second, cut")
    assert feed.problems


def test_a_quote_left_open_takes_no_item_with_it() -> None:
    feed = read_feed(rss(f"<item><a href='x></a></item><item><link>{GOOD}</link></item>"), {})
    assert GOOD in [item.link for item in feed.items]
