"""How well copies are found and template siblings are told apart, beside MinHash in the same run.

    python benchmarks/dedup.py DATA_FOLDER [--seed 1]

DATA_FOLDER holds `stories.jsonl`: one object a line with `id`, `title` and `text` (a sentence a line). Each text of at least 60 words and
four lines is published; then edited copies of it and siblings that are no copies arrive in random order. A verdict counts as right when a
copy is linked to the text that it was made from. Texts that are copies of each other in the data itself have no label: their edits are
left out. Recall is over copies, precision over everything that was called a copy.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from consumers.deduplicate import Deduplicate
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef
from schemas.ids import article_id

NOON_MS = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp() * 1000)
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_NAMES = (
    "Arden",
    "Belmont",
    "Corvin",
    "Dalga",
    "Estrel",
    "Farrow",
    "Gannet",
    "Harlan",
    "Ilvara",
    "Jessop",
    "Korrin",
    "Lasker",
    "Mardel",
)
_REPLACED = {
    "said": "stated", "police": "officers", "after": "following", "also": "in addition", "about": "roughly", "but": "however",
    "big": "large", "many": "a lot of", "near": "close to", "told": "informed", "when": "as", "reported": "announced", "will": "is to",
}  # fmt: skip
_LEADS = (
    "It is the talk of the day, and there is more to it than meets the eye.",
    "What we know so far, and what it means for readers of this newspaper.",
    "The news came late, when most of our readers were already asleep.",
)

Lines = list[str]
Find = Callable[[str, Lines], str | None]


@dataclass(frozen=True)
class Arrival:
    """A text on its way in."""

    name: str
    base: str
    kind: str
    lines: Lines
    copy: bool


def _numbers(rng: random.Random, text: str) -> str:
    def other(match: re.Match[str]) -> str:
        digits = match.group()
        while (new := "".join(rng.choice("123456789") for _ in digits)) == digits:
            pass
        return new

    return _NUMBER.sub(other, text)


def _one_number(rng: random.Random, lines: Lines) -> Lines | None:
    text = "\n".join(lines)
    places = list(_NUMBER.finditer(text))
    if len(places) < 3:
        return None
    at = rng.choice(places)
    return (text[: at.start()] + _numbers(rng, at.group()) + text[at.end() :]).split("\n")


def _all_numbers(rng: random.Random, lines: Lines) -> Lines | None:
    text = "\n".join(lines)
    return _numbers(rng, text).split("\n") if len(_NUMBER.findall(text)) >= 2 else None


def _names(rng: random.Random, lines: Lines) -> Lines | None:
    text = "\n".join(lines)
    new = {name: rng.choice(_NAMES) for name in sorted(set(_NAME.findall(text)))}
    if len(new) < 4:
        return None
    return re.sub(r"\b[A-Z][a-z]+\b", lambda m: new.get(m.group(), m.group()), text).split("\n")


def _paraphrased(rng: random.Random, lines: Lines, share: float = 0.6) -> Lines:
    text = "\n".join(lines)
    for word, other in _REPLACED.items():
        text = re.sub(rf"\b{word}\b", lambda m, o=other: o if rng.random() < share else m.group(), text)
    return text.split("\n")


def _excerpt(rng: random.Random, lines: Lines) -> Lines | None:
    size = max(1, round(len(lines) * rng.uniform(0.2, 0.5)))
    start = rng.randrange(len(lines) - size + 1)
    part = lines[start : start + size]
    return part if len(" ".join(part).split()) >= 30 else None


def _at_most(lines: Lines, characters: int) -> Lines:
    """Return the first lines, cut: what is added to a copy must not outweigh it."""
    return " ".join(lines)[:characters].rpartition(". ")[0].split(". ")


def edits(rng: random.Random, lines: Lines, other: Lines) -> Iterator[tuple[str, Lines | None, bool]]:
    """Yield (kind, lines, whether it is a copy)."""
    lead = rng.choice(_LEADS)
    more = _at_most(other, len(" ".join(lines)) // 2)
    yield "exact", list(lines), True
    yield "new lead", [lead, *lines[1:]], True
    yield (
        "boilerplate",
        [f"(Agency) - {lines[0]}", *lines[1:], "Reporting by our staff. All rights reserved."],
        True,
    )
    yield "excerpt 20-50 %", _excerpt(rng, lines), True
    yield "appended", [*lines, *more], True
    yield "reordered", rng.sample(lines, len(lines)), True
    yield "paraphrased", _paraphrased(rng, lines), True
    yield "one number", _one_number(rng, lines), True
    yield (
        "combined",
        [lead, *_paraphrased(rng, lines[1:], 0.3)[: max(3, int(len(lines) * 0.7))], *other[:2]],
        True,
    )
    yield "other numbers", _all_numbers(rng, lines), False
    yield "other names", _names(rng, lines), False


def stream(docs: Sequence[dict[str, Any]], seed: int) -> tuple[list[Arrival], list[Arrival]]:
    """Return the texts that are published first, and the edits that follow."""
    rng = random.Random(seed)
    split = {doc["id"]: [line for line in doc["text"].split("\n") if line.strip()] for doc in docs}
    long = {
        name: lines for name, lines in split.items() if len(" ".join(lines).split()) >= 60 and len(lines) >= 4
    }
    bases = [Arrival(name, name, "base", lines, copy=False) for name, lines in long.items()]
    rest = []
    for base in bases:
        other = long[rng.choice([name for name in long if name != base.name])]
        rest += [
            Arrival(f"{base.name}/{kind}", base.name, kind, lines, copy)
            for kind, lines, copy in edits(rng, base.lines, other)
            if lines
        ]
    rng.shuffle(rest)
    return bases, rest


class Newswire:
    """The stage, as it runs."""

    def __init__(self) -> None:
        self.handler, self.state, self.offset = Deduplicate(), MemoryState(), 0
        self.names: dict[str, str] = {}

    def __call__(self, name: str, lines: Lines) -> str | None:
        """Publish a text; return the name of the text that it is a copy of."""
        identifier = article_id(source="benchmark", guid=name)
        self.names[identifier] = name
        ref = {"topic": "news.raw.v1", "partition": 0, "offset": self.offset}
        data = {
            "article_id": identifier,
            "source": {"name": "benchmark", "kind": "files"},
            "kind": "article",
            "url": f"https://news.example/2026/03/02/{identifier}",
            "headline": " ".join(lines[0].split()[:9]),
            "language": "en",
            "captured_at": "2026-03-02T12:00:00Z",
            "sections": [{"paragraphs": lines}],
            "content_hash": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
            "rights": {"status": "usable"},
            "provenance": {},
            "lineage": {"was_derived_from": ref, "was_generated_by": []},
        }
        event = Event("normalized", str(self.offset), identifier, data, RecordRef(**ref), NOON_MS)
        self.offset += 1
        (emit,) = self.handler.handle(event, self.state)
        written = emit.data.to_data() if emit.data else {}
        return self.names[written["original"]["article_id"]] if emit.event == "duplicate" else None


class MinHash:
    """256 permutations over word pairs, banded for candidates, Jaccard of .45 or more: the strongest setting we measured for it."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        self.a = rng.integers(1, 2**31 - 1, 256, dtype=np.uint64) | np.uint64(1)
        self.b = rng.integers(0, 2**31 - 1, 256, dtype=np.uint64)
        self.bands: dict[tuple[int, bytes], list[str]] = defaultdict(list)
        self.signatures: dict[str, Any] = {}

    def __call__(self, name: str, lines: Lines) -> str | None:
        """Publish a text; return the name of the text that it is a copy of."""
        words = re.findall(r"\w+", " ".join(lines).lower())
        pairs = {f"{one} {two}" for one, two in itertools.pairwise(words)}
        hashes = np.array(
            [int.from_bytes(hashlib.sha1(p.encode()).digest()[:4], "big") for p in pairs], dtype=np.uint64
        )
        signature = ((hashes[:, None] * self.a + self.b) % np.uint64(2**61 - 1)).min(axis=0).astype(np.uint32)
        keys = [(band, signature[band * 4 : band * 4 + 4].tobytes()) for band in range(64)]
        candidates = {other for key in keys for other in self.bands.get(key, ())}
        scored = [((self.signatures[other] == signature).mean(), other) for other in sorted(candidates)]
        best = max(scored, default=(0.0, ""))
        if best[0] >= 0.45:
            return best[1]
        self.signatures[name] = signature
        for key in keys:
            self.bands[key].append(name)
        return None


def measure(name: str, find: Find, bases: list[Arrival], rest: list[Arrival]) -> None:
    """Print one system's figures."""
    started = time.perf_counter()
    unlabelled = set()
    for base in bases:
        original = find(base.name, base.lines)
        if original is not None:
            unlabelled |= {base.name, original}
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    own = {arrival.name: arrival.base for arrival in rest} | {base.name: base.name for base in bases}
    for arrival in rest:
        original = find(arrival.name, arrival.lines)
        if arrival.base in unlabelled:
            continue
        total[arrival.kind] += 1
        linked = original is not None and own[original] == arrival.base
        if original is not None and (not arrival.copy or not linked):
            wrong[arrival.kind] += 1
        elif original is not None or not arrival.copy:
            right[arrival.kind] += 1
    seconds = time.perf_counter() - started
    kinds = {arrival.kind: arrival.copy for arrival in rest}
    found = sum(right[kind] for kind, copy in kinds.items() if copy)
    recall = found / sum(total[kind] for kind, copy in kinds.items() if copy)
    precision = found / (found + sum(wrong.values()))
    print(
        f"\n{name}: pair precision {precision:.3f}, recall {recall:.3f}, F1 {2 * precision * recall / (precision + recall):.3f}"
    )
    print(
        f"  {len(bases) + len(rest)} texts, {(len(bases) + len(rest)) / seconds:.0f} texts/s; {len(unlabelled)} unlabelled left out"
    )
    for kind, copy in sorted(kinds.items(), key=lambda pair: (not pair[1], pair[0])):
        share = right[kind] / total[kind] if copy else wrong[kind] / total[kind]
        print(f"  {kind:18}{'recall' if copy else 'wrongly merged':16}{share:.3f}  of {total[kind]}")


def main() -> None:
    """Print the figures of both."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path, help="folder that holds stories.jsonl")
    parser.add_argument("--seed", type=int, default=1, help="of the edits (default 1)")
    arguments = parser.parse_args()
    with (arguments.folder / "stories.jsonl").open(encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines]
    bases, rest = stream(docs, arguments.seed)
    ours = Newswire()
    measure("newswire", ours, bases, rest)
    sizes = [len(key) + len(value) for key, value in ours.state.data.items()]
    originals = [len(key) + len(value) for key, value in ours.state.data.items() if len(value) > 120]
    print(
        f"  changelog: {statistics.fmean(sizes):.0f} bytes a text; {statistics.fmean(originals):.0f} an original"
    )
    measure("MinHash", MinHash(), bases, rest)


if __name__ == "__main__":
    main()
