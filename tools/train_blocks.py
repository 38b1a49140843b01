"""Train the block classifier of consumers/normalize/blocks on labelled pages, and write its weights.

    python -m pip install lightgbm scipy
    python tools/train_blocks.py DATA_FOLDER [--out consumers/normalize/blocks/weights.npz]

DATA_FOLDER holds `labels.jsonl` (id, url, body), `html/`, `unlabelled.jsonl` (id, url) and `unlabelled/`; pages are ID.html.gz. The text
of an unlabelled page is what trafilatura's two modes agree on; what that is known to leave out (standfirsts, subheadings) counts neither
way there. The weights are hashes and numbers: no text of a page is in them. How good they are is measured by `benchmarks/extraction.py`,
on sites that are held out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from label_blocks import agreement, coverage

from consumers.normalize.blocks.context import Ints, context
from consumers.normalize.blocks.cut import Page
from consumers.normalize.blocks.measure import NAMES, Measures
from consumers.normalize.blocks.model import LEAVES, STEP, UNIT, Scorer, Weights, checksums, probabilities
from consumers.normalize.blocks.read import measures
from consumers.normalize.blocks.tokens import (
    BITS,
    LEVELS,
    bucket,
    element_tokens,
    path_token,
    shape_token,
    text_tokens,
)
from consumers.normalize.extract import read_fields
from consumers.normalize.page_body import said
from newswire.errors import Reject
from newswire.text.charset import decode

Floats = npt.NDArray[np.float64]
ANY = LEVELS[3]
STEPS_OF_ONE = 1000 // STEP
INNER_FOLDS = 3
"""Parts in which the linear model is fitted, so that the trees see its scores of pages that it was not fitted on."""
ROUNDS = 160
TREES: dict[str, Any] = {
    "objective": "binary", "num_leaves": 24, "learning_rate": 0.07, "min_data_in_leaf": 40, "feature_fraction": 0.4,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "num_threads": 1, "seed": 1, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip
WEAK = 0.6
"""What a page counts whose text is inferred, where one with a label counts 1."""
FEWEST_AGREED = 0.9


@dataclass(frozen=True)
class Example:
    """A page with labels."""

    id: str
    site: str
    """Pages of one site are never both trained on and measured."""
    weak: bool
    """Whether its text is inferred."""
    page: Page
    measured: list[Measures]
    text: Floats
    """For each block 1 if it is the article's, else 0."""
    weight: Floats
    """For each block what it counts; 0: not at all."""
    far: npt.NDArray[np.bool_]
    """Blocks far from the article, of which the linear model sees a third, with threefold weight."""
    seen: npt.NDArray[np.bool_]
    """Blocks that the linear model sees."""


def site_of(url: str) -> str:
    """Return the name by which a host is registered, without its endings: that of `www.bbc.co.uk` and of `bbc.com` is `bbc`."""
    labels = (urlsplit(url).hostname or "").split(".")[:-1]
    if len(labels) > 1 and labels[-1] in {"co", "com", "org", "net", "gov", "ac", "or", "ne", "gob", "edu"}:
        labels.pop()
    return labels[-1] if labels else ""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def examples(data: Path) -> list[Example]:
    """Return the pages of the folder that can be learned from."""
    found = []
    for folder, file in (("html", "labels.jsonl"), ("unlabelled", "unlabelled.jsonl")):
        for row in rows(data / file):
            path = data / folder / f"{row['id']}.html.gz"
            if not path.is_file():
                continue
            html = decode(gzip.decompress(path.read_bytes()), None, markup=True).text
            gold = row["body"] if "body" in row else agreed(html)
            if gold is None:
                continue
            try:
                each = example(row["id"], row["url"], html, gold, weak="body" not in row)
            except Reject as verdict:
                print(f"{row['id']}: left out, {verdict.reason}", file=sys.stderr)
                continue
            if each is not None:
                found.append(each)
    return found


def agreed(html: str) -> str | None:
    """Return the text of a page on which two modes of trafilatura agree, or None."""
    from trafilatura import bare_extraction

    texts = []
    for precise in (False, True):
        document = bare_extraction(html, include_comments=False, with_metadata=False, favor_precision=precise)
        texts.append((document.text if document else None) or "")
    long = len(texts[1].split()) >= 60
    return texts[1] if long and agreement(*texts) >= FEWEST_AGREED else None


def example(name: str, url: str, html: str, gold: str, *, weak: bool) -> Example | None:
    """Return a page with the labels that its text gives its blocks; None when the text is not on the page."""
    reading = read_fields(html, url)
    page = reading.blocks
    measured = measures(page, *said(reading.found))
    covered = np.array(coverage([block.text for block in page.blocks], gold))
    places = np.flatnonzero(covered > 0.5)
    if not len(places):
        return None
    index = np.arange(len(covered))
    words = np.array([each.values[0] for each in measured])
    weight = np.clip(words, 3, 80) ** 0.6
    weight *= 200 / weight.sum()
    weight[(covered > 0.2) & (covered < 0.8)] *= 0.3
    if weak:
        weight *= WEAK
        weight[doubtful(page, measured, covered)] = 0
    far = (index < places[0] - 25) | (index > places[-1] + 25)
    third = np.array([zlib.crc32(f"{name}{at}".encode()) % 3 == 0 for at in index])
    return Example(
        name, site_of(url), weak, page, measured, (covered > 0.5).astype(float), weight, far, (~far | third) & (weight > 0)
    )  # fmt: skip


def doubtful(page: Page, measured: Sequence[Measures], covered: Floats) -> npt.NDArray[np.bool_]:
    """Say which blocks trafilatura may wrongly have left out: subheadings in the text, and what stands between headline and text."""
    places = np.flatnonzero(covered > 0.5)
    index = np.arange(len(covered))
    own = np.array([each.values for each in measured])
    heading = np.array([page.keys[block.node][0] in {"h2", "h3", "h4", "h5", "h6"} for block in page.blocks])
    title = own[:, NAMES.index("equals_title")] > 0
    before = np.flatnonzero(title & (index <= places[0]))
    start = before[-1] - 3 if len(before) else places[0] - 9
    lead = (own[:, NAMES.index("in_lead")] > 600) & (own[:, 0] > 4)
    inside = heading & (index >= places[0]) & (index <= places[-1])
    above = (index >= start) & (index < places[0])
    return title | ((covered <= 0.5) & (inside | above | lead))


def train(pages: Sequence[Example]) -> Weights:
    """Return weights fitted on pages; the same pages in the same order give the same weights."""
    import lightgbm

    tokens = [[np.array(block) for block in token_buckets(each.page, each.measured)] for each in pages]
    features: list[Ints] = [np.zeros((0, 0), dtype=np.int64)] * len(pages)
    folds = [zlib.crc32(f"inner {each.site}".encode()) % INNER_FOLDS for each in pages]
    for fold in range(INNER_FOLDS):
        others = [at for at, each in enumerate(folds) if each != fold]
        partial = linear([pages[at] for at in others], [tokens[at] for at in others])
        by = Scorer(partial)
        for at, each in enumerate(folds):
            if each == fold:
                features[at] = rows_of(by, pages[at])
    table = linear(pages, tokens)
    weight = np.concatenate([each.weight for each in pages])
    used = weight > 0
    labels = np.concatenate([each.text for each in pages])
    matrix = np.concatenate(features)[used].astype(np.float32)
    booster = lightgbm.train(TREES, lightgbm.Dataset(matrix, labels[used], weight=weight[used]), ROUNDS)
    return planted(table, booster.dump_model(), names_of(pages[0]))


cached = lru_cache(maxsize=65_536)(element_tokens)


def token_buckets(page: Page, measured: Sequence[Measures]) -> Iterator[list[int]]:
    """Yield for each block the hashes of its tokens: those whose weights `Scorer.linear` sums."""
    for block, each in zip(page.blocks, measured, strict=True):
        around = [block.node]
        while around[-1]:
            around.append(page.parents[around[-1]])
        tokens = [
            level + token
            for at, node in enumerate(around)
            for level in ((LEVELS[at], ANY) if at < 3 else (ANY,))
            for token in cached(page.keys[node])
        ]
        if block.inline:
            tokens += [f"{LEVELS[4]}{token}" for token in element_tokens(block.inline)]
        tags = [page.keys[node][0] for node in around[:3]]
        tokens.append(path_token(tags))
        tokens += text_tokens(each.words, each.values[0])
        tokens.append(shape_token(tags[0], each.values[0], each.values[2]))
        yield [bucket(token) for token in tokens]


def names_of(each: Example) -> tuple[str, ...]:
    """Return the names of the features, in their order."""
    nothing = np.zeros(len(each.measured), dtype=np.int64)
    own = np.array([measured.values for measured in each.measured], dtype=np.int64)
    return context(each.page, own, nothing, nothing, nothing)[1]


def rows_of(by: Scorer, each: Example) -> Ints:
    """Return the features of a page's blocks by a linear model."""
    own = np.array([measured.values for measured in each.measured], dtype=np.int64)
    path, text = by.linear(each.page, each.measured)
    return context(each.page, own, path + text + by.by.bias, path, text)[0]


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
    sign = np.concatenate([2 * each.text[each.seen] - 1 for each in pages])
    weight = np.concatenate([(each.weight * np.where(each.far, 3, 1))[each.seen] for each in pages])

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = (by_row @ values[:-1] + values[-1]) * sign
        slope = -weight * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        value = float((weight * np.logaddexp(0, -margin)).sum() + 1.5 * (values[:-1] ** 2).sum())
        return value, np.concatenate((by_column @ slope + 3 * values[:-1], [slope.sum()]))

    start = np.zeros((1 << BITS) + 1)
    values = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 35, "maxcor": 6}).x
    table = np.clip(np.rint(values[:-1] * STEPS_OF_ONE), -127, 127).astype(np.int8)
    return linear_only(table, int(np.rint(1000 * values[-1])))


def linear_only(table: npt.NDArray[np.int8], bias: int) -> Weights:
    """Return weights without trees."""
    nothing = np.zeros(0, dtype=np.int64)
    return Weights(
        table=table, bias=bias, features=(), column=nothing, threshold=nothing, mask=nothing.astype(np.uint32), start=nothing,
        leaves=nothing, base=0, probability=probabilities(),
    )  # fmt: skip


def planted(base: Weights, model: dict[str, Any], names: tuple[str, ...]) -> Weights:
    """Return weights with LightGBM's trees in the form in which they are asked."""
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
    return Weights(
        table=base.table, bias=base.bias, features=tuple(checksums(names)),
        column=np.array(column), threshold=np.array(threshold), mask=np.array(mask, dtype=np.uint32), start=np.array(start),
        leaves=np.array(leaves), base=0, probability=base.probability,
    )  # fmt: skip


def save(weights: Weights, out: Path) -> None:
    """Write weights in the form in which they are shipped."""
    np.savez_compressed(
        out, table=weights.table, bias=np.int32(weights.bias), features=np.array(weights.features, dtype=np.uint32),
        column=weights.column.astype(np.uint8), threshold=weights.threshold.astype(np.int32), mask=weights.mask,
        start=weights.start.astype(np.int32), leaves=weights.leaves.astype(np.int32), base=np.int32(weights.base),
        probability=weights.probability.astype(np.uint16),
    )  # fmt: skip


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
