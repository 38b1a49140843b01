"""Sitemaps that are made to hurt: bounded in time and memory, and nothing good is lost."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from producers.reading.unpacking import unpacked
from producers.sitemaps import NotASitemapError, Sitemap, read_sitemap
from producers.sitemaps.xmlsitemap import MAX_URLS

GOOD = "<url><loc>https://news.example/good</loc></url>"
SECONDS = 10.0


@pytest.fixture(autouse=True)
def within_ten_seconds() -> Iterator[None]:
    began = time.thread_time()
    yield
    assert time.thread_time() - began < SECONDS


def read(body: str, root: str = "urlset") -> Sitemap:
    return read_sitemap(f"<{root}>{body}</{root}>".encode(), {}, "https://news.example/s.xml")


def urls(body: str) -> list[str]:
    return [entry.url for entry in read(body).entries]


def test_a_bomb_is_unpacked_to_the_bound_and_no_further() -> None:
    most = 1024 * 1024
    bomb = gzip.compress(gzip.compress(bytes(64 * most), 9), 9)
    tracemalloc.start()
    data, problems = unpacked(bomb, most)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(data) == most
    assert problems == (f"only the first {most:,} bytes were read",)
    assert peak < 4 * most


def test_very_many_members_of_gzip() -> None:
    data, _ = unpacked(gzip.compress(b"") * 5_000 + gzip.compress(b"end"), 1000)
    assert data == b"end"


def test_a_good_entry_among_very_many() -> None:
    found = read(
        GOOD + "".join(f"<url><loc>https://news.example/{n}</loc></url>" for n in range(MAX_URLS + 50))
    )
    assert len(found.entries) == MAX_URLS
    assert found.entries[0].url == "https://news.example/good"
    assert found.problems == (f"only the first {MAX_URLS:,} addresses were read, 51 were left out",)


@pytest.mark.parametrize(
    "body",
    [
        "<url " + " ".join(f'a{n}="x"' for n in range(60_000)) + "><loc>https://news.example/x</loc></url>" + GOOD,
        "<a>" * 200_000 + GOOD,
        "<url>" * 100_000 + GOOD,
        "<url><loc>" + "<b>" * 100_000 + "</url>" + GOOD,
        "<url><loc>https://news.example/" + "x" * 10_000_000 + "</loc></url>" + GOOD,
        "<url><loc>https://news.example/a</loc><lastmod>" + "9" * 1_000_000 + "</lastmod></url>" + GOOD,
        "<url><loc>https://news.example/a</loc><news>" + "<title>" * 50_000 + "</news></url>" + GOOD,
        "<!-- " * 100_000 + "-->" + GOOD,
        "<![CDATA[" * 100_000 + "]]>" + GOOD,
        "&lt;" * 1_000_000 + GOOD,
        "\x00" * 100_000 + GOOD,
        "<image><loc>https://i.example/1.jpg</loc></image>" * 50_000 + GOOD,
    ],
    ids=["attributes", "depth", "entries in entries", "open in an address", "long address", "long date", "titles", "comments",
         "cdata", "references", "nul", "stray images"],
)  # fmt: skip
def test_nothing_good_is_lost(body: str) -> None:
    assert urls(body)[-1:] == ["https://news.example/good"]


def test_very_many_images_of_one_page_are_bounded() -> None:
    images = "".join(f"<image><loc>https://i.example/{n}.jpg</loc></image>" for n in range(50_000))
    found = read(f"<url><loc>https://news.example/a</loc>{images}</url>{GOOD}")
    assert [len(entry.images) for entry in found.entries] == [1000, 0]


def test_lone_surrogates_and_bytes_that_are_no_text() -> None:
    body = b"<urlset><url><loc>https://news.example/\xed\xa0\x80a</loc></url><url><loc>https://news.example/good</loc></url></urlset>"
    found = read_sitemap(body, {}, None)
    assert found.entries[-1].url == "https://news.example/good"
    for entry in found.entries:
        entry.url.encode("ascii")
    with pytest.raises(NotASitemapError):
        read_sitemap(bytes(range(256)) * 100, {"Content-Type": "text/xml"}, None)


def test_every_prefix_of_a_sitemap_is_read_to_its_last_whole_entry() -> None:
    whole = (
        "<urlset>"
        + "".join(f"<url><loc>https://news.example/{n}0{n}</loc></url>" for n in range(1, 6))
        + "</urlset>"
    )
    every = urls(whole[len("<urlset>") : -len("</urlset>")])
    for length in range(len("<urlset>"), len(whole)):
        found = [entry.url for entry in read_sitemap(whole[:length].encode(), {}, None).entries]
        assert found == every[: len(found)]
        assert len(found) == whole[:length].count("</url>") or whole[:length].count("</url>") == 0
