"""robots.txt (RFC 9309) as a value: what a site's answer allows. The asking is done in `sites.py`."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from protego import Protego

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows us."""

    state: str
    """`rules`, `none` (there is no file: all is allowed) or `unreachable` (nothing is allowed until it can be read)."""
    agent: str
    """Product token that the rules are read for."""
    rules: Protego | None = None
    """The rules, where there are any."""

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
        return Robots("rules", agent, Protego.parse(decoded(body, cut=cut)))
    if 400 <= status < 500 and status != 429:
        return Robots("none", agent)
    return Robots("unreachable", agent)


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
