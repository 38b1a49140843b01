"""What a fetch gives back. All of it is data: nothing in here is open or waits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from producers.fetch.failures import Failure
from producers.fetch.http_time import http_date
from producers.fetch.rights import SeenRights

KEPT_HEADERS: Final = (
    "age",
    "cache-control",
    "cf-mitigated",
    "content-encoding",
    "content-language",
    "content-location",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "link",
    "retry-after",
    "tdm-policy",
    "tdm-reservation",
    "vary",
    "x-amzn-waf-action",
    "x-robots-tag",
)
"""Headers that a result keeps: what says what the body is (and whether it is a challenge), how long it holds, what may be done with it,
where else to look."""
FULL_EVERY: Final = 86400.0
"""Seconds after which an address is asked without conditions, so that a server whose validators lie is found out within a day."""
_MOST_VALIDATOR: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What is kept of an answer to ask for news only (RFC 9110, 13.1)."""

    url: str
    """The address that answered, after redirects: validators are sent to no other."""
    etag: str | None = None
    """Entity tag as given, weak or strong."""
    last_modified: str | None = None
    """Last-Modified as given."""
    sha256: str
    """Of the decompressed body, in hex: the second net where the others are missing or change without a change."""
    full_at: float
    """When the body was last sent in full, Unix time."""

    def conditions(self, url: str, now: float) -> list[tuple[str, str]]:
        """Return the headers that ask an address for news only; none for another address, or when it is time to look in full."""
        if url != self.url or not 0 <= now - self.full_at < FULL_EVERY:
            return []
        found = [("If-None-Match", self.etag)] if self.etag else []
        # With an entity tag a server ignores the date (RFC 9110, 13.1.3); those who know only the date get it too.
        if self.last_modified:
            found.append(("If-Modified-Since", self.last_modified))
        return found


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way."""

    url: str
    """What was asked."""
    status: int
    """What it answered."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long it took, in seconds."""

    started_at: float
    """When it began, Unix time."""
    waited: float
    """For the turn of the host, over all hops."""
    first_byte: float | None
    """From the look-up to the headers, of the last hop."""
    total: float
    """Of asking, without the waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The outcome of a fetch: content, or that nothing has changed, or a failure."""

    requested_url: str
    """As it was given."""
    url: str
    """Final address, in normal form; the requested one where nothing was asked."""
    hops: tuple[Hop, ...] = ()
    """All that was asked, in order, robots.txt left out."""
    moved_to: str | None = None
    """Final address when every redirect on the way was permanent (301, 308): ask there from now on."""
    peer: str | None = None
    """IP address that gave the final answer."""
    status: int | None = None
    """Status of the final answer."""
    headers: Mapping[str, str]
    """Those of KEPT_HEADERS that came, by lower-case name."""
    media_type: str | None = None
    """Of the body, lower case without parameters."""
    charset: str | None = None
    """Of the body, as declared in the header, lower case."""
    body: bytes | None = None
    """The body, decompressed. None when there is none to read: unchanged by 304, or a failure."""
    unchanged: str | None = None
    """Why there is nothing new: `304`, or `same-body` when the bytes are those of last time."""
    validators: Validators | None = None
    """To be kept and given to the next fetch; those of last time where this one brought none."""
    fresh_seconds: float | None = None
    """How long the answer holds by HTTP."""
    failure: Failure | None = None
    """Why there is no content."""
    rights: SeenRights = field(default_factory=SeenRights)
    """What the publisher reserves."""
    timing: Timing
    """How long it took."""


def validators_of(
    url: str, headers: Mapping[str, str], body: bytes | None, last: Validators | None, now: float
) -> Validators | None:
    """Return what to keep of an answer: of a full one its own, of a 304 those of last time with what it renews."""
    etag, modified = headers.get("etag", "").strip(), headers.get("last-modified", "").strip()
    kept_etag = etag if 0 < len(etag) <= _MOST_VALIDATOR and etag.isascii() and etag.isprintable() else None
    kept_modified = modified if len(modified) <= 64 and http_date(modified) is not None else None
    if body is not None:
        return Validators(
            url=url,
            etag=kept_etag,
            last_modified=kept_modified,
            sha256=hashlib.sha256(body).hexdigest(),
            full_at=now,
        )
    if last is None:
        return None
    return Validators(
        url=last.url,
        etag=kept_etag or last.etag,
        last_modified=kept_modified or last.last_modified,
        sha256=last.sha256,
        full_at=last.full_at,
    )
