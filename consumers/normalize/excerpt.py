"""Reading what a feed or sitemap itself says of an article, where its page was not wanted or could not be had."""

from __future__ import annotations

from typing import Final

from consumers.normalize.extraction import Extraction
from consumers.normalize.markup_blocks import markup_blocks
from consumers.normalize.page_body import sections_of
from newswire.errors import Reject
from newswire.text.hygiene import title
from schemas.raw.model import Raw

POLLED: Final = ("feeds", "sitemaps")
"""Kinds of sources that list articles whose pages are elsewhere."""
_ONLY_SUMMARY: Final = 0.5
_NOT_THE_PAGE: Final = 0.5
_NOT_THE_PAGE_SUMMARY: Final = 0.3


def is_excerpt(raw: Raw) -> bool:
    """Return whether the body is the source's own words on the article, and not its page."""
    return raw.page_failure is not None or (raw.http is None and raw.source.kind in POLLED)


def read_excerpt(raw: Raw, markup: str) -> Extraction:
    """Return the text of a source's own words, all of it: text without any element is a paragraph too, and none is too short.

    Nothing is taken for boilerplate, since nothing of a site stands around it. That the body is no more than the item's summary is told by
    the confidence of the sections. Raises `Reject`: `headline-only`, and what `parse_page` raises.
    """
    headline = title(raw.item.headline) if raw.item.headline else ""
    found = Extraction(
        sections_from="item", sections_confidence=_ONLY_SUMMARY if raw.body == raw.item.summary else 1.0
    )
    if markup.strip():
        found.sections = sections_of(markup_blocks(markup), {headline.casefold()})
    if headline and not found.sections:
        why = f": its page could not be had ({raw.page_failure.reason})" if raw.page_failure else ""
        raise Reject(
            "headline-only",
            f"the source gives a headline and no text{why}; capture the page itself",
            "/body",
        )
    return found


def read_instead(raw: Raw) -> Extraction | None:
    """Return what a feed says of an article whose page shows no text of one; None where it says nothing, or the capture is of no feed.

    A page that is drawn by scripts, a wall, a question for consent: of these nothing is believed, but the source's own words are kept.
    """
    words = raw.item.content or raw.item.summary
    if raw.source.kind not in POLLED or not words or not words.strip():
        return None
    headline = title(raw.item.headline) if raw.item.headline else ""
    found = Extraction(
        sections_from="item", sections_confidence=_NOT_THE_PAGE if raw.item.content else _NOT_THE_PAGE_SUMMARY
    )
    found.sections = sections_of(markup_blocks(words), {headline.casefold()})
    return found if found.sections else None
