"""Own cases of RFC 9309, as bytes: ours reads all, and not fewer than protego alone and the standard library do."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Final
from urllib.robotparser import RobotFileParser

import pytest
from protego import Protego

from producers.fetch.robots import of_answer

AGENT: Final = "Newswire"
DENY: Final = "User-agent: *\nDisallow: /a\n"
CASES: Final[dict[str, tuple[bytes, str, bool]]] = {
    # 2.2.1, the user-agent line
    "no group is ours": (b"User-agent: other\nDisallow: /\n", "/a", True),
    "ours in other letters": (b"User-agent: NEWSWIRE\nDisallow: /a\n", "/a", False),
    "ours before all": (b"User-agent: newswire\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n", "/b", True),
    "ours behind all": (b"User-agent: *\nDisallow: /\n\nUser-agent: newswire\nDisallow: /a\n", "/b", True),
    "two groups of ours are one": (
        b"User-agent: newswire\nDisallow: /a\n\nUser-agent: x\nDisallow: /c\n\nUser-agent: newswire\nDisallow: /b\n",
        "/b",
        False,
    ),
    "several agents of a group": (b"User-agent: x\nUser-agent: newswire\nDisallow: /a\n", "/a", False),
    "a blank line within a group": (b"User-agent: newswire\n\nDisallow: /a\n", "/a", False),
    "rules of nobody": (b"Disallow: /a\n", "/a", True),
    "another line between agents and rules": (
        b"User-agent: newswire\nSitemap: https://e.example/s.xml\nDisallow: /a\n",
        "/a",
        False,
    ),
    "ours with a version": (b"User-agent: Newswire/1.0 (+https://e.example)\nDisallow: /a\n", "/a", False),
    "ours and a word more": (
        b"User-agent: Newswire Bot\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n",
        "/b",
        True,
    ),
    "one whose name begins as ours": (b"User-agent: newswire-images\nDisallow: /a\n", "/a", True),
    "an unknown line between agents": (
        b"User-agent: newswire\nNoindex: /x\nUser-agent: *\nDisallow: /a\n",
        "/a",
        False,
    ),
    "an unknown line among rules": (
        b"User-agent: newswire\nDisallow: /a\nNoindex: /x\nDisallow: /b\n",
        "/b",
        False,
    ),
    # 2.2.2, the rules
    "the longest match wins": (b"User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", True),
    "whatever the order": (b"User-agent: *\nAllow: /a/b\nDisallow: /a\n", "/a/b/c", True),
    "of two that are equal, allow": (b"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),
    "nothing is disallowed": (b"User-agent: *\nDisallow:\n", "/a", True),
    "case of paths": (DENY.encode(), "/A", True),
    "a query is part of it": (b"User-agent: *\nDisallow: /a?\n", "/a?x=1", False),
    "percent-coded in another way": (b"User-agent: *\nDisallow: /z%c3%bcrich\n", "/z%C3%BCrich", False),
    "not percent-coded": ("User-agent: *\nDisallow: /zürich\n".encode(), "/z%C3%BCrich", False),
    "robots.txt itself": (b"User-agent: *\nDisallow: /\n", "/robots.txt", True),
    # 2.2.3, special characters
    "a comment at the end": (b"User-agent: * # all\nDisallow: /a # this\n", "/a", False),
    "a star within": (b"User-agent: *\nDisallow: /*/print\n", "/2024/print", False),
    "a star that matches nothing": (b"User-agent: *\nDisallow: /a*b\n", "/ab", False),
    "the end": (b"User-agent: *\nDisallow: /a$\n", "/ab", True),
    "the end behind a star": (b"User-agent: *\nDisallow: /*.pdf$\n", "/x.pdf", False),
    # 2.2 and 2.3, the file as it comes
    "UTF-8 with a mark": (codecs.BOM_UTF8 + DENY.encode(), "/a", False),
    "UTF-16": (codecs.BOM_UTF16_LE + DENY.encode("utf-16-le"), "/a", False),
    "UTF-16 without a mark": (DENY.encode("utf-16-be"), "/a", False),
    "Latin-1 in a comment": (b"# caf\xe9\n" + DENY.encode(), "/a", False),
    "Latin-1 in a path": ("User-agent: *\nDisallow: /café\n".encode("latin-1"), "/caf%C3%A9", False),
    "carriage returns": (DENY.replace("\n", "\r").encode(), "/a", False),
    "NUL": (b"\0\0" + DENY.encode(), "/a", False),
    "blanks before the colon": (b"User-agent : *\n  Disallow  :  /a\n", "/a", False),
    "names in capitals": (b"USER-AGENT: *\nDISALLOW: /a\n", "/a", False),
    "no line feed at the end": (DENY.rstrip().encode(), "/a", False),
    "a line of 100,000 characters before": (
        b"Disallow: /" + b"x" * 100_000 + b"\n" + DENY.encode(),
        "/a",
        False,
    ),
    "a page": (b"<!doctype html><title>Not found</title><p>Disallow: /a</p>", "/a", True),
}


def ours(body: bytes, url: str) -> bool:
    return of_answer(200, body, AGENT).allows(url)


def of_protego(body: bytes, url: str) -> bool:
    return bool(Protego.parse(body.decode("utf-8", "replace")).can_fetch(url, AGENT))


def of_library(body: bytes, url: str) -> bool:
    parser = RobotFileParser()
    parser.parse(body.decode("utf-8", "replace").splitlines())
    return parser.can_fetch(AGENT, url)


def right(reader: Callable[[bytes, str], bool]) -> set[str]:
    found = set()
    for name, (body, path, allowed) in CASES.items():
        if reader(body, f"https://e.example{path}") is allowed:
            found.add(name)
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_rule_of_the_rfc(name: str) -> None:
    body, path, allowed = CASES[name]
    assert ours(body, f"https://e.example{path}") is allowed


def test_peers_read_fewer() -> None:
    """What a peer reads and ours does not would fail above; that ours is worth its lines shows here."""
    assert right(of_protego) < set(CASES)
    assert len(right(of_library)) < len(right(of_protego))
