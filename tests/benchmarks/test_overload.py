"""The verdict on a burst: it holds for a bounded stage, and fails for one that hoards, one that restarts, and for what is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.overload import Findings, Phase, judge, report
from benchmarks.sampling import Sample
from benchmarks.verdict import Outcomes

MB = 1_000_000


def phase(articles: int, seconds: float, lag: int, *, enrich: tuple[int, ...], lives: int = 1) -> Phase:
    samples = [
        Sample(at, role, f"{role}-{n % lives}", at, size * MB, size * MB, 20)
        for role, sizes in {"enrich": enrich, "broker": (300, 400)}.items()
        for n, size in enumerate(sizes)
        for at in [float(n)]
    ]
    lags = [(0.0, dict.fromkeys(("normalize", "deduplicate", "cluster"), 0) | {"enrich": lag})]
    return Phase(articles, seconds, 10 * seconds, lags, samples)


GOOD = Findings(
    capacity=50.0,
    times=10.0,
    baseline=phase(750, 30.0, 20, enrich=(200, 210, 205)),
    burst=phase(15_000, 20.0, 14_000, enrich=(205, 260, 230)),
    outcomes=Outcomes(
        raw=15_750,
        unread=0,
        lost=0,
        duplicated=0,
        by_event={"article": 15_750},
        articles_without_story=0,
        balanced=True,
        in_flight=0,
    ),
    published=15_750,
)


def failing(found: Findings) -> set[str]:
    return {check.what for check in judge(found) if not check.holds}


def test_a_bounded_stage_passes() -> None:
    assert failing(GOOD) == set()
    assert any("enrich" in line and line.endswith("1.24") for line in report(GOOD, judge(GOOD)))


@pytest.mark.parametrize(
    ("burst", "named"),
    [
        (phase(15_000, 20.0, 14_000, enrich=(205, 400, 230)), {"memory of enrich bounded"}),
        (phase(15_000, 20.0, 14_000, enrich=(205, 260, 230), lives=2), {"enrich went on"}),
        (phase(15_000, 20.0, 40, enrich=(205, 260, 230)), {"lag grows"}),
        (phase(15_000, 40.0, 14_000, enrich=(205, 260, 230)), {"the burst was one"}),
    ],
    ids=["hoards", "restarts", "no lag", "no burst"],
)
def test_what_is_wrong_with_a_burst_is_named(burst: Phase, named: set[str]) -> None:
    assert failing(replace(GOOD, burst=burst)) == named


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"raw": 15_749}, {"everything went in once"}),
        ({"lost": 1}, {"nothing lost"}),
        ({"duplicated": 1}, {"nothing twice"}),
        ({"in_flight": 1}, {"the ledger balances"}),
        ({"balanced": False}, {"the ledger balances"}),
    ],
    ids=", ".join,
)
def test_what_did_not_come_out_once_is_named(change: dict[str, int], named: set[str]) -> None:
    assert failing(replace(GOOD, outcomes=replace(GOOD.outcomes, **change))) == named  # type: ignore[arg-type]
