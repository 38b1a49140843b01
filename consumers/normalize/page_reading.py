"""What is known of a page before its text is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from consumers.normalize.blocks.cut import Page
from consumers.normalize.extraction import Extraction
from schemas.normalized.model import Section


@dataclass(frozen=True, slots=True)
class PageReading:
    """A page whose fields have been read."""

    found: Extraction
    """Its fields; no text yet."""
    tree: HtmlElement
    """Without what is never read as text."""
    blocks: Page
    """All that it shows, in blocks."""
    says_article: bool
    """Whether it calls itself an article."""
    calls_itself: frozenset[str] = frozenset()
    """What it calls itself: types of its nodes in JSON-LD, and `og:type`."""
    posts: tuple[Section, ...] = ()
    """Those of a live blog, as its metadata give them."""
    nodes: tuple[dict[str, Any], ...] = ()
    """The nodes of its JSON-LD that are the page, that of the article first."""
    scripts: tuple[HtmlElement, ...] = ()
    """Its `script` elements, which are in the tree no more."""
