"""The metrics that processes publish for Prometheus. Each name is here once, with its meaning and unit."""

from __future__ import annotations

from collections import Counter as Counts

from prometheus_client import Counter, Gauge, Histogram, start_http_server

OUTCOMES = Counter(
    "newswire_stage_outcomes",
    "Events written and verdicts given, by stage and outcome.",
    ["stage", "outcome"],
)
WINDOW_SECONDS = Histogram(
    "newswire_stage_window_seconds",
    "Time to handle and commit one window, in seconds.",
    ["stage"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
UP = Gauge("newswire_stage_up", "1 while the stage's slot runs.", ["stage", "slot"])
STANDS_SECONDS = Gauge(
    "newswire_committed_reads_stand_seconds",
    "How long the last stable offset of a partition has stood still below its end, in seconds; only where it does.",
    ["topic", "partition"],
)
CAPTURED = Counter("newswire_source_captured", "Captures published, by source.", ["source"])
PUSHED = Counter(
    "newswire_push_requests", "Requests to push articles, by the status of the answer.", ["status"]
)
UNREADABLE = Counter(
    "newswire_source_unreadable",
    "Input that a source could not take, by source and reason.",
    ["source", "reason"],
)

POLLS = Counter(
    "newswire_source_polls",
    "Times a source was asked, by source and what came: `content`, `unchanged`, `failed`, `deferred` (its host may not be asked now).",
    ["source", "outcome"],
)
SOURCE_ITEMS = Counter(
    "newswire_source_items",
    "Items that sources list, by source and fate: new, changed, known, elsewhere (captured from another source), waiting (for its page), "
    "queued (its page comes in its turn), told (captured again, since it was seen in other sources).",
    ["source", "fate"],
)
FETCH_FAILURES = Counter(
    "newswire_source_failures",
    "Fetches that failed, by source, what was fetched (`source`, `part` of one, `page`), class (soft, hard, gone, deferred) and reason.",
    ["source", "what", "class", "reason"],
)
CAPTURE_LAG = Histogram(
    "newswire_source_lag_seconds",
    "From publication, as the item dates it, to capture of its first version, in seconds.",
    ["source"],
    buckets=(60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 86400, 3 * 86400),
)
LAST_NEW = Gauge(
    "newswire_source_last_new_timestamp_seconds",
    "When a poll of the source last found something new, Unix time.",
    ["source"],
)
FIRST_ASKED = Gauge(
    "newswire_source_first_asked_timestamp_seconds",
    "When the source was first asked at its present address, Unix time.",
    ["source"],
)
USUAL_GAP_SECONDS = Gauge(
    "newswire_source_usual_gap_seconds",
    "Longest time between two polls with something new among the last twenty; once there were five.",
    ["source"],
)

UNMOVED_FILES = Gauge(
    "newswire_wires_unmoved_files",
    "Files that were published and could not be moved to done/ or failed/, by source: they stay where they are.",
    ["source"],
)


def serve(port: int, host: str) -> None:
    """Serve the metrics at `/metrics`, on one address of this machine, or on all (`0.0.0.0`). Whoever reaches it may read it."""
    start_http_server(port, addr=host)


def count_window(stage: str, counts: Counts[str], seconds: float) -> None:
    """Count what one window came to."""
    for outcome, count in counts.items():
        OUTCOMES.labels(stage, outcome).inc(count)
    WINDOW_SECONDS.labels(stage).observe(seconds)
