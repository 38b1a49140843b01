"""How right a page's text and fields are, and how fast they are read, beside trafilatura in the same run.

    python benchmarks/extraction.py FOLDER [--held-out FOLDS] [--peers default,precision,fast] [--save FILE]

FOLDER holds labelled pages (`labels.jsonl`, `html/`) and `score.py`, whose definitions count: body F1 is that of the shingles of 4 words,
`exact` are the pages whose words are all right. Nothing is copied from it. The weights that are shipped were trained on these pages:
their body figures say how well they are remembered. `--held-out 5` trains five times without a fifth of the sites, and measures on those;
it needs lightgbm and scipy (tools/train_blocks.py). Speeds are pages a CPU second, in one process, fields and body; compare them only
within a run.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from consumers.normalize.assemble import assemble
from consumers.normalize.blocks.model import Scorer
from consumers.normalize.extract import extract
from consumers.normalize.extraction import Extraction
from newswire.errors import Reject
from schemas.core.lineage import Lineage
from schemas.raw.model import Raw

Answer = dict[str, Any]
CAPTURED = "2030-01-01T00:00:00Z"
LINEAGE = Lineage.model_validate(
    {
        "was_derived_from": {"topic": "news.raw.v1", "partition": 0, "offset": 0},
        "was_generated_by": [
            {
                "stage": "normalize",
                "rule_version": "0",
                "used": {"topic": "news.raw.v1", "partition": 0, "offset": 0},
            }
        ],
    }
)
MODES: dict[str, dict[str, bool]] = {
    "default": {},
    "precision": {"favor_precision": True},
    "fast": {"fast": True},
}


@dataclass
class Run:
    """What one reader made of all pages."""

    answers: dict[str, Answer] = field(default_factory=dict)
    seconds: float = 0.0
    failed: int = 0
    grown: float = 0.0
    """MB of memory more at the peak than before."""


def peak() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True)
class Reader:
    """Something that reads pages."""

    read: Callable[[str, str], Any]
    """Of HTML and address; what is timed."""
    answer: Callable[[Any, str], Answer]
    """Of what was read and the address: the fields in the form that is scored."""


def run(reader: Reader, pages: Iterable[tuple[dict[str, Any], str]]) -> Run:
    """Read all pages with one reader."""
    result, before = Run(), peak()
    for row, html in pages:
        started = time.process_time()
        try:
            found = reader.read(html, row["url"])
        except Reject:
            found = None
        except Exception as error:  # noqa: BLE001 - whatever a reader fails with is counted
            found = None
            result.failed += 1
            print(f"{row['id']}: {error!r:.200}", file=sys.stderr)
        result.seconds += time.process_time() - started
        result.answers[row["id"]] = {} if found is None else reader.answer(found, row["url"])
    result.grown = peak() - before
    return result


def published(found: Extraction, url: str) -> Answer:
    """Return what would be published of a page that was read."""
    raw = Raw.from_data(
        {
            "source": {"name": "measured", "kind": "files"},
            "captured_at": CAPTURED,
            "media_type": "text/html",
            "body": "measured",
            "url": url,
        }
    )
    try:
        data = assemble(raw, found, LINEAGE).to_data()
    except Reject:
        return {}
    return {
        "body": "\n".join(found.text()),
        "title": data["headline"],
        "date": data.get("published_at"),
        "authors": data["authors"],
        "url": data.get("url"),
        "language": data["language"],
    }


OURS = Reader(extract, published)


def peer(**mode: bool) -> Reader:
    """Return trafilatura in one of its modes, fields and body."""
    from trafilatura import bare_extraction

    return Reader(
        lambda html, url: bare_extraction(html, url=url, include_comments=False, with_metadata=True, **mode),
        lambda found, _: {
            "body": found.text,
            "title": found.title,
            "date": found.date,
            "authors": found.author.split("; ") if found.author else [],
            "url": found.url,
            "language": found.language,
        },
    )


def held_out(data: Path, pages: list[tuple[dict[str, Any], str]], folds: int) -> Run:
    """Read each page with weights that were trained without its site."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    from block_examples import examples, site_of
    from train_blocks import train

    learned = examples(data)
    result = Run()
    for fold in range(folds):
        by = Scorer(train([each for each in learned if part(each.site, folds) != fold]))
        with patch("consumers.normalize.blocks.read.scorer", lambda by=by: by):
            mine = run(OURS, [each for each in pages if part(site_of(each[0]["url"]), folds) == fold])
        result.answers |= mine.answers
        result.failed += mine.failed
        result.seconds += mine.seconds
        print(f"fold {fold + 1} of {folds}: {len(mine.answers)} pages", file=sys.stderr)
    return result


def part(site: str, folds: int) -> int:
    """Return the fold that a site is in."""
    return zlib.crc32(site.encode()) % folds


def scorer_of(data: Path) -> ModuleType:
    """Return the folder's own scorer."""
    spec = importlib.util.spec_from_file_location("score", data / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{data}: no score.py; give the folder of labelled pages")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(score: ModuleType, pages: list[tuple[dict[str, Any], str]], runs: dict[str, Run]) -> None:
    """Print a line for each set and reader, and the means of the sets' body F1."""
    names = ("body P", "R", "F1", "exact", "<.5", "title", "day", "instant", "authors", "language")
    print(f"{'':26}" + "".join(f"{name:>9}" for name in names))
    sets = list(dict.fromkeys(row["set"] for row, _ in pages))
    means: dict[str, list[float]] = {reader: [] for reader in runs}
    for name in sets:
        rows = [row for row, _ in pages if row["set"] == name]
        for reader, each in runs.items():
            right = score.score(rows, each.answers)
            body, date = right["body"], right.get("date", {})
            means[reader].append(body["f1"])
            cells = (
                *(body[key] for key in ("p", "r", "f1", "exact", "lt50")),
                right.get("title", {}).get("exact"),
                date.get("acc"),
                date.get("instant"),
                right.get("authors", {}).get("f1"),
                right.get("language", {}).get("acc"),
            )
            print(f"{name:8} {reader:17}" + "".join(f"{'–':>9}" if v is None else f"{v:9.4f}" for v in cells))
    for reader, values in means.items():
        print(f"{'mean':8} {reader:17}{'':18}{sum(values) / len(values):9.4f}")


def speeds(pages: list[tuple[dict[str, Any], str]], runs: dict[str, Run]) -> None:
    """Print pages a CPU second, and their ratio to the fast mode of the peer."""
    base = runs["fast"].seconds if "fast" in runs else None
    for reader, each in runs.items():
        ratio = f", {base / each.seconds:.2f} of fast" if base else ""
        print(
            f"{reader:17} {len(pages) / each.seconds:6.1f} pages a CPU second{ratio}; {each.failed} failed; memory +{each.grown:.0f} MB"
        )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--held-out", type=int, default=0, metavar="FOLDS")
    parser.add_argument("--peers", default="default,precision,fast")
    parser.add_argument("--save", type=Path, help="write the answers, one JSON object a reader, to look into")
    arguments = parser.parse_args()
    score = scorer_of(arguments.data)
    with (arguments.data / "labels.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    pages = [
        (row, score.decode(score.read_bytes(str(arguments.data / "html" / f"{row['id']}.html.gz"))))
        for row in rows
    ]
    warm = pages[:3]
    runs = {}
    for mode in filter(None, arguments.peers.split(",")):
        reader = peer(**MODES[mode])
        run(reader, warm)
        runs[mode] = run(reader, pages)
    run(OURS, warm)
    runs["ours, remembered"] = run(OURS, pages)
    if arguments.held_out:
        runs["ours, held out"] = held_out(arguments.data, pages, arguments.held_out)
    table(score, pages, runs)
    speeds(pages, {name: each for name, each in runs.items() if name != "ours, held out"})
    if arguments.save:
        arguments.save.write_text(
            json.dumps({name: each.answers for name, each in runs.items()}, ensure_ascii=False)
        )


if __name__ == "__main__":
    main()
