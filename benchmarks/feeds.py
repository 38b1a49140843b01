"""Feed parsing beside feedparser and fastfeedparser: cases passed, and time; and what feeds that are meant to break a reader cost.

    python benchmarks/feeds.py ../shared/eval/feeds

The folder has `cases.jsonl` and the `score.py` that judges them. All readers run here, the rounds of the clock interleaved.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import math
import multiprocessing
import random
import resource
import statistics
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import fastfeedparser
import feedparser
from hostile_feeds import CASES as HOSTILE
from hostile_feeds import GOOD
from mutated_feeds import dangerous, items_of, mutated

from producers.feeds import NotAFeedError, read_feed

Reader = Callable[[bytes, dict[str, str], str], list[dict[str, Any]]]
FIELDS = ("id", "title", "link", "published", "updated", "summary")
SPEED_ITEMS = 500
SECONDS, MIB = 10.0, 512
"""What a hostile feed may cost."""
ENDED_AFTER = 60
"""Seconds of CPU, the making of the feed included."""


def newswire(data: bytes, headers: dict[str, str], url: str) -> list[dict[str, Any]]:
    try:
        feed = read_feed(data, headers, url)
    except NotAFeedError:
        return []
    return [
        {
            "id": item.guid, "title": item.title, "link": item.link, "published": item.published and item.published.value,
            "updated": item.updated and item.updated.value, "authors": list(item.authors), "summary": item.summary, "content": item.content,
        }
        for item in feed.items
    ]  # fmt: skip


def of_feedparser(data: bytes, headers: dict[str, str], url: str) -> list[dict[str, Any]]:
    found = feedparser.parse(data, response_headers={"content-location": url, **headers})
    return [
        _entry(entry) | {"published": entry.get("published_parsed"), "updated": entry.get("updated_parsed")}
        for entry in found.entries
    ]


def of_fastfeedparser(data: bytes, _headers: dict[str, str], _url: str) -> list[dict[str, Any]]:
    return [_entry(entry) for entry in fastfeedparser.parse(data).entries]


def _entry(entry: Any) -> dict[str, Any]:
    content = entry.get("content") or [{}]
    authors = entry.get("authors") or entry.get("author")
    summary = entry.get("summary") or entry.get("description")
    return {field: entry.get(field) for field in FIELDS} | {
        "authors": authors,
        "summary": summary,
        "content": content[0].get("value"),
    }


READERS: dict[str, Reader] = {
    "newswire": newswire,
    "feedparser": of_feedparser,
    "fastfeedparser": of_fastfeedparser,
}


LINKS: dict[str, Callable[[bytes, dict[str, str], str], list[str | None]]] = {
    "newswire": lambda data, headers, url: [item.link for item in read_feed(data, headers, url).items],
    "feedparser": lambda data, headers, _: [
        entry.get("link") for entry in feedparser.parse(data, response_headers=headers).entries
    ],
    "fastfeedparser": lambda data, _, __: [entry.get("link") for entry in fastfeedparser.parse(data).entries],
}
"""Addresses of the items that each reader finds, and no more than that made of them: what is measured is the reading."""


def judged(score: ModuleType, cases: list[dict[str, Any]], reader: Reader) -> dict[str, list[bool]]:
    """By group of cases, whether each that has entries passes leniently."""
    passed: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        if all(check[1] == "count" and check[2] == 0 for check in case["checks"]):
            continue
        items, error = score.guarded(
            reader, (base64.b64decode(case["data"]), case["headers"], case["url"]), 10
        )
        verdicts = [error is None and any(score.judge(items, check)) for check in case["checks"]]
        passed[case["suite"]].append(all(verdicts))
    return passed


def ordinary_feed() -> bytes:
    item = (
        "<item><title>Headline number {0} of the day</title><link>https://news.example/2024/02/story-{0}</link><guid>https://news.example/?p={0}</guid>"
        "<pubDate>Thu, 01 Feb 2024 10:00:00 +0000</pubDate><dc:creator>Ann Author</dc:creator><category>Politics</category>"
        "<description>&lt;p&gt;The river rose {0} times, &lt;a href=\"/more\"&gt;officials&lt;/a&gt; said.&lt;/p&gt;</description></item>"
    )  # fmt: skip
    items = "".join(item.format(number) for number in range(SPEED_ITEMS))
    return f"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>News</title>{items}</channel></rss>".encode()


def timed(rounds: int) -> dict[str, float]:
    """Microseconds of CPU an item, the median of the rounds."""
    data = ordinary_feed()
    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, reader in READERS.items():
            began = time.process_time()
            items = reader(data, {}, "https://news.example/feed")
            spent[name].append((time.process_time() - began) / len(items) * 1e6)
    return {name: statistics.median(each) for name, each in spent.items()}


def hostile() -> int:
    """Print what each reader makes of feeds that are meant to break it, each in a process of its own; return how many newswire fails.

    Passed is what ends within the bounds and gives its good item. What takes much longer is ended.
    """
    print(
        f"\n{'feed':32}{'CPU s':>8}{'peak MiB':>10}{'items':>10}  bounds {SECONDS:g} s, {MIB} MiB, good item"
    )
    passed: Counter[str] = Counter()
    for case, make in HOSTILE.items():
        verdicts = {}
        for name, links in LINKS.items():
            seconds, mib, count, good = apart(make, links)
            verdicts[name] = good and seconds <= SECONDS and mib <= MIB
            passed[name] += verdicts[name]
            if name == "newswire":
                shown = f"{case:32}{seconds:8.2f}{mib:10}{count:10}"
        print(
            shown + "".join(f"  {name} {'pass' if ok else 'FAIL'}" for name, ok in verdicts.items()),
            flush=True,
        )
    print("".join(f"{name}: {passed[name]} of {len(HOSTILE)}   " for name in LINKS))
    return len(HOSTILE) - passed["newswire"]


def apart(
    make: Callable[[], bytes], links: Callable[[bytes, dict[str, str], str], list[str | None]]
) -> tuple[float, int, int, bool]:
    """Return CPU seconds, MiB above what was there before, items, whether the good one is among them; of what fails, endless seconds."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def child() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (ENDED_AFTER, ENDED_AFTER))
        data = make()
        start, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        found = links(data, {"content-type": "application/xml"}, "http://e.example/feed")
        spent = time.process_time() - began
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024
        there.send((spent, peak, len(found), GOOD in found))

    process = context.Process(target=child)
    process.start()
    there.close()
    process.join()
    failed = (math.inf, 0, 0, False)
    try:
        found: tuple[float, int, int, bool] = here.recv() if here.poll() else failed
    except EOFError:
        found = failed
    here.close()
    return found


def broken_at_random(feeds: list[bytes], count: int, seed: int) -> int:
    """Print what comes of feeds that are broken at random; return how many raised, gave something dangerous, or took a second."""
    dice = random.Random(seed)
    raised = harmful = slow = items = 0
    for _ in range(count):
        data = mutated(feeds, dice)
        began = time.process_time()
        try:
            found = items_of(data, dice)
        except Exception as error:  # noqa: BLE001 - counted, whatever it is
            raised += 1
            print(f"raised: {error!r}")
            continue
        slow += time.process_time() - began > 1
        items += len(found)
        harmful += any(dangerous(item) for item in found)
    print(
        f"\n{count} feeds broken at random (seed {seed}): raised {raised}, dangerous {harmful}, over a second {slow}; {items} items read"
    )
    return raised + harmful + slow


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="with cases.jsonl and score.py")
    parser.add_argument("--rounds", type=int, default=5, help="of the clock")
    parser.add_argument(
        "--hostile",
        action="store_true",
        help="also the feeds that are meant to break a reader (some minutes); ends with 1 where one of them is beyond its bounds",
    )
    parser.add_argument(
        "--mutations", type=int, default=0, help="also so many of the feeds, broken at random"
    )
    parser.add_argument("--seed", type=int, default=1, help="of that")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    spec = importlib.util.spec_from_file_location("score", chosen.folder / "score.py")
    if spec is None or spec.loader is None:
        parser.error(f"no score.py in {chosen.folder}")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    cases = [json.loads(line) for line in (chosen.folder / "cases.jsonl").read_text("utf-8").splitlines()]
    print(f"{'reader':16}{'passed':>14}{'%':>7}{'macro %':>9}  by group")
    for name, reader in READERS.items():
        groups = judged(score, cases, reader)
        every = [each for group in groups.values() for each in group]
        shares = {suite: 100 * sum(group) / len(group) for suite, group in sorted(groups.items())}
        detail = "  ".join(f"{suite.split('/', 1)[-1]} {share:.1f}" for suite, share in shares.items())
        print(
            f"{name:16}{sum(every):>8} of {len(every)}{100 * sum(every) / len(every):7.1f}{statistics.mean(shares.values()):9.1f}  {detail}",  # noqa: E501
            flush=True,
        )
    times = timed(chosen.rounds)
    print(f"\nCPU an item, median of {chosen.rounds} interleaved rounds over a feed of {SPEED_ITEMS} items:")
    for name, micros in times.items():
        print(f"{name:16}{micros:10.0f} us{micros / times['newswire']:8.2f} x newswire")
    failed = hostile() if chosen.hostile else 0
    feeds = [base64.b64decode(case["data"]) for case in cases]
    failed += broken_at_random(feeds, chosen.mutations, chosen.seed) if chosen.mutations else 0
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
