"""`newswire produce warc` and `newswire export warc`, at a real broker: killed in between, nothing is lost and nothing is there twice."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from warc_files import Writer, page, pages, url
from warcio.archiveiterator import ArchiveIterator

pytestmark = pytest.mark.broker
PAGES = 700
SIZE = 12_000
"""Bytes a page: one transaction (4 MB) never holds half of the archive, so that each process that is killed has something to publish."""
KILLED_AFTER = (120, 120)
"""Receipts."""


@pytest.fixture(scope="module")
def archive(cli: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that was published by three processes, of which the first two were killed in the middle."""
    cli.text("topics", "create")
    path = tmp_path_factory.mktemp("archive") / "CC-NEWS-1.warc.gz"
    path.write_bytes(pages(PAGES, size=SIZE).data)
    for receipts in KILLED_AFTER:
        process: subprocess.Popen[bytes] = cli.start(
            "produce", "warc", path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pipesize=4096
        )  # a small pipe: it must not be done before its first receipts are read
        assert process.stdout is not None
        try:
            for _ in range(receipts):
                assert process.stdout.readline(), "it ended before it was killed"
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
    done = cli.run("produce", "warc", path)
    assert b"published" in done.stderr
    return path


def published(cli: Any) -> list[Any]:
    return cli.lines("tail", "raw", "-e")


def test_killed_twice_every_page_is_published_once(cli: Any, archive: Path) -> None:
    assert archive.exists()
    found = [each["url"] for each in published(cli)]
    assert len(found) == PAGES
    assert sorted(found) == sorted(url(n) for n in range(PAGES))


def test_an_archive_that_was_read_is_not_read_again(cli: Any, archive: Path) -> None:
    done = cli.run("produce", "warc", archive)
    assert done.stdout == b""
    assert b"0 published" in done.stderr


def test_what_was_captured_is_written_as_an_archive_that_others_read(
    cli: Any, archive: Path, tmp_path: Path
) -> None:
    out = tmp_path / "captured.warc.gz"
    assert f"{PAGES:,} captures written" in cli.run("export", "warc", "--out", out).stderr.decode()
    found = {}
    with out.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.rec_type == "response":
                found[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
    assert found == {url(n): page(n, SIZE) for n in range(PAGES)}
    assert "nothing is overwritten" in cli.error("export", "warc", "--out", out, status=2)
    later = cli.run("export", "warc", "--since", "2100-01-01").stdout
    assert [record.rec_type for record in ArchiveIterator(io.BytesIO(later))] == ["warcinfo"]


def test_what_is_broken_is_a_dead_letter_and_the_status_says_so(
    cli: Any, archive: Path, tmp_path: Path
) -> None:
    writer = Writer().add(url(9_001), page(1)).add(url(9_002), page(2)).add(url(9_003), page(3))
    writer.add("https://herald.example/pdf", b"%PDF", headers={"Content-Type": "application/pdf"})
    data = bytearray(writer.data)
    data[writer.offsets[1] + 60 : writer.offsets[1] + 80] = b"x" * 20
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(data)
    done = cli.run("produce", "warc", path, status=3)
    receipts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["status"] for each in receipts] == ["published", "unreadable", "published"]
    assert receipts[1]["what"] == f"broken.warc.gz#{writer.offsets[1]}"
    assert b"1 passed over (application/pdf 1)" in done.stderr
    [letter] = [each for each in cli.lines("rejected", "list", "--json") if each["stage"] == "warc"]
    assert letter["reason"] == "broken-record"
