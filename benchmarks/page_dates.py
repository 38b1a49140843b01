"""How right the dates of pages are, beside htmldate and trafilatura in the same run; and how many posts of live blogs are kept.

    python benchmarks/page_dates.py FOLDER [--show]

FOLDER holds labelled pages (`labels.jsonl`, `html/`) and pages of which only the day of publication is known (`unlabelled.jsonl`,
`unlabelled/`). Nothing is copied from it. A day is right when it is that of the label in UTC or in the offset in which either is written;
an instant, counted where the label has one, when it is less than a minute off. `--show` names each page whose day is another.
`state` is what the state of a page's scripts says beside the article's text, everything else hidden from it.
A post of a live blog counts as kept when the normalized event has one with the same heading and time.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from consumers.normalize.dating import choose_dates
from consumers.normalize.extract import extract, read_fields
from consumers.normalize.extraction import Extraction
from consumers.normalize.jsonld_graph import read_graph, strings
from consumers.normalize.page_body import add_sections
from consumers.normalize.page_tree import parse_page
from consumers.normalize.stated_body import add_stated_dates
from newswire.dates import read_iso
from newswire.errors import Reject
from newswire.text.charset import decode
from newswire.text.hygiene import title

Moment = datetime | date | None
CAPTURED = datetime(2030, 1, 1, tzinfo=UTC)


def pages(folder: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the set, the row and the text of each page."""
    for name, inside in (("labels.jsonl", "html"), ("unlabelled.jsonl", "unlabelled")):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            data = gzip.decompress((folder / inside / f"{row['id']}.html.gz").read_bytes())
            yield row.get("set", "htmldate"), row, decode(data, markup=True).text


def ours(html: str, url: str) -> Moment:
    """Return what would be published, with the day where it is written."""
    try:
        return published(read_fields(html, url).found, url)
    except Reject:
        return None


def state(html: str, url: str) -> Moment:
    """Return what the state of the scripts says."""
    try:
        reading = read_fields(html, url)
    except Reject:
        return None
    reading.found.fields["published_at"] = reading.found.fields["modified_at"] = []
    add_sections(reading)
    add_stated_dates(reading)
    return published(reading.found, url)


def published(extraction: Extraction, url: str) -> Moment:
    """Return the date of publication that is chosen of the candidates."""
    found = choose_dates(extraction, CAPTURED, url).published.value
    if found is None:
        return None
    if found.precision == "day":
        return found.value.date()
    return Local(found.value, (found.value + (found.offset or timedelta())).date())


class Local(datetime):
    """An instant that knows its day where it was written."""

    day_there: date

    def __new__(cls, at: datetime, there: date) -> Local:
        made = super().__new__(cls, at.year, at.month, at.day, at.hour, at.minute, at.second, tzinfo=UTC)
        made.day_there = there
        return made


def htmldate(html: str, url: str) -> Moment:
    """Return what htmldate finds: a day."""
    from htmldate import find_date

    return as_label(find_date(html, url=url, original_date=True))


def trafilatura(html: str, url: str) -> Moment:
    """Return what trafilatura finds: a day."""
    from trafilatura import extract_metadata

    found = extract_metadata(html, default_url=url)
    return as_label(found.date) if found else None


def as_label(text: Any) -> Moment:
    """Return a date or an instant as it is written; None for anything else."""
    try:
        return date.fromisoformat(str(text)) if len(str(text)) == 10 else datetime.fromisoformat(str(text))
    except ValueError:
        return None


def days(at: Moment) -> set[date]:
    """Return the days that a date may be called: where it is written, and in UTC."""
    if isinstance(at, Local):
        return {at.date(), at.day_there}
    if isinstance(at, datetime):
        return {at.date(), at.astimezone(UTC).date()} if at.tzinfo else {at.date()}
    return {at} if at else set()


def measure(name: str, read: Callable[[str, str], Moment], folder: Path, *, show: bool) -> None:
    """Print how right one reader is on each set."""
    counts: dict[str, Counter[str]] = {}
    for kind, row, html in pages(folder):
        label = as_label(row.get("date"))
        if label is None:
            continue
        count = counts.setdefault(kind, Counter())
        started = time.process_time()
        found = read(html, row["url"])
        count["ms"] += round((time.process_time() - started) * 1000)
        right = bool(days(label) & days(found))
        count["pages"] += 1
        count["answered"] += found is not None
        count["day"] += right
        if isinstance(label, datetime) and label.tzinfo and (label.hour or label.minute):
            count["instants"] += 1
            known = isinstance(found, datetime) and found.tzinfo is not None
            count["instant"] += known and abs(found - label) < timedelta(minutes=1)  # type: ignore[operator]
        if show and not right:
            print(f"  {kind} {row['id']}: {found} instead of {label}")
    for kind, count in counts.items():
        answered, instants = max(1, count["answered"]), max(1, count["instants"])
        print(
            f"{name:<12} {kind:<9} pages {count['pages']:>4}  answered {count['answered'] / count['pages']:.3f}  "
            f"day {count['day'] / count['pages']:.3f} of all, {count['day'] / answered:.3f} of answers  "
            f"instant {count['instant'] / instants:.3f} of {count['instants']}  {count['ms'] / count['pages']:.1f} ms"
        )


def live_blogs(folder: Path) -> None:
    """Print how many posts of the JSON-LD of live blogs are kept with heading and time."""
    given = kept = blogs = 0
    for _, row, html in pages(folder):
        if "liveBlogUpdate" not in html:
            continue
        nodes = [
            node
            for node, _ in read_graph(parse_page(html).iter("script")).nodes
            if node.get("liveBlogUpdate")
        ]
        blogs += bool(nodes)
        posts = {
            (section.heading, section.posted_at and section.posted_at.replace(second=0))
            for section in extract(html, row["url"]).sections
        }
        for node in nodes:
            updates = node["liveBlogUpdate"]
            for update in updates if isinstance(updates, list) else [updates]:
                heading = title(" ".join(strings(update.get("headline"))[:1])) or None
                moment = read_iso(" ".join(strings(update.get("datePublished"))[:1]))
                given += 1
                kept += (heading, moment.value.replace(second=0) if moment else None) in posts
    print(f"live blogs: {kept} of {given} posts kept with heading and time, on {blogs} pages")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="name the pages whose day is another")
    options = parser.parse_args()
    for name, read in (
        ("newswire", ours),
        ("state", state),
        ("htmldate", htmldate),
        ("trafilatura", trafilatura),
    ):
        measure(name, read, options.folder, show=options.show and name == "newswire")
    live_blogs(options.folder)


if __name__ == "__main__":
    main()
