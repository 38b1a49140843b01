"""What stands on the topics after the demo, gathered by the raw record that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from newswire import topology
from newswire.envelope import raw_ref
from newswire.log.contract import Log, Record
from newswire.scan import scan

Data = Mapping[str, Any]


@dataclass
class Item:
    """One thing that went in, and every event that came of it."""

    events: dict[str, list[Data]] = field(default_factory=dict)
    """Event -> payloads, in the order in which they were written."""

    def one(self, event: str) -> Data | None:
        """Return the last event of a kind, None if there is none."""
        found = self.events.get(event)
        return found[-1] if found else None

    @property
    def what(self) -> str:
        """Name of the file, with `#n` for record n of a file of many."""
        raw = self.one("raw")
        if raw is not None:
            return str(raw.get("path") or raw.get("url") or raw.get("guid") or "")
        return self.letter_words()[0]

    @property
    def source(self) -> str:
        """Who published it, where that is known."""
        of = (self.one("normalized") or self.one("raw") or {}).get("source", {})
        return str(of.get("publisher") or of.get("name") or "")

    @property
    def headline(self) -> str:
        """Headline, where one could be read."""
        return str((self.one("normalized") or {}).get("headline", ""))

    @property
    def fate(self) -> str:
        """What became of it, by the words of the ledger."""
        article = self.one("article")
        if article is not None:
            return {"new": "published"}.get(article["revision"]["change"], str(article["revision"]["change"]))
        for event, fate in (("duplicate", "duplicate"), ("held", "held"), ("rejected", "rejected")):
            if event in self.events:
                return fate
        return "in flight"

    def letter_words(self) -> tuple[str, str]:
        """Return what was refused and why, of a dead letter: a source names the file before the reason."""
        letter = self.one("rejected")
        if letter is None:
            return "", ""
        detail = str(letter["detail"])
        if letter.get("input") is None:
            what, _, why = detail.partition(": ")
            return what, why
        return self.what, detail


def gather(log: Log) -> list[Item]:
    """Return everything that went in, by name, with what came of it. Reads all topics from end to end."""
    items: dict[object, Item] = {}
    for topic in topology.TOPICS:
        for record in scan(log, topic.name, log.end_offsets(topic.name, committed=False)):
            data = _payload(record)
            if data is not None:
                items.setdefault(_origin(topic.event, record), Item()).events.setdefault(
                    topic.event, []
                ).append(data)
    return sorted(items.values(), key=lambda item: _natural(item.what))


def stories(items: list[Item]) -> Iterator[Data]:
    """Yield the present state of every story that has articles, the largest first; of one size those first that more outlets carry."""
    last: dict[str, Data] = {}
    for item in items:
        for story in item.events.get("story", ()):
            known = last.get(story["story_id"])
            if known is None or known["version"] < story["version"]:
                last[story["story_id"]] = story
    told = [story for story in last.values() if story["members"]]
    yield from sorted(
        told, key=lambda story: (-len(story["members"]), -story.get("outlet_count", 0), story["headline"])
    )


def _origin(event: str, record: Record) -> object:
    here = (record.topic, record.partition, record.offset)
    return here if event == "raw" else raw_ref(dict(record.headers)) or here


def _payload(record: Record) -> Data | None:
    try:
        data = orjson.loads(record.value or b"null")
    except orjson.JSONDecodeError:
        return None
    return data if isinstance(data, dict) else None


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a sort key by which `#2` comes before `#10`."""
    head, _, number = name.partition("#")
    return [(0, head), (int(number) if number.isdecimal() else 0, number)]
