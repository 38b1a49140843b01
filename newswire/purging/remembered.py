"""What a stage's own rules find of a purge in a state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from newswire.stage.runner import load_handler
from newswire.state.memory import MemoryState
from schemas.purge.model import Purge


def ask(stage: str, purge: Purge, state: MemoryState) -> list[str]:
    """Return the keys under which the stage still remembers what had to go."""
    handler: Any = load_handler(stage)  # stages with state answer this; a test holds them to it
    remembered: Iterable[str] = handler.remembers(purge, state)
    return list(remembered)
