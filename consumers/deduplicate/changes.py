"""What changed between two captures of one article, and how they relate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any, Final, Literal

import orjson

from consumers.deduplicate.facts import Statements
from consumers.deduplicate.record import Known
from consumers.deduplicate.sketch import Shingles, overlap
from schemas.normalized.model import Normalized

Relation = Literal["append", "correct", "rewrite", "cosmetic"]
Posts = tuple[tuple[str, ...] | None, tuple[str, ...] | None]
"""The ids of a live blog's updates that are new, and of those that changed."""

_FIELDS: Final[
    tuple[tuple[str, int, Callable[[Normalized], Any]], ...]
] = (  # name, bytes kept, what is compared
    ("headline", 2, lambda a: a.headline),
    ("summary", 2, lambda a: a.summary),
    ("sections", 2, lambda a: [(s.heading, s.paragraphs) for s in a.sections]),
    ("kind", 1, lambda a: a.kind),
    ("url", 1, lambda a: a.url),
    ("authors", 1, lambda a: a.authors),
    ("agency", 1, lambda a: a.agency),
    ("article_section", 1, lambda a: a.article_section),
    ("keywords", 1, lambda a: a.keywords),
    ("language", 1, lambda a: a.language),
    ("published_at", 1, lambda a: a.published_at),
    ("modified_at", 1, lambda a: a.modified_at),
    ("rights", 1, lambda a: a.rights.to_data()),
    ("wire", 1, lambda a: a.wire and a.wire.without_version.to_data()),
    ("references", 2, lambda a: sorted({each.source for each in a.references or ()})),
)
_MOST_POSTS: Final = 5_000
"""More than a live blog has: of further ones nothing is remembered, and nothing told."""
_MOST_KEPT: Final = 0.85  # of the old text's shingles: below, old passages were taken out
_MOSTLY_SAME: Final = 0.6  # of both texts' shingles: below, it is another text
_GROWTH: Final = 1.05  # a text that grew by less was corrected, not continued
_MUCH_GROWTH: Final = 1.3  # one that also changed a fact was continued only if it grew by so much


def field_hashes(article: Normalized) -> bytes:
    """Return a few bytes for each field that a revision may change: enough to name those that did."""
    return b"".join(
        blake2b(orjson.dumps(read(article)), digest_size=size).digest() for _, size, read in _FIELDS
    )


def changed_fields(before: bytes, after: bytes) -> tuple[str, ...]:
    """Return the names of the fields that differ."""
    names = []
    at = 0
    for name, size, _ in _FIELDS:
        # What was remembered before a field was compared has no bytes for it.
        if at + size <= len(before) and before[at : at + size] != after[at : at + size]:
            names.append(name)
        at += size
    return tuple(names)


def post_hashes(article: Normalized) -> bytes:
    """Return for each update of a live blog four bytes of its id and four of its heading and text; nothing for another article."""
    if article.kind != "live_blog":
        return b""
    return b"".join(id_ + content for _, id_, content in _posts(article))


def changed_posts(before: bytes, article: Normalized) -> Posts:
    """Return what is new and what changed in a live blog; (None, None) where nothing is remembered of its updates."""
    if not before or article.kind != "live_blog":
        return None, None
    known = {before[at : at + 4]: before[at + 4 : at + 8] for at in range(0, len(before), 8)}
    posts = list(_posts(article))
    added = tuple(post for post, id_, _ in posts if id_ not in known)
    return added, tuple(post for post, id_, content in posts if known.get(id_, content) != content)


def _posts(article: Normalized) -> Iterator[tuple[str, bytes, bytes]]:
    for section in article.sections[:_MOST_POSTS]:
        if section.post_id is not None:
            content = orjson.dumps([section.heading, section.paragraphs])
            yield section.post_id, _short(section.post_id.encode()), _short(content)


def _short(data: bytes) -> bytes:
    return blake2b(data, digest_size=4).digest()


def seen_elsewhere(before: bytes, article: Normalized) -> bool:
    """Return whether an article names other sources than its last revision did: the same content is then worth a revision."""
    return bool(article.references) and "references" in changed_fields(before, field_hashes(article))


def relation(before: Known, words_hash: bytes, after: Shingles, statements: Statements) -> Relation | None:
    """Return how new content relates to the content before; None when nothing is left to compare with.

    `cosmetic`: the same words in the same order, headline and summary included. `append`: the body holds nearly all of the old one
    and is longer; one that is little longer and has other numbers or names in the old places is none. `correct`: most of both bodies is
    the same. `rewrite`: anything else.
    """
    if before.words_hash == words_hash:
        return "cosmetic"
    if before.sketch is None:
        return None
    if before.sketch.count == 0 or after.count == 0:
        same = before.sketch.count == after.count  # headline or summary changed, there is no body
        return "correct" if same else "append" if after.count else "rewrite"
    both = overlap(before.sketch, after)
    growth = after.count / before.sketch.count
    if both.of_stored >= _MOST_KEPT and growth > (
        _GROWTH if _same_facts(before, statements) else _MUCH_GROWTH
    ):
        return "append"
    return "correct" if min(both.of_stored, both.of_arrived) >= _MOSTLY_SAME else "rewrite"


def _same_facts(before: Known, statements: Statements) -> bool:
    if before.facts is None:
        return True
    agreement = statements.agreement(before.facts)
    return agreement.numbers_other == agreement.names_other == 0
