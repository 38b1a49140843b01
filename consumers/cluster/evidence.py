"""What speaks for an article being of a story, and what against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.cluster.members import Members, Numbers
from consumers.cluster.vector import Kind, Vector, kinds_in, weights_in

_CLOSEST: Final = 2
"""A story is as similar as its so many most similar members are on average: one odd member opens no door."""
_SURE_FROM: Final = 4
"""What all members of a story have is only known of stories with several: up to so many it counts less."""
_ENOUGH_SHARED: Final = 4
_NAME, _NUMBER = int(Kind.NAME), int(Kind.NUMBER)
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Each from 0 to 1, but `members` and `shared`."""

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
    shared: float
    """How many of the article's terms any member has, up to four: two headlines with a word in common may tell of anything."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of each kind of evidence, in logits."""

    closest: float
    centre: float
    names: float
    numbers: float
    disagreement: float
    members: float
    shared: float
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
            self.shared * evidence.shared,
            self.offset,
        )
        return math.fsum(parts)


def likelihood(logit: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def gather(article: Vector, members: Members, nearness: Sequence[float]) -> Evidence:
    """Return the evidence of an article and the members of a story.

    `nearness`: for each member from 0 to 1, how near in time it is. Sums are of whole numbers or exact, so that they are the same on every
    machine.
    """
    weights, kinds = weights_in(article.codes).astype(np.int64), kinds_in(article.codes)
    places = np.searchsorted(members.terms, article.keys)
    held = places < len(members.terms)
    held[held] = members.terms[places[held]] == article.keys[held]
    places, shared_kinds = places[held], kinds[held]
    products = members.weights[:, places] * weights[held]

    def similar(of: Numbers) -> list[float]:
        return [
            product / (length * article.length) * near if product else 0.0
            for product, length, near in zip(of.sum(axis=1).tolist(), members.lengths, nearness, strict=True)
        ]

    whole = similar(products)
    names = kinds == _NAME
    squares = weights * weights
    return Evidence(
        closest=_closest(whole),
        centre=_mean(whole) / math.sqrt(members.cohesion),
        names=_closest(similar(products[:, shared_kinds == _NAME])),
        numbers=_closest(similar(products[:, shared_kinds == _NUMBER])),
        disagreement=_disagreement(
            places, int(squares[names].sum()), int(squares[names & ~held].sum()), members
        ),
        members=math.log(len(members)),
        shared=float(min(_ENOUGH_SHARED, len(places))),
    )


def _closest(similarities: Sequence[float]) -> float:
    return _mean(sorted(similarities, reverse=True)[:_CLOSEST])


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _disagreement(places: Places, of_names: int, foreign: int, members: Members) -> float:
    """Return how much an article disagrees that has the members' terms at these places.

    `of_names` is the sum of the squared weights of its names, `foreign` that of those which no member has.
    """
    if not members.of_centre or not of_names:
        return 0.0
    has = np.zeros(len(members.terms), np.bool_)
    has[places] = True
    missing = [
        weight for weight, here in zip(members.centre, has[members.typical].tolist(), strict=True) if not here
    ]
    lacking = math.fsum(weight * weight for weight in missing) / members.of_centre
    return lacking * (foreign / of_names) * min(1.0, (len(members) - 1) / (_SURE_FROM - 1))
