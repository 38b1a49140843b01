"""Who a page says wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement

from consumers.normalize.bylines import byline_parts, is_full_name, read_bylines
from consumers.normalize.elements import elements
from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.jsonld_graph import strings
from consumers.normalize.short_text import short_text
from consumers.normalize.site_names import SiteNames
from newswire.text.hygiene import line
from schemas.core.provenance import Origin

_METAS: Final[tuple[tuple[str, Origin], ...]] = (
    ("article:author", "opengraph"),
    ("article:author_name", "opengraph"),
    ("author", "meta"),
    ("parsely-author", "meta"),
    ("sailthru.author", "meta"),
    ("byl", "meta"),
    ("dc.creator", "meta"),
    ("dcterms.creator", "meta"),
    ("cxenseparse:author", "meta"),
)
"""Names of meta elements that hold authors, in the order in which they are believed."""
_MARKS: Final = ("yline", "uthor", "utor")
"""In the class of what holds a byline."""
_AFTER: Final = etree.XPath(
    "following::*[self::a or self::p or self::div or self::span or self::address or self::li]"
)
_NOT_ITSELF: Final = re.compile(
    r"comment|quote|caption|image|photo|bio\b|-bio|about|social|share|follow|date|time|avatar|promo|teaser|card\b|related",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(
    r"comment|related|recommend|teaser|promo|widget|sidebar|footer|card\b|-card|card-|quote|caption|image|photo|figure|bio\b|-bio|about"
    r"|newsletter|more-|most-|trending|latest|list-item|collection|articlebox|menu|nav\b",
    re.IGNORECASE,
)
_OUTSIDE: Final = frozenset(("aside", "figure", "figcaption", "footer", "nav", "blockquote", "table"))
_PROFILE: Final = re.compile(
    r"/(?:authors?|staff|writers?|by|people|person|profiles?|autor(?:en|es|in|s)?|journalists?|auteurs?|contributors?|reporters?"
    r"|redakteur(?:in)?|redaktion|columnists?|yazar(?:lar)?|penulis|autore|autori|meet-the-team|medarbejder)/[^/]",
    re.IGNORECASE,
)
_BY_LINE: Final = re.compile(
    r"^(?:By|BY|Von|VON|Par|Por|Di|Door|Af|Av|Text:|Autor:|Autorin:|Автор:|Oleh)\s+[^\W\d_]"
)
_OTHER_ROLE: Final = re.compile(
    r"\b(?:edit(?:ed|ing|or)|review(?:ed|er)|fact[- ]check\w*|photo\w*|foto\w*|bild(?:er)?|illustrat\w*|translat\w*|übersetz\w*|video"
    r"|contributions?|contribut(?:ed|ing)|additional reporting|production|produced|redigering|medically)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 200
_MOST_MARKED: Final = 60
_MOST_AFTER: Final = 120
_PARAGRAPH: Final = 100
"""Letters of a paragraph that begins the text: no byline of the article is looked for behind it."""


def add_authors(
    found: Extraction,
    said: Iterable[tuple[Mapping[str, Any] | None, Origin]],
    named: dict[str, list[str]],
    sites: SiteNames,
) -> None:
    """Add the authors of JSON-LD, microdata and meta elements as candidates; one that is the site itself is kept as refused."""
    for node, origin in said:
        for author in _listed((node or {}).get("author")):
            if isinstance(author, str) and origin == "microdata":
                continue  # what the page shows in one place is read as a byline
            name = author if isinstance(author, str) else _name(author)
            if name and not name.startswith(("http://", "https://")):
                _add(found, name, origin, 0.95 if origin == "jsonld" else 0.85, sites)
    for key, origin in _METAS:
        for content in named.get(key, ()):
            if not content.startswith(("http://", "https://", "@")):
                _add(found, content, origin, 0.9 if origin == "opengraph" else 0.8, sites)


def add_visible_authors(found: Extraction, tree: HtmlElement, sites: SiteNames) -> None:
    """Add the authors that the page shows between its heading and its text: marked as author or byline, linked, or by their form.

    Bylines of other articles, comments, pictures and boxes about an author are passed over. Where JSON-LD or meta elements name somebody
    already, nothing is looked for.
    """
    if read_bylines(candidate.value for candidate in found.of("authors") if not candidate.refused):
        return
    for name, raw in (_marked(tree, sites) or _near_heading(tree, sites)).items():
        found.fields.setdefault("authors", []).append(Candidate(name, "html", 0.7, raw=raw))


def _add(found: Extraction, given: str, origin: Origin, confidence: float, sites: SiteNames) -> None:
    """Add a candidate, without the site's name among the names in it; refused where it is nothing else."""
    if given.isspace() or given.startswith("/"):
        return
    parts = byline_parts([given])
    people = [part for part in parts if not sites.have(part)]
    refused = "names the site itself" if sites.have(line(given)) or (parts and not people) else None
    some = 0 < len(people) < len(parts)
    found.fields.setdefault("authors", []).append(
        Candidate("; ".join(people), origin, confidence, raw=given)
        if some
        else Candidate(given, origin, confidence, refused=refused)
    )


def _listed(value: Any) -> Iterator[str | Mapping[str, Any]]:
    for each in (value if isinstance(value, list) else [value])[:_LONGEST]:
        if isinstance(each, (str, dict)):
            yield each


def _name(node: Mapping[str, Any]) -> str:
    name = "; ".join(strings(node.get("name")))
    if name:
        return name
    return " ".join([*strings(node.get("givenName"))[:1], *strings(node.get("familyName"))[:1]])


def _marked(tree: HtmlElement, sites: SiteNames) -> dict[str, str]:
    """Return the names of the first marked element with names in it, and of those beside it with the same mark; each with its byline."""
    first: HtmlElement | None = None
    names: dict[str, str] = {}
    inside = (element for body in tree.iterchildren("body") for element in body.iterdescendants())
    for element in islice(filter(_is_marked, inside), _MOST_MARKED):
        text = line(short_text(element, 2 * _LONGEST))
        if len(text) > _LONGEST or _is_elsewhere(element):
            continue
        if first is None or (
            element.getparent() is first.getparent() and element.get("class") == first.get("class")
        ):
            own = _names_in(element, sites)
            first = element if own and first is None else first
            names = dict.fromkeys(own, text) | names
    return names


def _is_marked(element: HtmlElement) -> bool:
    called = element.get("class")
    if called and any(map(called.__contains__, _MARKS)):
        return True
    return "author" in (element.get("rel"), element.get("itemprop"))


def _near_heading(tree: HtmlElement, sites: SiteNames) -> dict[str, str]:
    """Return names that follow the page's heading before its text: links to profiles, and lines that begin with `By`."""
    heading = next(tree.iter("h1"), None)
    names: dict[str, str] = {}
    if heading is None:
        return names
    for element in elements(_AFTER, heading, _MOST_AFTER):
        text = line(short_text(element, 2 * _LONGEST)) if element.tag in ("a", "p") else ""
        if element.tag == "p" and len(text) > _PARAGRAPH:
            break
        if element.tag == "a":
            if _PROFILE.search(element.get("href") or "") and is_full_name(text) and not sites.have(text):
                names |= {} if _is_elsewhere(element) else {text: text}
        elif _BY_LINE.match((element.text or "").strip()) and not _is_elsewhere(element):
            text = line(short_text(element, _LONGEST + 1))
            own = [name for name in read_bylines([text]) if is_full_name(name) and not sites.have(name)]
            if own and len(text) <= _LONGEST:
                return dict.fromkeys(own, text)
    return names


def _names_in(element: HtmlElement, sites: SiteNames) -> tuple[str, ...]:
    """Return the full names among the parts of a marked element; those behind another role (`Edited by`) are passed over."""
    linked = {
        line(short_text(anchor, _LONGEST))
        for anchor in element.iter("a")
        if _PROFILE.search(anchor.get("href") or "")
    }
    names: list[str] = []
    other_role = False
    for part in element.itertext():
        text = line(part)
        if not any(map(str.isalpha, text)):
            continue
        if not other_role and (not linked or text in linked):
            names += [name for name in read_bylines([text]) if is_full_name(name) or _unspaced(name)]
        other_role = bool(_OTHER_ROLE.search(text))
    return tuple(name for name in dict.fromkeys(names) if not sites.have(name))


def _unspaced(name: str) -> bool:
    return 2 <= len(name) <= 5 and all("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in name)


def _is_elsewhere(element: HtmlElement) -> bool:
    if _NOT_ITSELF.search(element.get("class") or ""):
        return True
    for above in islice(element.iterancestors(), 12):
        if above.tag in _OUTSIDE:
            return True
        if above.tag in ("body", "article", "main"):
            return False
        if _is_one_of_many(above):
            return True
        if _ELSEWHERE.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False


def _is_one_of_many(element: HtmlElement) -> bool:
    """Return whether an element is an article in a list of such: a thing without a top heading, beside things of the same type."""
    kind = element.get("itemtype") or element.get("typeof")
    if not kind or next(element.iter("h1"), None) is not None:
        return False
    return any(
        isinstance(beside, HtmlElement) and kind in (beside.get("itemtype"), beside.get("typeof"))
        for beside in (element.getprevious(), element.getnext())
    )
