"""Reads of what stands on a topic, from one offset to another."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from newswire.errors import BrokerError
from newswire.log.client import Connection, TopicPartition, consumer
from newswire.log.contract import Record
from newswire.log.convert import record_from

_STALLED_SECONDS: Final = 60.0
_POLL_MS: Final = 20
"""Short: where only markers are left, a poll returns nothing, and only its end shows that the position has moved over them."""


class Readers:
    """Consumers for single reads, of which one is kept for the next."""

    def __init__(self, to: Connection) -> None:
        self._to = to
        self._idle: deque[Any] = deque()

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield committed records in `[start, end)`, waiting for open transactions below `end`."""
        tp = TopicPartition(self._to.namespace + topic, partition)
        reader = self._open()
        done = False
        try:
            reader.assign([tp])
            reader.seek(tp, start)
            stalled_at = time.monotonic() + _STALLED_SECONDS
            position = start
            while position < end:
                for found in reader.poll(timeout_ms=_POLL_MS).get(tp, ()):
                    if found.offset >= end:
                        done = True
                        return
                    yield record_from(found, self._to.namespace)
                # The position also moves over records that were aborted and over transaction markers.
                now_at = reader.position(tp)
                if now_at > position:
                    position, stalled_at = now_at, time.monotonic() + _STALLED_SECONDS
                elif time.monotonic() > stalled_at:
                    raise BrokerError(
                        f"{topic} partition {partition} stands still at offset {position}, below {end}, for {_STALLED_SECONDS:.0f} s: a "
                        "transaction is open and does not end. `newswire doctor` finds and explains it"
                    )
            done = True
        finally:
            # Kept for the next read: the first one of a topic costs 100 ms, which the client waits before it asks who leads it.
            if done and not self._idle:
                self._idle.append(reader)
            else:
                reader.close()

    def _open(self) -> Any:
        try:
            return self._idle.pop()  # in one step: reads may run in several threads
        except IndexError:
            return consumer(self._to)

    def close(self) -> None:
        """Close what is kept."""
        while self._idle:
            self._idle.pop().close()
