"""Mutated captures: whatever is broken in page, JSON-LD, dates or encoding, they end in a valid event or a verdict, in bounded time."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import pytest
from cases import CASES, REF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.normalize import Normalize
from newswire.errors import Drop, Reject
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.contract import Contract
from schemas.raw.model import Raw
from schemas.validation import writer

NOON = 1_706_788_800_000
PAGES = sorted(path.read_bytes() for path in CASES.glob("*/body.html"))
ODD = [
    b"<",
    b">",
    b'"',
    b"'",
    b"&",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"<!--",
    b"-->",
    b"<script>",
    b"</script>",
    b"<h1>",
    b"<time datetime=",
    b"<p hidden>",
    b"]]>",
    b"&#0;",
    b"&#xD800;",
    b"&amp;amp;",
    b"\xe2\x80\xae",
    b"<meta name=date content=",
    b"<table><tr><td>",
    b'<script type="application/ld+json">',
    b'{"@type":"LiveBlogPosting","liveBlogUpdate":[',
    b'{"@id":"#a","author":{"@id":"#a"}}',
    b"<a href=//[>",
    b"1e999",
    b"9999-99-99T99:99:99+99:99",
    b"<html xml:lang=x lang=\xc3\x28>",
    b"<base href='http://['>",
    b"<link rel=canonical href='https://a.example:99999/'>",
]
CHARSETS = [
    None,
    "utf-8",
    "windows-1251",
    "utf-16",
    "utf-7",
    "iso-utf-8",
    "idna",
    "zip",
    "\x00",
    "big5",
    "x" * 200,
]
DATES = st.text(
    alphabet="0123456789-/:.,TZ+ aAbeFgJMnptuvrUhEuhrMEZ年月日ф٠١٢\u202e\0", max_size=40
) | st.sampled_from(
    [
        "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:60-14:00",
        "0001-01-01T00:00:00+14:00",
        "1e10",
        "99999999999999999999",
        "24:00 31 Dec 9999",
        "2024-02-30",
        "31.12.9999 23:59",
        "1 Jan 0001 00:00 +1400",
        "-2024-01-01",
        "2024-W99-9",
        "2024-366",
        "Feb 29 2023 25:61 PM",
    ]
)


def outcome(body: bytes, **fields: Any) -> None:
    raw = Raw.from_data(
        {
            "source": {"name": "desk", "kind": "files"},
            "captured_at": "2024-02-01T12:00:00Z",
            "media_type": "text/html",
            "body": base64.b64encode(body).decode(),
            "body_encoding": "base64",
            "url": "https://a.example/news/lock",
            **fields,
        }
    )
    event = Event("raw", "id-7", "key", raw.to_data(), REF, NOON)
    try:
        (emitted,) = Normalize().handle(event, MemoryState())
    except (Reject, Drop):
        return
    assert isinstance(emitted.data, Contract)
    data = emitted.data.to_data()
    writer("normalized").check(data)
    json.dumps(data, ensure_ascii=False).encode()  # no lone surrogate is left


def mutated(page: bytes, seed: int, times: int) -> bytes:
    chance = random.Random(seed)
    for _ in range(times):
        at, to = sorted(chance.randrange(len(page) + 1) for _ in range(2))
        to = min(to, at + chance.choice((1, 8, 200)))
        change = chance.randrange(5)
        if change == 0:
            page = page[:at] + page[to:]
        elif change == 1:
            page = page[:at] + page[at:to] * chance.choice((2, 50)) + page[to:]
        elif change == 2:
            page = page[:at] + chance.choice(ODD) + page[at:]
        elif change == 3:
            page = page[:at] + bytes(chance.randrange(256) for _ in range(to - at)) + page[to:]
        else:
            other = chance.choice(PAGES)
            page = page[:at] + other[chance.randrange(len(other)) :][:500] + page[at:]
    return page[:200_000]


def json_values() -> st.SearchStrategy[Any]:
    keys = st.sampled_from(
        [
            "@type",
            "@id",
            "@graph",
            "url",
            "headline",
            "name",
            "author",
            "datePublished",
            "dateModified",
            "liveBlogUpdate",
            "articleBody",
            "text",
            "description",
            "mainEntityOfPage",
            "inLanguage",
            "keywords",
            "articleSection",
            "image",
            "isAccessibleForFree",
            "publisher",
            "correction",
            "@value",
        ]
    )
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | DATES
        | st.sampled_from(
            [
                "NewsArticle",
                "LiveBlogPosting",
                "BlogPosting",
                "https://a.example/news/lock",
                "#a",
                "<p>x</p>",
                "https://[",
                "en_US",
                "False",
            ]
        )
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
        max_leaves=25,
    )


MUTATIONS = st.tuples(st.sampled_from(PAGES), st.integers(0, 2**32), st.integers(1, 12))
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=3_000, deadline=None, suppress_health_check=list(HealthCheck))


def check_page(given_: tuple[bytes, int, int], charset: str | None) -> None:
    outcome(mutated(*given_), charset=charset)


def check_json(node: Any, breaks: list[tuple[int, str]], again: Any) -> None:
    text = json.dumps(
        {"@type": "NewsArticle", "url": "https://a.example/news/lock", "x": again}
        | (node if isinstance(node, dict) else {"@graph": node})
    )
    for at, what in breaks:
        text = text[: at % len(text)] + what + text[at % len(text) :]
    body = f'<html><script type="application/ld+json">{text}</script><body><h1>A</h1><p>{"The gates stayed shut. " * 9}</p></body></html>'
    outcome(body.encode("utf-8", "surrogatepass"))


def check_dates(published: str, modified: str, shown: str, address: str) -> None:
    dates = f"<p class=date>{shown}</p><time datetime='{modified}'></time>"
    body = f"<html><body><h1>A</h1>{dates}<p>{'The gates stayed shut. ' * 9}</p></body></html>"
    outcome(
        body.encode("utf-8", "surrogatepass"),
        item={"headline": "A", "published": published, "modified": modified},
        url=f"https://schleuse.de/{address}/lock",
    )


BREAKS = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.sampled_from([",", '"', "{", "}", "]", "\\", "\n", "/*", "//", ":", "\ufeff", "&quot;"]),
    ),
    max_size=4,
)
DATED = (DATES, DATES, DATES, st.text(alphabet="0123456789-/", max_size=16))


@pytest.mark.processor_seconds(60)
@FEW
@given(MUTATIONS, st.sampled_from(CHARSETS))
def test_mutated_pages(given_: tuple[bytes, int, int], charset: str | None) -> None:
    check_page(given_, charset)


@pytest.mark.processor_seconds(60)
@FEW
@given(json_values(), BREAKS, json_values())
def test_mutated_json_ld(node: Any, breaks: list[tuple[int, str]], again: Any) -> None:
    check_json(node, breaks, again)


@pytest.mark.processor_seconds(60)
@FEW
@given(*DATED)
def test_mutated_dates(published: str, modified: str, shown: str, address: str) -> None:
    check_dates(published, modified, shown, address)


@pytest.mark.chaos
@MANY
@given(MUTATIONS, st.sampled_from(CHARSETS))
def test_mutated_pages_at_length(given_: tuple[bytes, int, int], charset: str | None) -> None:
    check_page(given_, charset)


@pytest.mark.chaos
@MANY
@given(json_values(), BREAKS, json_values())
def test_mutated_json_ld_at_length(node: Any, breaks: list[tuple[int, str]], again: Any) -> None:
    check_json(node, breaks, again)


@pytest.mark.chaos
@MANY
@given(*DATED)
def test_mutated_dates_at_length(published: str, modified: str, shown: str, address: str) -> None:
    check_dates(published, modified, shown, address)
