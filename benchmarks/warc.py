"""Reading web archives beside warcio: pages a second, in the same run, the rounds interleaved.

    python benchmarks/warc.py --pages 2000

Makes its own archive, in a temporary folder: pages of several sizes, packed record by record, with digests, as CC-NEWS is; every fifth page
has a record beside it that is none. Readers: the parser with digests checked, as `newswire produce warc` uses it; the same up to raw
events; and warcio, without digests, whose checking is optional there, and with.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newswire.capture import Captured
from newswire.state.memory import MemoryState
from producers.warc import WarcSource
from producers.warc.archive import opened
from producers.warc.reading import Mark, Record, read_archive

SIZES = (8_000, 30_000, 120_000)
"""Bytes of pages: about what CC-NEWS has."""


def archive(path: Path, pages: int) -> None:
    """Write an archive of that many pages."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for n in range(pages):
            size = SIZES[n % len(SIZES)]
            # Half of it repeats itself, as markup does.
            text = "".join(
                f'<p class="body-text paragraph">{hashlib.sha256(f"{n}:{k}".encode()).hexdigest()}</p>\n'
                for k in range(size // 100)
            )
            head = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            body = f"<html><title>Page {n}</title>{text}</html>".encode()
            url = f"https://herald.example/{n}"
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            )
            if n % 5 == 4:
                writer.write_record(
                    writer.create_warc_record(
                        url,
                        "metadata",
                        payload=io.BytesIO(b"a: b"),
                        warc_content_type="application/warc-fields",
                    )
                )


def by_warcio(path: Path, *, digests: bool = False) -> int:
    """Read with warcio; return how many pages there are."""
    count = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise" if digests else False):
            if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                count += bool(record.content_stream().read())
    return count


def by_warcio_with_digests(path: Path) -> int:
    """Read with warcio, digests checked."""
    return by_warcio(path, digests=True)


def records(path: Path) -> int:
    """Read the records as the source does."""
    with opened(path) as found:
        return sum(
            isinstance(each, Record) and each.type == "response" for each, _ in read_archive(found, Mark())
        )


def raw_events(path: Path) -> int:
    """Read as the source does, up to the raw events that are published."""
    return sum(isinstance(each, Captured) for each in WarcSource([path], state=MemoryState()).captures())


READERS: dict[str, Callable[[Path], int]] = {
    "newswire, records": records,
    "newswire, raw events": raw_events,
    "warcio": by_warcio,
    "warcio, digests": by_warcio_with_digests,
}


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    times: dict[str, list[float]] = {name: [] for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.warc.gz"
        archive(path, given.pages)
        print(f"{given.pages:,} pages, {path.stat().st_size / 1e6:.1f} MB packed")
        for _ in range(given.rounds):
            for name, read in READERS.items():
                began = time.process_time()
                count = read(path)
                times[name].append(time.process_time() - began)
                if count != given.pages:
                    raise SystemExit(f"{name} found {count} pages of {given.pages}")
    best = statistics.median(times["warcio"])
    for name, taken in times.items():
        seconds = statistics.median(taken)
        print(
            f"{name:<22} {given.pages / seconds:>9,.0f} pages/s   {best / seconds:5.2f} x warcio   (processor time)"
        )


if __name__ == "__main__":
    main()
