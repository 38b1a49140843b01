"""How well articles are put into stories, beside a plain tf-idf clustering in the same run.

    python benchmarks/stories.py DATA_FOLDER [--orders 5] [--articles 20000] [--strays LABELS]

DATA_FOLDER holds `stories.jsonl`: one object a line with `id`, `title`, `text` (a sentence a line) and `story` (the label). The texts go
through the stage in several random orders; figures are means over the orders. B-cubed (Bagga and Baldwin 1998): precision is the share of
an article's story that belongs with it, recall the share of what belongs with it that is in its story, both averaged over articles. Speed
is that of processor time, text to story. Then what goes to the changelog, also of copies, and what the index in memory takes.

With `--strays` the texts of another file are mixed in, which tell of other events: one object a line with `title`, `body` and, where
it is known, `language` (those that are English or do not say are taken). A stray that stands in a story of labelled texts is a false
merge; one that stands with other strays need not be.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
import time
import tracemalloc
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from consumers.cluster import Cluster
from consumers.cluster.index import Index
from consumers.cluster.vector import Vector
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.article.model import Article
from schemas.carried.model import Carried, Carrier
from schemas.core.lineage import Lineage, RecordRef
from schemas.core.source import Source
from schemas.ids import article_id
from schemas.story.model import Story

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BASELINE_THRESHOLDS = {
    False: 0.2,
    True: 0.12,
}  # full texts, headlines: the best of a grid on the development texts

Doc = dict[str, Any]
System = Callable[[Sequence[Doc], bool], tuple[Sequence[Any], float]]
"""Takes texts in the order in which they come, and whether only headlines count; returns the story of each and bytes a text."""


def article_of(doc: Doc, headlines_only: bool) -> dict[str, Any]:
    """Return the article event of a text."""
    paragraphs = () if headlines_only else tuple(line for line in doc["text"].split("\n") if line.strip())
    return Article.model_validate(
        {
            "article_id": article_id(source="benchmark", guid=doc["id"]),
            "source": {"name": "benchmark", "kind": "files"},
            "kind": "article",
            "headline": doc["title"],
            "language": "en",
            "captured_at": NOON,
            "sections": ({"paragraphs": paragraphs},) if paragraphs else (),
            "content_hash": "0" * 64,
            "rights": {},
            "provenance": {},
            "lineage": {
                "was_derived_from": {"topic": "t", "partition": 0, "offset": 0},
                "was_generated_by": (),
            },
            "revision": {"number": 1, "change": "new"},
            "first_seen_at": NOON,
            "word_count": 0,
            "reading_time_seconds": 0,
        }
    ).to_data()


class Counted(MemoryState):
    """State that counts what its changelog gets."""

    written = 0

    def put(self, key: str, value: bytes) -> None:
        """Set a value."""
        self.written += len(key) + len(value)
        super().put(key, value)


def event_of(name: str, data: dict[str, Any], offset: int) -> Event:
    """Return what the stage reads."""
    ref = RecordRef(topic="t", partition=0, offset=offset)
    return Event(name, str(offset), "key", data, ref, int(NOON.timestamp() * 1000))


def copies(docs: Sequence[Doc], outlets: int) -> str:
    """Return what it costs that so many outlets carry each of the texts, and one of them twice."""
    handler, state = Cluster(), Counted()
    for offset, doc in enumerate(docs):
        list(handler.handle(event_of("article", article_of(doc, False), offset), state))
    before, told, number = state.written, 0, 0
    began = time.process_time()
    for doc in docs:
        for outlet in (*range(outlets), 0):
            number += 1
            carrier = Carrier(
                source=Source(name=f"outlet {outlet}", kind="files"), verdict="near", captured_at=NOON
            )
            carried = Carried(
                original_id=article_id(source="benchmark", guid=doc["id"]),
                article_id=article_id(source="copies", guid=str(number)),
                carrier=carrier,
                lineage=Lineage(
                    was_derived_from=RecordRef(topic="t", partition=0, offset=0), was_generated_by=()
                ),
            )
            told += len(list(handler.handle(event_of("carried", carried.to_data(), number), state)))
    seconds = time.process_time() - began
    own = statistics.fmean(len(key) + len(value) for key, value in state.data.items() if key.startswith("k"))
    return (
        f"copies: {number}, of which {told} changed a story; {own:.0f} bytes each, {(state.written - before) / number:.0f} with what is "
        f"written of stories; {number / seconds:.0f} a second of processor time"
    )


def newswire(
    docs: Sequence[Doc], headlines_only: bool, stage: type[Cluster] = Cluster
) -> tuple[list[str], float]:
    """Return the story in which each text is when all have come (stories merge and split on the way), and bytes on the changelog a text."""
    handler, state = stage(), Counted()
    story_of: dict[str, str] = {}
    for offset, doc in enumerate(docs):
        data = article_of(doc, headlines_only)
        for emit in handler.handle(event_of("article", data, offset), state):
            assert isinstance(emit.data, Story)
            story_of.update((member.article_id, emit.key) for member in emit.data.members)
    stories = [story_of[article_id(source="benchmark", guid=doc["id"])] for doc in docs]
    return stories, state.written / len(docs)


def baseline(docs: Sequence[Doc], headlines_only: bool) -> tuple[list[int], float]:
    """Return the cluster of each text by tf-idf over the whole collection and average similarity to a cluster, in one pass."""
    texts = [doc["title"] if headlines_only else doc["title"] + "\n" + doc["text"] for doc in docs]
    counts = [Counter(re.findall(r"\w\w+", text.lower())) for text in texts]
    frequency = Counter(term for count in counts for term in count)
    clusters: list[list[dict[str, float]]] = []
    found = []
    for count in counts:
        vector = {
            t: (1 + math.log(n)) * (1 + math.log((1 + len(docs)) / (1 + frequency[t])))
            for t, n in count.items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vector = {term: weight / length for term, weight in vector.items()}
        best, score = -1, 0.0
        for number, members in enumerate(clusters):
            similar = statistics.fmean(
                sum(w * other.get(t, 0.0) for t, w in vector.items()) for other in members
            )
            if similar > score:
                best, score = number, similar
        if score < BASELINE_THRESHOLDS[headlines_only]:
            best = len(clusters)
            clusters.append([])
        clusters[best].append(vector)
        found.append(best)
    return found, math.nan


def b_cubed(found: Sequence[Any], right: Sequence[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    in_found, in_right = defaultdict(set), defaultdict(set)
    for number, (cluster, label) in enumerate(zip(found, right, strict=True)):
        in_found[cluster].add(number)
        in_right[label].add(number)
    shared = [
        (len(in_found[c] & in_right[r]), len(in_found[c]), len(in_right[r]))
        for c, r in zip(found, right, strict=True)
    ]
    precision = statistics.fmean(both / size for both, size, _ in shared)
    recall = statistics.fmean(both / size for both, _, size in shared)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    """Print one line a system and kind of text."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="folder that holds stories.jsonl")
    parser.add_argument("--orders", type=int, default=5, help="random orders to average over (default 5)")
    parser.add_argument(
        "--articles", type=int, default=20_000, help="made-up articles for the index (default 20000)"
    )
    parser.add_argument("--strays", type=Path, help="file of texts about other events")
    arguments = parser.parse_args()
    with (arguments.folder / "stories.jsonl").open(encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    systems: dict[str, System] = {"newswire": newswire, "tf-idf": baseline}
    print(f"{len(docs)} texts, {len({doc['story'] for doc in docs})} stories, {arguments.orders} orders")
    print(f"{'':24}B3 precision  recall      F1  texts/s  changelog bytes/text")
    for headlines_only in (False, True):
        for name, system in systems.items():
            figures, sizes, started = [], [], time.process_time()
            for seed in range(arguments.orders):
                order = random.Random(seed).sample(docs, len(docs))
                found, size = system(order, headlines_only)
                figures.append(b_cubed(found, [doc["story"] for doc in order]))
                sizes.append(size)
            speed = len(docs) * arguments.orders / (time.process_time() - started)
            p, r, f = (statistics.fmean(values) for values in zip(*figures, strict=True))
            label = f"{name}, {'headlines' if headlines_only else 'full texts'}"
            print(
                f"{label:24}{p:12.3f}{r:8.3f}{f:8.3f}{speed:9.0f}{statistics.fmean(sizes):12.0f}", flush=True
            )
    print(copies(docs, 5))
    if arguments.strays:
        print_strays(docs, strays_in(arguments.strays), arguments.orders, systems)
    packed, plain = memory_used(arguments.articles)
    print(
        f"index of {arguments.articles} made-up articles: {packed:.0f} bytes each; terms in dictionaries: {plain:.0f}"
    )


def strays_in(path: Path) -> list[Doc]:
    """Return the texts of a file of other events, without a label."""
    with path.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [
        {"id": f"stray {number}", "title": doc["title"], "text": doc["body"], "story": None}
        for number, doc in enumerate(found)
        if doc.get("title") and doc.get("body") and doc.get("language") in (None, "en")
    ]


def false_merges(found: Sequence[Any], right: Sequence[str | None]) -> tuple[float, float]:
    """Return the share of strays in a story with labelled texts, and of those in one with other strays only."""
    labels = defaultdict(list)
    for cluster, label in zip(found, right, strict=True):
        labels[cluster].append(label)
    strays = [labels[cluster] for cluster, label in zip(found, right, strict=True) if label is None]
    merged = sum(any(together) for together in strays)
    return merged / len(strays), sum(len(s) > 1 and not any(s) for s in strays) / len(strays)


def print_strays(
    docs: Sequence[Doc], strays: Sequence[Doc], orders: int, systems: Mapping[str, System]
) -> None:
    """Print what comes of texts of other events, and of the stories with them about."""
    print(f"with {len(strays)} strays{'':9}merged into a story  together   F1 of the rest")
    for headlines_only in (False, True):
        for name, system in systems.items():
            rows = []
            for seed in range(orders):
                order = random.Random(seed).sample([*docs, *strays], len(docs) + len(strays))
                found, _ = system(order, headlines_only)
                right = [doc["story"] for doc in order]
                kept = [(cluster, label) for cluster, label in zip(found, right, strict=True) if label]
                rows.append((*false_merges(found, right), b_cubed(*zip(*kept, strict=True))[2]))
            merged, together, f = (statistics.fmean(values) for values in zip(*rows, strict=True))
            label = f"{name}, {'headlines' if headlines_only else 'full texts'}"
            print(f"{label:24}{merged:19.3f}{together:10.3f}{f:17.3f}", flush=True)


def memory_used(articles: int) -> tuple[float, float]:
    """Return the bytes an article takes in the stage's index, and its terms in dictionaries both ways."""
    draw = np.random.default_rng(1)
    made = [np.unique(draw.zipf(1.25, 60) % 2**24).astype(np.uint32)[:40] for _ in range(articles)]
    vectors = [Vector(keys, np.full(len(keys), 20, np.uint8)) for keys in made]
    ids = [str(uuid.UUID(int=number)) for number in range(articles)]

    def packed() -> Any:
        index = Index(40)
        for id_, vector in zip(ids, vectors, strict=True):
            index.add(id_, vector, 0)
        return index

    def plain() -> Any:
        holders: dict[int, dict[str, int]] = {}
        terms = {id_: dict.fromkeys(keys.tolist(), 20) for id_, keys in zip(ids, made, strict=True)}
        for id_, held in terms.items():
            for key, weight in held.items():
                holders.setdefault(key, {})[id_] = weight
        return terms, holders

    return _allocated(packed) / articles, _allocated(plain) / articles


def _allocated(make: Callable[[], Any]) -> int:
    tracemalloc.start()
    made = make()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del made
    return size


if __name__ == "__main__":
    main()
