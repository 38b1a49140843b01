"""How well copies are found and what is no copy is kept apart, beside datasketch, rensa and tf-idf in the same run.

    python benchmarks/dedup.py DATA_FOLDER [--seeds 1 2 3] [--share 0.5] [--peers datasketch rensa tf-idf] [--any-order]
                               [--window 100000]

DATA_FOLDER holds `stories.jsonl`: one object a line with `id` and `text` (a sentence a line). What is made of it: `dedup_stream`.
Pair F1: over all pairs of texts, whether they are put together. B-cubed (Bagga and Baldwin 1998): precision is the share of a text's
group that belongs with it, recall the share of what belongs with it that is in its group, both averaged over texts. Recall of a kind: the
share of its texts that are in the group that most copies of their text are in; false merges: the share that is in a group with any other.
Speed is of one process over the whole stream, text to decision; with rensa among the peers also that of the writer alone (`dedup_speed`).
`--share` draws that part of the texts for each seed. Revisions: each text comes again twice under its own id, with a word changed; dropped
are those that no event tells of. The window: so many sketches, of which two out of three keys are their own, entered into the table one by
one.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import random
import resource
import statistics
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dedup_stream import COPIES, SIBLINGS, Arrival, Lines, one_change, stream
from consumers.deduplicate import Deduplicate
from consumers.deduplicate.sketch import KEY_BITS
from consumers.deduplicate.table import Row, Table
from newswire.event import Emit, Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef
from schemas.ids import article_id

NOON_MS = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp() * 1000)
Find = Callable[[str, str, Lines], str | None]


class Newswire:
    """The stage, as it runs."""

    def __init__(self) -> None:
        self.handler, self.state, self.offset = Deduplicate(), MemoryState(), 0
        self.names: dict[str, str] = {}
        self.handling = 0.0

    def __call__(self, name: str, headline: str, lines: Lines) -> str | None:
        """Take a text; return the name of the text that it is a copy of, or None."""
        emit, *_ = self.emitted(name, headline, lines)  # behind a copy it is told to whom it belongs
        written = emit.data.to_data() if emit.data and emit.event == "duplicate" else None
        return self.names[written["original"]["article_id"]] if written else None

    def emitted(self, name: str, headline: str, lines: Lines) -> list[Emit]:
        """Take a text; return what the stage says."""
        identifier = article_id(source="benchmark", guid=name)
        self.names[identifier] = name
        ref = {"topic": "news.raw.v1", "partition": self.offset % 12, "offset": 1_000_000 + self.offset}
        data = {
            "article_id": identifier,
            "source": {"name": "benchmark", "kind": "files"},
            "kind": "article",
            "url": f"https://news.example/world/2026/03/02/{'-'.join(headline.lower().split()[:8])}-{self.offset}",
            "headline": headline,
            "authors": ["A. Writer"],
            "published_at": "2026-03-02T11:00:00Z",
            "published_precision": "second",
            "language": "en",
            "captured_at": datetime.fromtimestamp(NOON_MS / 1000 + self.offset, UTC)
            .isoformat()
            .replace("+00:00", "Z"),
            "sections": [{"paragraphs": lines}],
            "content_hash": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
            "rights": {"status": "usable"},
            "provenance": {},
            "lineage": {"was_derived_from": ref, "was_generated_by": []},
        }
        event = Event(
            "normalized", str(self.offset), identifier, data, RecordRef(**ref), NOON_MS + 1000 * self.offset
        )
        self.offset += 1
        began = time.process_time()
        emits = list(self.handler.handle(event, self.state))
        self.handling += time.process_time() - began
        return emits

    def changelog(self) -> str:
        """Return what an article costs on the changelog, key and value."""
        sizes: dict[bool, list[int]] = {True: [], False: []}
        for key, value in self.state.data.items():
            if key.startswith("d"):
                sizes[len(value) < 100].append(len(key) + len(value))
        every = [size for part in sizes.values() for size in part]
        return (
            f"changelog: {statistics.fmean(sizes[False]):.0f} bytes an original, {statistics.fmean(sizes[True] or [0]):.0f} a copy, "
            f"{statistics.fmean(every):.0f} a text"
        )


@dataclass
class Score:
    """What one system did with one stream."""

    pair: tuple[float, float, float]
    cubed: tuple[float, float, float]
    kinds: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Kind: how many were found, or wrongly merged, of how many."""


def revisions(streams: list[list[Arrival]], seed: int) -> None:
    """Print how many of the changed versions come out as revisions."""
    rng, told, dropped, sent = random.Random(seed), 0, 0, 0
    for arrivals in streams:
        stage = Newswire()
        bases = [arrival for arrival in arrivals if arrival.kind == "base"]
        for base in bases:
            stage(base.name, base.headline, base.lines)
        for base in bases:
            lines = base.lines
            for _ in range(2):
                lines = one_change(rng, lines)
                emits = stage.emitted(base.name, base.headline, lines)
                sent += 1
                dropped += not emits
                told += [emit.event for emit in emits] == ["unique"]
    print(f"  revisions           recall  {told / sent:.4f}  of {sent}; dropped {dropped}")


def window(size: int) -> None:
    """Print what so many articles take in the table."""
    rng, table = np.random.default_rng(1), Table()
    gc.collect()
    before, began, longest = _memory(), time.process_time(), 0.0
    common = rng.integers(0, 1 << KEY_BITS, size // 4 + 1)
    for number in range(size):
        own = rng.integers(0, 1 << KEY_BITS, 19)
        keys = tuple({*own.tolist(), *rng.choice(common, 9).tolist()})
        identifier, called = str(uuid.UUID(int=number << 40 | number)), 1 + number % ((1 << KEY_BITS) - 1)
        row = Row(identifier, number >> 6, keys, number, 4_000, guid=called, headline=called)
        entered = time.perf_counter()
        table.enter(row)
        longest = max(longest, time.perf_counter() - entered)
    seconds, grown = time.process_time() - began, _memory() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"\nwindow of {size:,}: {grown / 1e6:.0f} MB, {grown / size:.0f} bytes an article; {size / seconds:,.0f} entered a second; "
        f"longest pause {longest:.2f} s of the clock; peak of the whole process {peak / 1e6:.0f} MB"
    )


def score(arrivals: Sequence[Arrival], links: dict[str, str | None]) -> Score:
    """Return how the groups that the links make fit the clusters."""
    root: dict[str, str] = {}
    for arrival in arrivals:  # what a text is linked to came before it
        link = links[arrival.name]
        root[arrival.name] = arrival.name if link is None else root[link]
    groups = Counter(root.values())
    clusters = Counter(arrival.cluster for arrival in arrivals)
    cells = Counter((root[arrival.name], arrival.cluster) for arrival in arrivals)
    both, found, wanted = (sum(n * (n - 1) // 2 for n in part.values()) for part in (cells, groups, clusters))
    cell = [(root[a.name], a.cluster) for a in arrivals]
    precision = statistics.fmean(cells[key] / groups[key[0]] for key in cell)
    recall = statistics.fmean(cells[key] / clusters[key[1]] for key in cell)
    largest: dict[str, tuple[int, str]] = {}
    for (group, cluster), size in cells.items():
        largest[cluster] = max(largest.get(cluster, (0, "")), (size, group))
    kinds: dict[str, list[bool]] = defaultdict(list)
    for arrival in arrivals:
        mine = root[arrival.name]
        if arrival.kind in COPIES:
            kinds[arrival.kind].append(mine == largest[arrival.cluster][1])
        elif arrival.kind in SIBLINGS:
            kinds[arrival.kind].append(groups[mine] > 1)
    return Score(
        _with_f1(both / max(found, 1), both / wanted),
        _with_f1(precision, recall),
        {kind: (sum(each), len(each)) for kind, each in kinds.items()},
    )


def _with_f1(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def run(name: str, make: Callable[[], Any], streams: list[list[Arrival]]) -> None:
    """Print one system's figures over all streams."""
    scores, seconds, texts, says = [], 0.0, 0, ""
    gc.collect()
    before = _memory()
    for arrivals in streams:
        find: Find = make()
        began = time.process_time()
        links = {arrival.name: find(arrival.name, arrival.headline, arrival.lines) for arrival in arrivals}
        seconds += time.process_time() - began
        texts += len(arrivals)
        scores.append(score(arrivals, links))
        if isinstance(find, Newswire):
            says = f"; {find.changelog()}; the handler alone {find.offset / find.handling:.0f} texts/s"
    grown = (_memory() - before) / max(len(streams[-1]), 1)
    pair, cubed = (
        [statistics.fmean(part) for part in zip(*(getattr(s, of) for s in scores), strict=True)]
        for of in ("pair", "cubed")
    )
    print(
        f"\n{name}: pair precision {pair[0]:.4f}, recall {pair[1]:.4f}, F1 {pair[2]:.4f}; B-cubed {cubed[0]:.4f}, {cubed[1]:.4f}, "
        f"F1 {cubed[2]:.4f}\n  {texts / seconds:.0f} texts/s of processor time; process grew by {grown:.0f} bytes a text{says}"
    )
    for kind in (*COPIES, *SIBLINGS):
        hit, total = (sum(s.kinds[kind][part] for s in scores) for part in (0, 1))
        print(f"  {kind:20}{'recall' if kind in COPIES else 'merged':8}{hit / total:.4f}  of {total}")


def _memory() -> int:
    """Return what this process has in memory now, in bytes."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def main() -> None:
    """Print the figures of all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="folder that holds stories.jsonl")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="of the edits (1)")
    parser.add_argument("--share", type=float, default=1.0, help="part of the texts that each seed draws (1)")
    parser.add_argument(
        "--peers", nargs="*", default=["datasketch", "rensa", "tf-idf"], help="what to run beside it"
    )
    parser.add_argument(
        "--any-order", action="store_true", help="edits may come before the text they were made from"
    )
    parser.add_argument(
        "--window", type=int, default=100_000, help="articles of the table that is measured; 0 for none"
    )
    arguments = parser.parse_args()
    with (arguments.folder / "stories.jsonl").open(encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    streams = [stream(docs, seed, arguments.share) for seed in arguments.seeds]
    if arguments.any_order:
        for seed, arrivals in zip(arguments.seeds, streams, strict=True):
            random.Random(seed).shuffle(arrivals)
    print(f"{sum(map(len, streams))} texts in {len(streams)} streams; load {os.getloadavg()[0]:.1f}")
    run("newswire", Newswire, streams)
    revisions(streams, arguments.seeds[0])
    if arguments.peers:
        from benchmarks.dedup_peers import Datasketch, Rensa, TfIdf

        peers: dict[str, Callable[[], Any]] = {"datasketch": Datasketch, "rensa": Rensa, "tf-idf": TfIdf}
        for peer in arguments.peers:
            run(peer, peers[peer], streams)
        if "rensa" in arguments.peers:
            from benchmarks.dedup_speed import print_speed

            print_speed(streams, Newswire)
    if arguments.window:
        window(arguments.window)


if __name__ == "__main__":
    main()
