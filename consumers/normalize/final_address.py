"""Which address gave a page: the one that was asked for, or the one that it redirected to."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from consumers.normalize.extraction import Candidate
from newswire.addresses.looks import looks_like
from newswire.errors import Reject
from newswire.text.canonicalize import canonical_or_none
from schemas.raw.model import Raw

_WALL: Final = re.compile(
    r"/(?:login|log-in|signin|sign-in|sso|oauth|auth|account|register|subscribe|subscription|abo|paywall|consent|privacy[a-z-]*|cookies?|collectconsent"
    r"|zustimmung|einwilligung|captcha|challenge|denied|blocked)(?=[/.]|$)",
    re.IGNORECASE,
)  # fmt: skip


def final_address(raw: Raw) -> tuple[str | None, tuple[Candidate, ...]]:
    """Return the address that a captured page is under, and the one that was not taken, with the reason.

    It is the address after all redirects, but not that of a wall, and not where the capture's own routes by its fragment. A capture without
    an address gets none: another item of its source has it. Raises `Reject` (`soft-404`) when an article leads to the home page or to the
    section that it was in: it is gone.
    """
    given = raw.url
    final = raw.http.final_url if raw.http else None
    asked, came = canonical_or_none(given), canonical_or_none(final)
    if given is None or final is None or came is None or asked == came:
        return given, ()
    if asked is None:
        return final, ()
    if "#" in asked:
        return given, ()
    if _gone(asked, came):
        raise Reject(
            "soft-404",
            f"{given[:200]} leads to {final[:200]}, which is no article: it is gone, or was moved",
            "/http/final_url",
        )
    if _WALL.search(urlsplit(came).path) and not _WALL.search(urlsplit(asked).path):
        return given, (Candidate(final, "declared", refused="a wall before the article"),)
    return final, (Candidate(given, "declared", refused="it redirects to another address"),)


def _gone(asked: str, came: str) -> bool:
    was, now = looks_like(asked), looks_like(came)
    if now == "home":
        return was != "home"
    return now == "section" and was == "article" and asked.startswith(f"{came}/")
