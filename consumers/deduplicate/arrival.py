"""A capture as the stage handles it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from consumers.deduplicate import versions
from consumers.normalize.content_hash import content_hash
from schemas.core.lineage import Activity
from schemas.normalized.model import Normalized

KnownBy = Literal["guid", "address", "notice"]
_OF_CONTENT = frozenset(
    {
        "summary",
        "sections",
        "authors",
        "keywords",
        "agency",
        "article_section",
        "images",
        "links",
        "translations",
        "translated_from",
    }
)

_OF_IDENTITY = ("article_id", "source", "kind", "guid", "language", "captured_at", "lineage", "wire")
WITHHELD = "(withheld)"
"""What stands in place of a headline that its publisher withholds; every article must have one."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A capture as the stage handles it: now, or when its embargo ends."""

    article: Normalized
    """The article."""
    activity: Activity
    """What this stage did, for the lineage."""
    captured_as: str | None = None
    """Its id by its own address, where it was recognised as another article."""
    known_by: KnownBy | None = None
    """By what it was recognised."""

    def known_as(self, article_id: str, by: KnownBy | None) -> Arrival:
        """Return the same as a capture of another article."""
        if article_id == self.id:
            return self
        article = self.article.model_copy(update={"article_id": article_id})
        return Arrival(article, self.activity, self.captured_as or self.id, by)

    def told_by(self, notice: Arrival) -> Arrival:
        """Return a capture that was never public as its withdrawal may tell of it: with its own identity, and all else from the notice."""
        own = {name: getattr(self.article, name) for name in _OF_IDENTITY}
        return replace(self, article=notice.article.model_copy(update=own))

    def without_text(self) -> Arrival:
        """Return what may be told of a withdrawn article: its headline, unless that is withheld, and where it stood."""
        article = self.article
        if article.rights.status == "withheld":
            article = article.model_copy(update={"headline": WITHHELD})
        left = {name: where for name, where in article.provenance.items() if name not in _OF_CONTENT}
        empty: dict[str, object] = {name: Normalized.model_fields[name].default for name in _OF_CONTENT}
        empty |= {
            "sections": (),
            "wire": article.wire.identity if article.wire else None,
            "provenance": left,
            "content_hash": content_hash(article.headline, None, ()),
        }
        return replace(self, article=article.model_copy(update=empty))

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.article_id

    @property
    def order(self) -> versions.Order | None:
        """Where its version stands; None for what is no agency's item."""
        return versions.order_of(self.article)

    @property
    def content_hash(self) -> bytes:
        """SHA-256 of the content."""
        return bytes.fromhex(self.article.content_hash)

    @property
    def captured_ms(self) -> int:
        """When the capture was made, in milliseconds since 1970; an archive's clock that stood before that counts as 1970."""
        return max(0, round(self.article.captured_at.timestamp() * 1000))
