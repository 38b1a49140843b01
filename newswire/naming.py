"""An article as people name it: by its id, an address of it, or the guid that its source gives it."""

from __future__ import annotations

import orjson

from newswire.log.contract import Record
from newswire.text.canonicalize import canonicalize
from schemas.ids import article_id


def names_of(asked: str) -> set[str]:
    """Return what an article that is meant may be called: what was asked for, its canonical form, and the id that follows from that."""
    names = {asked.strip()}
    try:
        url = canonicalize(asked.strip())
    except ValueError:
        return names
    return names | {url, article_id(url=url)}


def is_meant(record: Record, names: set[str]) -> bool:
    """Return whether a record of an article is of one of those names: by its key, or by address or guid, from which no id need follow."""
    if (record.key or b"").decode(errors="replace") in names:
        return True
    value = record.value
    if value is None or not any(orjson.dumps(name)[1:-1] in value for name in names):
        return False
    data = orjson.loads(value)
    return data.get("url") in names or data.get("guid") in names
