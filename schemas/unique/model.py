"""The unique event: an article, or a new revision of one, that is not a copy of another."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Confidence, Contract, Sha256, UtcDatetime
from schemas.core.lineage import RecordRef
from schemas.core.notice import Notice
from schemas.core.purged import Purged
from schemas.normalized.model import Normalized


class Revision(Contract):
    """Which state of the article this is."""

    number: Annotated[int, Field(ge=1)]
    """1 for the first capture, then one more for every change that was published."""
    change: Literal["new", "revised", "withdrawn"]
    """`withdrawn`: the publisher killed it; body and summary are empty from here on."""
    relation: Literal["append", "correct", "rewrite", "cosmetic"] | None = None
    """How a revision relates to the one before: text was added; a few words changed; much changed; only spelling or spacing, or
    nothing of the text (`changed_fields` says what then, as `references`)."""
    changed_fields: tuple[str, ...] = ()
    """Names of the fields that differ from the previous revision."""
    posts_added: tuple[str, ...] | None = None
    """Of a live blog's revision the updates (`post_id`) that the previous one did not have, in order."""
    posts_changed: tuple[str, ...] | None = None
    """Those whose heading or text is not what it was."""
    previous_content_hash: Sha256 | None = None
    """Content hash of the previous revision."""
    previous: RecordRef | None = None
    """Raw record of the previous revision: what this one is compared with. `newswire diff` shows both side by side."""
    signals: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$")], ...] | None = None
    """What the publisher says of it, in its headline, a note, its dates or the item: `corrected`, `refiled`, `repeated`, `updated`,
    `retracted`, `modified`. An open set."""
    captured_as: ArticleId | None = None
    """The id that this capture has by its own address, where it was recognised as this article all the same: `known_by` tells by what."""
    known_by: Literal["guid", "address", "notice"] | None = None
    """`guid`: the source's own id, and address or text; `address`: path or number in it, or directory and time of publication to the
    second, and source and text; `notice`: it says that it corrects or replaces, and has source and text."""
    split_from: ArticleId | None = None
    """On a first revision: until now the article was a copy of this one, by its former text."""
    purge: Purged | None = None
    """On a withdrawal that came of a purge (an opt-out, a legal demand): which. Headline and address are empty words then too."""


class Related(Contract):
    """Another article that is close but not a copy."""

    article_id: ArticleId
    """The other article."""
    relation: Literal["same-template", "translation-suspected", "extends"]
    """`same-template`: same wording, other facts (tomorrow's market report); `translation-suspected`: the same in another
    language, as this article itself says; `extends`: takes up the other and goes far beyond it."""
    score: Confidence
    """Containment of the shorter in the longer text's shingles; of `translation-suspected` how far what names the other is believed."""
    found_in: Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$")] | None = None
    """Of `translation-suspected`: what names the other (see `translations`, which has its address and language too). An open set."""


class Unique(Normalized):
    """A normalized article that was not seen before, or changed since. Key: `article_id`."""

    revision: Revision
    """Which state of the article this is."""
    first_seen_at: UtcDatetime
    """When the first capture of this article was made."""
    related: tuple[Related, ...] = ()
    """Close articles that this is not a copy of: at most three by their text, and those that it names as `translations`."""
    notice_of: tuple[Notice, ...] | None = None
    """Articles of the same publisher that this one takes back, corrects or adds a note to; of a kill the article of which the killed one
    was a copy. They are not withdrawn by it: whoever shows them decides."""
    noticed_by: tuple[Notice, ...] | None = None
    """On a revision that came after such a notice about this article: the notice, of several the gravest, then the latest."""
