"""What publishers reserve, as it is seen."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polite import SimulatedClock, polite_client
from web_server import Web, page, web_server

from producers.fetch.rights import (
    Reservation,
    ai_txt_allows,
    combine,
    file_statement,
    page_statements,
    robots_tags,
)

AGENT = "Newswire"


@pytest.fixture
def web():
    with web_server() as running:
        yield running


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["noindex, NoAI"], ["noindex", "noai"]),
        (["googlebot: noindex, nofollow"], []),
        (["newswire: noindex, noai"], ["noindex", "noai"]),
        (["googlebot: noindex", "noarchive"], ["noarchive"]),
        (["noarchive, otherbot: noindex, newswire: noai"], ["noarchive", "noai"]),
        (
            ["max-snippet:20, unavailable_after: 25 Jun 2026 15:00:00 PST"],
            ["max-snippet:20", "unavailable_after: 25 jun 2026 15:00:00 pst"],
        ),
        (["", ",,:"], []),
    ],
)
def test_robots_tags(values: list[str], found: list[str]) -> None:
    assert robots_tags(values, AGENT) == found


def test_the_head_of_a_page() -> None:
    body = b"""<!doctype html><html><HEAD><meta content="noindex, noai" NAME=Robots><meta name="newswire" content="noarchive">
    <meta name="otherbot" content="nofollow"><meta name='tdm-reservation' content='1'>
    <meta name="tdm-policy" content="https://example.org/terms"></head><body><meta name="robots" content="late"></body>"""
    assert page_statements(body, AGENT) == (
        ["noindex", "noai", "noarchive"],
        Reservation(True, "https://example.org/terms"),
    )


@given(st.binary(max_size=400) | st.text("<>!-[]/&metahdbody =\"'", max_size=200).map(str.encode))
def test_whatever_a_page_is_it_can_be_looked_at(body: bytes) -> None:
    page_statements(body, AGENT)


TDMREP = json.dumps(
    [
        "not a rule",
        {"location": "/free/*/a$", "tdm-reservation": 0},
        {"location": "/free", "tdm-reservation": 1, "tdm-policy": "https://example.org/p"},
        {"location": "/odd", "tdm-reservation": 2},
        {"location": "*.html", "tdm-reservation": "1"},
    ]
).encode()


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("/free/x/a", Reservation(False)),
        ("/free/x/ab", Reservation(True, "https://example.org/p")),
        ("/freedom", Reservation(True, "https://example.org/p")),
        ("/odd", None),
        ("/x/y.html", Reservation(True)),
        ("/", None),
    ],
)
def test_the_first_rule_that_matches_counts(path: str, statement: Reservation | None) -> None:
    assert file_statement(TDMREP, path) == statement


@pytest.mark.parametrize(
    "document", [b"", b"{}", b"[", b"<html>", b"[[[[", b"[" * 10_000, b"null", b'[{"location": 5}]', b"\xff"]
)
def test_what_is_no_such_document_says_nothing(document: bytes) -> None:
    assert file_statement(document, "/a") is None


@given(st.text("a*/$", max_size=12), st.text("a/$", max_size=10))
def test_matching_of_locations_is_that_of_the_expression(location: str, path: str) -> None:
    import re

    whole = location.endswith("$")
    pattern = "".join(".*" if c == "*" else re.escape(c) for c in location.removesuffix("$")) + (
        "$" if whole else ""
    )
    document = json.dumps([{"location": location, "tdm-reservation": 1}]).encode()
    assert (file_statement(document, path) is not None) == bool(re.match(pattern, path))


@pytest.mark.parametrize(
    ("text", "allows"),
    [
        ("User-Agent: *\nDisallow: *.txt\nDisallow: /\n", False),
        ("User-Agent: *\nDisallow: *\n", False),
        ("User-Agent: *\nAllow: /\n", True),
        ("User-Agent: *\nDisallow: /images\n", True),
        ("User-Agent: other\nDisallow: /\n", True),
        ("hello", None),
        ("", None),
    ],
)
def test_ai_txt(text: str, allows: bool | None) -> None:
    assert ai_txt_allows(text, "https://example.org/a", AGENT) is allows


YES, NO = Reservation(True), Reservation(False)


@pytest.mark.parametrize(
    ("file", "header", "meta", "tags", "ai", "mining"),
    [
        (None, None, None, [], None, None),
        (YES, None, None, [], None, "reserved"),
        (YES, NO, None, [], None, "allowed"),
        (NO, YES, None, [], None, "reserved"),
        (YES, YES, NO, [], None, "allowed"),
        (NO, NO, NO, ["noai"], None, "reserved"),
        (None, None, None, ["noindex"], True, None),
        (NO, None, None, [], False, "reserved"),
    ],
)
def test_the_most_specific_statement_counts_and_one_opt_out_is_enough(
    file, header, meta, tags, ai, mining
) -> None:
    seen = combine(file=file, header=header, meta=meta, tags=tags, metas=[], ai_txt_allows=ai)
    assert seen.text_and_data_mining == mining
    assert bool(seen.signals) == (mining is not None)


def test_a_fetch_sees_all_of_them_and_asks_for_the_files_once_a_day(web: Web) -> None:
    web.pages |= {
        "/a": page(
            200,
            b"<meta name=robots content=noarchive>",
            Content_Type="text/html",
            X_Robots_Tag=["noindex", "other: none"],
        ),
        "/b": page(
            200,
            b"{}",
            Content_Type="application/json",
            tdm_reservation="0",
            tdm_policy="https://example.org/p",
        ),
        "/.well-known/tdmrep.json": page(200, b'[{"location": "/", "tdm-reservation": 1}]'),
        "/ai.txt": page(200, b"User-agent: *\nAllow: /"),
    }
    clock = SimulatedClock()
    client = polite_client(web, clock=clock)
    a, b = client.fetch(web.url("/a?x=1")), client.fetch(web.url("/b"))
    assert a.rights.text_and_data_mining == "reserved"
    assert a.rights.directives == ("noindex", "noarchive")
    assert a.rights.signals == ("tdmrep.json reserves",)
    assert (b.rights.text_and_data_mining, b.rights.policy) == ("allowed", "https://example.org/p")
    assert (web.paths().count("/ai.txt"), web.paths().count("/.well-known/tdmrep.json")) == (1, 1)
    clock.sleep(86_401)
    web.pages["/ai.txt"] = page(200, b"User-agent: *\nDisallow: /")
    assert client.fetch(web.url("/b")).rights.text_and_data_mining == "reserved"


@pytest.mark.parametrize(
    "answer",
    [
        page(200, b"<html>Disallow: /", Content_Type="text/html"),
        page(404, b"Disallow: /"),
        page(500),
        lambda h: None,
    ],
)
def test_a_page_in_place_of_the_files_and_failures_reserve_nothing(web: Web, answer) -> None:
    web.pages |= {"/a": page(200, b"x"), "/ai.txt": answer, "/.well-known/tdmrep.json": answer}
    found = polite_client(web).fetch(web.url("/a"))
    assert found.body == b"x"
    assert found.rights.text_and_data_mining is None


def test_while_a_file_cannot_be_read_what_it_said_holds(web: Web) -> None:
    web.pages |= {
        "/a": page(200, b"x"),
        "/.well-known/tdmrep.json": page(200, b'[{"location": "*", "tdm-reservation": 1}]'),
    }
    clock = SimulatedClock()
    client = polite_client(web, clock=clock)
    client.fetch(web.url("/a"))
    web.pages["/.well-known/tdmrep.json"] = page(503)
    clock.sleep(2 * 86_400)
    assert client.fetch(web.url("/a")).rights.text_and_data_mining == "reserved"
