"""Which updates of a live blog are new and which changed: eight bytes are kept of each."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

import orjson

from schemas.normalized.model import Normalized

Posts = tuple[tuple[str, ...] | None, tuple[str, ...] | None]
"""The ids of a live blog's updates that are new, and of those that changed."""

_MOST: Final = 5_000
"""More than a live blog has: of further ones nothing is remembered, and nothing told."""


def hashes_of(article: Normalized) -> bytes:
    """Return for each update of a live blog four bytes of its id and four of its heading and text; nothing for another article."""
    if article.kind != "live_blog":
        return b""
    return b"".join(id_ + content for _, id_, content in _posts(article))


def changed(before: bytes, article: Normalized) -> Posts:
    """Return what is new and what changed in a live blog; (None, None) where nothing is remembered of its updates."""
    if not before or article.kind != "live_blog":
        return None, None
    known = {before[at : at + 4]: before[at + 4 : at + 8] for at in range(0, len(before), 8)}
    posts = list(_posts(article))
    added = tuple(post for post, id_, _ in posts if id_ not in known)
    return added, tuple(post for post, id_, content in posts if known.get(id_, content) != content)


def _posts(article: Normalized) -> Iterator[tuple[str, bytes, bytes]]:
    for section in article.sections[:_MOST]:
        if section.post_id is not None:
            content = orjson.dumps([section.heading, section.paragraphs])
            yield section.post_id, _short(section.post_id.encode()), _short(content)


def _short(data: bytes) -> bytes:
    return blake2b(data, digest_size=4).digest()
