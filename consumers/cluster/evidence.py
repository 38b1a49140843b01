"""What speaks for an article being of a story, and what against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from consumers.cluster.vector import Kind, Vector, kinds_in, weights_in

_CLOSEST: Final = 2
"""A story is as similar as its so many most similar members are on average: one odd member opens no door."""
_SURE_FROM: Final = 4
"""What all members of a story have is only known of stories with several: up to so many it counts less."""
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Each from 0 to 1, but `members`."""

    closest: float
    """Cosine to the most similar members."""
    centre: float
    """Cosine to the story's centre."""
    names: float
    """The part of such cosines that is due to names."""
    numbers: float
    """The part that is due to numbers, days and months."""
    disagreement: float
    """How much the article lacks the names that most members have, times how much of its own names no member has: another event of the
    same kind."""
    members: float
    """Natural logarithm of the number of members: a large story has something in common with anything."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each kind of evidence, in logits."""

    closest: float
    centre: float
    names: float
    numbers: float
    disagreement: float
    members: float
    offset: float
    """When there is no evidence."""

    def logit(self, evidence: Evidence) -> float:
        """Return how likely an article is of the story: above 0 it is more likely than not."""
        parts = (
            self.closest * evidence.closest,
            self.centre * evidence.centre,
            self.names * evidence.names,
            self.numbers * evidence.numbers,
            self.disagreement * evidence.disagreement,
            self.members * evidence.members,
            self.offset,
        )
        return math.fsum(parts)


def likelihood(logit: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def gather(article: Vector, members: Sequence[Vector], nearness: Sequence[float]) -> Evidence:
    """Return the evidence of an article and the members of a story.

    `nearness`: for each member from 0 to 1, how near in time it is. Sums are of whole numbers or exact, so that they are the same on every
    machine.
    """
    terms = np.unique(np.concatenate([article.keys, *(member.keys for member in members)]))
    rows = np.zeros((len(members), len(terms)), np.int64)
    are_names = np.zeros((len(members), len(terms)), np.bool_)
    for at, member in enumerate(members):
        places = np.searchsorted(terms, member.keys)
        rows[at, places] = weights_in(member.codes)
        are_names[at, places] = kinds_in(member.codes) == Kind.NAME
    places = np.searchsorted(terms, article.keys)
    own = np.zeros(len(terms), np.int64)
    own[places] = weights_in(article.codes)
    kinds = np.zeros(len(terms), np.int64)
    kinds[places] = kinds_in(article.codes)
    lengths = [member.length for member in members]

    def similar(part: Any) -> list[float]:
        products = (rows * (own * part)).sum(axis=1).tolist()
        return [
            product / (length * article.length) * near if product else 0.0
            for product, length, near in zip(products, lengths, nearness, strict=True)
        ]

    whole = similar(1)
    return Evidence(
        closest=_closest(whole),
        centre=_mean(whole) / math.sqrt(_cohesion(rows, lengths)),
        names=_closest(similar(kinds == Kind.NAME)),
        numbers=_closest(similar(kinds == Kind.NUMBER)),
        disagreement=_disagreement(own, kinds == Kind.NAME, rows, are_names, lengths),
        members=math.log(len(members)),
    )


def _closest(similarities: Sequence[float]) -> float:
    return _mean(sorted(similarities, reverse=True)[:_CLOSEST])


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _cohesion(rows: Numbers, lengths: Sequence[float]) -> float:
    """Return the mean cosine of all pairs of members, each with itself too."""
    products = (rows @ rows.T).tolist()
    cosines = [
        product / (a * b) if product else 0.0
        for line, a in zip(products, lengths, strict=True)
        for product, b in zip(line, lengths, strict=True)
    ]
    return _mean(cosines) or 1.0


def _disagreement(
    own: Numbers, own_names: Any, rows: Numbers, are_names: Any, lengths: Sequence[float]
) -> float:
    count = len(rows)
    held = (rows > 0).sum(axis=0)
    typical = (2 * held >= count) & are_names.any(axis=0)
    scale = np.array([1 / length if length else 0.0 for length in lengths])
    centre = (rows[:, typical] * scale[:, None]).sum(axis=0).tolist()
    missing = [
        weight if here == 0 else 0.0 for weight, here in zip(centre, own[typical].tolist(), strict=True)
    ]
    of_story = math.fsum(weight * weight for weight in centre)
    squares = own * own
    of_article = int(squares[own_names].sum())
    if not of_story or not of_article:
        return 0.0
    lacking = math.fsum(weight * weight for weight in missing) / of_story
    foreign = int(squares[own_names & (held == 0)].sum()) / of_article
    return lacking * foreign * min(1.0, (count - 1) / (_SURE_FROM - 1))
