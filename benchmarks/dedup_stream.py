"""A labelled stream out of real texts: each text, edited copies of it, siblings that are no copies, and series of one template.

A cluster is a text and its edited copies; everything else stands alone. Texts that are copies of each other in the data itself would have
a wrong label: one of which a twentieth of the word 4-grams stand in another, so that they share a sentence, is left out.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.dedup_imprints import KIND, imprints
from benchmarks.dedup_series import SERIES, series

Lines = list[str]

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_NAMES: Final = (
    "Arden", "Belmont", "Corvin", "Dalga", "Estrel", "Farrow", "Gannet", "Harlan", "Ilvara", "Jessop", "Korrin", "Lasker", "Mardel",
    "Nerva", "Oskar", "Pellin", "Quarry", "Rossin", "Sarno", "Tolna", "Umbra", "Velden", "Wickham", "Yarrow",
)  # fmt: skip
_REPLACED: Final = {
    "said": "stated", "police": "officers", "after": "following", "also": "in addition", "about": "roughly", "but": "however",
    "big": "large", "many": "a lot of", "near": "close to", "told": "informed", "when": "as", "reported": "announced", "will": "is to",
    "because": "since", "killed": "dead", "hit": "struck", "found": "discovered", "people": "persons", "man": "male", "before": "prior to",
    "while": "whereas", "including": "among them", "could": "might", "more than": "over", "according to": "in the words of",
}  # fmt: skip
_FILLERS: Final = ("reportedly", "meanwhile", "apparently", "there", "now", "still", "just", "quite")
_LEADS: Final = (
    "It is the talk of the day, and there is more to it than meets the eye.",
    "What we know so far, and what it means for readers of this newspaper.",
    "The news came late, when most of our readers were already asleep.",
    "Here is the latest on a story that has kept the newsroom busy since the morning.",
)
_SLUGS: Final = (
    "ELLERY (Norvik) - ",
    "(Agency) - ",
    "SALTBY, March 2 (DPX) -- ",
    "BREAKING: ",
    "By Our Correspondent -- ",
)
_FOOTERS: Final = (
    "Reporting by our staff. Editing by the night desk. All rights reserved.",
    "Sign up to our newsletter for the stories that matter, every morning in your inbox.",
    "This article was amended after publication. Do you have a story? Write to the news desk.",
    "Follow us on all channels and download the app for alerts as they break.",
)
COPIES: Final = (
    "exact", "slug, new headline", "new lead", "boilerplate", "excerpt 20-50 %", "reordered", "paraphrased", "appended", "one number",
    "combined",
)  # fmt: skip
SIBLINGS: Final = ("other numbers", "other names", *SERIES, KIND)


@dataclass(frozen=True)
class Arrival:
    """A text on its way in."""

    name: str
    cluster: str
    kind: str
    headline: str
    lines: Lines


def long_enough(docs: Sequence[dict[str, Any]]) -> dict[str, Lines]:
    """Return the texts of at least 60 words and four lines, without those that repeat another."""
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    kept: dict[str, Lines] = {}
    for doc in docs:
        lines = [line for line in doc["text"].split("\n") if line.strip()]
        words = re.findall(r"\w+", " ".join(lines).lower())
        if len(words) < 60 or len(lines) < 4:
            continue
        grams = {tuple(words[at : at + 4]) for at in range(len(words) - 3)}
        met: dict[str, int] = defaultdict(int)
        for gram in grams:
            for other in holders[gram]:
                met[other] += 1
        if met and max(met.values()) > 0.05 * len(grams):
            continue
        for gram in grams:
            holders[gram].append(doc["id"])
        kept[doc["id"]] = lines
    return kept


def stream(docs: Sequence[dict[str, Any]], seed: int, share: float = 1.0) -> list[Arrival]:
    """Return a stream: every text before its edits, and otherwise in random order. `share` is the part of the texts that is drawn."""
    rng = random.Random(seed)
    texts = long_enough(docs)
    chosen = [name for name in texts if rng.random() < share]
    first, rest = [], []
    for name in chosen:
        lines = texts[name]
        other = texts[rng.choice([each for each in chosen if each != name])]
        first.append(Arrival(name, name, "base", _headline(lines), lines))
        for kind, edited in edits(rng, lines, other):
            if edited:
                own = f"{name}/{kind}"
                rest.append(
                    Arrival(own, name if kind in COPIES else own, kind, rng.choice(_LEADS)[:40], edited)
                )
    rng.shuffle(rest)
    for kind in SERIES:
        for number in range(20):
            for day, lines in enumerate(series(rng, kind, 8)):
                name = f"{kind}/{number}/{day}"
                rest.append(Arrival(name, name, kind, _headline(lines), lines))
    for number, lines in imprints(rng, [texts[name] for name in chosen]):
        name = f"{KIND}/{number}"
        rest.append(Arrival(name, name, KIND, _headline(lines), lines))
    return [*first, *rest]


def edits(rng: random.Random, lines: Lines, other: Lines) -> Iterator[tuple[str, Lines | None]]:
    """Yield (kind, edited lines or None where the text does not lend itself to it)."""
    lead = rng.choice(_LEADS)
    yield "exact", list(lines)
    yield "slug, new headline", [rng.choice(_SLUGS) + lines[0], *lines[1:]]
    yield "new lead", [lead, *lines[1:]]
    yield "boilerplate", [rng.choice(_SLUGS) + lines[0], *lines[1:], *rng.sample(_FOOTERS, 2)]
    yield "excerpt 20-50 %", _excerpt(rng, lines)
    yield "reordered", rng.sample(lines, len(lines))
    yield "paraphrased", _paraphrased(rng, lines, 0.6, 0.02)
    yield (
        "appended",
        [
            *lines,
            *_at_most(
                other, round(min(len(" ".join(lines)) * rng.uniform(0.2, 0.9), len(" ".join(other)) * 0.3))
            ),
        ],
    )
    yield "one number", _one_number(rng, lines)
    kept = _paraphrased(rng, lines[1:], 0.3, 0.01)[: max(3, int(len(lines) * 0.7))]
    yield (
        "combined",
        [
            lead,
            *kept,
            *_at_most(other, min(len(" ".join(lines)) // 4, len(" ".join(other)) // 4)),
            rng.choice(_FOOTERS),
        ],
    )
    yield "other numbers", _all_numbers(rng, lines)
    yield "other names", _names(rng, lines)


def one_change(rng: random.Random, lines: Lines) -> Lines:
    """Return a text with one word or figure changed: what a newsroom corrects."""
    changed = list(lines)
    at = rng.randrange(len(lines))
    words = changed[at].split(" ")
    place = rng.randrange(len(words))
    words[place] = rng.choice(_NAMES) if words[place] not in _NAMES else "Zuider"
    changed[at] = " ".join(words)
    return changed


def _headline(lines: Lines) -> str:
    return " ".join(lines[0].split()[:10])


def _digits(rng: random.Random, text: str) -> str:
    def other(match: re.Match[str]) -> str:
        old = match.group()
        while (new := "".join(rng.choice("123456789") if c.isdigit() else c for c in old)) == old:
            pass
        return new

    return _NUMBER.sub(other, text)


def _one_number(rng: random.Random, lines: Lines) -> Lines | None:
    text = "\n".join(lines)
    places = list(_NUMBER.finditer(text))
    if len(places) < 3:
        return None
    at = rng.choice(places)
    return (text[: at.start()] + _digits(rng, at.group()) + text[at.end() :]).split("\n")


def _all_numbers(rng: random.Random, lines: Lines) -> Lines | None:
    text = "\n".join(lines)
    return _digits(rng, text).split("\n") if len(_NUMBER.findall(text)) >= 3 else None


def _names(rng: random.Random, lines: Lines) -> Lines | None:
    text = "\n".join(lines)
    found = sorted(set(_NAME.findall(text)))
    if len(found) < 4:
        return None
    new = dict(zip(found, rng.sample(list(_NAMES) * 20, len(found)), strict=True))
    return re.sub(r"\b[A-Z][a-z]+\b", lambda m: new.get(m.group(), m.group()), text).split("\n")


def _paraphrased(rng: random.Random, lines: Lines, share: float, noise: float) -> Lines:
    """Replace words by others of the same meaning; of the rest drop a few, and put a few fillers between."""
    text = "\n".join(lines)
    for word, other in _REPLACED.items():
        text = re.sub(rf"\b{word}\b", lambda m, o=other: o if rng.random() < share else m.group(), text)

    def shaken(line: str) -> str:
        words = []
        for word in line.split(" "):
            if rng.random() >= noise or word[:1].isupper() or word[:1].isdigit():
                words.append(word)
            if rng.random() < noise:
                words.append(rng.choice(_FILLERS))
        return " ".join(words)

    return [shaken(line) for line in text.split("\n")]


def _excerpt(rng: random.Random, lines: Lines) -> Lines | None:
    size = max(1, round(len(lines) * rng.uniform(0.2, 0.5)))
    start = rng.randrange(len(lines) - size + 1)
    part = lines[start : start + size]
    return part if len(" ".join(part).split()) >= 30 else None


def _at_most(lines: Lines, characters: int) -> Lines:
    """Return the first lines, cut: what is added to a copy must not outweigh it."""
    return " ".join(lines)[:characters].rpartition(". ")[0].split(". ")
