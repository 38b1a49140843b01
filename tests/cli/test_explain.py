"""`newswire explain`: what is read out of a file or an address, without a broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_server import Web, page, web_server

PAGE = """<!doctype html><html lang="en"><head><title>Lock gates stuck | Gazette</title>
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Lock gates stuck","datePublished":"2024-02-01T10:00:00+01:00",
"dateModified":"2024-02-01",}</script><meta name="date" content="03/04/2024"></head><body><article><h1>Lock gates stuck</h1>
<p>The wardens of the lower lock said on Monday that the gates would stay shut \x1b[31muntil the silt had been cleared by hand.</p>
<p>“Nobody has asked us for the key,” said Ada Quill, who keeps the lock book of the parish.</p></article></body></html>"""
CASES = Path(__file__).resolve().parents[1] / "consumers" / "normalize" / "cases"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


def test_a_page_is_shown_field_by_field(lonely: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    shown = lonely.text("explain", tmp_path / "page.html", "--url", "https://gazette.example/2024/02/01/lock")
    assert "published_at  2024-02-01 09:00:00 UTC" in shown
    assert "jsonld" in shown
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    assert "modified_at 2024-02-01 jsonld only a day: a change needs a time" in rows
    assert "published_at 03/04/2024 meta day and month cannot be told apart" in rows
    assert "\x1b" not in shown
    assert "said Ada Quill" in shown


def test_as_json_everything_is_there(lonely: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    (found,) = lonely.lines("explain", tmp_path / "page.html", "--json")
    fields = {field["name"]: field for field in found["fields"]}
    assert found["outcome"] == "normalized"
    assert fields["headline"]["value"] == "Lock gates stuck"
    assert fields["published_at"]["raw"] == "2024-02-01T10:00:00+01:00"
    assert [each["why"] for each in fields["modified_at"]["refused"]] == ["only a day: a change needs a time"]
    assert found["article"]["sections"][0]["paragraphs"]


def test_files_of_every_kind_and_standard_input(lonely: Any) -> None:
    (wire,) = lonely.lines("explain", SEEDS / "13-agency" / "1-version-2.json", "--json")
    assert wire["article"]["wire"]
    done = lonely.run("explain", "-", "--json", stdin=b'{"headline":"A","text":"The gates were shut."}')
    assert b'"outcome":"normalized"' in done.stdout
    refused = lonely.text("explain", CASES / "page-consent" / "body.html", status=3)
    assert "is refused:" in refused
    assert "[consent-page]" in refused
    assert "cannot be read" in lonely.text("explain", "no-such-file.html", status=3)


def test_an_address_is_fetched_politely(lonely: Any, web: Web) -> None:
    web.pages = {
        "/lock": page(body=PAGE.encode(), Content_Type="text/html; charset=utf-8"),
        "/private/lock": page(body=PAGE.encode(), Content_Type="text/html"),
        "/robots.txt": page(body=b"User-agent: *\nDisallow: /private\n"),
    }
    assert "NEWSWIRE_CONTACT_URL" in lonely.error("explain", web.url("/lock"), status=2)
    assert web.seen == []
    asking = type(lonely)(
        lonely.environment
        | {"NEWSWIRE_CONTACT_URL": "https://example.org/bot", "NEWSWIRE_LOOPBACK_PORTS": str(web.port)}
    )
    (found,) = asking.lines("explain", web.url("/lock"), "--json")
    assert found["article"]["headline"] == "Lock gates stuck"
    (private,) = asking.lines("explain", web.url("/private/lock"), "--json", status=3)
    assert (private["outcome"], private["reason"]) == ("unreadable", "robots")
    (gone,) = asking.lines("explain", web.url("/gone"), "--json", status=3)
    assert gone["reason"] == "http-404"
    assert "/private/lock" not in web.paths()


def test_what_is_not_shown_is_counted_and_values_are_readable(lonely: Any, tmp_path: Path) -> None:
    body = "".join(
        f"<p>In week {number} the wardens of the lower lock said that the gates would stay shut.</p>"
        for number in range(9)
    )
    (tmp_path / "page.html").write_text(
        f"""<html lang="en"><head><title>Lock gates stuck</title><meta property="og:image" content="https://gazette.example/gate.jpg">
<meta property="article:published_time" content="2024-02-01T09:00:00Z">
<meta property="article:modified_time" content="2024-02-01T10:00:00Z">
</head><body><article><h1>Lock gates stuck</h1>{body}</article></body></html>"""
    )
    shown = lonely.text("explain", tmp_path / "page.html", "--url", "https://gazette.example/news/lock")
    assert "2024-02-01 10:00:00 UTC" in shown
    assert "https://gazette.example/gate.jpg" in shown
    assert "url='" not in shown
    assert "… 5 more paragraphs …" in shown
    assert "In week 8 " in shown
    assert "In week 7 " not in shown
