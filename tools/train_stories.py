"""Fit what each kind of evidence weighs when an article is put into a story (`consumers/cluster/rules.py`), on labelled texts.

    python tools/train_stories.py DATA_FOLDER [--orders 3] [--strays LABELS] [--halves N]

DATA_FOLDER holds `stories.jsonl` as `benchmarks/stories.py` reads it. The texts arrive in random orders and are put into the stories of
their labels; each article and each story near it is one case. With `--strays`, texts of other events are among them, as the benchmark
reads them: most articles of a real day belong to no story of others. Prints eight numbers for articles with text and for headlines
alone, in the order of `Weights`: rounded, they are the rules. Numbers only: nothing of a text is in them.

With `--halves`, it is measured instead how good weights are on texts that they were not fitted on: fitted on half of the stories (the two
that are most alike kept together) and half of the strays, measured on the others, N times.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from consumers.cluster.assign import near
from consumers.cluster.evidence import Evidence, Weights, gather
from consumers.cluster.handler import Cluster
from consumers.cluster.members import Members
from consumers.cluster.memory import Memory
from consumers.cluster.reading import read
from consumers.cluster.rules import Rules
from newswire.state.memory import MemoryState
from schemas.article.model import Article
from schemas.ids import story_id

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
benchmark: Any = importlib.import_module("stories")

Docs = Sequence[Mapping[str, Any]]
Floats = npt.NDArray[np.float64]
BREAKS_OFF = 0.06
"""Share of articles that begin another story although theirs is there: such fragments are what merging meets."""
SMOOTHING = 3e-3
ROUNDS = 30
SHARED = [field.name for field in fields(Evidence)].index("shared")


def cases(docs: Docs, headlines_only: bool, seed: int) -> tuple[list[tuple[float, ...]], list[bool]]:
    """Return the evidence of each article and each story near it, and whether the article is of the story."""
    draw = np.random.default_rng(seed)
    state, rules = MemoryState(), Rules()
    memory = Memory.build(rules, state)
    label_of: dict[str, str] = {}
    evidence: list[tuple[float, ...]] = []
    same: list[bool] = []
    for number in draw.permutation(len(docs)).tolist():
        doc = docs[number]
        event = doc["story"] or doc["id"]
        article = Article.from_data(benchmark.article_of(dict(doc), headlines_only))
        reading = read(article, memory)
        own = None
        for candidate in near(reading.vector, memory):
            found = memory.index.vectors(memory.in_window(candidate)[-rules.most_compared :])
            vectors = [vector for vector, _ in found]
            evidence.append(astuple(gather(reading.vector, Members(vectors), [1.0] * len(vectors))))
            same.append(label_of[candidate] == event)
            if same[-1] and own is None:
                own = candidate
        if own is None:
            theirs = [candidate for candidate, label in label_of.items() if label == event]
            own = max(theirs, key=memory.size, default=None)
        if own is None or draw.random() < BREAKS_OFF:
            own = story_id(article.article_id)
            label_of[own] = event
        memory.save(reading.placed(article, own, memory.size(own) + 1, step=0, source=0), state)
    return evidence, same


def fit(evidence: Floats, same: Floats) -> Floats:
    """Return weights and offset of a logistic regression (Newton's method, ridge on standardised evidence)."""
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    inputs = np.c_[(evidence - mean) / spread, np.ones(len(evidence))]
    ridge = SMOOTHING * len(evidence) * np.r_[np.ones(evidence.shape[1]), 0.0]
    found = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-inputs @ found))
        slope = inputs.T @ (likely - same) + ridge * found
        curve = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + np.diag(ridge + 1e-9)
        found = found - np.linalg.solve(curve, slope)
    weights = found[:-1] / spread
    fitted: Floats = np.r_[weights, found[-1] - weights @ mean]
    return fitted


def weights_of(docs: Docs, headlines_only: bool, orders: int) -> tuple[list[float], int]:
    """Return the weights that are fitted on texts in random orders, and on how many cases."""
    evidence: list[tuple[float, ...]] = []
    same: list[bool] = []
    for seed in range(orders):
        more, answers = cases(docs, headlines_only, seed)
        evidence += more
        same += answers
    inputs = np.array(evidence)
    if not headlines_only:
        # Texts share four terms with nearly anything: fitted, it was of no use in held-out halves.
        inputs[:, SHARED] = 0.0
    return fit(inputs, np.array(same, float)).tolist(), len(same)


def pairs(docs: Docs) -> list[tuple[str, ...]]:
    """Return the stories two by two, those first that have most words in common: events of one kind."""
    words: dict[str, set[str]] = {}
    for doc in docs:
        words.setdefault(doc["story"], set()).update(str(doc["text"]).lower().split())
    found, left = [], sorted(words)
    while len(left) > 1:
        likeness = {
            (one, two): len(words[one] & words[two]) / len(words[one] | words[two])
            for at, one in enumerate(left)
            for two in left[at + 1 :]
        }
        best = max(likeness, key=lambda pair: likeness[pair])
        found.append(best)
        left = [story for story in left if story not in best]
    return [*found, *((story,) for story in left)]


def held_out(
    docs: Docs, strays: Docs, headlines_only: bool, orders: int, halves: int
) -> dict[str, list[tuple[float, float, float]]]:
    """Return how good weights are that were fitted with strays, and without, a row for each half.

    F1 of the held-out stories; the shares of held-out strays that ended in one of them, and in a story of strays alone.
    """
    rows: dict[str, list[tuple[float, float, float]]] = {"fitted with strays": [], "fitted without": []}
    two_by_two = pairs(docs)
    for seed in range(halves):
        draw = random.Random(seed)  # noqa: S311 - halves, no secrets
        chosen = {story for pair in draw.sample(two_by_two, len(two_by_two) // 2) for story in pair}
        mixed = draw.sample(list(strays), len(strays))
        here, there = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
        fitted_on = [doc for doc in docs if doc["story"] in chosen]
        measured = [*(doc for doc in docs if doc["story"] not in chosen), *there]
        order = draw.sample(measured, len(measured))
        right = [doc["story"] for doc in order]
        for name, among in zip(rows, (here, []), strict=True):
            weights = Weights(*weights_of([*fitted_on, *among], headlines_only, orders)[0])
            rules = Rules(few_evidence=weights) if headlines_only else Rules(evidence=weights)
            stage = type("Fitted", (Cluster,), {"rules": rules})
            found, _ = benchmark.newswire(order, headlines_only, stage)
            kept = [(story, label) for story, label in zip(found, right, strict=True) if label]
            f1 = benchmark.b_cubed(*zip(*kept, strict=True))[2]
            rows[name].append((f1, *cast("tuple[float, float]", benchmark.false_merges(found, right))))
    return rows


def main() -> None:
    """Print the weights, or how good they are."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="folder that holds stories.jsonl")
    parser.add_argument("--orders", type=int, default=3, help="random orders (default 3)")
    parser.add_argument("--strays", type=Path, help="file of texts about other events")
    parser.add_argument("--halves", type=int, help="measure on so many held-out halves; with --strays")
    arguments = parser.parse_args()
    if arguments.halves and not arguments.strays:
        parser.error("--halves needs --strays")
    with (arguments.folder / "stories.jsonl").open(encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    strays = benchmark.strays_in(arguments.strays) if arguments.strays else []
    for headlines_only in (False, True):
        name = "headlines" if headlines_only else "full texts"
        if arguments.halves:
            found = held_out(docs, strays, headlines_only, arguments.orders, arguments.halves)
            for how, rows in found.items():
                f1, merged, together = map(statistics.fmean, zip(*rows, strict=True))
                print(
                    f"{name}, {how}: F1 {f1:.3f}, strays merged {merged:.3f}, together {together:.3f}",
                    flush=True,
                )
        else:
            weights, count = weights_of([*docs, *strays], headlines_only, arguments.orders)
            print(f"{name}: Weights({', '.join(f'{weight:.2f}' for weight in weights)}) from {count} cases")


if __name__ == "__main__":
    main()
