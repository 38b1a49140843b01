"""OPML: lists of feeds, as other readers export them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from producers.feeds.markup import line
from producers.feeds.model import NotAFeedError
from producers.feeds.tree import Builder, Node
from producers.reading.addresses import absolute
from producers.reading.decoding import document_text
from producers.reading.document import UnknownFormatError, from_root, read_elements

_MAX_BYTES: Final = 16 * 1024 * 1024
_MAX_FEEDS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of a list."""

    url: str
    """Absolute, http or https."""
    title: str | None = None
    site: str | None = None
    folders: tuple[str, ...] = ()
    """Names of the outlines around it, the outermost first."""
    categories: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """An outline that is meant for a feed, and has no address that could be asked."""

    url: str
    """As written; may be empty."""
    title: str | None = None


def read_opml(
    data: bytes,
    headers: Mapping[str, str] | None = None,
    url: str | None = None,
    *,
    unusable: list[Unusable] | None = None,
    repeated: list[Listed] | None = None,
    problems: list[str] | None = None,
) -> tuple[Listed, ...]:
    """Return the feeds of a list, each address once, in its order; broken XML is read as far as it goes.

    `repeated` gets those whose address stands in the list before, `unusable` the feeds whose address is empty or none of http or https,
    `problems` what had to be mended. NotAFeedError when it is no OPML.
    """
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    try:
        text = document_text(data[:_MAX_BYTES], lower.get("content-type"))
    except ValueError as error:
        raise NotAFeedError("text", str(error)) from error
    try:
        body, root = from_root(text)
    except UnknownFormatError as error:
        raise NotAFeedError(error.reason, str(error)) from error
    if root != "opml":
        raise NotAFeedError("xml", "not a list of feeds: its root is no <opml>")
    builder = Builder(absolute(url, None), lambda _item, _around: None)
    if not read_elements(body, builder) and problems is not None:
        problems.append(
            "the list breaks off or is broken XML: it was read as far as it goes, so feeds may be missing"
        )
    found: dict[str, Listed] = {}
    if builder.root is not None:
        for listed in _outlines(builder.root, [] if unusable is None else unusable):
            if found.setdefault(listed.url, listed) is not listed and repeated is not None:
                repeated.append(listed)
            if len(found) >= _MAX_FEEDS:
                break
    return tuple(found.values())


def _outlines(root: Node, unusable: list[Unusable]) -> Iterator[Listed]:
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, folders = waiting.pop()
        name = line(node.attribute("title") or "") or line(node.attribute("text") or "")
        written = (node.attribute("xmlUrl") or _of_link(node) or "") if node.name == "outline" else ""
        address = absolute(written, node.base)
        meant = bool(written) or (node.name == "outline" and node.attribute("xmlUrl") is not None)
        if meant and not address and len(unusable) < _MAX_FEEDS:
            unusable.append(Unusable(written, name))
        if node.name == "outline" and address:
            yield Listed(
                address,
                title=name,
                site=absolute(node.attribute("htmlUrl"), node.base),
                folders=folders,
                categories=tuple(
                    c for part in (node.attribute("category") or "").split(",") if (c := part.strip(" /"))
                ),
                language=line(node.attribute("language") or ""),
            )
        inner = (*folders, name) if node.name == "outline" and name and not address else folders
        waiting.extend((child, inner) for child in reversed(node.children))


def _of_link(node: Node) -> str | None:
    """Return the address of an outline of type `rss` or `atom` that has it in `url`, as some exports do."""
    return (
        node.attribute("url") if (node.attribute("type") or "").lower() in ("rss", "atom", "feed") else None
    )
