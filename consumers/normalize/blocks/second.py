"""What can be told of a block when it is known how likely those around it are: the second look at a page."""

from __future__ import annotations

import numpy as np

from consumers.normalize.blocks.view import Ints, View, shifted, sums

_CERTAIN = 1000
_FAR = 999


def second(view: View, likelihoods: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Return a row of features for each block, and their names; likelihoods are those of the first look, in thousandths."""
    n, index = view.n, view.index
    weight = view.capped + 1
    weighed, weights, plain = sums(likelihoods * weight), sums(weight), sums(likelihoods)
    view.add("likely", likelihoods)
    for by in (-4, -3, -2, -1, 1, 2, 3, 4):
        view.add(f"likely{by:+d}", shifted(likelihoods, by, -1))
    up = view.node
    for level in range(4):
        start, end = view.first[up], view.last[up]
        view.add(f"likely@{level}", (weighed[end] - weighed[start]) // (weights[end] - weights[start]))
        view.add(f"likely_blocks@{level}", (plain[end] - plain[start]) // (end - start))
        up = view.parent[up]
    of_kind = np.bincount(view.kinds, likelihoods * weight, view.many).astype(np.int64)
    weight_of_kind = np.bincount(view.kinds, weight, view.many).astype(np.int64)
    view.add("kind_likely", (of_kind // weight_of_kind)[view.kinds])
    of_kind = np.bincount(view.kinds, likelihoods, view.many).astype(np.int64)
    view.add("kind_likely_blocks", (of_kind // np.bincount(view.kinds, minlength=view.many))[view.kinds])
    probable = 2 * likelihoods > _CERTAIN
    count = sums(probable)
    view.add("probable_before", count[:-1])
    view.add("probable_after", count[-1] - count[1:])
    before = np.where(probable, index, -_FAR)
    before = np.concatenate(([-_FAR], np.maximum.accumulate(before)[:-1]))
    view.add("to_probable_before", np.minimum(_FAR, index - before))
    after = np.where(probable, index, 2 * n + _FAR)
    after = np.concatenate((np.minimum.accumulate(after[::-1])[::-1][1:], [2 * n + _FAR]))
    view.add("to_probable_after", np.minimum(_FAR, after - index))
    for reach in (3, 8):
        start, end = np.maximum(0, index - reach), np.minimum(n, index + reach + 1)
        view.add(f"likely~{reach}", (weighed[end] - weighed[start]) // (weights[end] - weights[start]))
    view.add("likely_page", int(weighed[-1]) // int(weights[-1]))
    view.add("likely_before", 1000 * weighed[:-1] // max(1, int(weighed[-1])))
    return view.taken()
