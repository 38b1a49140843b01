"""What a broker's own files say of transactions: which offsets of a partition are committed. Read without any Kafka client.

The record batch, version 2 (https://kafka.apache.org/documentation/#recordbatch): a header of 61 bytes, then the records. A control batch
has one record, whose key ends a producer's transaction: version, then type, 0 for abort and 1 for commit.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct(">qiibIhiqqqhii")
_LENGTH_AT = 12
"""Bytes before those that `batchLength` counts."""
_TRANSACTIONAL, _CONTROL = 0x10, 0x20
_COMMIT = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch: its offsets, its producer, and what it is."""

    first: int
    last: int
    producer: int
    transactional: bool
    commits: bool | None
    """For a control batch: whether it commits; None for any other."""


def batches(folder: Path) -> Iterator[Batch]:
    """Yield the batches of a partition's folder in the order of their offsets."""
    for path in sorted(folder.glob("*.log")):
        data = path.read_bytes()
        at = 0
        while at + _HEADER.size <= len(data):
            first, length, _, magic, _, attributes, last_delta, _, _, producer, _, _, _ = _HEADER.unpack_from(
                data, at
            )
            if magic != 2 or at + _LENGTH_AT + length > len(data):
                break  # the end of what is written: files may be longer than that
            commits = _commits(data, at + _HEADER.size) if attributes & _CONTROL else None
            yield Batch(first, first + last_delta, producer, bool(attributes & _TRANSACTIONAL), commits)
            at += _LENGTH_AT + length


def offsets(folder: Path) -> tuple[set[int], set[int]]:
    """Return the offsets of records that are committed, and of those that are aborted or in a transaction that is open."""
    committed: set[int] = set()
    rest: set[int] = set()
    under_way: dict[int, set[int]] = defaultdict(set)
    for batch in batches(folder):
        if batch.commits is not None:
            (committed if batch.commits else rest).update(under_way.pop(batch.producer, ()))
        elif batch.transactional:
            under_way[batch.producer].update(range(batch.first, batch.last + 1))
        else:
            committed.update(range(batch.first, batch.last + 1))
    return committed, rest.union(*under_way.values())


def _commits(data: bytes, at: int) -> bool:
    # Length, attributes, two deltas and the key's length, each of them one byte or a varint; the key: version, type.
    at = _past_varint(data, at) + 1
    for _ in range(3):
        at = _past_varint(data, at)
    _, kind = struct.unpack_from(">hh", data, at)
    return bool(kind == _COMMIT)


def _past_varint(data: bytes, at: int) -> int:
    while data[at] & 0x80:
        at += 1
    return at + 1
