"""What nodes of rich text are called, and what stands under their keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

KINDS: Final = (
    "type",
    "_type",
    "nodeType",
    "__typename",
    "kind",
    "tag",
    "tagName",
    "component",
    "_cls",
    "blockType",
    "name",
)
"""Keys that say what a node of rich text is, the first that an object has."""
TEXTS: Final = frozenset((
    "text", "value", "content", "contents", "html", "body", "markup", "copy", "paragraph", "paragraphs", "data", "children", "items",
    "elements", "blocks", "nodes", "rendered", "components", "document", "root", "json", "props", "model", "attributes", "params", "fields",
    "htmltext", "bodyhtml", "richtext", "texthtml", "basic", "main", "stream", "properties", "code", "cntnt", "mrkup", "markdown", "list",
))  # fmt: skip
"""Keys of what a node says, however short that is."""
OTHER_KEYS: Final = re.compile(
    r"relat|recommend|comment|author|byline|^bio|contribut|creator|seo|^meta|caption|credit|image|photo|picture|video|media(?!n)|audio|keyword"
    r"|topic|categor|breadcrumb|^nav|menu|footer|newsletter|promo|advert|^ads?$|social|share|href|slug|uuid|tracking|analytic|teaser"
    r"|^next|^prev|^more|trending|popular|latest|schema|jsonld|summary|descri|excerpt|^dek$|standfirst|title|headline|disclaimer|legal"
    r"|copyright|^alt|label|aria|placeholder|^class|style|config|setting|^url|^link|date$|^tags?$|transcript|^_?id$|query|^path|event"
    r"|theme|translation|messages|locale|cookie|consent|paywall|subscri|login|user|navigation|abstract|snippet|preview|intro$|tooltip",
    re.IGNORECASE,
)
"""Keys of what is beside an article's text."""
OTHER_KINDS: Final = re.compile(
    r"image|photo|picture|video|embed|gallery|advert|^ads?$|^ad[-_ ]|[-_ ]ad$|relat|linklist|list-?of-?links|newsletter"
    r"|promo|audio|podcast|iframe|tweet|twitter"
    r"|instagram|facebook|youtube|social|recirc|rich-?link|read-?more|interstitial|teaser|slideshow|poll|quiz|script|^style$|^svg$|button"
    r"|figure|caption|^img$|^hr$|divider|widget|infobox|fact-?box|author|byline|comment|recommend|outbrain|taboola|subscri|paywall|donat",
    re.IGNORECASE,
)
HEADINGS: Final = re.compile(
    r"^h[1-6]$|heading|sub-?head|crosshead|^header|inter-?title|zwischen|sub-?title|mid-?title", re.IGNORECASE
)
PARAGRAPHS: Final = re.compile(
    r"^p$|para|^h[1-6]$|head|^li$|list-?item|quote|unstyled|^td$|text-?block$|^pre$|inter-?title",
    re.IGNORECASE,
)
"""Kinds of nodes of which everything within is one piece of text, if no other such node is in it."""
INLINE: Final = re.compile(
    r"^(?:a|abbr|b|bold|strong|i|em|emphasis|italic|u|underline|s|strike|span|fragment|text(?:node|inline|run|leaf)?|leaf|link|url-?link|hyperlink"
    r"|internal-?link|external-?link|inline.*|.*inline|mark|sub|sup|small|code|cite|q|time|br|font|entry-hyperlink)$",
    re.IGNORECASE,
)
_TAGS: Final = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "em", "strong", "b", "i", "blockquote", "span", "br", "figure",
    "section", "article", "sub", "sup", "u", "small", "cite", "table", "tr", "td", "tbody", "thead", "th", "img", "hr", "iframe",
))  # fmt: skip
_ONE_WORD: Final = re.compile(r"^[a-z][a-zA-Z0-9-]{0,30}$")
ADDRESSES: Final = (
    "url",
    "slug",
    "href",
    "link",
    "canonicalUrl",
    "canonical_url",
    "permalink",
    "path",
    "uri",
)


def kind_of(value: dict[Any, Any]) -> str:
    """Return what an object says that it is, or nothing."""
    return next((kind for name in KINDS if isinstance(kind := value.get(name), str)), "")[:60]


def tag_of(value: list[Any]) -> str:
    """Return the tag of a list that is an element: `["p", {…}, "text"]`, `[1, "p", […]]`."""
    at = 1 if len(value) > 1 and isinstance(value[0], int) and not isinstance(value[0], bool) else 0
    first = value[at] if len(value) > at + 1 else None
    if not isinstance(first, str):
        return ""
    return first if first in _TAGS or (isinstance(value[at + 1], dict) and _ONE_WORD.match(first)) else ""


def parts_of(value: list[Any]) -> Iterator[Any]:
    """Yield what is in a list; of an element what is within it."""
    tag = tag_of(value)
    if not tag:
        yield from value
    elif not OTHER_KINDS.search(tag):
        start = value.index(tag) + 1
        yield from (
            each
            for at, each in enumerate(value[start:])
            if at or not isinstance(each, dict) or "text" in each
        )


def is_other_article(value: dict[Any, Any]) -> bool:
    """Return whether an object has a title and an address of its own, as those of other articles do."""
    return any(isinstance(value.get(key), str) for key in ("headline", "title", "headlines")) and any(
        value.get(key) for key in ADDRESSES
    )
