"""Rules of an address's parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

from newswire.addresses import trackers
from newswire.addresses.parts import Hints, Pair, Parts, Rule
from newswire.addresses.percent import query_spelling

_YES: Final = frozenset({"", "1", "true", "yes", "on", "y"})
_NO: Final = frozenset({"0", "false", "no", "off"})
_FLAGS: Final = (
    "_amp amp amp-mode amp_markup ampmode fromrss fullpage is_amp is_mobile isamp ismobile isrss mobile mobile_view nomobile print "
    "print-view print_view printable printer_friendly printerfriendly printview rss single_page singlepage"
)
FLAGS: Final = frozenset(_FLAGS.split())
"""Names with yes or no as their value."""
_FORM_NAMES: Final = "outputtype output view mode format type template tmpl layout version display device platform noamp pagewanted"
FORM_NAMES: Final = frozenset(_FORM_NAMES.split())
"""Names with one of `FORMS` as their value."""
_FORMS: Final = "amp amphtml amp-html mobile print printable printerfriendly print-friendly desktop available"
FORMS: Final = frozenset(_FORMS.split())
"""How a page may be drawn."""
_SESSION_NAMES: Final = frozenset({"sid", "s", "session", "session_id", "sess"})
_SESSION_VALUE: Final = re.compile(
    r"(?=.*\d)(?:[0-9a-f]{26}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$", re.IGNORECASE
)
_CACHE_NAMES: Final = frozenset({"_", "cb", "rnd", "rand", "random", "nocache", "_t", "_ts", "_dc"})
_CACHE_VALUE: Final = re.compile(r"(?:0\.)?\d{9,}$")


def pairs_of(search: str, hints: Hints | None) -> list[Pair]:
    """Return a query's parameters, each in its one spelling, without those that a hint calls trackers."""
    pairs = []
    for each in _split(search[1:]):
        raw = query_spelling(each)
        name, _, value = raw.partition("=")
        if "%" in raw or "+" in raw:
            name, value = unquote_plus(name), unquote_plus(value)
        name = name.lower()
        if hints is None or name not in hints.trackers:
            pairs.append(Pair(name, value, raw))
    return pairs


def _split(query: str) -> Iterator[str]:
    """Yield the parameters. Before a tracker a second `?` is a `&`: it was added to an address that had a query."""
    for each in query.split("&"):
        first, *more = each.split("?") if "?" in each else (each,)
        for piece in more:
            if _is_name(piece.partition("=")[0]):
                yield from (first,) if first else ()
                first = piece
            else:
                first = f"{first}?{piece}"
        if first:
            yield first


def _is_name(name: str) -> bool:
    return name.lower() in trackers.NAMES or name.lower().startswith(trackers.PREFIXES)


def is_tracker(pair: Pair) -> bool:
    """Return whether a parameter's name alone says that it is none of the article."""
    name = pair.name
    return (
        name in trackers.NAMES
        or name.startswith(trackers.PREFIXES)
        or (name.endswith(trackers.SUFFIXES) and name not in trackers.NOT)
    )


def _says_where_from(pair: Pair) -> bool:
    if pair.name not in trackers.MAYBE or not pair.value:
        return False
    if trackers.CAME_FROM.match(pair.value):
        return True
    return pair.name in trackers.REFERRERS and bool(trackers.ADDRESS.match(pair.value))


def _says_how_drawn(pair: Pair) -> bool:
    value = pair.value.lower()
    if pair.name in FLAGS:
        return value in _YES or value in _NO or (value in FORMS)
    return pair.name in FORM_NAMES and (value in FORMS or (pair.name == "pagewanted" and value == "all"))


def _names_a_visit(pair: Pair) -> bool:
    if pair.name in _SESSION_NAMES:
        return bool(_SESSION_VALUE.match(pair.value))
    return pair.name in _CACHE_NAMES and bool(_CACHE_VALUE.match(pair.value))


def _trackers(parts: Parts) -> None:
    parts.pairs = [pair for pair in parts.pairs if not is_tracker(pair)]


def _evidence(parts: Parts) -> None:
    kept = [pair for pair in parts.pairs if not _says_where_from(pair)]
    if len(kept) < len(parts.pairs) and any(pair.name == "share" for pair in parts.pairs):
        kept = [pair for pair in kept if pair.raw != "nb=1"]  # what WordPress adds to `share`
    parts.pairs = kept


def _views(parts: Parts) -> None:
    parts.pairs = [pair for pair in parts.pairs if not _says_how_drawn(pair)]


def _visits(parts: Parts) -> None:
    parts.pairs = [pair for pair in parts.pairs if not _names_a_visit(pair)]


def _order(parts: Parts) -> None:
    if len(parts.pairs) > 1:
        once = dict.fromkeys(parts.pairs)
        parts.pairs = sorted(once, key=lambda pair: pair.raw.partition("=")[0])


RULES: Final = (
    Rule(
        name="query-spelling",
        step="query",
        what="Escapes that need not be decoded are decoded, all others are in capitals, a space is `+`; empty parameters and an empty "
        "query go.",
        why="It is the same string for every server.",
        same=(
            ("https://a.example/news?q=caf%c3%a9%20%7E", "https://a.example/news?q=caf%C3%A9+~"),
            ("https://a.example/news?&id=2&", "https://a.example/news?id=2"),
            ("https://a.example/news?", "https://a.example/news"),
            ("https://a.example?page=2", "https://a.example/?page=2"),
            ("https://a.example/news?id=2?utm_source=rss", "https://a.example/news?id=2"),
        ),
        apart=(("https://a.example/news?q=a%26b=1", "https://a.example/news?q=a&b=1"),),
    ),
    Rule(
        name="trackers",
        step="query",
        what="Parameters with a name of the list of trackers, or with one of its beginnings or ends, are dropped. Case does not count.",
        why="They say how a reader came, for whom, in which visit. Every name on the list belongs to the one who sets it.",
        same=(
            ("https://a.example/news?id=2&utm_source=x&UTM_Medium=y&fbclid=z", "https://a.example/news?id=2"),
            ("https://a.example/news?gclid=1&mc_cid=2&PHPSESSID=3", "https://a.example/news"),
            ("https://a.example/news?hmb_campaign=x", "https://a.example/news"),
        ),
        apart=(
            ("https://a.example/?id=1", "https://a.example/?id=2"),
            ("https://a.example/?p=10", "https://a.example/?p=11"),
            ("https://a.example/?utmost=1", "https://a.example/"),
            ("https://a.example/?data_source=1", "https://a.example/?data_source=2"),
        ),
        apply=_trackers,
    ),
    Rule(
        name="trackers-by-value",
        step="query",
        what="`ref`, `source`, `from`, `cid` and others of a second list are dropped only with a value that names a feed, a network, a "
        "newsletter or "
        "a place on the site, some also with an address.",
        why="The same names choose articles elsewhere: `?cid=1001` and `?cid=1002` are two.",
        same=(
            ("https://a.example/news?ref=rss", "https://a.example/news"),
            ("https://a.example/news?source=twitter", "https://a.example/news"),
            ("https://a.example/news?from=rss_main&cid=sm-1&cid=social", "https://a.example/news?cid=sm-1"),
            ("https://a.example/news?ref=https%3A%2F%2Fb.example%2F", "https://a.example/news"),
        ),
        apart=(
            ("https://a.example/?cid=1001", "https://a.example/?cid=1002"),
            ("https://a.example/?source=1", "https://a.example/?source=2"),
            ("https://a.example/?from=2020-01-01", "https://a.example/?from=2020-01-02"),
            ("https://a.example/?q=twitter", "https://a.example/?q=facebook"),
            ("https://a.example/?s=rss", "https://a.example/?s=twitter"),
        ),
        apply=_evidence,
    ),
    Rule(
        name="views",
        step="query",
        what="Parameters that only choose how a page is drawn (AMP, mobile, for print, on one page) are dropped, by name and value.",
        why="The text is the same. With another value the same name is kept: `?view=table`, `?print=12`.",
        same=(
            ("https://a.example/news?amp=1", "https://a.example/news"),
            ("https://a.example/news?amp", "https://a.example/news"),
            ("https://a.example/news?outputType=amp", "https://a.example/news"),
            ("https://a.example/news?id=2&print=1&view=mobile", "https://a.example/news?id=2"),
        ),
        apart=(
            ("https://a.example/?print=12", "https://a.example/?print=13"),
            ("https://a.example/?view=table", "https://a.example/?view=map"),
            ("https://a.example/?page=1", "https://a.example/?page=2"),
        ),
        apply=_views,
    ),
    Rule(
        name="visits",
        step="query",
        what="`sid`, `s` and `session` with 26, 32, 40 or 64 hexadecimal digits, and `_`, `cb`, `rnd` and the like with a long number, "
        "are dropped.",
        why="A session's id or a number against caches; shorter values choose articles.",
        same=(
            ("https://a.example/news?sid=0123456789abcdef0123456789abcdef", "https://a.example/news"),
            ("https://a.example/news?_=1700000000000", "https://a.example/news"),
        ),
        apart=(("https://a.example/?sid=1", "https://a.example/?sid=2"),),
        apply=_visits,
    ),
    Rule(
        name="order",
        step="query",
        what="Parameters stand in the order of their names; of two that are the same one goes. Those with one name keep their order.",
        why="Two orders of the same parameters are one request.",
        same=(
            ("https://a.example/news?b=2&a=1&b=2", "https://a.example/news?a=1&b=2"),
            ("https://a.example/news?a=2&a=1", "https://a.example/news?a=2&a=1"),
        ),
        apart=(("https://a.example/news?a=1&a=2", "https://a.example/news?a=2&a=1"),),
        apply=_order,
    ),
)  # fmt: skip
