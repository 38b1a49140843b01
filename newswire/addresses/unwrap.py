"""The address inside an address."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, unquote_plus

from newswire.addresses import wrappers
from newswire.addresses.parts import Rule
from newswire.addresses.wrappers import Redirector

_ADDRESS: Final = re.compile(r"https?:/{1,2}[^/\s]", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,24}(?::\d+)?(?:/|$)", re.IGNORECASE)
_BY_HOST: Final[dict[str, list[Redirector]]] = {}
for _each in wrappers.REDIRECTORS:
    for _host in _each.hosts.split():
        _BY_HOST.setdefault(_host, []).append(_each)
_COPIES: Final = {
    host: re.compile(pattern, re.IGNORECASE)
    for hosts, pattern in wrappers.COPIES.items()
    for host in hosts.split()
}
_WWW: Final = re.compile(r"www\.[a-z0-9-]+\.[a-z.]{2,}/", re.IGNORECASE)
_NEWS: Final = re.compile(r"/(?:__i/)?(?:rss/)?(?:rd/)?(?:articles|read)/(CB[\w-]+)")
_CACHE: Final = re.compile(r"cache:(?:[\w-]{8,16}:)?((?:https?:/|[^\s:+]+\.)[^\s+]+)")
_DEFENSE_3: Final = re.compile(r"/v3/__(https?:/.+?)__;")
_MARK: Final = re.compile("%3f", re.IGNORECASE)
_RU: Final = re.compile(r"/RU=([^/;]+)")
_CISCO: Final = re.compile(r"/(https?%3a%2f%2f[^/]+)$", re.IGNORECASE)


def unwrap(host: str, path: str, search: str, fragment: str) -> str | None:
    """Return the address that an address leads to or is a copy of; None for one that is neither."""
    host = host.removeprefix("www.")
    rest = f"{search}{fragment}"
    for name in _names(host):
        for redirector in _BY_HOST.get(name, ()):
            if redirector.path.match(path) and (
                found := _in_query(redirector.parameters.split(), search, known=True)
            ):
                return found
        pattern = _COPIES.get(name)
        copied = pattern.match(path) if pattern is not None else None
        if copied is not None and (inner := _copied(copied, rest)):
            return inner
    special = _special(host, path, search)
    if special is not None:
        return special
    if "http" in search and wrappers.OUTWARD.search(path):
        return _in_query(wrappers.OUTWARD_PARAMETERS, search)
    if "/http" in path.lower() and (memento := wrappers.MEMENTO.search(path)):
        return f"{memento[1]}{rest}"
    return None


def _names(host: str) -> Iterator[str]:
    yield host
    after = host.partition(".")[2]
    while "." in after:
        yield f"*.{after}"
        after = after.partition(".")[2]
    if "google." in host and wrappers.GOOGLE.match(host):
        yield "google.*"


def _in_query(names: list[str] | tuple[str, ...], search: str, *, known: bool = False) -> str | None:
    """Return the address in one of these parameters. On a host that is known for it, it may lack its scheme."""
    if wrappers.TEXT in names:
        return _address(unquote(search[1:]) if not search.startswith("?http") else search[1:])
    given: dict[str, str] = {}
    for each in search[1:].split("&"):
        name, _, value = each.partition("=")
        given.setdefault(name.lower(), value)
    for name in names:
        value = unquote_plus(given.get(name, ""))
        if found := _address(value):
            return found
        if known and _WWW.match(value):
            return f"https://{value}"
    return None


def _copied(found: re.Match[str], rest: str) -> str | None:
    inner = found[found.re.groups]
    if inner[:8].lower().startswith(("http%3a", "https%3a")):
        inner = unquote(inner)
    if found.re.groups == 2 and "?" not in rest:  # caches of AMP escape the query's mark
        inner = _MARK.sub("?", inner, count=1)
    if _ADDRESS.match(inner):
        return f"{inner}{rest}"
    return f"https://{inner}{rest}" if _HOST.match(inner) else None


def _address(text: str) -> str | None:
    if _ADDRESS.match(text):
        return text
    twice = unquote(text) if "%" in text[:12] else text
    return twice if _ADDRESS.match(twice) else None


def _special(host: str, path: str, search: str) -> str | None:
    """Return the address inside those that write it in a way of their own."""
    match host:
        case "news.google.com":
            return _encoded(found[1]) if (found := _NEWS.match(path)) else None
        case "webcache.googleusercontent.com":
            cached = _CACHE.search(unquote(search))
            return _copied(cached, "") if cached else None
        case "urldefense.proofpoint.com" | "urldefense.com":
            return _defended(path, search)
        case "bing.com" if path == "/ck/a":
            found = re.search(r"[?&]u=a1([\w-]+)", search)
            return _encoded(found[1]) if found else None
        case "r.search.yahoo.com":
            return _address(unquote(found[1])) if (found := _RU.search(path)) else None
        case "secure-web.cisco.com":
            return _address(unquote(found[1])) if (found := _CISCO.search(path)) else None
    return None


def _defended(path: str, search: str) -> str | None:
    if found := _DEFENSE_3.match(path + search):
        return found[1]
    written = re.search(r"[?&]u=([^&]+)", search)
    if written and path.startswith("/v2/"):
        return _address(unquote(written[1].replace("-", "%").replace("_", "/")))
    return _address(unquote_plus(written[1])) if written else None


def _encoded(text: str) -> str | None:
    """Return the address in base64, alone or in a message whose field before it is its length."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    if data[:1] == b"h":
        return _address(data.decode("ascii", "replace"))
    start = data.find(b'"')
    if start < 0 or start > 8 or len(data) < start + 4:
        return None
    length, begin = data[start + 1], start + 2
    if length & 0x80:  # two bytes of seven bits each
        length, begin = (length & 0x7F) | data[begin] << 7, begin + 1
    return _address(data[begin : begin + length].decode("ascii", "replace"))


RULES: Final = (
    Rule(
        name="redirectors",
        step="wrapper",
        what="An address that only sends readers on, or asks them to share another, is the address that it sends "
        "them to: the hosts below, and any host whose path ends in "
        "`/redirect`, `/out`, `/away` and the like with a whole address as its parameter. Short links stay: where they lead is not in "
        "them.",
        why="What is read is the page behind. Only a whole address with `http` counts.",
        same=(
            ("https://www.google.com/url?sa=t&q=https%3A%2F%2Fa.example%2Fnews%2F1&usg=x", "https://a.example/news/1"),
            ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fnews%2F1%3Ffbclid%3Dx&h=y", "https://a.example/news/1"),
            ("https://t.umblr.com/redirect?z=https%3A%2F%2Fa.example%2Fnews%2F1&t=x", "https://a.example/news/1"),
            ("https://out.reddit.com/t3_x?url=https%3A%2F%2Fa.example%2Fnews%2F1&token=y", "https://a.example/news/1"),
            ("https://vk.com/away.php?to=https%3A%2F%2Fa.example%2Fnews%2F1", "https://a.example/news/1"),
            ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fnews%2F1&data=x", "https://a.example/news/1"),
            ("https://urldefense.com/v3/__https://a.example/news/1__;!!x", "https://a.example/news/1"),
            ("https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fa.example%2Fnews%2F1", "https://a.example/news/1"),
            ("https://b.example/redirect?url=https%3A%2F%2Fa.example%2Fnews%2F1", "https://a.example/news/1"),
            ("https://news.google.com/rss/articles/CBMiGGh0dHBzOi8vYS5leGFtcGxlL25ld3MvMQ?oc=5", "https://a.example/news/1"),
        ),
        apart=(
            ("https://b.example/review?url=https%3A%2F%2Fa.example%2Fnews%2F1", "https://a.example/news/1"),
            ("https://b.example/login?redirect=https%3A%2F%2Fa.example%2Fnews%2F1", "https://a.example/news/1"),
            ("https://bit.ly/aBcDeF", "https://bit.ly/abcdef"),
        ),
    ),
    Rule(
        name="copies",
        step="wrapper",
        what="The address of a copy in a web archive, in an AMP cache or in a search engine's cache is the address that was copied.",
        why="It is the same article, at one time. Short names of copies (`archive.ph/aBcDe`) stay: what they are of is not in them.",
        same=(
            ("https://web.archive.org/web/20200102030405/http://www.a.example/news/1?id=2", "https://a.example/news/1?id=2"),
            ("https://web.archive.org/web/20200102030405id_/https://a.example/news/1", "https://a.example/news/1"),
            ("https://archive.ph/2020.01.02-030405/https://a.example/news/1", "https://a.example/news/1"),
            ("https://archive.is/https://a.example/news/1", "https://a.example/news/1"),
            ("https://webcache.googleusercontent.com/search?q=cache:aBcDeFgHiJkL:https://a.example/news/1+quay", "https://a.example/news/1"),
            ("https://www-a-example.cdn.ampproject.org/c/s/www.a.example/news/1?amp_js_v=0.1", "https://a.example/news/1"),
            ("https://www.google.com/amp/s/www.a.example/news/1/amp", "https://a.example/news/1"),
        ),
        apart=(
            ("https://archive.ph/aBcDe", "https://archive.ph/abcde"),
            ("https://web.archive.org/web/2020/http://a.example/news/1", "https://web.archive.org/web/2020/http://a.example/news/2"),
        ),
    ),
)  # fmt: skip
