"""The headers of every record: CloudEvents 1.0 in the binary mode of its Kafka protocol binding.

What is documented here is what `newswire.envelope` writes; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import schemas
from newswire.envelope import RETRY_OF, event_type
from schemas.core.contract import UTC_PATTERN

WITHOUT_RAW: Final = ("raw", "tick", "purge")
"""Events that do not come from a raw record."""


@dataclass(frozen=True, slots=True)
class Header:
    """One header. Names are exact; values are UTF-8."""

    name: str
    """Name of the header in Kafka."""
    means: str
    """What its value means, in Markdown."""
    rules: dict[str, Any]
    """JSON Schema of the value, for every event alike."""
    example: str
    """A value as on an article event."""
    always: bool = True
    """Whether every record has it."""


HEADERS: Final = (
    Header(
        "ce_specversion",
        "Version of CloudEvents.",
        {"type": "string", "const": "1.0"},
        "1.0",
    ),
    Header(
        "ce_type",
        "Which event, and the major version of its contract: `newswire.<event>.v<major>`.",
        {"type": "string", "pattern": "^newswire[.][a-z]+[.]v[1-9][0-9]*$"},
        event_type("article"),
    ),
    Header(
        "ce_source",
        "The stage or source that wrote it: `/newswire/<name>`.",
        {"type": "string", "pattern": "^/newswire/[^/].*$"},
        "/newswire/enrich",
    ),
    Header(
        "ce_id",
        "Unique for its `ce_source`. A stage derives it from the record it read, as `<stage>:<topic>:<partition>:<offset>:<n>` for its "
        "n-th event: a replay gives the same ids.",
        {"type": "string", "minLength": 1},
        "enrich:news.unique.v1:0:2204:0",
    ),
    Header(
        "ce_time",
        "When the raw record was published, in UTC: the record's timestamp, carried through all stages.",
        {"type": "string", "format": "date-time", "pattern": UTC_PATTERN},
        "2024-03-05T09:14:31.250Z",
    ),
    Header(
        "ce_subject",
        "The record's key: the article id, for `raw` the capture key, for `story` the story id.",
        {"type": "string"},
        "e8c0aa59-6de4-5e0c-9a4e-6c1bb1e3f6b5",
    ),
    Header(
        "ce_dataschema",
        "`$id` of the JSON Schema that the value is valid against.",
        {"type": "string", "pattern": "^urn:newswire:schema:[a-z]+:v[1-9][0-9]*$"},
        schemas.schema_id("article"),
    ),
    Header(
        "content-type",
        "Media type of the value: JSON (RFC 8259) in UTF-8.",
        {"type": "string", "const": "application/json"},
        "application/json",
    ),
    Header(
        "ce_recordedtime",
        "When the stage wrote it, by its machine's clock, in UTC (CloudEvents extension Recorded Time). Of all that a "
        "record holds, only this differs after a replay.",
        {"type": "string", "format": "date-time", "pattern": UTC_PATTERN},
        "2024-03-05T09:14:32.118Z",
    ),
    Header(
        "traceparent",
        "W3C Trace Context: one trace for everything that follows from a capture, one span for each record (CloudEvents extension "
        "Distributed Tracing).",
        {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
    Header(
        "ce_partitionkey",
        "The language of the article's first capture, by which topics that are partitioned by language are partitioned (CloudEvents "
        "extension Partitioning). Absent before normalize, and on what follows from a "
        "tick; on a purge, and on what follows from it, any word that leads to the same partition.",
        {"type": "string", "minLength": 1},
        "en",
        always=False,
    ),
    Header(
        "ce_rawref",
        "The raw record that it comes from: `<topic>/<partition>/<offset>` (an extension of ours). Absent on `raw`, `tick` and `purge`, "
        "and on a dead letter whose original was never published.",
        {"type": "string", "pattern": "^[a-z0-9.]+/[0-9]+/[0-9]+$"},
        "news.raw.v1/1/4182",
        always=False,
    ),
    Header(
        RETRY_OF,
        "On a record that was published once more: the dead letter it was retried from, `<topic>/<partition>/<offset>` (an extension of "
        "ours).",
        {"type": "string", "pattern": "^[a-z0-9.]+/[0-9]+/[0-9]+$"},
        "news.rejected.v1/0/17",
        always=False,
    ),
)


def rules(event: str) -> dict[str, Any]:
    """Return the JSON Schema of an event's headers, each value as text. Other headers are allowed: readers ignore them."""
    fixed = {"ce_type": event_type(event), "ce_dataschema": schemas.schema_id(event)}
    carried = [header for header in HEADERS if header.name != "ce_rawref" or event not in WITHOUT_RAW]
    properties = {
        header.name: {
            "description": header.means,
            **({"type": "string", "const": fixed[header.name]} if header.name in fixed else header.rules),
        }
        for header in carried
    }
    required = [
        header.name
        for header in carried
        if header.always or (header.name == "ce_rawref" and event != "rejected")
    ]
    return {"type": "object", "properties": properties, "required": required}
