"""The stages: whether each has taken its input, who reads it, whether that goes on; and how much is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from newswire import topology
from newswire.doctor.finding import Finding, fail, ok, warn
from newswire.log.kafka import KafkaLog
from newswire.readers import LOOKS_SECONDS, Reader, Readers, waits, who
from newswire.rejected import find

_LETTERS: Final = 50
"""So many of the last offsets of each partition are looked into for why records are refused."""


def look_at_stages(log: KafkaLog) -> Iterator[Finding]:
    """Yield how it stands with each stage."""
    for reader in Readers(log).stages():
        yield _stage(reader, datetime.now(UTC))


def _stage(reader: Reader, now: datetime) -> Finding:
    name = reader.stage or reader.group
    start = f"`newswire run {name}` or `newswire up`"
    match reader.state(now):
        case "idle" if reader.members:
            return ok(name, f"has taken all of its input; {who(reader)} reads")
        case "idle":
            return warn(name, "has taken all of its input, and no process reads now", start)
        case "nobody" if not reader.positions:
            return warn(name, f"{waits(reader, now)}, and it has never read any", start)
        case "nobody":
            return fail(
                name,
                f"{waits(reader, now)}, and no process reads",
                f"{start}; where one should run, its log says why it ended, or it is stopped or hangs: end it, and start it again",
            )
        case "works":
            return ok(
                name,
                f"{waits(reader, now)}; {who(reader)} reads, and took {reader.taken:,} in {LOOKS_SECONDS:g} s",
            )
        case "slow":
            return warn(
                name,
                f"{waits(reader, now)}; {who(reader)} reads",
                "nothing, if the number falls: run doctor again",
            )
        case "stands":
            return fail(
                name,
                f"{waits(reader, now)}; {who(reader)} reads, and took none in {LOOKS_SECONDS:g} s",
                "see its log: it joins, rebuilds its state, or works on a record for long. A record that hangs ends the process by itself, "
                "and is then tried alone",
            )


def look_at_rejects(log: KafkaLog, limit: float) -> Finding:
    """Compare the sizes of two topics, in offsets, which is near enough for a warning; and tell why the last were refused."""
    sizes = {}
    for event in ("raw", "rejected"):
        name = topology.topic(event).name
        first = log.first_offsets(name)
        sizes[event] = sum(end - first[partition] for partition, end in log.end_offsets(name).items())
    share = sizes["rejected"] / max(1, sizes["raw"], sizes["rejected"])
    shown = f"about {share:.0%} of what went in{_last(log)}"
    if share > limit:
        return warn(
            "rejected",
            shown,
            "`newswire rejected list` shows why; mend the source or the rules, then `newswire rejected retry`",
        )
    return ok("rejected", shown)


def _last(log: KafkaLog) -> str:
    """Return the most common reasons of the last letters, and when the last one was written, in words."""
    letters = list(find(log, last=_LETTERS))
    if not letters:
        return ""
    last = max(letter.recorded_at or letter.time for letter in letters)
    reasons = Counter(f"{letter.letter.reason} by {letter.letter.stage}" for letter in letters)
    most = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common(3))
    return f"; the last at {last.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC; of the last {len(letters):,}: {most}"
