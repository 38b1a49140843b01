"""What the text of a notice links to: a retraction says in a link what it takes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from consumers.hosts import on_site_of
from consumers.normalize.extraction import Extraction
from consumers.notices import SHORT, worded
from newswire.text.canonicalize import canonicalize

MOST: Final = 20
_MOST_LOOKED_AT: Final = 2_000
_MOST_TEXT: Final = 4 * SHORT
_LONG: Final = 40  # letters that do not stand in a text by chance
_BLOCKS: Final = frozenset(
    {"p", "li", "div", "td", "blockquote", "section", "article", "h2", "h3", "h4", "dd", "figcaption", "body"}
)


def links_of_notice(found: Extraction, tree: HtmlElement, url: str | None) -> tuple[str, ...]:
    """Return the addresses in the paragraphs of a text, where it is a notice by its words; `url` is the page's own."""
    headline = next((each.value for each in found.of("headline") if not each.refused), "")
    paragraphs = [text for section in found.sections for text in section.paragraphs]
    told = worded(headline, paragraphs)
    if told is None or len(told.texts) < 2:
        return ()
    return tuple(islice(_within(tree, [_squeezed(text) for text in paragraphs], url), MOST))


def own_links(links: Iterable[str], url: str | None) -> tuple[str, ...]:
    """Return those of the same site as an article's canonical address, in canonical form, without its own."""
    return tuple(each for each in on_site_of(url, links) if each != url)


def _within(tree: HtmlElement, paragraphs: list[str], url: str | None) -> Iterator[str]:
    whole = "".join(paragraphs)  # what is one block of the page may be several paragraphs
    known: dict[HtmlElement, bool] = {}  # each block is read once, however many links are in it
    for link in islice(tree.iter("a"), _MOST_LOOKED_AT):
        block = next((each for each in link.iterancestors() if each.tag in _BLOCKS), None)
        if block is None:
            continue
        if block not in known:
            text = _text(block)
            known[block] = text in whole if len(text) >= _LONG else text in paragraphs
        if known[block] and (address := _address(link.get("href"), url)):
            yield address


def _address(href: str | None, url: str | None) -> str | None:
    try:
        return canonicalize(href.strip(), url) if href and href.strip() else None
    except ValueError:
        return None  # none of an article


def _text(block: HtmlElement) -> str:
    """Return what stands in a block, without white space; of more than a notice can have only the beginning."""
    parts, size = [], 0
    for part in block.itertext():
        parts.append(part[:_MOST_TEXT])
        size += len(part)
        if size > _MOST_TEXT:
            break
    return _squeezed("".join(parts))


def _squeezed(text: str) -> str:
    return "".join(text.split())
