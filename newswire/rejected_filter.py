"""Which dead letters are asked for, and what is said where there are none of that kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from newswire import topology
from newswire.errors import UsageError
from newswire.rejected import DeadLetter

_KNOWN: Final = {*(stage.name for stage in topology.STAGES), "files", *topology.SOURCES_WITH_STATE}
"""By whom letters may be, though there are none of them yet. Others may be, too: a source is called what its owner likes."""
_MOST_MET: Final = 1_000
_MOST_NAMED: Final = 20
_LONGEST_NAME: Final = 100


@dataclass(slots=True, kw_only=True)
class Filter:
    """What is asked for: letters that match all that is given. Raises UsageError when none ever could.

    `since` (included) and `until` (not) are instants at which records were refused; `stage` is a stage's or a source's name.
    """

    reason: str | None = None
    stage: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    matched: int = field(default=0, init=False)
    """How many letters have matched so far."""
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter, init=False)
    """(Reason, who refused) -> how many letters have matched so far."""
    _met: dict[str, set[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise UsageError(
                f"no time is from {self.since.isoformat()} on and before {self.until.isoformat()}: give --since a time before --until"
            )

    def of(self, letters: Iterable[DeadLetter]) -> Iterator[DeadLetter]:
        """Yield the letters that match."""
        for found in letters:
            letter, refused_at = found.letter, found.recorded_at or found.time
            wanted = True
            for name, asked, has in (
                ("reason", self.reason, letter.reason),
                ("stage", self.stage, letter.stage),
                ("source", self.source, letter.source),
            ):
                if asked is not None:
                    self._meet(name, has, asked)
                    wanted = wanted and has == asked
            in_time = (self.since is None or refused_at >= self.since) and (
                self.until is None or refused_at < self.until
            )
            if wanted and in_time:
                self.matched += 1
                self.reasons[letter.reason, letter.stage] += 1
                yield found

    def hints(self) -> list[str]:
        """Return, once all letters were looked at and none matched, for each name that none has a line of those there are.

        Raises UsageError for a stage that is none, of the pipeline's or of anybody who ever refused something.
        """
        if self.matched:
            return []
        stages = self._met.get("stage", set())
        if self.stage is not None and self.stage not in _KNOWN | stages:
            others = f"; there are dead letters by: {_listed(stages)}" if stages else ""
            raise UsageError(
                f"no stage or source is called {self.stage[:_LONGEST_NAME]!r}; stages: "
                f"{', '.join(stage.name for stage in topology.STAGES)}{others}"
            )
        lines = []
        for name, asked, words in (
            ("reason", self.reason, "has the reason"),
            ("stage", self.stage, "is by"),
            ("source", self.source, "is from the source"),
        ):
            met = self._met.get(name, set())
            if asked is not None and asked not in met:
                there = f"there are: {_listed(met)}" if met else "there are none to choose from"
                lines.append(f"no dead letter {words} {asked[:_LONGEST_NAME]!r}; {there}")
        return lines

    def _meet(self, name: str, has: str | None, asked: str) -> None:
        met = self._met.setdefault(name, set())
        # What is asked for counts however many there are.
        if has and (has == asked or len(met) < _MOST_MET):
            met.add(has if has == asked else has[:_LONGEST_NAME])


def _listed(names: set[str]) -> str:
    first = sorted(names)[:_MOST_NAMED]
    more = ", and more" if len(names) > len(first) else ""
    return ", ".join(first) + more
