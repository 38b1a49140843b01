"""What a look at one thing has shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    what: str
    """What was looked at."""
    level: Level
    """`fail`: it does not work like this; `warn`: it may be meant so; `ok`: as it should be."""
    shown: str
    """What was found, for a person."""
    todo: str = ""
    """What to do about it, when it is not ok."""


def ok(what: str, shown: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(what, "ok", shown)


def warn(what: str, shown: str, todo: str) -> Finding:
    """Return that something may be meant so, or not."""
    return Finding(what, "warn", shown, todo)


def fail(what: str, shown: str, todo: str) -> Finding:
    """Return that something does not work like this."""
    return Finding(what, "fail", shown, todo)
