"""Rules of an address's host."""

from __future__ import annotations

import re
from typing import Final

from newswire.addresses.parts import Parts, Rule

FORMS: Final = frozenset({"www", "m", "mobile", "mobil", "touch", "wap", "mobi", "amp"})
"""First labels that say for which screen a page is drawn, not what it says."""
_LANGUAGE_FORM: Final = re.compile(r"^([a-z]{2,3}(?:-[a-z]+)?)\.(?:m|amp|mobile|zero)\.(?=[^.]+\.)")
_PUBLIC: Final = re.compile(
    r"^(?:co|com|net|org|gov|gob|gouv|go|ac|edu|or|ne|mil|nom|asso|web|info)\.[a-z]{2}$"
)
_BLOGSPOT: Final = re.compile(r"\.blogspot\.(?:com?\.)?[a-z]{2}$")
ALIASES: Final = {
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "new.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
    "bbc.co.uk": "bbc.com",
    "guardian.co.uk": "theguardian.com",
    "guardiannews.com": "theguardian.com",
    "edition.cnn.com": "cnn.com",
    "us.cnn.com": "cnn.com",
    "youtube-nocookie.com": "youtube.com",
    "web.facebook.com": "facebook.com",
    "mbasic.facebook.com": "facebook.com",
    "touch.facebook.com": "facebook.com",
}
"""Hosts that serve every path of another."""


def without_form(host: str) -> str:
    """Return a host without the labels that say for which screen it draws. What is left has a dot, and is no public suffix."""
    while True:
        first, _, rest = host.partition(".")
        if first not in FORMS or "." not in rest or _PUBLIC.match(rest):
            break
        host = rest
    return _LANGUAGE_FORM.sub(r"\1.", host) if host[2:3] == "." or host[3:4] == "." else host


def _form(parts: Parts) -> None:
    if not parts.has_port and not parts.host[-1].isdigit():
        parts.host = without_form(parts.host)


def _alias(parts: Parts) -> None:
    if parts.host in ALIASES and not parts.has_port:
        parts.host = ALIASES[parts.host]
    elif ".blogspot." in parts.host:
        parts.host = _BLOGSPOT.sub(".blogspot.com", parts.host)


RULES: Final = (
    Rule(
        name="scheme-and-port",
        step="host",
        what="The scheme is `https`, the default ports are dropped. An address with a port of its own keeps its scheme and its host as "
        "they are.",
        why="An article is the same under `http`. Another port is another server.",
        same=(
            ("http://a.example:80/news/1", "https://a.example/news/1"),
            ("HTTPS://A.EXAMPLE:443/news/1", "https://a.example/news/1"),
            ("http://a.example:8080/news/1", "http://a.example:8080/news/1"),
        ),
        apart=(("https://a.example:8443/news/1", "https://a.example/news/1"),),
    ),
    Rule(
        name="host-spelling",
        step="host",
        what="A host is in lower case, in punycode, without a final dot; an IP address in its one spelling. User names and passwords are "
        "refused.",
        why="That is what a browser makes of it.",
        same=(
            ("https://münchen.example/news/1", "https://xn--mnchen-3ya.example/news/1"),
            ("https://a.example./news/1", "https://a.example/news/1"),
            ("http://0xc0000207/news/1", "https://192.0.2.7/news/1"),
        ),
    ),
    Rule(
        name="host-form",
        step="host",
        what="`www.`, `m.`, `mobile.`, `mobil.`, `touch.`, `wap.`, `mobi.` and `amp.` before a host are dropped, also `m.` after a "
        "language.",
        why="They say for which screen a page is drawn. Something with a dot that is no public suffix must be left. Numbered hosts "
        "(`www1.`) stay: "
        "some publishers have articles only there.",
        same=(
            ("https://www.a.example/news/1", "https://a.example/news/1"),
            ("https://m.a.example/news/1", "https://a.example/news/1"),
            ("https://www.mobile.a.example/news/1", "https://a.example/news/1"),
            ("https://en.m.a.example/wiki/A", "https://en.a.example/wiki/A"),
        ),
        apart=(
            ("https://m.example/news/1", "https://mobile.example/news/1"),
            ("https://amp.com.au/news/1", "https://m.com.au/news/1"),
            ("https://sport.a.example/news/1", "https://a.example/news/1"),
            ("https://www1.a.example/news/1", "https://www2.a.example/news/1"),
            ("https://media.a.example/news/1", "https://a.example/news/1"),
        ),
        apply=_form,
    ),
    Rule(
        name="host-alias",
        step="host",
        what="A few hosts that serve every path of another are that host (list below); blogs of one service are under `.com`.",
        why="They redirect or show the same page. Only whole hosts of which that is known are listed.",
        same=(
            ("https://twitter.com/a/status/1", "https://x.com/a/status/1"),
            ("https://www.bbc.co.uk/news/world-1", "https://bbc.com/news/world-1"),
            ("https://a.blogspot.co.uk/2020/01/b.html", "https://a.blogspot.com/2020/01/b.html"),
        ),
        apart=(("https://news.bbc.co.uk/1/hi/1.stm", "https://bbc.com/1/hi/1.stm"),),
        apply=_alias,
    ),
)  # fmt: skip
