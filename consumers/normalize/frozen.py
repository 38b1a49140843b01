"""Sources that give one date for everything."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from newswire.state.contract import State
from schemas.normalized.model import Normalized
from schemas.purge.model import source_names

DATES_KEY: Final = "dates:"
"""State: `dates:<source>` -> names of the source, its last date, and the articles in a row that had it, as four bytes in hexadecimal."""
IN_A_ROW: Final = 8
"""So many different articles with one date are no coincidence: embargoes end for a few at a time."""
_SEPARATOR: Final = "\x1e"
_BETWEEN: Final = "\x1f"
_CONFIDENCE: Final = 0.3
_MIDNIGHT: Final = re.compile(r"[T ]0?0:00(?::00(?:[.,]0+)?)?(?!\d)")


def noted(article: Normalized, state: State) -> Normalized:
    """Return the article, with the note `frozen` when it is at least the eighth in a row of its source with the same time of publication.

    Days do not count, nor midnights: many articles are of one day. Captures of an article that is among them change nothing. State is that
    of a partition, so that articles of one partition are counted.
    """
    published, why = article.published_at, article.provenance.get("published_at")
    if published is None or why is None or article.published_precision not in ("minute", "second"):
        return article
    if _MIDNIGHT.search(why.raw or ""):
        return article
    key = f"{DATES_KEY}{article.source.name}"
    value = state.get(key)
    names, last, *seen = (value.decode() if value else _SEPARATOR).split(_SEPARATOR)
    at = published.isoformat()
    run = [each for each in seen if each] if last == at else []
    id_ = hashlib.blake2b(article.article_id.encode(), digest_size=4).hexdigest()
    if last != at or (id_ not in run and len(run) < IN_A_ROW):
        names = _BETWEEN.join(source_names(article.source))
        run = [*run, id_]
        state.put(key, _SEPARATOR.join((names, at, *run)).encode())
    if len(run) < IN_A_ROW:
        return article
    notes = tuple(sorted({*(article.date_notes or ()), "frozen"}))
    doubted = why.model_copy(update={"confidence": min(why.confidence, _CONFIDENCE)})
    return article.model_copy(
        update={"date_notes": notes, "provenance": {**article.provenance, "published_at": doubted}}
    )


def remembered(gone: str, state: State) -> list[str]:
    """Return the keys of sources that have a name, in folded case."""
    return [
        key
        for key, value in state.scan(DATES_KEY)
        if gone in value.decode().split(_SEPARATOR)[0].split(_BETWEEN)
    ]
