"""How records say that something was purged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from newswire.log.contract import Record

_HIDDEN: Final = "(purged)"
_MARK: Final = b'"purge":{'


def purge_of(record: Record) -> dict[str, Any] | None:
    """Return the `purge` of a withdrawal that came of one (`unique` and `article` events); None for every other record."""
    if _MARK not in (record.value or b""):
        return None
    try:
        found = orjson.loads(record.value or b"")["revision"]["purge"]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def takes_away(event: str, record: Record) -> bool:
    """Return whether a record says that the article of its key was purged."""
    if event in ("unique", "article"):
        return purge_of(record) is not None
    return event == "duplicate" and record.value is None


def refused_as_purged(event: str, record: Record) -> bool:
    """Return whether a record is the dead letter of something that had been purged before it came."""
    return event == "rejected" and b'"reason":"purged"' in (record.value or b"")


def without_content(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a payload with its headlines hidden, for showing where it stands and what was decided."""
    shown = dict(data)
    if "headline" in shown:
        shown["headline"] = _HIDDEN
    if isinstance(original := shown.get("original"), Mapping) and "headline" in original:
        shown["original"] = {**original, "headline": _HIDDEN}
    return shown
