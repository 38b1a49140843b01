"""Texts of houses that close everything they publish with one passage: an imprint, an appeal, `About the company`.

The texts themselves are words of the folder's texts in random order, so that no two have a passage in common; the imprints are ours.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.dedup_series import PLACES

KIND: Final = "same imprint"
_HOUSES: Final = 20
_TEXTS: Final = 8
_TITLES: Final = ("Herald", "Post", "Mail", "Echo", "Star", "Courier", "Tribune")
_SENTENCES: Final = (
    "The {town} {title} is published by {town2} Media, {number} Harbour Street, {town}, and registered under number {number2}.",
    "Readers can write to the editor at the desk in {town} or call {number2} from Monday to Friday between 9 and 17.",
    "Our journalists follow the code of the {town} Press Council, to which complaints may be made within {number} days of publication.",
    "If you liked this report, support independent journalism in {town} with a subscription from {number} crowns a month.",
    "All rights reserved; no part of this text may be copied or passed on without the consent of {town2} Media, but for short quotations.",
    "Sign up for the newsletter of the {title}, which comes at 7 every morning with what matters in {town} and beyond.",
)  # fmt: skip


def imprints(rng: random.Random, texts: Sequence[Sequence[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield (name, lines) of texts of 60 to 250 words that end with one to six sentences of their house."""
    words = [word for lines in texts for line in lines for word in line.split()]
    for house in range(_HOUSES):
        names = {
            "town": rng.choice(PLACES),
            "town2": rng.choice(PLACES),
            "title": rng.choice(_TITLES),
            "number": str(rng.randrange(5, 99)),
            "number2": str(rng.randrange(10_000, 99_999)),
        }
        imprint = [each.format_map(names) for each in rng.sample(_SENTENCES, rng.randrange(1, 7))]
        for number in range(_TEXTS):
            drawn = rng.choices(words, k=rng.randrange(60, 250))
            yield (
                f"{house}/{number}",
                [*(" ".join(drawn[at : at + 20]) for at in range(0, len(drawn), 20)), *imprint],
            )
