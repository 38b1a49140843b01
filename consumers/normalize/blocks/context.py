"""What can be told of a block by what stands around it, for all blocks of a page at once.

All values are whole numbers (shares in thousandths), so that every machine comes to the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.cut import Page
from consumers.normalize.blocks.measure import NAMES as MEASURES

Ints = npt.NDArray[np.int64]
TAGS: Final = (
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "blockquote", "figcaption", "span", "section", "article",
    "header", "footer", "aside", "dd", "dt", "pre", "center", "body", "summary", "address", "ul", "main", "form", "nav", "figure", "table",
    "ol", "th",
)  # fmt: skip
AROUND: Final = (
    "article", "main", "aside", "nav", "footer", "header", "figure", "ul", "table", "blockquote", "form", "section", "figcaption", "ol",
    "li", "p",
)  # fmt: skip
"""Tags of which the nearest around a block is told, by how far up it is."""
_LEVELS: Final = 5
_LONG: Final = 12
"""Words from which a block counts as running text, if less than 350 thousandths of it are links."""
_FAR: Final = 999
_LIMIT: Final = 8000
_COLUMN: Final = {name: at for at, name in enumerate(MEASURES)}
_TAG: Final = {tag: at for at, tag in enumerate(TAGS)}
_PLACE: Final = {tag: at for at, tag in enumerate(AROUND)}


class _View:
    """A page's blocks as arrays, and the columns that are made of them."""

    def __init__(self, page: Page, own: Ints, linear: Ints) -> None:
        self.page = page
        self.own = own
        self.n = len(own)
        self.index = np.arange(self.n)
        self.node = np.array([block.node for block in page.blocks], dtype=np.int64)
        self.parent = np.array(page.parents, dtype=np.int64)
        self.depth = np.array(page.depths, dtype=np.int64)
        self.first = np.array(page.first, dtype=np.int64)
        self.last = np.array(page.last, dtype=np.int64)
        self.words = own[:, _COLUMN["words"]]
        self.characters = own[:, _COLUMN["characters"]]
        self.links = own[:, _COLUMN["link_share"]]
        self.linked = self.characters * self.links // 1000
        self.linear = np.clip(linear, -_LIMIT, _LIMIT)
        self.capped = np.minimum(self.words, 60)
        good = linear > 0
        long = (self.words >= _LONG) & (self.links < 350)
        self.good_words = self.words * good
        self.long = long.astype(np.int64)
        self.good_long = long & good
        self.sum_words = _sums(self.words)
        self.sum_characters = _sums(self.characters)
        self.sum_linked = _sums(self.linked)
        self.sum_good = _sums(self.good_words)
        self.sum_long = _sums(self.long)
        self.sum_linear = _sums(self.linear)
        self.sum_weighed = _sums(self.linear * self.capped)
        self.sum_capped = _sums(self.capped)
        self.total = max(1, int(self.sum_words[-1]))
        self.total_good = max(1, int(self.sum_good[-1]))
        self.names: list[str] = []
        self.columns: list[Ints] = []

    def add(self, name: str, values: npt.NDArray[np.generic] | int) -> None:
        """Add a column."""
        self.names.append(name)
        self.columns.append(
            np.full(self.n, values, dtype=np.int64)
            if isinstance(values, int)
            else values.astype(np.int64, copy=False)
        )


def context(page: Page, own: Ints, linear: Ints, path: Ints, text: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Return a row of features for each block, and their names: its own measures, and those of what is around it.

    `linear` is the score of the linear model in thousandths, `path` and `text` its parts.
    """
    view = _View(page, own, linear)
    for at, name in enumerate(MEASURES):
        view.add(name, own[:, at])
    view.add("linear", linear)
    view.add("path", path)
    view.add("text", text)
    _position(view)
    _title(view)
    _containers(view)
    inside = _main(view)
    signatures = _signatures(view, inside)
    _neighbours(view, signatures)
    _tags(view)
    return np.stack(view.columns, axis=1), tuple(view.names)


def _sums(values: npt.NDArray[np.generic]) -> Ints:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values, dtype=np.int64)))


def _position(view: _View) -> None:
    n, index = view.n, view.index
    view.add("depth", view.depth[view.node])
    view.add("index", index)
    view.add("index_share", 1000 * index // n)
    view.add("from_end", n - index)
    view.add("blocks", n)
    view.add("page_words", view.total)
    view.add("page_good", 1000 * view.total_good // view.total)
    view.add("words_before", 1000 * view.sum_words[:-1] // view.total)
    view.add("good_before", 1000 * view.sum_good[:-1] // view.total_good)
    view.add("good_after", 1000 * (view.sum_good[-1] - view.sum_good[1:]) // view.total_good)
    count = _sums(view.good_long)
    view.add("long_before", count[:-1])
    view.add("long_after", count[-1] - count[1:])
    before = np.where(view.good_long, index, -_FAR)
    before = np.concatenate(([-_FAR], np.maximum.accumulate(before)[:-1]))
    view.add("to_long_before", np.minimum(_FAR, index - before))
    after = np.where(view.good_long, index, 2 * n + _FAR)
    after = np.concatenate((np.minimum.accumulate(after[::-1])[::-1][1:], [2 * n + _FAR]))
    view.add("to_long_after", np.minimum(_FAR, after - index))


def _title(view: _View) -> None:
    named = np.flatnonzero(view.own[:, _COLUMN["equals_title"]])
    keys = view.page.keys
    headings = (i for i, block in enumerate(view.page.blocks) if keys[block.node][0] == "h1")
    at = int(named[0]) if len(named) else next(headings, -1)
    if at < 0:
        view.add("from_title", _FAR)
        view.add("words_from_title", 10 * _FAR)
        return
    view.add("from_title", np.clip(view.index - at, -200, 400))
    view.add("words_from_title", np.clip(view.sum_words[:-1] - view.sum_words[at], -2000, 4000))


def _containers(view: _View) -> None:
    up = view.node
    for level in range(_LEVELS):
        start, end = view.first[up], view.last[up]
        words = view.sum_words[end] - view.sum_words[start]
        good = view.sum_good[end] - view.sum_good[start]
        characters = np.maximum(1, view.sum_characters[end] - view.sum_characters[start])
        weighed = view.sum_weighed[end] - view.sum_weighed[start]
        capped = np.maximum(1, view.sum_capped[end] - view.sum_capped[start])
        view.add(f"share@{level}", 1000 * words // view.total)
        view.add(f"good@{level}", 1000 * good // np.maximum(1, words))
        view.add(f"good_share@{level}", 1000 * good // view.total_good)
        view.add(f"links@{level}", 1000 * (view.sum_linked[end] - view.sum_linked[start]) // characters)
        view.add(f"long@{level}", view.sum_long[end] - view.sum_long[start])
        view.add(f"blocks@{level}", end - start)
        view.add(f"linear@{level}", weighed // capped)
        view.add(f"rank@{level}", 1000 * (view.index - start) // np.maximum(1, end - start))
        up = view.parent[up]


def _main(view: _View) -> npt.NDArray[np.bool_]:
    """Add where a block stands to the deepest element with 60 % of what seems to be text, and to that with 92 %."""
    good = view.sum_good[view.last] - view.sum_good[view.first]
    main = _deepest(view, 100 * good >= 60 * int(view.sum_good[-1]))
    wide = _deepest(view, 100 * good >= 92 * int(view.sum_good[-1]))
    start, end = int(view.first[main]), int(view.last[main])
    index = view.index
    inside = (index >= start) & (index < end)
    view.add("in_main", inside)
    ahead = np.where(index < start, index - start - 1, 1001 + index - end)
    view.add("from_main", np.where(inside, 1000 * (index - start) // max(1, end - start), ahead))
    view.add("main_share", 1000 * int(view.sum_words[end] - view.sum_words[start]) // view.total)
    view.add("depth_in_main", view.depth[view.node] - view.depth[main])
    view.add("in_wide", (index >= view.first[wide]) & (index < view.last[wide]))
    return inside


def _deepest(view: _View, among: npt.NDArray[np.bool_]) -> int:
    if not view.sum_good[-1]:
        return 0
    found = np.flatnonzero(among)
    return int(found[np.argmax(view.depth[found])])


def _signatures(view: _View, inside: npt.NDArray[np.bool_]) -> Ints:
    """Add how much of the page stands in elements of the same kind; return the kind of each block."""
    keys, parents = view.page.keys, view.page.parents
    ids: dict[object, int] = {}
    tags: dict[str, int] = {}
    kind, tag = [], []
    for block in view.page.blocks:
        key, around = keys[block.node], keys[parents[block.node]]
        kind.append(ids.setdefault((key[0], key[1], around[0], around[1]), len(ids)))
        tag.append(tags.setdefault(key[0], len(tags)))
    kinds = np.array(kind, dtype=np.int64)
    many = len(ids)

    def per_kind(values: npt.NDArray[np.generic]) -> Ints:
        return np.bincount(kinds, values, many).astype(np.int64)

    count, words = np.bincount(kinds, minlength=many), per_kind(view.words)
    view.add("kind_share", (1000 * words // view.total)[kinds])
    view.add("kind_count", count[kinds])
    view.add("kind_mean", (10 * words // count)[kinds])
    view.add("kind_links", (1000 * per_kind(view.linked) // np.maximum(1, per_kind(view.characters)))[kinds])
    weighed = per_kind(view.linear * view.capped) // np.maximum(1, per_kind(view.capped))
    view.add("kind_linear", weighed[kinds])
    view.add("kind_long", (1000 * per_kind(view.long) // count)[kinds])
    view.add("kind_inside", (1000 * per_kind(inside) // count)[kinds])
    of_tag = np.bincount(tag, view.words, len(tags)).astype(np.int64)
    view.add("tag_share", (1000 * of_tag // view.total)[tag])
    return kinds


def _neighbours(view: _View, kinds: Ints) -> None:
    n, index = view.n, view.index
    ending = view.own[:, _COLUMN["ending"]]
    parent = view.parent[view.node]
    for by in (-3, -2, -1, 1, 2, 3):
        view.add(f"linear{by:+d}", _shifted(view.linear, by, -9000))
    for by in (-2, -1, 1, 2):
        view.add(f"words{by:+d}", _shifted(view.words, by, -1))
        view.add(f"links{by:+d}", _shifted(view.links, by, -1))
    for by in (-1, 1):
        view.add(f"same{by:+d}", _shifted(kinds, by, -1) == kinds)
        view.add(f"ending{by:+d}", _shifted(ending, by, -1))
        view.add(f"sibling{by:+d}", _shifted(parent, by, -1) == parent)
    for reach in (4, 10):
        start, end = np.maximum(0, index - reach), np.minimum(n, index + reach + 1)
        characters = np.maximum(1, view.sum_characters[end] - view.sum_characters[start])
        view.add(f"linear~{reach}", (view.sum_linear[end] - view.sum_linear[start]) // (end - start))
        view.add(f"words~{reach}", view.sum_words[end] - view.sum_words[start])
        view.add(f"links~{reach}", 1000 * (view.sum_linked[end] - view.sum_linked[start]) // characters)


def _shifted(values: Ints, by: int, fill: int) -> Ints:
    moved = np.full(len(values), fill, dtype=np.int64)
    if abs(by) >= len(values):
        return moved
    if by > 0:
        moved[:-by] = values[by:]
    else:
        moved[-by:] = values[:by]
    return moved


def _tags(view: _View) -> None:
    page = view.page
    tag = np.array([_TAG.get(key[0], len(TAGS)) for key in page.keys], dtype=np.int64)
    view.add("tag", tag[view.node])
    view.add("parent_tag", tag[view.parent[view.node]])
    place = np.array([_PLACE.get(key[0], -1) for key in page.keys], dtype=np.int64)
    near = np.zeros((len(place), len(AROUND)), dtype=np.int64)
    for depth in range(int(view.depth.max()) + 1):  # from the outside in: each takes over what is around it
        here = np.flatnonzero(view.depth == depth)
        if depth:
            near[here] = near[view.parent[here]]
        told = here[place[here] >= 0]
        near[told, place[told]] = depth + 1
    found = near[view.node]
    steps = np.where(found > 0, view.depth[view.node][:, None] + 2 - found, 0)
    for at, name in enumerate(AROUND):
        view.add(f"in_{name}", steps[:, at])
