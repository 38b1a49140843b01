"""Feeds that are broken at random raise nothing and give nothing dangerous. `benchmarks/feeds.py --mutations` runs more, on real ones."""

from __future__ import annotations

import random

import pytest

from benchmarks.hostile_feeds import CASES
from benchmarks.mutated_feeds import dangerous, items_of, mutated

RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://e.example/"><title>c</title></channel>
<item rdf:about="http://e.example/1"><title>One</title><dc:date>2024-02-01</dc:date><link>http://e.example/1</link></item></rdf:RDF>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.example/"><title type="html">c &lt;b>d&lt;/b></title><id>x</id>
<entry><id>tag:e.example,2024:1</id><title>One</title><link rel="alternate" href="/1"/><updated>2024-02-01T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <a href="x">there</a></p></div></content></entry></feed>"""
LARGE = (
    "200,000",
    "100,000",
    "300,000",
    "20 MB",
    "60,000",
    "often",
    "open",
    "deep",
    "bomb",
    "quadratic",
    "brackets",
    "ampersands",
    "many",
)


@pytest.fixture(scope="module")
def feeds() -> list[bytes]:
    small = [name for name in CASES if not any(word in name for word in LARGE)]
    return [RDF, ATOM, *(data for data in (CASES[name]() for name in small) if len(data) < 20_000)]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_raised_and_nothing_dangerous_comes_out(feeds: list[bytes], seed: int) -> None:
    dice = random.Random(seed)
    read = 0
    for _ in range(400):
        data = mutated(feeds, dice)
        items = items_of(data, dice)
        read += len(items)
        assert not [found for item in items for found in dangerous(item)], data
    assert read > 200
