"""The names of a replay's side topics, in one place."""

from __future__ import annotations

import re
from typing import Final

from newswire.errors import UsageError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CONTROL: Final = "newswire.replay"
PREFIX: Final = "replay-"
"""What the names of all side topics begin with."""
_LANE: Final = re.compile(rf"{PREFIX}({_NAME.pattern})\.{re.escape(_CONTROL)}")
CONTEXT: Final = "ce_replaycontext"
"""Header of a side record outside of the selection: it was made so that state has its history, and is no result."""


def lane(name: str) -> str:
    """Return what stands before the names of a replay's topics: a namespace. Raises UsageError for what cannot be a name."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a replay's name: at most 40 small letters, digits and hyphens, no hyphen first"
        )
    return f"{PREFIX}{name}."


def side(name: str, topic: str) -> str:
    """Return the side topic of a live one."""
    return lane(name) + topic


def control(name: str) -> str:
    """Return the topic that tells what a replay is of and how far it has come."""
    return side(name, _CONTROL)


def name_of(topic: str) -> str | None:
    """Return the replay whose control topic this is, None for any other topic."""
    found = _LANE.fullmatch(topic)
    return found[1] if found else None
