"""That one article speaks about another one: it takes it back, corrects it, or adds a note to it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.core.contract import ArticleId, Contract


class Notice(Contract):
    """The link between a notice and the article that it is about."""

    article_id: ArticleId
    """The other article: in `notice_of` the one that is spoken of, in `noticed_by` the one that speaks."""
    says: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    """What the notice says of it: `retracted`, `corrected`, or `noted` (an editor's note). An open set."""
    known_by: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    """How the article was found: `item` (an agency's item names the other's id), `link` (its address stands in the notice), `guid` (both
    have the source's same id), `headline` (what is remembered of its headline stands in the notice, and no other article of the source in
    the window has it), `copy` (an agency's item was killed that is a copy of it, of whatever publisher). An open set."""
