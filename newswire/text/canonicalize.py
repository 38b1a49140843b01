"""One address for one article, so that its copies under other addresses are the same record."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import can_ada

from newswire.addresses.mend import mend
from newswire.addresses.parts import Hints, Pair, Parts
from newswire.addresses.query import pairs_of
from newswire.addresses.rules import RULES
from newswire.addresses.unwrap import unwrap
from newswire.text.logins import without_logins

MAX_URL_CHARACTERS: Final = 2048
_MAX_GIVEN: Final = 8 * MAX_URL_CHARACTERS
"""Characters of an address as given: one that is wrapped and escaped three times."""
_MAX_ROUNDS: Final = 10
"""How many addresses may stand in one another. Each round takes one out; usually the second finds nothing more to do."""
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)
_PORTS: Final = ("80", "443")
"""A server has the same articles on both, whatever scheme was written."""
_APPLIED: Final = tuple(
    rule.apply for rule in RULES if rule.apply is not None and rule.step in ("host", "path", "fragment")
)
_OF_QUERY: Final = tuple(rule.apply for rule in RULES if rule.apply is not None and rule.step == "query")


def canonicalize(url: str, base: str | None = None, hints: Hints | None = None) -> str:
    """Return the canonical form of a web address: what its copies under other addresses have in common. The form is idempotent.

    The address is mended, parsed as a browser does (WHATWG URL Standard), against `base` where it is relative, and then the rules of
    docs/urls.md are applied until none changes it. `hints` is what is known of the site's parameters.

    ValueError says why an address is none of an article: another scheme than http and https, no host, a user name or a password, more than
    `MAX_URL_CHARACTERS`, more than ten addresses in one another.
    """
    if len(url) > _MAX_GIVEN:
        raise ValueError(f"longer than {_MAX_GIVEN} characters: {_shown(url)!r}…")
    text = mend(url, relative=base is not None)
    for _ in range(_MAX_ROUNDS):
        shorter = _round(text, base, hints)
        if shorter == text:
            break
        text, base = shorter, None
    else:
        raise ValueError(f"more than {_MAX_ROUNDS} addresses in one another: {_shown(url)!r}")
    if len(text) > MAX_URL_CHARACTERS:
        raise ValueError(f"longer than {MAX_URL_CHARACTERS} characters: {_shown(text)!r}…")
    return text


def _round(text: str, base: str | None, hints: Hints | None) -> str:
    parsed = _parsed(text, base)
    host, path, search, fragment = parsed.hostname.rstrip("."), parsed.pathname, parsed.search, parsed.hash
    if not host:
        raise ValueError(f"no host in {_shown(text)!r}")
    inner = unwrap(host, path, search, fragment)
    if inner is not None and can_ada.can_parse(inner := mend(inner, relative=False)):
        return inner
    port = parsed.port if parsed.port not in _PORTS else ""
    parts = Parts(host, path or "/", pairs_of(search, hints) if search else [], fragment, bool(port))
    for apply in _APPLIED:
        apply(parts)
    if parts.pairs:
        _apply_to_query(parts, hints)
    query = f"?{'&'.join([pair.raw for pair in parts.pairs])}" if parts.pairs else ""
    scheme, at = (parsed.protocol, f":{port}") if port else ("https:", "")
    return f"{scheme}//{parts.host}{at}{parts.path}{query}{parts.fragment}"


def _apply_to_query(parts: Parts, hints: Hints | None) -> None:
    kept: list[Pair] = []
    if hints is not None and hints.meaningful:
        kept = [pair for pair in parts.pairs if pair.name in hints.meaningful]
        parts.pairs = [pair for pair in parts.pairs if pair.name not in hints.meaningful]
    for apply in _OF_QUERY[:-1]:
        apply(parts)
    parts.pairs += kept
    _OF_QUERY[-1](parts)


def canonical_or_none(url: str | None) -> str | None:
    """Return the canonical form of an address; None where there is none, or it is not an address of an article."""
    return _known(url) if url and len(url) <= _MAX_GIVEN else None


@lru_cache(maxsize=256)
def _known(url: str) -> str | None:
    # a page names few addresses, and each of them many times
    try:
        return canonicalize(url)
    except ValueError:
        return None


def _parsed(text: str, base: str | None) -> can_ada.URL:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueError(f"{scheme[1].lower()} addresses are none of an article: {_shown(text)!r}")
    try:
        parsed = can_ada.parse(base) + text if base else can_ada.parse(text)
    except (ValueError, TypeError) as error:  # TypeError: a lone surrogate, which no UTF-8 can hold
        raise ValueError(f"not an address that a browser would open: {_shown(text)!r}") from error
    if parsed.protocol not in ("http:", "https:"):
        raise ValueError(f"{parsed.protocol} addresses are none of an article: {_shown(text)!r}")
    if parsed.username or parsed.password:
        raise ValueError("an address with a user name or password in it is not for publication")
    return parsed


def _shown(text: str) -> str:
    return without_logins(text[:200])[:80]
