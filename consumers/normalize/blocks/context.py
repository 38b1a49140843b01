"""What can be told of a block by what stands around it, for all blocks of a page at once.

All values are whole numbers (shares in thousandths), so that every machine comes to the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.measure import NAMES as MEASURES
from consumers.normalize.blocks.view import COLUMN, Ints, View, shifted, sums

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
_FAR: Final = 999
_TAG: Final = {tag: at for at, tag in enumerate(TAGS)}
_PLACE: Final = {tag: at for at, tag in enumerate(AROUND)}


def context(view: View, path: Ints, text: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Return a row of features for each block, and their names: its own measures, and those of what is around it.

    `path` and `text` are the parts of the linear model's score, in thousandths.
    """
    for at, name in enumerate(MEASURES):
        view.add(name, view.own[:, at])
    view.add("linear", view.score)
    view.add("path", path)
    view.add("text", text)
    _position(view)
    _title(view)
    _containers(view)
    _kinds(view, _main(view))
    _neighbours(view)
    _tags(view)
    return view.taken()


def _position(view: View) -> None:
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
    count = sums(view.good_long)
    view.add("long_before", count[:-1])
    view.add("long_after", count[-1] - count[1:])
    before = np.where(view.good_long, index, -_FAR)
    before = np.concatenate(([-_FAR], np.maximum.accumulate(before)[:-1]))
    view.add("to_long_before", np.minimum(_FAR, index - before))
    after = np.where(view.good_long, index, 2 * n + _FAR)
    after = np.concatenate((np.minimum.accumulate(after[::-1])[::-1][1:], [2 * n + _FAR]))
    view.add("to_long_after", np.minimum(_FAR, after - index))


def _title(view: View) -> None:
    named = np.flatnonzero(view.own[:, COLUMN["equals_title"]])
    keys = view.page.keys
    headings = (i for i, block in enumerate(view.page.blocks) if keys[block.node][0] == "h1")
    at = int(named[0]) if len(named) else next(headings, -1)
    if at < 0:
        view.add("from_title", _FAR)
        view.add("words_from_title", 10 * _FAR)
        return
    view.add("from_title", np.clip(view.index - at, -200, 400))
    view.add("words_from_title", np.clip(view.sum_words[:-1] - view.sum_words[at], -2000, 4000))


def _containers(view: View) -> None:
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


def _main(view: View) -> npt.NDArray[np.bool_]:
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


def _deepest(view: View, among: npt.NDArray[np.bool_]) -> int:
    if not view.sum_good[-1]:
        return 0
    found = np.flatnonzero(among)
    return int(found[np.argmax(view.depth[found])])


def _kinds(view: View, inside: npt.NDArray[np.bool_]) -> None:
    """Add how much of the page stands in elements of the same kind."""
    kinds, many = view.kinds, view.many
    keys = view.page.keys
    tags: dict[str, int] = {}
    tag = [tags.setdefault(keys[block.node][0], len(tags)) for block in view.page.blocks]

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


def _neighbours(view: View) -> None:
    kinds = view.kinds
    n, index = view.n, view.index
    ending = view.own[:, COLUMN["ending"]]
    parent = view.parent[view.node]
    for by in (-3, -2, -1, 1, 2, 3):
        view.add(f"linear{by:+d}", shifted(view.linear, by, -9000))
    for by in (-2, -1, 1, 2):
        view.add(f"words{by:+d}", shifted(view.words, by, -1))
        view.add(f"links{by:+d}", shifted(view.links, by, -1))
    for by in (-1, 1):
        view.add(f"same{by:+d}", shifted(kinds, by, -1) == kinds)
        view.add(f"ending{by:+d}", shifted(ending, by, -1))
        view.add(f"sibling{by:+d}", shifted(parent, by, -1) == parent)
    for reach in (4, 10):
        start, end = np.maximum(0, index - reach), np.minimum(n, index + reach + 1)
        characters = np.maximum(1, view.sum_characters[end] - view.sum_characters[start])
        view.add(f"linear~{reach}", (view.sum_linear[end] - view.sum_linear[start]) // (end - start))
        view.add(f"words~{reach}", view.sum_words[end] - view.sum_words[start])
        view.add(f"links~{reach}", 1000 * (view.sum_linked[end] - view.sum_linked[start]) // characters)


def _tags(view: View) -> None:
    page = view.page
    tag = np.array([_TAG.get(key[0], len(TAGS)) for key in page.keys], dtype=np.int64)
    view.add("tag", tag[view.node])
    view.add("parent_tag", tag[view.parent[view.node]])
    nothing = [0] * len(AROUND)
    near: list[
        list[int]
    ] = []  # for each element: how far down the nearest of each tag stands, counted from 1
    for key, parent, depth in zip(page.keys, page.parents, page.depths, strict=True):
        around = near[parent] if near else nothing
        place = _PLACE.get(key[0])
        if place is not None:
            around = around.copy()
            around[place] = depth + 1
        near.append(around)
    found = np.array([near[block.node] for block in page.blocks], dtype=np.int64)
    steps = np.where(found > 0, view.depth[view.node][:, None] + 2 - found, 0)
    for at, name in enumerate(AROUND):
        view.add(f"in_{name}", steps[:, at])
