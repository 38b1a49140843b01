"""Pages that are no articles, told before their text is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from consumers.normalize.jsonld_graph import Graph, strings, types
from consumers.normalize.page_kind_words import (
    CHALLENGE_MARK,
    CHALLENGE_TITLE,
    CONSENT_TITLE,
    GONE,
    SEARCH,
)
from consumers.normalize.page_prose import Shown, shown_by
from consumers.normalize.page_title import without_site
from consumers.normalize.short_text import short_text
from consumers.normalize.site_names import SiteNames
from newswire.addresses.looks import looks_like, slug_words
from newswire.errors import Reject
from newswire.text.hygiene import title

Reason = Literal["bot-challenge", "consent-page", "soft-404", "search-page", "section-page"]

_SEARCH_PATH: Final = re.compile(
    r"/(?:search|suche|recherche|buscar?|busqueda|ricerca|zoeken|sok|szukaj)(?:/|\.\w+)?$", re.IGNORECASE
)
_SEARCH_QUERY: Final = re.compile(r"(?:^|&)(?:q|s|query|search|keyword|suche?|text)=[^&]", re.IGNORECASE)
_CONSENT_ADDRESS: Final = re.compile(r"consent|zustimmung|cookie-?wall|privacy-?gate", re.IGNORECASE)
_LISTS: Final = frozenset(("CollectionPage", "SearchResultsPage"))
_HOME_PATH: Final = re.compile(r"^/?(?:index\.\w+|home(?:\.\w+)?|[a-z]{2}(?:-[a-z]{2})?)?/?$", re.IGNORECASE)
_LONGEST_TITLE: Final = 1_000
_SHORT_NOTICE: Final = 1_500
"""Letters: what has more of them outside of links is no challenge, and no error page."""
_LONG_NOTICE: Final = 6_000
"""Letters: consent pages list purposes and partners, and are longer than other notices."""
_CONSENT_SHARE: Final = 0.5
_ASKING_SHARE: Final = 0.2
_LINKED_SHARE: Final = 0.75
_LINKED_SHARE_OF_MANY: Final = 0.5
_MANY_LINKED_HEADLINES: Final = 40
_FEWEST_LINKED_HEADLINES: Final = 15
_REST_OF_A_LIST: Final = 800
_WORDS_OF_A_SECTION: Final = 2
_LETTERS_OF_A_SECTION: Final = 12
"""Of titles beyond ASCII: in some scripts a whole headline is one word."""


def refuse_other_kinds(
    tree: HtmlElement,
    named: dict[str, list[str]],
    graph: Graph,
    sites: SiteNames,
    url: str | None,
    *,
    called: Iterable[HtmlElement],
    says_article: bool = False,
) -> None:
    """Raise `Reject` for a page that is no article: `bot-challenge`, `consent-page`, `soft-404`, `search-page`, `section-page`.

    Called before hidden and active parts are removed; `called` are the page's title and its first top headings. It
    takes two independent kinds of evidence, and no running text as in an article
    (`Shown.tells`). A page that says that it is an article (`says_article`: in JSON-LD or microdata; `og:type`,
    `article:published_time`) is believed, but for walls that are certain: publishers leave their metadata in place behind them. `og:type`
    alone is not believed of a page that says that there is none. A page
    that only looks like another kind is read as an article: losing one is worse.
    """
    surely = says_article or bool(_first(named, "article:published_time"))
    believed = surely or "article" in _first(named, "og:type").lower()
    titles = [without_site(text, sites) for text in _titles(called, named)]
    parts = _split(url or "")
    called_consent = bool(_CONSENT_ADDRESS.search(parts.netloc + parts.path)) or any(
        CONSENT_TITLE.search(text) for text in titles
    )
    # Templates say `article` of every page, of one that is not there too.
    may_be_gone = not surely and any(GONE.search(text) for text in titles)
    is_called_so = called_consent or may_be_gone or any(CHALLENGE_TITLE.search(text) for text in titles)
    if believed and not is_called_so:
        return  # most articles: the walk over the page is long
    shown = shown_by(tree)
    if _is_challenge(tree, titles, shown, 3 if believed else 2):
        _refuse(
            "bot-challenge", "the page asks whether a human reads it", "capture it with the publisher's leave"
        )
    if called_consent and _asks_for_consent(shown):
        _refuse(
            "consent-page",
            "the page asks for consent to cookies",
            "capture it after consent was given or refused",
        )
    if may_be_gone and _is_gone(shown):
        _refuse("soft-404", "the page says that there is nothing", "look for the article's address")
    if believed:
        return
    kinds = frozenset(kind for node in _of_page(graph, parts.path) for kind in types(node))
    if _is_search(kinds, titles, parts, shown):
        _refuse(
            "search-page", "the page is a list of what a search found", "capture the articles that it lists"
        )
    if _is_section(titles, url, shown):
        _refuse(
            "section-page",
            f"a home or section page: {shown.headlines} links to articles, and no running text but beside them",
            "capture the articles that it lists",
        )
    if _is_list(kinds, parts, shown):
        _refuse(
            "section-page",
            f"a home or section page: {shown.headlines} links to articles, {_linked_share(shown):.0%} of its text in links",
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


def _titles(called: Iterable[HtmlElement], named: dict[str, list[str]]) -> list[str]:
    texts = [
        (each.text or "") if each.tag == "title" else short_text(each, _LONGEST_TITLE) for each in called
    ]
    return [text for given in (*texts, _first(named, "og:title")) if (text := title(given))]


def _is_gone(shown: Shown) -> bool:
    """Whether a page that is called so shows nothing else."""
    return not (shown.plain > _SHORT_NOTICE or shown.tells() or shown.reported)


def _is_search(kinds: frozenset[str], titles: list[str], parts: SplitResult, shown: Shown) -> bool:
    if "SearchResultsPage" in kinds:
        return True
    asked = _SEARCH_PATH.search(parts.path) or _SEARCH_QUERY.search(parts.query)
    return bool(asked) and any(SEARCH.search(text) for text in titles) and not shown.tells()


def _is_list(kinds: frozenset[str], parts: SplitResult, shown: Shown) -> bool:
    """Whether a page is mostly links to articles, and says so itself or has the address of a home page."""
    if shown.headlines < _FEWEST_LINKED_HEADLINES or shown.plain >= _REST_OF_A_LIST + shown.linked:
        return False
    if kinds & _LISTS:
        return True
    is_home = parts.netloc and _HOME_PATH.match(parts.path) and not parts.query and not parts.fragment
    least = _LINKED_SHARE_OF_MANY if shown.headlines >= _MANY_LINKED_HEADLINES else _LINKED_SHARE
    return bool(is_home) and _linked_share(shown) > least


def _linked_share(shown: Shown) -> float:
    return shown.linked / max(1, shown.linked + shown.plain)


def _is_section(titles: list[str], url: str | None, shown: Shown) -> bool:
    if shown.headlines < _FEWEST_LINKED_HEADLINES or shown.tells() or shown.linked < 2 * shown.running:
        return False
    parts = _split(url or "")
    if not parts.netloc:
        return False
    looks = looks_like(parts.geturl())
    if looks != "section":
        return looks == "home"
    words = slug_words(parts.path.rstrip("/").rpartition("/")[2])
    return any(
        (len(text.split()) <= _WORDS_OF_A_SECTION and (text.isascii() or len(text) <= _LETTERS_OF_A_SECTION))
        or (len(words) == 1 and words[0] in text.lower().split())
        for text in titles
    )


def _is_challenge(tree: HtmlElement, titles: list[str], shown: Shown, evidence: int) -> bool:
    if shown.plain > _SHORT_NOTICE or shown.paragraphs or shown.reported:
        return False
    named = any(CHALLENGE_TITLE.search(text) for text in titles)
    if named + shown.challenges < evidence - 1:
        return False
    marked = any(
        CHALLENGE_MARK.search(" ".join((*map(str, element.attrib.values()), element.text or "")))
        for element in tree.iter("script", "div", "form", "iframe", "meta")
    )
    return named + shown.challenges + marked >= evidence


def _asks_for_consent(shown: Shown) -> bool:
    whole = shown.plain + shown.linked
    return (
        whole <= _LONG_NOTICE
        and shown.consenting > _CONSENT_SHARE * whole
        and shown.asking > _ASKING_SHARE * whole
        and shown.reported <= shown.asking + shown.addressed
        and not shown.tells()
    )
