"""Element names under one name each, whatever prefix or version of a namespace a feed uses."""

from __future__ import annotations

from typing import Final

from producers.reading.loose import XML

XHTML: Final = "http://www.w3.org/1999/xhtml"
_ATOM: Final = (
    "http://www.w3.org/2005/atom",
    "http://purl.org/atom/ns",
    "http://example.com/newformat",
    "http://purl.org/atom/app",
)
_RSS: Final = (
    "http://purl.org/rss/1.0", "http://purl.org/net/rss1.1", "http://my.netscape.com/rdf/simple/0.9", "http://channel.netscape.com/rdf/simple/0.9",
    "http://backend.userland.com/rss", "http://blogs.law.harvard.edu/tech/rss", "http://cyber.law.harvard.edu/rss", "http://purl.org/rss/2.0",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd", "http://www.rssboard.org/rss-specification",
)  # fmt: skip
_OTHERS: Final = {
    "http://purl.org/dc/elements/1.": "dc", "http://purl.org/dc/terms": "dcterms", "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy", "http://purl.org/rss/1.0/modules/slash": "slash",
    "http://search.yahoo.com/mrss": "media", "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.georss.org/georss": "georss", "http://www.opengis.net/gml": "gml", "http://www.w3.org/2003/01/geo/wgs84_pos": "geo",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner", "http://www.pheedo.com/namespace/pheedo": "pheedo",
    "http://purl.org/syndication/thread/1.0": "thr", "http://wellformedweb.org/commentapi": "wfw",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf", "http://xmlns.com/foaf/0.1": "foaf", XHTML: "xhtml", XML.lower(): "xml",
    "http://backend.userland.com/creativecommonsrssmodule": "cc", "http://creativecommons.org/ns": "cc", "http://web.resource.org/cc": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "cc", "http://purl.org/net/rss1.1/payload": "payload",
    "http://webns.net/mvcb": "admin",
}  # fmt: skip
_PREFIXES: Final = frozenset(_OTHERS.values()) - {"xhtml"}
_CORE: Final = ""


class Names:
    """The one name of each element: `title` for the format's own, `dc:creator` for others, in lower case. Made for one document."""

    def __init__(self, root: str) -> None:
        self._known: dict[str, str] = {}
        space, _, local = root.rpartition(" ")
        self._atom = local.lower() in ("feed", "entry")
        self._own = space.strip().lower().rstrip("/#") if local.lower() != "rdf" else None
        """The root's namespace is the format's, however it is written; RDF holds a format in another."""

    def of(self, expanded: str) -> str:
        """Return the name of an element given as `namespace local`; `?prefix local` where no namespace is declared for the prefix."""
        found = self._known.get(expanded)
        if found is None:
            space, _, local = expanded.rpartition(" ")
            prefix = self._prefix(space.strip().lower().rstrip("/#"))
            found = f"{prefix}:{local.lower()}" if prefix else local.lower()
            if len(self._known) < 10_000:
                self._known[expanded] = found
        return found

    def _prefix(self, space: str) -> str:
        if not space or space == self._own:
            return _CORE
        if space.startswith("?"):
            return space[1:] if space[1:] in _PREFIXES | {"atom"} else "x"
        if space.startswith(_ATOM):
            return _CORE if self._atom else "atom"
        others = max((known for known in _OTHERS if space.startswith(known)), key=len, default=None)
        if others is not None:
            return _OTHERS[others]
        if space.startswith(_RSS):
            return "rss" if self._atom else _CORE
        return "x"
