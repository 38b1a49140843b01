"""Where what a feed or sitemap says of an article stands among what the article's page says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from consumers.normalize.extraction import Candidate, Field
from consumers.normalize.page_title import H1_ALONE, H1_CONFIRMED, confirms

_METADATA: Final = frozenset(("jsonld", "microdata", "opengraph", "meta"))
_DOUBTED: Final = 0.5
"""Metadata with less confidence stand behind the item: a headline that is nothing but the name of the site."""


def behind_metadata(
    name: Field, of_page: Sequence[Candidate], of_item: Sequence[Candidate]
) -> list[Candidate]:
    """Return the candidates of a field: the item's behind the last of the page's metadata, and before what the page shows and its address.

    A list shortens titles, writes them for search engines and cuts summaries, and not every list of a site says the same.
    Before it stay an `h1` that metadata or title confirm, one that the item's headline confirms where no metadata give any, and the
    language that the page's elements declare.
    """
    declares = _METADATA | {"html"} if name == "language" else _METADATA
    at = 1 + max(
        (
            place
            for place, each in enumerate(of_page)
            if each.origin in declares and each.confidence >= _DOUBTED
        ),
        default=-1,
    )
    if name == "headline" and of_item and not any(_is_believed(each) for each in of_page):
        for place, each in enumerate(of_page):
            if each.origin == "html" and (
                each.confidence == H1_CONFIRMED
                or (each.confidence == H1_ALONE and confirms(of_item[0].value, each.value))
            ):
                at = max(at, place + 1)
    return [*of_page[:at], *of_item, *of_page[at:]]


def _is_believed(each: Candidate) -> bool:
    return each.origin in _METADATA and not each.refused and each.confidence >= _DOUBTED
