"""The demo as a newcomer runs it: a broker of its own, a report, and nothing left behind."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

ARTICLE = {
    "source": "gazette",
    "url": "https://gazette.example/{}",
    "headline": "Headline {}",
    "text": "A first paragraph of article number {} that has a few words of its own.\n\nAnd a second one.",
}


@pytest.mark.broker
@pytest.mark.timeout(300)
def test_the_demo(lonely, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    articles = [json.dumps({k: v.format(n) for k, v in ARTICLE.items()}) for n in ("one", "two")]
    (seeds / "articles.jsonl").write_text("\n".join([*articles, articles[0], "{"]))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    lonely.environment["TMPDIR"] = str(scratch)
    before = {process.pid for process in psutil.process_iter()}
    try:
        report = lonely.text("demo", "--seeds", seeds)
    finally:
        del lonely.environment["TMPDIR"]
    assert (
        "4 in = 2 published + 0 revised + 1 duplicate + 0 withdrawn + 1 rejected + 0 held + 0 in flight"
        in report
    )
    assert "It balances" in report
    assert "articles.jsonl#3" in report
    assert "every word is equal" in report
    assert max(map(len, report.splitlines())) <= 100
    assert "\x1b" not in report
    assert list(scratch.glob("newswire-demo-*")) == []
    left = [
        p
        for p in psutil.process_iter(["cmdline"])
        if p.pid not in before and str(scratch) in " ".join(p.info["cmdline"] or ())
    ]
    assert left == []
