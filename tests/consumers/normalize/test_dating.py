"""Which dates are taken of those a page gives, and what is said of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from consumers.normalize.dating import choose_dates, written_offset
from consumers.normalize.extraction import Extraction
from consumers.normalize.jsonld_graph import Own
from consumers.normalize.page_dates import add_dates
from consumers.normalize.visible_dates import shown_dates
from schemas.core.provenance import Origin

CAPTURED = datetime(2024, 2, 3, 12, tzinfo=UTC)
Given = tuple[str, Origin, str]


def chosen(*given: Given, address: str | None = None) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Return the dates of publication and change with their precision, and the notes."""
    found = Extraction()
    for field, origin, raw in given:
        found.add("published_at" if field == "published" else "modified_at", raw, origin)
    dates = choose_dates(found, CAPTURED, address)
    first, last = (
        f"{each.value.value:%Y-%m-%dT%H:%M} {each.value.precision}" if each.value else None
        for each in (dates.published, dates.modified)
    )
    return first, last, dates.notes


@pytest.mark.parametrize(
    ("given", "address", "published"),
    [
        # Another date of the same field names the same minute: with an offset, or in UTC.
        (
            [
                ("published", "jsonld", "2024-02-01T10:00:00"),
                ("published", "meta", "2024-02-01T10:00:00+01:00"),
            ],
            None,
            "2024-02-01T09:00 second",
        ),
        (
            [
                ("published", "jsonld", "2024-02-01T10:00:00"),
                ("published", "opengraph", "2024-02-01T08:00:00Z"),
            ],
            None,
            "2024-02-01T08:00 second",
        ),
        # A date of change near by has an offset; `Z` and `+00:00` are also written by who knows none.
        (
            [
                ("published", "jsonld", "2024-02-01T10:00:00"),
                ("modified", "jsonld", "2024-02-02T07:11:00-05:00"),
            ],
            None,
            "2024-02-01T15:00 second",
        ),
        (
            [("published", "jsonld", "2024-02-01T10:00:00"), ("modified", "jsonld", "2024-02-02T07:11:00Z")],
            None,
            "2024-02-01T00:00 day",
        ),
        # The country has one zone, in winter and in summer.
        (
            [("published", "text", "1. Februar 2024, 10:30 Uhr")],
            "https://blatt.de/a",
            "2024-02-01T09:30 minute",
        ),
        ([("published", "text", "1. Juli 2023, 10:30 Uhr")], "https://blatt.de/a", "2023-07-01T08:30 minute"),
        ([("published", "html", "2024-02-01 00:10")], "https://shimbun.co.jp/a", "2024-01-31T15:10 minute"),
        # It has several, or is none.
        ([("published", "jsonld", "2024-02-01T10:00:00")], "https://paper.com/a", "2024-02-01T00:00 day"),
        ([("published", "jsonld", "2024-02-01T10:00:00")], "https://gazeta.ru/a", "2024-02-01T00:00 day"),
        ([("published", "jsonld", "2024-02-01T10:00:00")], None, "2024-02-01T00:00 day"),
        # Minutes that do not agree are two moments, not one.
        (
            [("published", "jsonld", "2024-02-01T10:00:00"), ("published", "meta", "2024-02-01T08:07:00Z")],
            None,
            "2024-02-01T00:00 day",
        ),
    ],
)
def test_an_offset_is_inferred_or_the_time_is_left_out(
    given: list[Given], address: str | None, published: str
) -> None:
    first, _, notes = chosen(*given, address=address)
    assert first == published
    assert notes == (() if published.endswith("day") else ("offset-inferred",))


@pytest.mark.processor_seconds(30)  # each space tried as the first one before an offset would take minutes
def test_a_date_with_spaces_without_end_is_read_at_once() -> None:
    assert chosen(("published", "meta", "2024-02-01T10:00" + " " * 200_000))[0] == "2024-02-01T00:00 day"


def test_the_zone_of_the_source_is_taken_where_it_is_configured() -> None:
    found = Extraction()
    found.add("published_at", "2024-07-01T10:00:00", "item")
    found.add("modified_at", "2024-07-01T12:30:00+01:00", "jsonld")
    for zone, hour in (("America/New_York", 14), ("Nowhere/At_All", 9), (None, 9)):
        dates = choose_dates(found, datetime(2024, 7, 3, tzinfo=UTC), "https://blatt.de/a", zone)
        assert dates.published.value is not None
        assert (dates.published.value.value.hour, dates.notes) == (hour, ("offset-inferred",))
        assert written_offset(dates.published.value) == {14: "-04:00", 9: "+01:00"}[hour]


def test_a_day_stays_a_day() -> None:
    assert chosen(("published", "jsonld", "2024-02-01"), address="https://blatt.de/a") == (
        "2024-02-01T00:00 day",
        None,
        (),
    )


def test_what_is_inferred_says_so_and_is_less_sure() -> None:
    found = Extraction()
    found.add("published_at", "2024-02-01 10:00", "jsonld", 0.95)
    why = choose_dates(found, CAPTURED, "https://blatt.de/a").published.provenance
    assert why is not None
    assert why.raw == "2024-02-01 10:00"
    assert why.confidence == 0.76
    assert [refused.why for refused in why.refused] == ["no offset from UTC is given: it is inferred"]


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        # The feed's date is that of the last edit: the page says when it was published.
        (
            [
                ("published", "item", "2024-02-02T10:00:00Z"),
                ("published", "jsonld", "2024-02-01T08:00:00Z"),
                ("modified", "jsonld", "2024-02-02T10:00:30Z"),
            ],
            ("2024-02-01T08:00 second", "2024-02-02T10:00 second", ("edit-time",)),
        ),
        # Never changed: the two dates are one, and nothing says otherwise.
        (
            [
                ("published", "jsonld", "2024-02-01T08:00:00Z"),
                ("modified", "jsonld", "2024-02-01T08:00:00Z"),
                ("published", "url", "2024-01-31"),
            ],
            ("2024-02-01T08:00 second", "2024-02-01T08:00 second", ()),
        ),
        # An address is no instant: two days earlier is earlier.
        (
            [
                ("published", "jsonld", "2024-02-02T08:00:00Z"),
                ("modified", "jsonld", "2024-02-02T08:00:00Z"),
                ("published", "url", "2024-01-15"),
            ],
            ("2024-01-15T00:00 day", "2024-02-02T08:00 second", ("edit-time",)),
        ),
        # What a page shows to readers may be anything.
        (
            [
                ("published", "jsonld", "2024-02-02T08:00:00Z"),
                ("modified", "jsonld", "2024-02-02T08:00:00Z"),
                ("published", "text", "2024-01-15"),
            ],
            ("2024-02-02T08:00 second", "2024-02-02T08:00 second", ()),
        ),
        # The date taken is not that of a change: nothing to say.
        (
            [
                ("published", "jsonld", "2024-02-01T08:00:00Z"),
                ("published", "meta", "2024-02-02T08:00:00Z"),
                ("modified", "meta", "2024-02-02T08:00:00Z"),
            ],
            ("2024-02-01T08:00 second", "2024-02-02T08:00 second", ()),
        ),
    ],
)
def test_the_time_of_an_edit_is_not_that_of_publication(
    given: list[Given], outcome: tuple[str, str, tuple[str, ...]]
) -> None:
    assert chosen(*given) == outcome


def test_what_lies_in_the_future_is_refused_or_noted() -> None:
    assert chosen(("published", "jsonld", "2082-05-05T00:00:00Z"), ("published", "url", "2024-02-01")) == (
        "2024-02-01T00:00 day",
        None,
        ("future",),
    )
    assert chosen(("published", "jsonld", "2024-02-03T20:00:00Z"))[::2] == (
        "2024-02-03T20:00 second",
        ("future",),
    )


def test_a_change_needs_a_time_and_does_not_lie_before_the_publication() -> None:
    first = ("published", "jsonld", "2024-02-01T08:00:00Z")
    assert chosen(first, ("modified", "jsonld", "2024-02-01T07:00:00Z"))[1] is None
    assert chosen(first, ("modified", "jsonld", "2024-02-02"))[1] is None
    assert (
        chosen(first, ("modified", "jsonld", "2024-01-31"), ("modified", "meta", "2024-02-02T09:00:00Z"))[1]
        == "2024-02-02T09:00 second"
    )


def page(body: str, head: str = "", url: str | None = None, said: Own | None = None) -> list[tuple[str, str]]:
    """Return where the dates of publication were found, and the strings."""
    found = Extraction()
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    metas = {"article:published_time": ["2024-02-01T08:00:00Z"]} if head else {}
    add_dates(found, tree, metas, said or Own(), url, labelled=list(tree.iter()))
    return [(each.origin, each.value) for each in found.of("published_at")]


def test_the_order_in_which_dates_are_believed() -> None:
    own = Own({"datePublished": "2024-02-01", "dateCreated": "2024-01-30"}, ({"uploadDate": "2024-02-02"},))
    body = "<h1>A</h1><time datetime='2024-02-04'>x</time><span itemprop=datePublished content='2024-02-03'></span>"
    found = page(body, "<meta>", "https://x.example/2024/02/05/a", own)
    assert [origin for origin, _ in found] == ["jsonld", "opengraph", "jsonld", "microdata", "html", "url"]
    assert page("<h1>A</h1>", said=Own({"dateCreated": "2024-01-30"})) == [("jsonld", "2024-01-30")]


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://x.example/2024/02/01/a", "2024-02-01"), ("https://x.example/a-2024-2-1.html", "2024-2-1"),
        ("https://x.example/news/20240201-lock", "2024-02-01"), ("https://x.example/a/120240201900", None),
        ("https://x.example/2024/02/", None), ("https://x.example/2024/13/01/a", None), ("https://x.example/a?d=2024/02/01/", None),
    ],
)  # fmt: skip
def test_days_in_addresses(address: str, day: str | None) -> None:
    assert page("", url=address) == ([("url", day)] if day else [])


def test_times_of_other_articles_are_not_taken() -> None:
    related = "<div class=related><time datetime='2024-01-01'></time></div><aside><time datetime='2024-01-02'></time></aside>"
    embed = "<blockquote><time datetime='2018-03-12'></time></blockquote>"
    assert page(f"{related}<h1>A</h1>{embed}<time datetime='2024-02-01'>x</time>") == [("html", "2024-02-01")]
    assert page(
        "<p>Updated <time datetime='2024-02-02'>x</time></p><p><time datetime='2024-02-01'>y</time></p>"
    ) == [("html", "2024-02-01")]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<h1>A</h1><p class=byline>By A. Quill | 1 February 2024</p>", "1 February 2024"),
        ("<h1>A</h1><div class=meta><em>1</em> <em>février</em> <em>2024</em></div>", "1 février 2024"),
        ("<h1>A</h1><p>Publicado: 1 de febrero de 2024, 10:30</p>", "1 de febrero de 2024, 10:30"),
        ("<h1>A</h1><p>(01.02.2024) " + "The gates stayed shut. " * 30 + "</p>", "01.02.2024"),
        ("<h1>A</h1><span class=date>Party, 30.10.23</span>", "30.10.23"),
        ("<h1>A</h1><b data-date-time='2024-02-01 20:06:13'>vor 2 Stunden</b>", "2024-02-01 20:06:13"),
        ("<h1>A</h1><abbr class=published title='2024-02-01T21:05:00-07:00'>9:05</abbr>", "2024-02-01T21:05:00-07:00"),
        ("<h1>A</h1><p>2024年2月1日</p>", "2024年2月1日"),
        ("<p class=date>31.01.2024</p><div class=related><p class=date>30.01.2024</p></div><h1>A</h1><p>01.02.2024</p>", "01.02.2024"),
        ("<div class=has-sidebar><h1>A</h1><p class=date>01.02.2024</p></div>", "01.02.2024"),
        ("<title>A | Gazette | 01.02.2024</title><h1>A</h1><p class=date>31.01.2024</p>", "01.02.2024"),
        ("<title>What happened on 31.01.2024</title><h1>A</h1><p class=date>01.02.2024</p>", "01.02.2024"),
        ("<h1>A</h1><figure><p class=date>30.01.2024</p></figure><p>01.02.2024</p>", "01.02.2024"),
        ("<h1>A</h1><a href=/b><h3>B</h3><p class=date>30.01.2024</p></a><p>01.02.2024</p>", "01.02.2024"),
        ("<h1>A</h1><blockquote><p>So! — Ada (@ada) <a>January 30, 2024</a></p></blockquote>", None),
        ("<h1>A</h1><blockquote><a>January 30, 2024</a></blockquote><p>01.02.2024</p>", "01.02.2024"),
        ("<blockquote><h1>A</h1><p>01.02.2024</p></blockquote>", "01.02.2024"),
        ("<h1>A</h1><p>3 women 2024</p><p>version 1.2.34.5</p>", None),
        ("<h1>A</h1><p>Last updated: 1 February 2024</p>", None),
    ],
)  # fmt: skip
def test_dates_that_are_shown(body: str, shown: str | None) -> None:
    found = shown_dates(document_fromstring(f"<html><body>{body}</body></html>"))
    assert next((raw for field, raw, _ in found if field == "published_at"), None) == shown


GMT = "Thu, 01 Feb 2024 09:30:00 GMT"


@pytest.mark.parametrize(
    ("page", "item", "address", "published"),
    [
        ("2024-02-01", GMT, None, "2024-02-01T09:30 second"),
        ("2024-02-01", "2024-02-01T09:30Z", None, "2024-02-01T09:30 minute"),
        # The day of the offset as written, that of the page's country, that in UTC.
        ("2024-02-01", "2024-02-01T00:30:00+09:00", None, "2024-01-31T15:30 second"),
        ("2024-02-01", "2024-01-31T23:30:00Z", "https://shimbun.co.jp/a", "2024-01-31T23:30 second"),
        ("2024-01-31", "2024-02-01T00:30:00+09:00", None, "2024-01-31T15:30 second"),
        # A midnight is a day that a database made a time of, and a time without offset is known by its day.
        ("2024-02-01T00:00:00+01:00", GMT, None, "2024-02-01T09:30 second"),
        ("2024-02-01T10:32:00", GMT, None, "2024-02-01T09:30 second"),
        # Another day, only a day or a midnight, or no date: the page is believed.
        ("2024-02-01", "2024-01-31T23:30:00Z", None, "2024-02-01T00:00 day"),
        ("2024-02-01", "2024-02-02T08:00:00Z", None, "2024-02-01T00:00 day"),
        ("2024-02-01", "2024-02-01", None, "2024-02-01T00:00 day"),
        ("2024-02-01", "Thu, 01 Feb 2024 00:00:00 GMT", None, "2024-02-01T00:00 day"),
        ("2024-02-01T00:00:00+01:00", "2024-02-01T00:00:00Z", None, "2024-01-31T23:00 second"),
        ("2024-02-01", "2025-02-01T09:30:00Z", None, "2024-02-01T00:00 day"),
        ("2024-02-01", "soon", None, "2024-02-01T00:00 day"),
        # A page that gives the time itself is believed.
        ("2024-02-01T08:00:00Z", GMT, None, "2024-02-01T08:00 second"),
    ],
)
def test_the_instant_of_a_feed_is_not_lost_behind_the_day_of_its_page(
    page: str, item: str, address: str | None, published: str
) -> None:
    given: list[Given] = [
        ("published", "jsonld", page),
        ("published", "item", item),
        ("published", "url", "2024-02-01"),
    ]
    assert chosen(*given, address=address)[0] == published


def test_a_feeds_dates_behind_those_of_the_page_are_witnesses() -> None:
    """Of an edit, of an offset, and of a clock that is wrong."""
    edited: list[Given] = [
        ("published", "jsonld", "2024-02-02T10:00:00Z"),
        ("published", "item", GMT),
        ("modified", "jsonld", "2024-02-02T10:00:00Z"),
    ]
    assert chosen(*edited) == ("2024-02-01T09:30 second", "2024-02-02T10:00 second", ("edit-time",))
    local: list[Given] = [("published", "jsonld", "2024-02-01T10:30:00"), ("published", "item", GMT)]
    assert chosen(*local) == ("2024-02-01T09:30 second", None, ("offset-inferred",))
    future: list[Given] = [
        ("published", "jsonld", "2024-02-01T10:00:00Z"),
        ("published", "item", "2034-02-01T10:00:00Z"),
    ]
    assert chosen(*future) == ("2024-02-01T10:00 second", None, ("future",))
    assert chosen(*reversed(future))[0] == "2024-02-01T10:00 second"
