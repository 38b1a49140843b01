"""What trials of a stage on one partition in memory have in common."""

from __future__ import annotations

import orjson

from newswire.event import Emit
from newswire.state.memory import MemoryState


class PartitionInMemory:
    """State and output of one partition, as they would be after a round trip over the wire."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.offset = 0
        self.emitted: list[Emit] = []

    def written(self, emitted: list[Emit]) -> list[Emit]:
        """Keep what a stage has written, and return it: it is the same when it is read again."""
        for emit in emitted:
            if emit.data is not None:
                assert type(emit.data).model_validate_json(orjson.dumps(emit.data.to_data())) == emit.data
        self.emitted += emitted
        return emitted

    def forget_views(self) -> None:
        """Let the next call build its index from the state."""
        self.back_to(self.state.data)

    def back_to(self, data: dict[str, bytes]) -> None:
        """Have this state, and no index over it."""
        self.state = MemoryState()
        self.state.data = data

    def log(self) -> bytes:
        """Return all that was written, as bytes."""
        return b"\n".join(
            orjson.dumps([emit.event, emit.key, emit.data.to_data() if emit.data else None])
            for emit in self.emitted
        )
