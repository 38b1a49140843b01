"""A version of an article in another language, as the article itself names it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Confidence, Contract


class Translation(Contract):
    """Another article that is said to be the same in another language. Nobody has compared the texts."""

    article_id: ArticleId
    """The id that the other article has here, once it is captured under this address (or with this `guid` by the same source)."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """BCP 47, as declared; absent where nobody says so."""
    url: str | None = None
    """Its canonical URL."""
    guid: str | None = None
    """The agency's id of it, where it is named by that and not by an address."""
    role: Literal["original", "version", "unknown"]
    """`original`: this article is a translation of it; `version`: it is a translation of this article; `unknown`: one of the two, or
    both are translations of a third."""
    found_in: Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$")]
    """What names it: `hreflang` (a link of the page), `http-link` (the header), `jsonld`, `microdata`, `item` (feed or sitemap), `wire`.
    An open set."""
    confidence: Confidence
    """How far that is believed: less where it leads to another site."""
