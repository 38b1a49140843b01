"""Which records hold something of what a purge names: for showing what would go, and for proving that it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from newswire import topology
from newswire.envelope import is_carried, raw_ref
from newswire.errors import UsageError
from newswire.log.contract import Log, Record
from newswire.purging.asking import canonical
from newswire.purging.marks import purge_of
from newswire.scan import scan
from schemas.purge.model import Purge, folded


@dataclass(slots=True)
class Concerned:
    """What a purge means, as far as the topics still tell."""

    purge: Purge
    """The purge."""
    articles: set[str] = field(default_factory=set)
    """Ids of the articles, also of those that only the purge itself names."""
    seen: set[str] = field(default_factory=set)
    """Those of them that stand on a topic."""
    raws: set[tuple[str, int, int]] = field(default_factory=set)
    """Their raw records."""
    names: set[str] = field(default_factory=set)
    """Names of all sources and publishers that were seen, for telling a wrong name."""

    def holds(self, event: str, record: Record) -> bool:
        """Return whether a record of an event's topic holds something of the purged articles."""
        if record.value is None or purge_of(record) is not None:
            return False
        data = _object(record.value)
        if event == "raw":
            return (record.topic, record.partition, record.offset) in self.raws or self._captured(data)
        if event == "story":
            shared = data.get("syndication") or ()
            return any(self._is_member(member) for member in data.get("members") or ()) or any(
                self._is_shared(each) for each in shared
            )
        if is_carried(record):
            carrier = data.get("carrier")
            if not isinstance(carrier, Mapping):
                return False  # that it is none any more, as a withdrawal says it
            if self._of_source(carrier.get("source")):
                return True
        if event == "rejected" and not (data.get("original") or {}).get("value"):
            return False
        key = (record.key or b"").decode(errors="replace")
        original = data.get("original") if event == "duplicate" else None
        return (
            key in self.articles
            or data.get("article_id") in self.articles
            or raw_ref(dict(record.headers)) in self.raws
            or self._of_source(data.get("source"))
            or (isinstance(original, Mapping) and self._names_original(original))
        )

    def captured(self, value: bytes) -> bool:
        """Return whether a value in the form of a raw event is of what the purge names."""
        return self._captured(_object(value))

    def _names_original(self, original: Mapping[str, Any]) -> bool:
        return original.get("article_id") in self.articles or self._of_source(original.get("source"))

    def _is_member(self, member: Any) -> bool:
        if not isinstance(member, Mapping):
            return False
        return member.get("article_id") in self.articles or self._is_name(member.get("source"))

    def _is_shared(self, syndication: Any) -> bool:
        """Return whether what several carry is carried by a purged one, or was known from it first."""
        if not isinstance(syndication, Mapping):
            return False
        outlets = syndication.get("outlets") or ()
        return syndication.get("article_id") in self.articles or any(map(self._is_name, outlets))

    def _captured(self, data: Mapping[str, Any]) -> bool:
        if self._of_source(data.get("source")):
            return True
        if self.purge.kind != "url":
            return False
        http = data.get("http")
        given = (data.get("url"), http.get("final_url") if isinstance(http, Mapping) else None)
        return any(self._is_address(url) for url in given if isinstance(url, str))

    def _is_address(self, url: str) -> bool:
        try:
            return canonical(url) == self.purge.name
        except UsageError:
            return False

    def _of_source(self, source: Any) -> bool:
        if isinstance(source, Mapping):
            return any(self._is_name(source.get(part)) for part in ("name", "publisher"))
        return self._is_name(source)

    def _is_name(self, name: Any) -> bool:
        return (
            self.purge.kind == "publisher"
            and isinstance(name, str)
            and folded(name) == folded(self.purge.name)
        )


def find(log: Log, purge: Purge) -> Concerned:
    """Return what a purge means: reads the raw and the normalized topic from end to end."""
    found = Concerned(purge, set(purge.article_ids))
    for record in _all(log, "raw"):
        data = payload(record)
        _note_names(data, found)
        if found.holds("raw", record):
            found.raws.add((record.topic, record.partition, record.offset))
    for record in _all(log, "normalized"):
        if found.holds("normalized", record):
            found.seen.add((record.key or b"").decode(errors="replace"))
            ref = raw_ref(dict(record.headers))
            if ref is not None:
                found.raws.add(ref)
    found.articles |= found.seen
    return found


def payload(record: Record) -> dict[str, Any]:
    """Return a record's payload; empty when it is no JSON object."""
    return _object(record.value)


def _object(value: bytes | None) -> dict[str, Any]:
    try:
        data = orjson.loads(value or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}


def _all(log: Log, event: str) -> Any:
    name = topology.topic(event).name
    return scan(log, name, log.end_offsets(name, committed=False))


def _note_names(data: Mapping[str, Any], found: Concerned) -> None:
    source = data.get("source")
    if isinstance(source, Mapping):
        found.names.update(
            name for part in ("name", "publisher") if isinstance(name := source.get(part), str)
        )
