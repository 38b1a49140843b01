"""When so much is rejected that the stage stops: then the code is broken, or what feeds it, and not the records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from newswire.errors import StageStoppedError


@dataclass(frozen=True, slots=True)
class RejectLimit:
    """Stop rather than dead-letter everything: when `share` of the last `over` records was rejected, the code is broken, not the data."""

    share: float = 0.5
    over: int = 1_000


class Rejects:
    """Which of a stage's last records were rejected."""

    def __init__(self, stage: str, limit: RejectLimit) -> None:
        self._stage = stage
        self._limit = limit
        self._recent: deque[bool] = deque(maxlen=limit.over)

    def add(self, rejections: Iterable[bool]) -> None:
        """Note of records that were handled whether they were rejected. Raises StageStoppedError when there are too many."""
        self._recent.extend(rejections)
        limit = self._limit
        rejected = sum(self._recent)
        if rejected >= limit.share * limit.over:
            raise StageStoppedError(
                f"{self._stage} rejected {rejected} of the last {len(self._recent)} records: more than {limit.share:.0%} of "
                f"{limit.over} means that the code or what feeds it is broken, not single records. The last window was not committed. "
                "See `newswire rejected list`, mend the cause, and start the stage again (or raise --max-reject-share)"
            )
