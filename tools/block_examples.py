"""Pages with labels, out of a folder of pages and their texts: what `train_blocks` learns from."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from label_blocks import agreement, coverage

from consumers.normalize.blocks.cut import Page
from consumers.normalize.blocks.measure import NAMES, Measures
from consumers.normalize.blocks.read import measures
from consumers.normalize.extract import read_fields
from consumers.normalize.page_body import said
from newswire.errors import Reject
from newswire.text.charset import decode

Floats = npt.NDArray[np.float64]
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
