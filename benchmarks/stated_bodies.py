"""How much of the text is found of pages that show none of it: labelled pages, of which only head and scripts are left.

    python benchmarks/stated_bodies.py FOLDER [--half 0|1]

FOLDER is that of `benchmarks/extraction.py`. Printed for each origin: pages, mean and median body F1 (shingles of 4 words, by the
folder's own `score.py`), and how many are above .9 and below .5. Most pages state no text: they
are refused. Rules were chosen on half 0 of the sites.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import zlib
from collections import Counter, defaultdict
from pathlib import Path

from extraction import Reader, run, scorer_of

from consumers.normalize.extract import extract
from consumers.normalize.extraction import Extraction

_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.IGNORECASE | re.DOTALL)
_OWN_LABELS = 2


def shell(html: str) -> str:
    """Return a page without all that it shows."""
    body = _BODY.search(html)
    if body is None:
        return html
    scripts = "".join(found[0] for found in _SCRIPT.finditer(html, body.end()))
    return f'{html[: body.end()]}<div id="root"></div>{scripts}'


def half_of(url: str) -> int:
    """Return the half that a page's site is in."""
    host = url.partition("://")[2].partition("/")[0]
    return zlib.crc32(".".join(host.split(".")[-_OWN_LABELS:]).encode()) % 2


def answer(found: Extraction, _: str) -> dict[str, str]:
    """Return what is scored, and where it was found."""
    return {"body": "\n".join(found.text()), "origin": found.sections_from or "html"}


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    arguments = parser.parse_args()
    score = scorer_of(arguments.data)
    with (arguments.data / "labels.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if arguments.half in (None, half_of(row["url"]))]
    pages = [
        (row, shell(score.decode(score.read_bytes(str(arguments.data / "html" / f"{row['id']}.html.gz")))))
        for row in rows
    ]
    result = run(Reader(extract, answer), pages)
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if said := result.answers[row["id"]]:
            found[said["origin"]].append(score.score([row], {row["id"]: said})["body"]["f1"])
    print(
        f"{len(rows)} pages, {Counter(map(bool, result.answers.values()))[False]} refused, {result.failed} failed"
    )
    for origin, values in found.items():
        print(
            f"{origin:10} {len(values):4} pages, F1 {statistics.mean(values):.3f}, median {statistics.median(values):.3f}, "
            f"{sum(value >= 0.9 for value in values)} above .9, {sum(value < 0.5 for value in values)} below .5"
        )


if __name__ == "__main__":
    main()
