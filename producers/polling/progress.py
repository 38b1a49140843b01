"""How far a run is: with each source for people, with each poll for the poller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import structlog

from newswire import metrics
from producers.fetch import Failure, FailureClass
from producers.polling.memory import GAPS_KNOWN, Standing
from producers.polling.polled import PolledSource, Reading

_LOG = structlog.get_logger("newswire.polling")


@dataclass(slots=True)
class Progress:
    """What has come of a source in this run, for people."""

    asked: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """By fate: new, changed, known, elsewhere, waiting, queued, failed."""
    failure: str | None = None
    """Of the last poll."""
    remark: str | None = None
    """What there is to know of it that is no failure: where it has gone."""
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


def measure(name: str, standing: Standing) -> None:
    """Show when a source was first asked, when it last had something new, and how long it was silent at most before."""
    if standing.begun_at is not None:
        metrics.FIRST_ASKED.labels(name).set(standing.begun_at)
    if standing.plan.last_new is not None:
        metrics.LAST_NEW.labels(name).set(standing.plan.last_new)
    if len(standing.gaps) >= GAPS_KNOWN:
        metrics.USUAL_GAP_SECONDS.labels(name).set(max(standing.gaps))
