"""Train the block classifier of consumers/normalize/blocks on labelled pages, and write its weights.

    python -m pip install --group train
    python tools/train_blocks.py DATA_FOLDER [--out consumers/normalize/blocks/weights.npz]

DATA_FOLDER holds `labels.jsonl` (id, url, body), `html/`, `unlabelled.jsonl` (id, url) and `unlabelled/`; pages are ID.html.gz. The text
of an unlabelled page is what trafilatura's two modes agree on; what that is known to leave out (standfirsts, subheadings) counts neither
way there. The weights are hashes and numbers: no text of a page is in them. How good they are is measured by `benchmarks/extraction.py`,
on sites that are held out.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from block_examples import Example, Floats, examples

from consumers.normalize.blocks.context import context
from consumers.normalize.blocks.cut import Page
from consumers.normalize.blocks.forest import CERTAIN, LEAVES, UNIT, Forest, probabilities
from consumers.normalize.blocks.measure import Measures
from consumers.normalize.blocks.model import STEP, Scorer, Weights
from consumers.normalize.blocks.second import second
from consumers.normalize.blocks.tokens import (
    ANYWHERE,
    BEYOND,
    BITS,
    INLINE,
    bucket,
    element_tokens,
    path_token,
    shape_token,
    text_tokens,
)
from consumers.normalize.blocks.view import Ints, View

STEPS_OF_ONE = 1000 // STEP
INNER_FOLDS = 3
"""Parts in which the linear model is fitted, so that the trees see its scores of pages that it was not fitted on."""
ROUNDS = 100
TREES: dict[str, Any] = {
    "objective": "binary", "num_leaves": 24, "learning_rate": 0.09, "min_data_in_leaf": 30, "feature_fraction": 0.4, "max_bin": 127,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "num_threads": 1, "seed": 1, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip


def train(pages: Sequence[Example]) -> Weights:
    """Return weights fitted on pages; the same pages in the same order give the same weights."""
    tokens = [[np.array(block) for block in token_buckets(each.page, each.measured)] for each in pages]
    folds = [zlib.crc32(f"inner {each.site}".encode()) % INNER_FOLDS for each in pages]
    looks: dict[int, tuple[View, Ints]] = {}
    for fold in range(INNER_FOLDS):
        others = [at for at, each in enumerate(folds) if each != fold]
        by = Scorer(linear([pages[at] for at in others], [tokens[at] for at in others]))
        for at, each in enumerate(folds):
            if each == fold:
                looks[at] = by.look(pages[at].page, pages[at].measured)
    return planted(linear(pages, tokens), pages, folds, [looks[at] for at in range(len(pages))])


def planted(
    table: Weights, pages: Sequence[Example], folds: Sequence[int], looks: Sequence[tuple[View, Ints]]
) -> Weights:
    """Return weights with the two forests; `looks` are those of a linear model that has not seen the page, and so it is with the second."""
    rows = [row for _, row in looks]
    again: dict[int, Ints] = {}
    for fold in range(INNER_FOLDS):
        others = [at for at, each in enumerate(folds) if each != fold]
        partial = grown([pages[at] for at in others], [rows[at] for at in others], ())
        for at, each in enumerate(folds):
            if each == fold:
                likely = partial.likelihoods(rows[at]) * 1000 // CERTAIN
                again[at] = np.concatenate((rows[at], second(looks[at][0], likely)[0]), axis=1)
    names, more = names_of(pages[0])
    return replace(
        table,
        first=grown(pages, rows, names),
        second=grown(pages, [again[at] for at in range(len(pages))], names + more),
    )


def grown(pages: Sequence[Example], rows: Sequence[Ints], names: tuple[str, ...]) -> Forest:
    """Return a forest fitted on rows of features."""
    import lightgbm

    matrix = np.concatenate([row[each.seen] for row, each in zip(rows, pages, strict=True)]).astype(
        np.float32
    )
    labels, weight = what_is_seen(pages)
    booster = lightgbm.train(TREES, lightgbm.Dataset(matrix, labels, weight=weight), ROUNDS)
    return forest(booster.dump_model(), names)


def what_is_seen(pages: Sequence[Example]) -> tuple[Floats, Floats]:
    """Return the labels and weights of the blocks that models are fitted on: of those far from the article a third, threefold."""
    return (
        np.concatenate([each.text[each.seen] for each in pages]),
        np.concatenate([(each.weight * np.where(each.far, 3, 1))[each.seen] for each in pages]),
    )


cached = lru_cache(maxsize=65_536)(element_tokens)


def token_buckets(page: Page, measured: Sequence[Measures]) -> Iterator[list[int]]:
    """Yield for each block the hashes of its tokens: those whose weights `Scorer.linear` sums."""
    for block, each in zip(page.blocks, measured, strict=True):
        around = [block.node]
        while around[-1]:
            around.append(page.parents[around[-1]])
        places = [
            bucket(token, level)
            for at, node in enumerate(around)
            for level in ((at, ANYWHERE) if at <= BEYOND else (ANYWHERE,))
            for token in cached(page.keys[node])
        ]
        if block.inline:
            places += [bucket(token, INLINE) for token in cached(block.inline)]
        tags = [page.keys[node][0] for node in around[:3]]
        tokens = [
            path_token(tags),
            *text_tokens(each.words, each.values[0]),
            shape_token(tags[0], each.values[0], each.values[2]),
        ]
        yield places + [bucket(token) for token in tokens]


def own_of(each: Example) -> Ints:
    """Return a row of measures for each block."""
    return np.array([measured.values for measured in each.measured], dtype=np.int64)


def names_of(each: Example) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the features of the first look, and of those that the second has beside them."""
    nothing = np.zeros(len(each.measured), dtype=np.int64)
    view = View(each.page, own_of(each), nothing)
    return context(view, nothing, nothing)[1], second(view, nothing)[1]


def linear(pages: Sequence[Example], tokens: Sequence[list[Ints]]) -> Weights:
    """Return weights without trees: a logistic regression on the hashed tokens."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    kept = [
        block
        for page, found in zip(pages, tokens, strict=True)
        for block, seen in zip(found, page.seen, strict=True)
        if seen
    ]
    ends = np.concatenate(([0], np.cumsum([len(each) for each in kept])))
    by_row = csr_matrix((np.ones(ends[-1]), np.concatenate(kept), ends), shape=(len(kept), 1 << BITS))
    by_column = by_row.T.tocsr()
    labels, weight = what_is_seen(pages)
    sign = 2 * labels - 1

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = (by_row @ values[:-1] + values[-1]) * sign
        slope = -weight * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        value = float((weight * np.logaddexp(0, -margin)).sum() + 1.5 * (values[:-1] ** 2).sum())
        return value, np.concatenate((by_column @ slope + 3 * values[:-1], [slope.sum()]))

    start = np.zeros((1 << BITS) + 1)
    values = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 35, "maxcor": 6}).x
    table = np.clip(np.rint(values[:-1] * STEPS_OF_ONE), -127, 127).astype(np.int8)
    return Weights(table, int(np.rint(1000 * values[-1])))


def forest(model: dict[str, Any], names: tuple[str, ...]) -> Forest:
    """Return LightGBM's trees in the form in which they are asked."""
    column: list[int] = []
    threshold: list[int] = []
    mask: list[int] = []
    start: list[int] = []
    leaves: list[list[int]] = []
    for tree in model["tree_info"]:
        values: list[int] = []
        first = len(column)

        def walk(node: dict[str, Any], values: list[int] = values) -> None:
            if "leaf_value" in node:
                values.append(round(node["leaf_value"] * UNIT))
                return
            column.append(node["split_feature"])
            threshold.append(int(np.floor(node["threshold"])))
            mask.append(0)
            at, low = len(mask) - 1, len(values)
            walk(node["left_child"])
            mask[at] = 0xFFFFFFFF & ~(((1 << (len(values) - low)) - 1) << low)
            walk(node["right_child"])

        walk(tree["tree_structure"])
        if len(column) > first:
            start.append(first)
            leaves.append(values + [0] * (LEAVES - len(values)))
    return Forest(
        features=tuple(zlib.crc32(name.encode()) for name in names), column=np.array(column), threshold=np.array(threshold, dtype=np.int32),
        mask=np.array(mask, dtype=np.uint32), start=np.array(start), leaves=np.array(leaves), probability=probabilities(),
    )  # fmt: skip


def save(weights: Weights, out: Path) -> None:
    """Write weights in the form in which they are shipped."""
    assert weights.first is not None
    assert weights.second is not None
    np.savez_compressed(
        out,
        table=weights.table,
        bias=np.int32(weights.bias),
        **{f"first_{name}": values for name, values in weights.first.stored().items()},
        **{f"second_{name}": values for name, values in weights.second.stored().items()},
    )


def counted(pages: Iterable[Example]) -> str:
    """Return how many pages, sites and blocks there are."""
    found = list(pages)
    return f"{len(found)} pages of {len({each.site for each in found})} sites, {sum(len(each.text) for each in found)} blocks"


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("consumers/normalize/blocks/weights.npz"))
    arguments = parser.parse_args()
    pages = examples(arguments.data)
    print("labelled:", counted(each for each in pages if not each.weak))
    print("inferred:", counted(each for each in pages if each.weak))
    save(train(pages), arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
