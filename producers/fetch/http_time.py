"""Times and durations in HTTP headers, without a clock: how long an answer stays fresh, and when we are asked to come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS: Final = re.compile(r"[0-9]{1,10}")
_DIRECTIVE: Final = re.compile(r'([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]*)))?', re.IGNORECASE)
_MOST: Final = 10 * 365 * 86400.0  # seconds: what says more means "for ever"


def http_date(value: str) -> datetime | None:
    """Return an HTTP-date (RFC 9110, 5.6.7; the obsolete forms too) in UTC, or None for what is none."""
    try:
        found = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        # "GMT" is the only zone that HTTP knows; a date without one is meant so.
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After asks us to wait (RFC 9110, 10.2.3), or None where it says nothing that can be read.

    Both forms are read: seconds, and a date. A date is taken relative to the server's own Date header, because its clock may be
    wrong; one that is past is 0. `now` is used where there is no Date. Of several numbers (a server and the cache before it may each have
    sent the header) the largest counts.
    """
    value = headers.get("retry-after", "").strip()
    numbers = [each.strip() for each in value.split(",")]
    if all(map(_SECONDS.fullmatch, numbers)):
        return min(max(map(float, numbers)), _MOST)
    until = http_date(value)
    if until is None:
        return None
    said = http_date(headers.get("date", "")) or now
    return min(max((until - said).total_seconds(), 0.0), _MOST)


def fresh_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how long the answer may be used without asking again (RFC 9111, 4.2), or None where nothing is said.

    `Cache-Control: max-age` comes before `Expires`; `no-cache`, `no-store` and an Expires that is no date (`0`) mean 0; what the
    answer has aged in caches on the way (`Age`) is taken off. `s-maxage` speaks to shared caches, and is not for us.
    """
    directives: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(headers.get("cache-control", "")[:1000]):
        directives.setdefault(match[1].lower(), match[2] or match[3] or "")
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    age = headers.get("age", "").strip()
    aged = min(float(age), _MOST) if _SECONDS.fullmatch(age) else 0.0
    max_age = directives.get("max-age")
    if max_age is not None:
        lifetime = float(max_age) if _SECONDS.fullmatch(max_age) else 0.0
    elif "expires" in headers:
        expires = http_date(headers["expires"])
        if expires is None:
            return 0.0
        lifetime = (expires - (http_date(headers.get("date", "")) or now)).total_seconds()
    else:
        return None
    return min(max(lifetime - aged, 0.0), _MOST)
