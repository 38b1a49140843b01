"""What a replay is of: which records of a stage's input count as results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from newswire import topology
from newswire.envelope import is_carried, is_control, is_purge, raw_ref
from newswire.errors import UsageError
from newswire.ledger import source_of
from newswire.log.contract import Log, Record
from newswire.scan import scan
from newswire.snapshot import RawRef

_SIGNS: Final = (b"withdrawn", b"canceled", b"withheld")


@dataclass(frozen=True, slots=True)
class Selection:
    """What has to hold of a record, all of it. Without anything: all records."""

    offsets: Mapping[int, int] = field(default_factory=dict)
    """Partition -> first offset; partitions that are not named, from their first record."""
    since_ms: int | None = None
    """Record time, included."""
    until_ms: int | None = None
    """Record time, not included."""
    source: str | None = None
    """Name of the source."""
    article_id: str | None = None
    """The article."""
    url: str | None = None
    """Its address, as captured or canonical."""

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "offsets": {str(p): o for p, o in self.offsets.items()},
            "since_ms": self.since_ms,
            "until_ms": self.until_ms,
            "source": self.source,
            "article_id": self.article_id,
            "url": self.url,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Selection:
        """Return what `to_data` gave."""
        return cls(**{**data, "offsets": {int(p): o for p, o in data["offsets"].items()}})


def parse_offsets(given: list[str]) -> dict[int, int]:
    """Return partition -> offset of `P:O` words; UsageError for one that is none."""
    found = {}
    for word in given:
        partition, _, offset = word.partition(":")
        if not (partition.isdecimal() and offset.isdecimal()):
            raise UsageError(f"--from-offset {word} is no partition:offset, such as 0:1200")
        found[int(partition)] = int(offset)
    return found


class Chosen:
    """A selection, worked out against a log: by article it becomes the raw records that the article was captured in.

    Records are shown to it in their order, each once.
    """

    def __init__(self, log: Log, selection: Selection) -> None:
        self._of = selection
        self._raws = _raws_of(log, selection)
        self._keys: set[bytes | None] = set()

    def result(self, record: Record) -> bool:
        """Return whether a record is a result: it is selected, or takes back an article of which something was selected before."""
        if is_carried(record):
            return self._selected(record)  # by its copy: a withdrawal of the original is no part of that
        if is_control(record):
            return is_purge(
                record
            )  # what it takes back is taken back whatever is selected, as by a kill notice
        if self._selected(record):
            self._keys.add(record.key)
            return True
        return record.key in self._keys and is_withdrawal(record)

    def _selected(self, record: Record) -> bool:
        of = self._of
        return (
            record.offset >= of.offsets.get(record.partition, 0)
            and (of.since_ms is None or record.timestamp_ms >= of.since_ms)
            and (of.until_ms is None or record.timestamp_ms < of.until_ms)
            and (self._raws is None or origin(record) in self._raws)
            and (of.source is None or source_of(record) == of.source)
        )


def origin(record: Record) -> RawRef | None:
    """Return the raw record that a record comes from, or is; None where it does not tell."""
    if record.topic == topology.topic("raw").name:
        return record.topic, record.partition, record.offset
    return raw_ref(dict(record.headers))


def is_withdrawal(record: Record) -> bool:
    """Return whether a record takes an article back: a kill notice, or what follows from one."""
    value = record.value or b""
    # Most records are told by this alone, without being parsed.
    if not any(sign in value for sign in _SIGNS):
        return False
    data = payload(record)
    return _at(data, "revision", "change") == "withdrawn" or _at(data, "rights", "status") in {
        "canceled",
        "withheld",
    }


def payload(record: Record) -> dict[str, Any]:
    """Return a record's JSON object, also out of a CloudEvent in structured mode; empty where there is none."""
    try:
        data = orjson.loads(record.value or b"{}")
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(data, dict):
        return {}
    inner = data.get("data")
    return inner if isinstance(inner, dict) and "specversion" in data else data


def _at(data: Mapping[str, Any], outer: str, inner: str) -> Any:
    found = data.get(outer)
    return found.get(inner) if isinstance(found, dict) else None


def _raws_of(log: Log, selection: Selection) -> set[RawRef] | None:
    if selection.article_id is None and selection.url is None:
        return None
    found: set[RawRef] = set()
    for event in ("raw", "normalized") if selection.url else ("normalized",):
        topic = topology.topic(event).name
        for record in scan(log, topic, log.end_offsets(topic, committed=False)):
            by_id = selection.article_id is None or record.key == selection.article_id.encode()
            by_url = selection.url is None or payload(record).get("url") == selection.url
            ref = origin(record)
            if by_id and by_url and ref is not None:
                found.add(ref)
    if not found:
        raise UsageError(
            f"no capture of {selection.article_id or selection.url} is kept: `newswire trace` tells what there is of an article"
        )
    return found
