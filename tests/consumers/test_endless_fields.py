"""Any field that is one piece over and over again, however odd: read by all stages in the time of any other text of that length.

Expressions that try every way to part such a text take hours for it, in a process that hears no signal meanwhile.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.cluster.handler import Cluster
from consumers.deduplicate.handler import Deduplicate
from consumers.enrich.handler import Enrich
from consumers.normalize.handler import Normalize
from newswire.errors import Drop, Reject
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef

REF: Final = RecordRef(topic="news.raw.v1", partition=0, offset=0)
LINES: Final = [
    f"The wardens of the lower lock said on day {day} that the gates would stay shut, Anna Weir told Reuters."
    for day in "12345"
]
TEXT: Final = "".join(f"<p>{line}</p>" for line in LINES)
PLAIN: Final = "\n\n".join(LINES)


def page(head: str = "", body: str = "", after: str = "") -> str:
    return f"<html lang=en><title>Gates stay shut</title>{head}<body><h1>Gates stay shut</h1>{body}<article>{TEXT}{after}</article>"


def meta(name: str) -> Callable[[str], str]:
    return lambda text: page(f"<meta property='{name}' content='{html.escape(text)}'>")


def jsonld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "Gates stay shut"} | fields)}</script>'


FIELDS: Final[Mapping[str, Callable[[str], str]]] = {
    "title": lambda text: f"<title>{html.escape(text)}</title>{TEXT}",
    "h1": lambda text: f"<h1>{html.escape(text)}</h1>{TEXT}",
    **{
        name: meta(name)
        for name in (
            *("og:title", "og:site_name", "og:image", "description", "author", "keywords", "article:section"),
            "article:published_time",
        )
    },
    "byline": lambda text: page(body=f"<p class=byline>By {html.escape(text)}</p>"),
    "time": lambda text: page(
        body=f"<time datetime='2024-02-01T10:00 {html.escape(text)}'>{html.escape(text)}</time>"
    ),
    "canonical": lambda text: page(f"<link rel=canonical href='https://a.example/{html.escape(text)}'>"),
    "first-line": lambda text: f"<h1>Gates stay shut</h1><p>LONDON {html.escape(text)}</p>{TEXT}",
    "line": lambda text: page(
        after=f"<p>“The gates {html.escape(text)} shut,” Anna Weir said on Monday.</p>"
    ),
    "last-line": lambda text: page(after=f"<p>Reporting by {html.escape(text)}</p>"),
    "caption": lambda text: page(
        after=f"<figure><img src=/x.jpg><figcaption>{html.escape(text)}</figcaption></figure>"
    ),
    "class": lambda text: page(after=f"<p class='{html.escape(text)}'>{LINES[0]}</p>"),
    "tag": lambda text: page(after=f"<p {text}>{LINES[0]}</p>"),
    "json-ld": lambda text: page(jsonld(author=text, keywords=text, articleBody=text)),
    "broken-json-ld": lambda text: page(f'<script type="application/ld+json">{{"headline": "Gates" {text}'),
    "state": lambda text: f"<title>Gates stay shut</title><script>window.__INITIAL_STATE__ = {text}</script>",
    "state-slug": lambda text: (
        '<title>Gates stay shut</title><script id="__NEXT_DATA__" type="application/json">'
        + json.dumps({"props": {"headline": "Gates stay shut", "body": PLAIN, "slug": text}})
        + "</script>"
    ),
    "plain": lambda text: f"Gates stay shut\n\n{text}\n\n{PLAIN}",
    "plain-first": lambda text: f" date 2024-02-01 {text}\n\n{PLAIN}",
}
PIECES: Final = st.text(
    st.sampled_from(" \t\n\u00a0-–_.,:;!?…/|·•*#&@%=()[]{}<>\"'’“”\\+~^$`0129aAzZéß漢のא"),
    min_size=1,
    max_size=4,
) | st.sampled_from(
    ("Ab-", "U.S. ", "Mr. ", "and ", "By ", "(AP) ", ",78", "10:00 ", "a@b.", "two-", "said ")
)


@pytest.mark.processor_seconds(120)  # they take 3 together; where every way is tried, one takes for ever
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), PIECES)
def test_a_field_that_repeats_itself_is_read_in_time(field: str, piece: str) -> None:
    read_by_all(field, piece, 40_000)


@pytest.mark.processor_seconds(60)  # each took minutes or hours
@pytest.mark.parametrize(
    ("field", "piece"),
    [("time", " "), ("byline", "-"), ("keywords", " "), ("line", "Ab-"), ("state-slug", "_")],
)
def test_what_took_hours_is_read_in_time(field: str, piece: str) -> None:
    read_by_all(field, piece, 200_000)


def read_by_all(field: str, piece: str, letters: int) -> None:
    """Let all stages read a page of which one field is a piece again and again."""
    media_type = "text/plain" if field.startswith("plain") else "text/html"
    body = FIELDS[field](piece * (letters // len(piece)))
    event = Event(
        name="raw",
        id="1",
        key="1",
        data={
            "source": {"name": "desk", "kind": "files"},
            "captured_at": "2024-02-01T12:00:00Z",
            "media_type": media_type,
            "body": body,
            "url": "https://a.example/news/gates",
            "item": {},
        },
        ref=REF,
        timestamp_ms=1_706_788_800_000,
    )
    for stage in (Normalize(), Deduplicate(), Enrich(), Cluster()):
        try:
            (emit, *_) = stage.handle(event, MemoryState())
        except (Reject, Drop):
            return  # a verdict
        assert emit.data is not None
        event = Event(
            name=emit.event,
            id="1",
            key=emit.key,
            data=emit.data.to_data(),
            ref=REF,
            timestamp_ms=event.timestamp_ms,
            partition_key="en",
        )
