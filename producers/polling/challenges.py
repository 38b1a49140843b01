"""Pages with status 200 that stand in front of an article: a check for robots, a question for consent.

Few signs, each of which its maker documents or writes into no other page. Where one is wrong, nothing is lost: the page is asked for some
times more, and the item then published with what its source gives. What is not known here is taken for the article, as ever.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from producers.fetch import Failure, FailureClass, Fetched

_HEADERS: Final = {"cf-mitigated": ("challenge",), "x-amzn-waf-action": ("challenge", "captcha")}
"""Cloudflare and AWS WAF say so themselves."""
_MARKERS: Final = (
    b"_cf_chl_opt",  # Cloudflare's challenge; what it puts into common pages is `__CF$cv$params`
    b"captcha-delivery.com/",  # DataDome's; in common pages it is js.datadome.co
    b"px-captcha",  # HUMAN (PerimeterX)
    b"_incapsula_resource?cwudnsai",  # Imperva's block page; in common pages it is `?SWJIYLWA`
)
"""What only stands in the markup of challenge pages, in lower case."""
_TITLES: Final = frozenset(
    {
        "just a moment...",
        "attention required! | cloudflare",
        "ddos-guard",
        "human verification",
        "pardon our interruption",
        "pardon our interruption...",
        "please verify you are a human",
        "verifying you are human",
        "verify you are human",
        "are you a robot?",
        "bloomberg - are you a robot?",
    }
)
"""Whole titles, in lower case."""
_CONSENT_HOSTS: Final = ("consent.", "guce.", "myprivacy.")
"""Beginnings of the hosts to which Google, Yahoo and DPG send who has not consented."""
_LARGEST: Final = 256 * 1024
_MOST_TEXT: Final = 1_000
"""Characters of running text up to which a page may be one: an article about such pages has more."""


def stands_in(page: Fetched) -> Failure | None:
    """Return why a page is a challenge or a question for consent and no article; None where nothing says so. Soft: it may pass."""
    for name, values in _HEADERS.items():
        if page.headers.get(name, "").strip().lower() in values:
            return Failure(
                FailureClass.SOFT, "challenge-page", f"the header {name} says that it is a challenge"
            )
    asked, came = urlsplit(page.requested_url), urlsplit(page.url)
    if len(page.hops) > 1 and (
        (came.netloc != asked.netloc and came.netloc.startswith(_CONSENT_HOSTS))
        or (came.path.startswith("/consent/") and not asked.path.startswith("/consent/"))
    ):
        return Failure(FailureClass.SOFT, "consent-page", f"the address leads to {came.netloc}{came.path}")
    body = page.body or b""
    if len(body) > _LARGEST or page.media_type == "text/plain":
        return None
    lower = body.lower()
    marker = next((marker for marker in _MARKERS if marker in lower), None)
    if marker is None and not any(title.encode() in lower for title in _TITLES):
        return None
    reader = _Reader()
    reader.feed(body.decode("utf-8", "replace"))
    reader.close()
    if reader.characters > _MOST_TEXT:
        return None
    if marker is not None and any(marker.decode() in markup for markup in reader.markup):
        return Failure(FailureClass.SOFT, "challenge-page", f"the page is a challenge: {marker.decode()}")
    title = " ".join("".join(reader.title).split()).lower()
    if title in _TITLES:
        return Failure(
            FailureClass.SOFT, "challenge-page", f"the page is a challenge: its title is {title!r}"
        )
    return None


class _Reader(HTMLParser):
    """Tells running text from what stands in scripts and attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._within = ""
        self.characters = 0
        self.title: list[str] = []
        self.markup: list[str] = []
        """Scripts and values of attributes, in lower case."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.markup += [value.lower() for _, value in attrs if value]
        if tag in ("script", "style", "title"):
            self._within = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.markup.append(data.lower())
        elif self._within == "title":
            self.title.append(data)
        elif self._within != "style":
            self.characters += len(data.strip())
