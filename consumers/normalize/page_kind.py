"""Pages that are no articles, told before their text is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from consumers.normalize.jsonld_graph import Graph, strings, types
from consumers.normalize.notice_words import (
    CHALLENGE_MARK,
    CHALLENGE_TEXT,
    CHALLENGE_TITLE,
    CONSENT,
    CONSENT_TITLE,
    GONE,
    SEARCH,
)
from consumers.normalize.page_title import without_site
from consumers.normalize.short_text import short_text
from consumers.normalize.site_names import SiteNames
from newswire.errors import Reject
from newswire.text.hygiene import title

Reason = Literal["bot-challenge", "consent-page", "soft-404", "search-page", "section-page"]

_SEARCH_PATH: Final = re.compile(
    r"/(?:search|suche|recherche|buscar?|busqueda|ricerca|zoeken|sok|szukaj)(?:/|\.\w+)?$", re.IGNORECASE
)
_SEARCH_QUERY: Final = re.compile(r"(?:^|&)(?:q|s|query|search|keyword|suche?|text)=[^&]", re.IGNORECASE)
_LISTS: Final = frozenset(("CollectionPage", "SearchResultsPage"))
_HOME_PATH: Final = re.compile(r"^/?(?:index\.\w+|home(?:\.\w+)?|[a-z]{2}(?:-[a-z]{2})?)?/?$", re.IGNORECASE)
_NOT_TEXT: Final = frozenset(("script", "style", "noscript", "template", "svg", "iframe"))
_LONGEST_TITLE: Final = 1_000
_SHORT_NOTICE: Final = 1_500
"""Letters: what has more of them outside of links is no challenge, and no error page."""
_SHORTEST_NOTICE: Final = 600
_LONG_NOTICE: Final = 6_000
"""Letters: consent pages list purposes and partners, and are longer than other notices."""
_CONSENT_SHARE: Final = 0.5
_LINKED_SHARE: Final = 0.75
_LINKED_SHARE_OF_MANY: Final = 0.5
_MANY_LINKED_HEADLINES: Final = 40
_FEWEST_LINKED_HEADLINES: Final = 15
_HEADLINE_LETTERS: Final = 25
_REST_OF_A_LIST: Final = 800


@dataclass(slots=True)
class _Shown:
    """What a page shows, in letters."""

    plain: int = 0
    """Outside of links."""
    linked: int = 0
    """In links."""
    consenting: int = 0
    """In blocks that speak of cookies, consent, partners or advertising."""
    headlines: int = 0
    """How many links are as long as headlines."""
    challenges: bool = False
    """Whether it asks to prove that somebody is human."""


def refuse_other_kinds(
    tree: HtmlElement,
    named: dict[str, list[str]],
    graph: Graph,
    sites: SiteNames,
    url: str | None,
) -> None:
    """Raise `Reject` for a page that is no article: `bot-challenge`, `consent-page`, `soft-404`, `search-page`, `section-page`.

    Called for pages without an article in JSON-LD, before hidden and active parts are removed. A page that otherwise says that it is one
    (`og:type`, `article:published_time`) is believed. A page that only looks like another kind is read as an article: losing one is worse.
    """
    if "article" in _first(named, "og:type").lower() or _first(named, "article:published_time"):
        return
    titles = [without_site(text, sites) for text in _titles(tree, named)]
    parts = _split(url or "")
    kinds = frozenset(kind for node in _of_page(graph, parts.path) for kind in types(node))
    shown = _shown(tree)
    if shown.plain <= _SHORT_NOTICE and _is_challenge(tree, titles, shown):
        _refuse(
            "bot-challenge", "the page asks whether a human reads it", "capture it with the publisher's leave"
        )
    if _is_consent(titles, parts.netloc + parts.path, shown):
        _refuse(
            "consent-page",
            "the page asks for consent to cookies",
            "capture it after consent was given or refused",
        )
    if shown.plain <= _SHORT_NOTICE and any(GONE.search(text) for text in titles):
        _refuse("soft-404", "the page says that there is nothing", "look for the article's address")
    lists = shown.headlines >= _FEWEST_LINKED_HEADLINES and shown.plain < _REST_OF_A_LIST + shown.linked
    if "SearchResultsPage" in kinds or (
        any(SEARCH.search(text) for text in titles)
        and (_SEARCH_PATH.search(parts.path) or _SEARCH_QUERY.search(parts.query))
    ):
        _refuse(
            "search-page", "the page is a list of what a search found", "capture the articles that it lists"
        )
    if lists and (
        kinds & _LISTS
        or (parts.netloc and _HOME_PATH.match(parts.path) and not parts.query and not parts.fragment)
    ):
        share = shown.linked / max(1, shown.linked + shown.plain)
        if kinds & _LISTS or share > (
            _LINKED_SHARE_OF_MANY if shown.headlines >= _MANY_LINKED_HEADLINES else _LINKED_SHARE
        ):
            _refuse(
                "section-page",
                f"a home or section page: {shown.headlines} links to articles, {share:.0%} of its text in links",
                "capture the articles that it lists",
            )


def _refuse(reason: Reason, what: str, instead: str) -> None:
    raise Reject(reason, f"{what}: {instead}", "/body")


def _of_page(graph: Graph, path: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes that may be the page itself: not those of a list, nor with another address."""
    for node, listed in graph.nodes:
        address = next(iter(strings(node.get("url")) or strings(node.get("@id"))), None)
        if not listed and (address is None or _split(address).path == path):
            yield node


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # a host in brackets that is no address
        return SplitResult("", "", "", "", "")


def _first(named: dict[str, list[str]], key: str) -> str:
    return next(iter(named.get(key, ())), "")


def _titles(tree: HtmlElement, named: dict[str, list[str]]) -> list[str]:
    headings = [short_text(element, _LONGEST_TITLE) for element in list(tree.iter("h1"))[:3]]
    titles = [element.text or "" for element in list(tree.iterfind(".//title"))[:1]]
    return [text for given in (*titles, *headings, _first(named, "og:title")) if (text := title(given))]


def _is_challenge(tree: HtmlElement, titles: list[str], shown: _Shown) -> bool:
    named = any(CHALLENGE_TITLE.search(text) for text in titles)
    if named and shown.challenges:
        return shown.plain <= _SHORT_NOTICE
    return (shown.challenges or (named and shown.plain <= _SHORTEST_NOTICE)) and any(
        CHALLENGE_MARK.search(" ".join((*map(str, element.attrib.values()), element.text or "")))
        for element in tree.iter("script", "div", "form", "iframe", "meta")
    )


def _is_consent(titles: list[str], address: str, shown: _Shown) -> bool:
    whole = shown.plain + shown.linked
    if whole > _LONG_NOTICE or not shown.consenting:
        return False
    share = shown.consenting / max(1, whole)
    return share > _CONSENT_SHARE and (
        any(CONSENT_TITLE.search(text) for text in titles)
        or bool(re.search(r"consent|cookie-?wall|privacy-?gate", address, re.IGNORECASE))
    )


def _shown(tree: HtmlElement) -> _Shown:
    shown = _Shown()
    said: list[str] = []
    pending = list(tree.iterfind("body"))
    while pending:
        element = pending.pop()
        if element.tag in _NOT_TEXT:
            continue
        texts = list(element.itertext()) if element.tag == "a" else [element.text or ""]
        if element.tag == "a":
            shown.headlines += len("".join(texts).strip()) >= _HEADLINE_LETTERS
        else:
            texts += [child.tail or "" for child in element]
            pending += [child for child in element if isinstance(child, HtmlElement)]
            said += texts
        for text in texts:
            letters = len("".join(text.split()))
            if element.tag == "a":
                shown.linked += letters
            else:
                shown.plain += letters
            if letters and CONSENT.search(text[:_LONG_NOTICE]):
                shown.consenting += letters
    shown.challenges = bool(CHALLENGE_TEXT.search(" ".join(said)[:_LONG_NOTICE]))
    return shown
