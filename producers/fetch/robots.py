"""robots.txt (RFC 9309) as a value: what a site's answer allows. The asking is done in `sites.py`."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from protego import Protego

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_LINE: Final = re.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_KNOWN: Final = re.compile(
    r"\s*(?:#|$|user[- ]?agent|allow|dis{1,2}al{1,2}[ao]w|diasllow|crawl[- ]delay|request[- ]rate|visit[- ]time|site-?maps?|host)",
    re.IGNORECASE,
)
"""Lines that are rules, as protego reads them, with its misspellings."""
_OF_AN_AGENT: Final = re.compile(r"\s*+user[- ]?agent\s*+:?\s*+([a-z_-]++)(?![\w*-])", re.IGNORECASE)
"""Possessive: half a megabyte of spaces, which a server may send, would take an hour."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows us."""

    state: str
    """`rules`, `none` (there is no file: all is allowed) or `unreachable` (nothing is allowed until it can be read)."""
    agent: str
    """Product token that the rules are read for."""
    rules: Protego | None = None
    """The rules, where there are any."""
    why: str | None = None
    """Why they cannot be read, where that is so."""

    def allows(self, url: str) -> bool:
        """Whether the address may be asked."""
        if self.rules is None:
            return self.state == "none"
        return self.rules.can_fetch(url, self.agent)

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between requests that the site asks for; no part of the RFC, but widely written and easy to honour."""
        return None if self.rules is None else self.rules.crawl_delay(self.agent)

    @property
    def sitemaps(self) -> Sequence[str]:
        """Addresses of sitemaps, as given."""
        return () if self.rules is None else tuple(self.rules.sitemaps)


def of_answer(status: int, body: bytes, agent: str, *, cut: bool = False) -> Robots:
    """Return what the answer to a request for robots.txt means (RFC 9309, 2.3.1).

    4xx means that there is none. 5xx means that it is there and cannot be read. 429 is read like 5xx: who says that we ask too much
    has not said that all is allowed. Of a file that was `cut` the last line is left out, because it may be half a rule.
    """
    if 200 <= status < 300:
        return Robots("rules", agent, Protego.parse(_as_the_rfc_reads(decoded(body, cut=cut), agent)))
    if 400 <= status < 500 and status != 429:
        return Robots("none", agent)
    return Robots("unreachable", agent, why=f"it answers {status}")


def _as_the_rfc_reads(text: str, agent: str) -> str:
    """Return a rules file in the words that protego needs.

    Of a line that names our agent the token alone counts (RFC 9309, 2.2.1: `Newswire/1.0 (+https://…)` is us); a line that is no rule
    does not end a group (2.2.4). protego takes the one for another agent and the other for a rule.
    """
    kept: list[str] = []
    for line in _LINE.findall(text):
        named = _OF_AN_AGENT.match(line)
        if named is not None and named[1].lower() == agent.lower():
            kept.append(f"User-agent: {agent}\n")
        elif _KNOWN.match(line):
            kept.append(line)
    return "".join(kept)


def decoded(body: bytes, *, cut: bool = False) -> str:
    """Return the text of a rules file: UTF-8 as the RFC says, or what it evidently is instead."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            text = body[len(bom) :].decode(encoding, "replace")
            break
    else:
        sample = body[:200]
        if sample.count(0) * 3 > len(sample):  # every other byte is NUL: UTF-16 without a mark
            text = body.decode("utf-16-be" if sample[0] == 0 else "utf-16-le", "replace")
        else:
            try:
                text = body[: _whole_characters(body) if cut else None].decode("utf-8")
            except UnicodeDecodeError:
                text = body.decode("latin-1")
    text = text.replace("\0", "")
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] if cut else text


def _whole_characters(body: bytes) -> int:
    """Return where the last line feed ends: nothing after it counts, and the cut may go through a character."""
    return max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
