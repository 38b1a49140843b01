"""What the command line says can be done with a replay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newswire.cli.replay import _what_next
from newswire.replay.compare import EventDiff, Report


def report(**counts: int) -> Report:
    article = replace(EventDiff("article", same=9), **counts)  # type: ignore[arg-type]
    return Report("r1", (article, EventDiff("rejected")), {})


def test_a_swap_is_not_offered_where_nothing_differs() -> None:
    said = _what_next(report(), None)
    assert "nothing differs" in said
    assert "swap r1" not in said
    assert "`newswire replay drop r1`" in said
    assert "nothing differs" in _what_next(report(), "deduplicate keeps state")


@pytest.mark.parametrize("count", ["changed", "only_side", "only_live"])
def test_what_differs_can_be_swapped_in_or_not_for_a_reason(count: str) -> None:
    assert "`newswire replay swap r1` writes what changed" in _what_next(report(**{count: 1}), None)
    assert _what_next(report(**{count: 1}), "it keeps state").endswith("it keeps state")
