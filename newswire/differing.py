"""What changed between two revisions of an article, passage by passage: for people and for subscribers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from newswire import topology
from newswire.errors import NewswireError
from newswire.log.contract import Log
from newswire.naming import is_meant, names_of
from newswire.purging.marks import purge_of
from newswire.scan import scan
from newswire.text.canonicalize import canonicalize
from schemas.ids import article_id

_FIELDS: Final = (
    "kind", "url", "headline", "summary", "authors", "agency", "article_section", "keywords", "language", "published_at", "modified_at",
    "published_precision", "guid", "paywalled", "rights", "wire", "images", "references",
)  # fmt: skip
_WORD: Final = re.compile(r"\s*\S+")
_MOST_WORDS: Final = 2_000
"""In longer passages words are not compared: it takes their product of steps."""
_MOST_PARAGRAPHS: Final = 2_000
"""Further ones are not compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field or passage that is not what it was."""

    path: str
    """JSON Pointer (RFC 6901): into the new event, of what is gone into the old one."""
    before: Any
    """What it was; None where it is new."""
    after: Any
    """What it is; None where it is gone."""


Event = Mapping[str, Any]
"""A `unique` or `article` event's payload."""


def difference(before: Event, after: Event) -> list[Change]:
    """Return what changed from one revision to another: fields first, then headings and paragraphs in the order of the new text.

    A paragraph that was changed is one change with both texts; moved ones are gone here and new there.
    """
    found = [
        Change(f"/{name}", before.get(name), after.get(name))
        for name in _FIELDS
        if before.get(name) != after.get(name)
    ]
    return [*found, *_passages(_body(before), _body(after))]


def words(change: Change) -> list[tuple[str, str]]:
    """Return a changed passage as runs of words: (`=`, `-` or `+`, words)."""
    one, other = (
        _WORD.findall(text) if isinstance(text, str) else [] for text in (change.before, change.after)
    )
    if len(one) > _MOST_WORDS or len(other) > _MOST_WORDS:
        return [("-", "".join(one)), ("+", "".join(other))]
    runs: list[tuple[str, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(("=", "".join(one[i:j])))
            continue
        runs += [(sign, "".join(part)) for sign, part in (("-", one[i:j]), ("+", other[k:m])) if part]
    return runs


def revisions(log: Log, asked: str) -> list[dict[str, Any]]:
    """Return the revisions of an article that `news.unique.v1` still has, the oldest first.

    `asked` is its id, its address or its guid. One partition is read where the id follows from what is asked, else the topic. Raises
    NewswireError when there is none, or it was purged.
    """
    name = asked.strip()
    topic = topology.topic("unique").name
    ends = log.end_offsets(topic)
    try:
        key = article_id(url=canonicalize(name))
    except ValueError:
        key = name
    found = _revisions(log, ends, key)
    if not found:
        names = names_of(name)
        meant = next((record.key for record in scan(log, topic, ends) if is_meant(record, names)), None)
        found = [] if meant is None else _revisions(log, ends, meant.decode())
    if not found:
        raise NewswireError(
            f"no revision of {name!r} is on {topic}: give an article id, an address or a guid (`newswire trace` tells what became of "
            "it). A copy has none, what was purged is not shown, and what is older than the topic's retention is gone"
        )
    return found


def _revisions(log: Log, ends: Mapping[int, int], key: str) -> list[dict[str, Any]]:
    topic = topology.topic("unique").name
    partition = topology.partition_for(key, len(ends))
    found: list[dict[str, Any]] = []
    for record in scan(log, topic, {partition: ends[partition]}):
        if record.key == key.encode() and record.value is not None:
            if purge_of(record) is not None:
                found.clear()
                continue
            found.append(orjson.loads(record.value))
    return found


def _body(event: Event) -> list[tuple[str, str]]:
    """Return path and text of every heading and paragraph."""
    found: list[tuple[str, str]] = []
    for number, section in enumerate(event.get("sections") or ()):
        if section.get("heading"):
            found.append((f"/sections/{number}/heading", section["heading"]))
        found += [
            (f"/sections/{number}/paragraphs/{line}", text) for line, text in enumerate(section["paragraphs"])
        ]
    return found[:_MOST_PARAGRAPHS]


def _passages(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[Change]:
    one, other = [text for _, text in before], [text for _, text in after]
    for tag, i, j, k, m in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        both = min(j - i, m - k)
        yield from (Change(after[k + n][0], one[i + n], other[k + n]) for n in range(both))
        yield from (Change(path, text, None) for path, text in before[i + both : j])
        yield from (Change(path, None, text) for path, text in after[k + both : m])
