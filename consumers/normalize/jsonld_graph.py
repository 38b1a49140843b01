"""The nodes of a page's JSON-LD, and which of them are this page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from lxml.html import HtmlElement

from consumers.normalize.jsonld_text import read_json
from newswire.text.canonicalize import canonical_or_none
from newswire.text.hygiene import title

LIVE_TYPE: Final = "LiveBlogPosting"
ARTICLE_TYPES: Final = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle",
        "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle", "BlogPosting", LIVE_TYPE, "SatiricalArticle",
        "SocialMediaPosting", "Report", "TechArticle", "ScholarlyArticle",
    }
)  # fmt: skip
PAGE_TYPES: Final = frozenset(
    {"WebPage", "ItemPage", "VideoObject", "VideoGallery", "ImageGallery", "MediaGallery", "PodcastEpisode", "Review", "Recipe", "Event"}
)  # fmt: skip
_LISTING: Final = frozenset(
    {
        "itemListElement", "hasPart", "liveBlogUpdate", "relatedLink", "citation", "mentions", "isBasedOn", "comment", "blogPost",
        "subjectOf", "about", "significantLink", "workExample", "review",
    }
)  # fmt: skip
"""What leads from a page to other things than itself."""
_MAX_BLOCKS: Final = 50
_MAX_NODES: Final = 5_000
_MAX_CHARACTERS: Final = 4_000_000
_MAX_BRACKETS: Final = 200_000
"""Objects and lists in all blocks together. One takes some 200 bytes of memory, and a live blog of a long day has about 20,000."""
_MAX_RESOLVED: Final = 2_000
_RESOLVED_DEPTH: Final = 4
_MAX_WEIGHED: Final = 100
_BARE: Final = re.compile(r"^https?://(?:(?:www|m|amp|mobile)\.)?", re.IGNORECASE)
_WORD: Final = re.compile(r"\w{2,}")


@dataclass(slots=True)
class Graph:
    """All objects of a page's JSON-LD."""

    nodes: list[tuple[dict[str, Any], bool]] = field(default_factory=list)
    """Breadth first, each with whether it only stands in a list of other things (related articles, comments)."""
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    """`@id` -> of the objects that have it the one that says most."""

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return the node with what it refers to by `@id` in its place, four levels deep; the node itself stays as it is."""
        left = [_MAX_RESOLVED]
        return {key: self._resolve(value, _RESOLVED_DEPTH, left) for key, value in node.items()}

    def _resolve(self, value: Any, depth: int, left: list[int]) -> Any:
        if depth == 0 or left[0] <= 0 or not isinstance(value, (dict, list)):
            return value
        left[0] -= 1
        if isinstance(value, list):
            return [self._resolve(each, depth, left) for each in value]
        if _only_refers(value):
            value = self.by_id.get(str(value["@id"]), value)
        return {key: self._resolve(each, depth - 1, left) for key, each in value.items()}


def read_graph(scripts: Iterable[HtmlElement]) -> Graph:
    """Return what JSON-LD blocks among `script` elements hold, with `@graph`, lists and nested nodes; see `jsonld_text` for what is mended.

    Bounded: 50 blocks of four million characters and 200,000 brackets together, 5,000 nodes. A block beyond that is left out.
    """
    pending: deque[tuple[Any, bool]] = deque()
    characters, brackets = _MAX_CHARACTERS, _MAX_BRACKETS
    blocks = (
        script.text or ""
        for script in scripts
        if (script.get("type") or "").strip().lower().startswith("application/ld+json")
    )
    for text, _ in zip(blocks, range(_MAX_BLOCKS), strict=False):
        size = text.count("{") + text.count("[")
        if len(text) <= characters and size <= brackets:
            characters, brackets = characters - len(text), brackets - size
            pending.extend((value, False) for value in read_json(text))
    graph = Graph()
    while pending and len(graph.nodes) < _MAX_NODES:
        value, listed = pending.popleft()
        if isinstance(value, list):
            pending.extend((each, listed) for each in value)
        elif isinstance(value, dict):
            graph.nodes.append((value, listed))
            id_ = value.get("@id")
            if isinstance(id_, str) and len(value) > len(graph.by_id.get(id_, {"@id": id_})):
                graph.by_id[id_] = value
            pending.extend(
                (each, listed or key in _LISTING)
                for key, each in value.items()
                if isinstance(each, (dict, list))
            )
    return graph


@dataclass(frozen=True, slots=True)
class Own:
    """The nodes that are a page."""

    article: dict[str, Any] | None = None
    """The article that the page is."""
    more: tuple[dict[str, Any], ...] = ()
    """Further nodes that say of themselves that they are this page: the article again, the page as such."""


def own_nodes(graph: Graph, addresses: Iterable[str], titles: Iterable[str]) -> Own:
    """Return the nodes that are the page with one of `addresses` (canonical ones) and `titles`, with their references resolved.

    Of several articles the one is taken that names an address of the page as its own; else, of those outside of lists, the first whose
    headline is in a title of the page; else the first, unless it names another address and shares no word with any title.
    """
    own = {_bare(address) for address in addresses}
    articles = [each for each in graph.nodes if types(each[0]) & ARTICLE_TYPES][:_MAX_WEIGHED]
    named = _naming(articles, own, graph)
    words = [set(_WORD.findall(title(text).casefold())) for text in titles]
    if not named:
        named = _by_title([node for node, listed in articles if not listed], words, graph)[:1]
        if named and (address := _addresses(named[0], graph)):  # others may say more of the same
            own |= address
            named += [node for node in _naming(articles, own, graph) if node is not named[0]]
    pages = [
        node
        for node, listed in graph.nodes[:_MAX_WEIGHED]
        if not listed and types(node) & PAGE_TYPES and own & _addresses(node, graph)
    ]
    said = [graph.resolved(node) for node in (*named[:5], *pages[:5])]
    return Own(said[0], tuple(said[1:])) if named else Own(None, tuple(said))


def _naming(articles: list[tuple[dict[str, Any], bool]], own: set[str], graph: Graph) -> list[dict[str, Any]]:
    """Return the articles that name one of the addresses as their own; those in lists only where there are no others.

    A live blog may be a part of the article that its page is.
    """
    every = [(node, listed) for node, listed in articles if own & _addresses(node, graph)]
    first = [node for node, listed in every if not listed]
    return [*first, *(node for node, listed in every if listed and (not first or LIVE_TYPE in types(node)))]


def types(node: dict[str, Any]) -> frozenset[str]:
    """Return the node's types, without the vocabulary's address or prefix."""
    return frozenset(re.split(r"[/:#]", text)[-1] for text in strings(node.get("@type")))


def strings(value: Any, *keys: str) -> list[str]:
    """Return the strings in a value: itself, or of a list's members, or under the first of `keys` that an object has."""
    found: list[str] = []
    pending = [value]
    while pending and len(found) < 200:
        each = pending.pop(0)
        if isinstance(each, str) and each.strip():
            found.append(each.strip())
        elif isinstance(each, list):
            pending[:0] = each[:200]
        elif isinstance(each, dict):
            pending[:0] = next(([each[key]] for key in ("@value", *keys) if each.get(key)), [])
    return found


def _by_title(articles: list[dict[str, Any]], titles: list[set[str]], graph: Graph) -> list[dict[str, Any]]:
    def shared(node: dict[str, Any]) -> float:
        words = set(
            _WORD.findall(title(" ".join(strings(node.get("headline") or node.get("name"))[:1])).casefold())
        )
        return max((len(words & each) / len(words) for each in titles if words), default=0.0)

    best = [node for node in articles if shared(node) > 0.5]
    if best:
        return best
    return [node for node in articles if shared(node) > 0 or not titles or not _addresses(node, graph)][:1]


def _addresses(node: dict[str, Any], graph: Graph) -> set[str]:
    """Return the addresses that a node gives as its own, in a form to compare."""
    said: list[str] = []
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict) and _only_refers(value):
            said += strings(graph.by_id.get(value["@id"], {}).get("url"))
        said += strings(value, "@id", "url")
    return {bare for text in said[:10] if (bare := _bare(text))}


def _only_refers(value: dict[str, Any]) -> bool:
    return isinstance(value.get("@id"), str) and not value.keys() - {"@id", "@type"}


def _bare(address: str) -> str:
    """Return an address without what differs between forms of one: scheme, `www.` and the like, fragment, slash at the end."""
    if not address.startswith(("http://", "https://")):
        return ""
    bare = _BARE.sub("", canonical_or_none(address) or "").rstrip("/")
    return bare if "/" in bare else ""  # a home page is no article's address
