"""Which address a page is under: its own, or the one that it says it should be under, where that can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import can_ada
from lxml.html import HtmlElement

from consumers.hosts import of_one_site, parent_of_both
from consumers.normalize.extraction import Candidate
from newswire.addresses.leads import leads_elsewhere
from newswire.addresses.looks import ID_NAMES, looks_like, slug_words
from newswire.text.canonicalize import canonical_or_none
from schemas.core.provenance import Origin

_NUMBER: Final = re.compile(r"\d{5,}")
_DIGITS: Final = re.compile(r"\d+")
_KEY: Final = re.compile(r"(?=.*(?:[a-z].*[A-Z]|[A-Za-z].*\d|\d.*[A-Za-z]))[A-Za-z0-9]{6,}$")
_LONGEST_KEY: Final = 24
_DAY: Final = re.compile(r"/(?:19|20)\d{2}/?\d{2}/?\d{2}(?=\D|$)")
_PAGES: Final = frozenset({"page", "pg", "seite", "paged", "pagina"})
_FEWEST_WORDS: Final = 3
_LANGUAGES: Final = re.compile(
    r"(?:ar|bg|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|nl|no|pl|pt|ro|ru|sk|sl|sq|sr|sv|th|tr|uk|vi|zh)(?:[-_][a-z]{2})?"
)
"""As paths begin with them."""
_TEMPLATE: Final = re.compile(r"\{\{|%7B%7B|\$\{|\$%7B|<%|%3C%25|\[%", re.IGNORECASE)
"""A place in a template that was never filled."""


def page_addresses(
    links: Iterable[HtmlElement], named: dict[str, list[str]], url: str | None, base: str | None
) -> list[Candidate]:
    """Return the candidates for the address of a page that was captured from `url`, as they are written, the most believed first.

    `links` are its `link` elements, `base` is what its relative addresses relate to.

    `rel=canonical` and then `og:url` go before the capture's own, but for those with a doubt: what they cannot be is said there.
    """
    own = canonical_or_none(url)
    believed: list[Candidate] = []
    doubted: list[Candidate] = []
    for href, origin in _said(links, named, base, own):
        written = _absolute(href, base)
        address = canonical_or_none(written)
        if address is None or _TEMPLATE.search(href):
            why: str | None = "no address of an article"
        else:
            why = why_not(address, own)
        (doubted if why else believed).append(Candidate(written, origin, refused=why))
    mine = [Candidate(url, "declared")] if url and own else []
    if url and own is None:
        doubted.append(Candidate(url, "declared"))  # the reason is found where it is read
    return [*believed, *mine, *doubted]


def why_not(address: str, own: str | None) -> str | None:
    """Return why a page captured from `own` is not under an address that it gives, or None. Both are in canonical form."""
    looks = looks_like(address)
    if own is None:
        return "the home page" if looks == "home" else None
    if address == own:
        return None
    if looks == "home" and looks_like(own) != "home":
        return "the home page"
    if leads_elsewhere(urlsplit(own).hostname or ""):
        return "a section of the site" if looks == "section" else None
    if not same_site(address, own) and not _same_number_beside(urlsplit(address), urlsplit(own)):
        return "another host: a copy has its address where it was captured"
    return _other_article(urlsplit(address), urlsplit(own), looks)


def same_site(one: str, other: str) -> bool:
    """Return whether one address's host is the other's, or under it. With their ports: behind another one is another site."""
    return of_one_site(urlsplit(one).netloc, urlsplit(other).netloc)


def _same_number_beside(address: SplitResult, own: SplitResult) -> bool:
    """Return whether an address has the page's number, on a host beside its own: publishers move sections between these."""
    return parent_of_both(address.netloc, own.netloc) is not None and bool(_numbers(own) & _numbers(address))


def _other_article(address: SplitResult, own: SplitResult, looks: str) -> str | None:
    """Return why an address on the page's own site is that of another page, or None."""
    mine, its = _parameters(own.query), _parameters(address.query)
    numbers, others = _numbers(own), _numbers(address)
    if (language := _language(own.path)) and (another := _language(address.path)) and language != another:
        return "the article in another language"
    if numbers and others and not numbers & others:
        return "another article: it has another number"
    if numbers & others or _keys(own) & _keys(address):
        return None
    if any(
        value not in ("", "0", "1") and its.get(name) != value
        for name, value in mine.items()
        if name in _PAGES
    ):
        return "another page of the article"
    is_section = looks_like(own.geturl()) == "article" or _is_below(own.path, address.path)
    if looks != "article" and mine.keys() - its.keys() and own.path == address.path:
        return "it leaves out the parameters that say which article it is"
    return "a section of the site" if looks == "section" and is_section else _other_slug(own, address)


def _other_slug(own: SplitResult, address: SplitResult) -> str | None:
    """Return why the slug of an address is that of another article: it shares no word, of which there are many, or which have numbers."""
    words, its_words = _words(own), _words(address)
    many = len(words) >= _FEWEST_WORDS <= len(its_words) and not words & its_words
    (above, _, last), (its_above, _, its_last) = (
        unquote(each.path).rpartition("/") for each in (own, address)
    )
    numbers, its_numbers = _DIGITS.findall(last), _DIGITS.findall(its_last)
    numbered = numbers and its_numbers and set(numbers).isdisjoint(its_numbers)
    words, its_words = set(slug_words(last)), set(slug_words(its_last))
    alike = (words and its_words) or above == its_above  # a number may also be of another kind: `/n/4711`
    if many or (numbered and alike and words.isdisjoint(its_words)):
        return "another article: it has no word in common"
    return None


def _language(path: str) -> str | None:
    """Return the language that a path begins with."""
    first = path.split("/", 2)[1].lower() if "/" in path else ""
    return first[:2] if _LANGUAGES.fullmatch(first) else None


def _is_below(path: str, section: str) -> bool:
    """Return whether a path is that of a section and a slug under it: of two words, or with a number. `/wall/comments` is no slug."""
    rest = path.removeprefix(f"{section.rstrip('/')}/") if path.startswith(f"{section.rstrip('/')}/") else ""
    return len(slug_words(unquote(rest))) > 1 or len("".join(_DIGITS.findall(rest))) > 1


def _numbers(parts: SplitResult) -> set[str]:
    """Return the numbers that may name an article: long ones in the path, those of parameters that name one."""
    named = {
        value for name, value in _parameters(parts.query).items() if name in ID_NAMES and value.isdigit()
    }
    return named | set(_NUMBER.findall(_DAY.sub("", parts.path)))


def _keys(parts: SplitResult) -> set[str]:
    """Return the segments of the path that can hardly be words: of digits, or of capitals and others mixed."""
    return {each for each in parts.path.split("/") if len(each) <= _LONGEST_KEY and _KEY.match(each)}


def _parameters(query: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in query.split("&") if each)
    return {name.lower(): value for name, _, value in pairs}


def _words(parts: SplitResult) -> set[str]:
    """Return the words of the segment that has most of them."""
    most: list[str] = []
    for segment in parts.path.split("/"):
        words = slug_words(unquote(segment))
        most = words if len(words) > len(most) else most
    return set(most)


def _said(
    links: Iterable[HtmlElement], named: dict[str, list[str]], base: str | None, own: str | None
) -> Iterator[tuple[str, Origin]]:
    canonical = (link for link in links if "canonical" in (link.get("rel") or "").lower().split())
    hrefs = dict.fromkeys(href for link in canonical if (href := (link.get("href") or "").strip()))
    # Of several the page's own: another one is a neighbour's, or the template's.
    for href in sorted([*hrefs][:3], key=lambda each: canonical_or_none(_absolute(each, base)) != own):
        yield href, "html"
    for content in named.get("og:url", ())[:1]:
        yield content, "opengraph"


def base_of(elements: Iterable[HtmlElement], url: str | None) -> str | None:
    """Return what relative addresses of a page with these `base` elements relate to."""
    href = next((href for each in elements if (href := each.get("href")) is not None), None)
    return url if href is None else _absolute(href, url)


def _absolute(href: str, base: str | None) -> str:
    try:
        joined: str = (can_ada.parse(base) + href.strip()).href if base else href
    except (ValueError, TypeError):  # TypeError: a lone surrogate
        return href
    return href if canonical_or_none(href) else joined
