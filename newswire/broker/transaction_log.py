"""Reads the records of `__transaction_state`, the transaction coordinator's own log.

The formats are Kafka's TransactionLogKey and TransactionLogValue (transaction-coordinator/src/main/resources/common/
message in Kafka's sources): a 16-bit version, then the fields. Value version 0 is the plain encoding, version 1 the
flexible one: lengths are unsigned varints of n + 1, and every structure ends with tagged fields.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from newswire.log.coordinator import RawRecord


class State(IntEnum):
    """The coordinator's states of a transaction, by their number in the log."""

    EMPTY = 0
    ONGOING = 1
    PREPARE_COMMIT = 2
    PREPARE_ABORT = 3
    COMPLETE_COMMIT = 4
    COMPLETE_ABORT = 5
    DEAD = 6
    PREPARE_EPOCH_FENCE = 7


PREPARED = frozenset({State.PREPARE_COMMIT, State.PREPARE_ABORT})
UNFINISHED = PREPARED | {State.ONGOING, State.PREPARE_EPOCH_FENCE}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One step of one transactional id. `state` None: the id was forgotten (a tombstone), the other fields say nothing.

    `updated` in ms since 1970; `partitions` are those that the transaction has written to so far.
    """

    transactional_id: str
    log_partition: int
    offset: int
    state: State | None
    producer_id: int = -1
    producer_epoch: int = -1
    partitions: frozenset[tuple[str, int]] = frozenset()
    updated: int = -1


def parse_entry(record: RawRecord) -> LogEntry | None:
    """Return what a record of the transaction log says, or None when it is of a kind that this reader does not know.

    Raises ValueError when it is of a known kind but cannot be read.
    """
    if record.key is None:
        return None
    where = f"transaction log, partition {record.partition}, offset {record.offset}"
    key = _Reader(record.key, where)
    if key.number("h") != 0:
        return None
    transactional_id = key.text(compact=False)
    if record.value is None:
        return LogEntry(transactional_id, record.partition, record.offset, None)
    value = _Reader(record.value, where)
    version = value.number("h")
    if version not in {0, 1}:
        return None
    compact = version == 1
    producer_id, producer_epoch, _timeout, state = (value.number(kind) for kind in "qhib")
    partitions = []
    for _ in range(value.count(compact=compact)):
        topic = value.text(compact=compact)
        partitions += [(topic, value.number("i")) for _ in range(value.count(compact=compact))]
        if compact:
            value.skip_tags()
    updated = value.number("q")
    return LogEntry(
        transactional_id,
        record.partition,
        record.offset,
        State(state),
        producer_id,
        producer_epoch,
        frozenset(partitions),
        updated,
    )


class _Reader:
    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        self._at = 0
        self._where = where

    def take(self, size: int) -> bytes:
        if size < 0 or self._at + size > len(self._data):
            raise ValueError(f"{self._where}: the record ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, kind: str) -> int:
        return int(struct.unpack(">" + kind, self.take(struct.calcsize(">" + kind)))[0])

    def varint(self) -> int:
        result = shift = 0
        while True:
            byte = self.take(1)[0]
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7

    def count(self, *, compact: bool) -> int:
        """Length of an array; a null array, which Kafka writes for no partitions, is an empty one here."""
        return max(0, self.varint() - 1 if compact else self.number("i"))

    def text(self, *, compact: bool) -> str:
        size = self.varint() - 1 if compact else self.number("h")
        return self.take(size).decode("utf-8")

    def skip_tags(self) -> None:
        for _ in range(self.varint()):
            self.varint()
            self.take(self.varint())
