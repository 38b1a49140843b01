"""How far a run is: with each source for people, with each poll for the poller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from newswire import metrics
from producers.fetch import Failure, FailureClass
from producers.polling.polled import PolledSource, Reading
from producers.polling.standing import GAPS_KNOWN, Standing

_LOG = structlog.get_logger("newswire.polling")
_OPEN_SECONDS: Final = 60.0
_MOST_NAMED: Final = 10
_MOST_REMARKS: Final = 3


@dataclass(slots=True)
class Progress:
    """What has come of a source in this run, for people."""

    asked: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """By fate: new, changed, known, elsewhere, waiting, queued, failed."""
    failure: str | None = None
    """Of the last poll."""
    lacking: int = 0
    """Parts of it that the last poll could not have."""
    remark: str | None = None
    """What there is to know of it that is no failure of the whole: where it has gone, which parts it lacks."""
    next_at: float | None = None
    """Unix time; None when it is never asked again."""
    doing: str = ""
    """What goes on, in a word."""

    def planned(self, standing: Standing) -> None:
        """Show when a source is asked next, or why never."""
        self.doing = ""
        self.next_at = None if standing.plan.retired else standing.plan.due
        if standing.merged_into is not None:
            self.remark = f"merged into {standing.merged_into}"
        elif standing.plan.retired:
            self.failure = self.failure or (standing.problem or {}).get("reason")

    def lacks(self, poll: Poll, parts: Sequence[tuple[str, Failure]]) -> None:
        """Count and say which parts of a source could not be had. One that its host defers is asked later, and no failure."""
        if not parts:
            return
        for number, (url, failure) in enumerate(parts):
            metrics.FETCH_FAILURES.labels(poll.source.name, "part", str(failure.kind), failure.reason).inc()
            if number < _MOST_NAMED:
                _LOG.warning(
                    "a part of a source could not be had",
                    source=poll.source.name,
                    url=url,
                    failure=str(failure.kind),
                    reason=failure.reason,
                    detail=failure.detail,
                )
        if len(parts) > _MOST_NAMED:
            _LOG.warning(
                "more parts of a source could not be had",
                source=poll.source.name,
                parts=len(parts) - _MOST_NAMED,
            )
        failed = Counter(each.reason for _, each in parts if each.kind is not FailureClass.DEFERRED)
        self.counts["failed"] += failed.total()
        self.lacking = failed.total()
        if failed:
            reasons = ", ".join(f"{count:,} {reason}" for reason, count in failed.most_common(3))
            self.remark = f"parts of it failed: {reasons}"

    def remarks(self, name: str, remarks: Sequence[str]) -> None:
        """Say what had to be mended in a source, as far as it is worth a line."""
        for remark in remarks[:_MOST_REMARKS]:
            _LOG.info("a source had to be mended", source=name, remark=remark)
        if len(remarks) > _MOST_REMARKS:
            _LOG.info(
                "more had to be mended in a source; `newswire sources check` shows it",
                source=name,
                remarks=len(remarks) - _MOST_REMARKS,
            )

    def moved(self, poll: Poll) -> None:
        """Say that a source has moved for good."""
        _LOG.warning(
            "a source has moved",
            source=poll.source.name,
            to=poll.standing.url,
            merged_into=poll.standing.merged_into,
        )

    def failed(self, poll: Poll, failure: Failure, now: float) -> None:
        """Count and say that a poll has failed, once its next try is planned. To be deferred by the host is no failure of the source."""
        name, standing = poll.source.name, poll.standing
        deferred = failure.kind is FailureClass.DEFERRED
        metrics.POLLS.labels(name, "deferred" if deferred else "failed").inc()
        metrics.FETCH_FAILURES.labels(name, "source", str(failure.kind), failure.reason).inc()
        if not deferred:
            self.counts["failed"] += 1
            self.failure = failure.reason
        _LOG.warning(
            "a source has to wait for its host" if deferred else "a source has failed",
            source=name,
            url=standing.url,
            failure=str(failure.kind),
            reason=failure.reason,
            detail=failure.detail,
            again_in=None if standing.plan.retired else round(standing.plan.due - now),
        )


@dataclass(slots=True)
class Poll:
    """One look at a source, from the asking until all its items are out."""

    source: PolledSource
    standing: Standing
    host: str
    """Where it is asked."""
    reading: Reading | None = None
    open: int = 0
    """Items that are not remembered yet."""
    listed: bool = False
    """Whether the list has been gone through."""
    found: int = 0
    """Items that were new."""
    pages: int = 0
    """Pages that were asked for on account of it; those of the other items are queued."""
    again: bool = False
    """Whether to ask once more directly after: something has changed meanwhile."""

    def is_late(self, now: float) -> bool:
        """Return whether it has been kept open for its pages for too long: those that have not come wait as those of the backlog do."""
        return self.listed and now - (self.standing.polled_at or now) > _OPEN_SECONDS


def measure(name: str, standing: Standing) -> None:
    """Show when a source was first asked, when it last had something new, and how long it was silent at most before."""
    if standing.begun_at is not None:
        metrics.FIRST_ASKED.labels(name).set(standing.begun_at)
    if standing.plan.last_new is not None:
        metrics.LAST_NEW.labels(name).set(standing.plan.last_new)
    if len(standing.gaps) >= GAPS_KNOWN:
        metrics.USUAL_GAP_SECONDS.labels(name).set(max(standing.gaps))
