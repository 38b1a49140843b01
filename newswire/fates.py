"""What became of each raw record, in a few bytes for each: a million records take some ten megabytes."""

from __future__ import annotations

import enum
from array import array
from collections.abc import Iterator, Mapping

from newswire import topology
from newswire.snapshot import RawRef
from schemas.core.lineage import RecordRef


class Fate(enum.IntEnum):
    """What became of a raw record. Of several the least counts: what came out outranks what was refused and what waits."""

    PUBLISHED = 1
    REVISED = 2
    WITHDRAWN = 3
    DUPLICATE = 4
    HELD = 5
    REJECTED = 6
    IN_FLIGHT = 7
    LOST = 8


class Book:
    """Raw records, numbered densely over all partitions, and what is known of each."""

    def __init__(self, firsts: Mapping[int, int], ends: Mapping[int, int]) -> None:
        self._firsts = dict(firsts)
        self._ends = dict(ends)
        self._bases: dict[int, int] = {}
        size = 0
        for partition in sorted(self._ends):
            self._bases[partition] = size
            size += max(0, self._ends[partition] - self._firsts.get(partition, 0))
        self._topic = topology.topic("raw").name
        self._fates = bytearray([Fate.LOST]) * size
        self._outcomes = bytearray(size)
        self._stages = bytearray(size)
        self._sources = array("I", bytes(4 * size))
        self._names = [""]
        self._numbers: dict[str, int] = {}
        self.reasons: dict[int, str] = {}
        """Number of a raw record -> the reason of its last dead letter."""
        self.expired = 0
        """Outcomes of raw records that are no longer kept."""

    def number(self, ref: RawRef | None) -> int | None:
        """Return the number of a raw record; None when it lies outside what is counted."""
        if ref is None or ref[0] != self._topic or ref[1] not in self._bases:
            return None
        _, partition, offset = ref
        first = self._firsts.get(partition, 0)
        return self._bases[partition] + offset - first if first <= offset < self._ends[partition] else None

    def enter(self, partition: int, offset: int, source: str) -> None:
        """Note that a raw record is there. Aborted records and the markers of transactions, which have offsets too, are not."""
        number = self.number((self._topic, partition, offset))
        if number is not None:
            known = self._numbers.setdefault(source, len(self._names))
            if known == len(self._names):
                self._names.append(source)
            self._sources[number] = known

    def note(self, ref: RawRef | None, fate: Fate) -> int | None:
        """Note a fate, unless a better one is known; return the raw record's number."""
        number = self.number(ref)
        if number is not None:
            self._fates[number] = min(self._fates[number], fate)
        return number

    def overrule(self, ref: RawRef | None, fate: Fate) -> None:
        """Note a fate that holds whatever else is known: what came out and was purged later is withdrawn."""
        number = self.number(ref)
        if number is not None:
            self._fates[number] = fate

    def settle(self, ref: RawRef | None, fate: Fate) -> int | None:
        """Note a record that settles a raw record, of which there may be one for each time that it is read; return its number."""
        number = self.note(ref, fate)
        if number is not None:
            self._outcomes[number] = min(255, self._outcomes[number] + 1)
        elif ref is not None and ref[2] < self._firsts.get(ref[1], 0):
            self.expired += 1
        return number

    def wait(self, ref: RawRef | None, stage: int) -> None:
        """Note that a raw record waits for the `stage`-th stage, unless something is known of it."""
        number = self.number(ref)
        if number is not None and self._fates[number] == Fate.LOST:
            self._fates[number] = Fate.IN_FLIGHT
            self._stages[number] = stage

    def waits_for(self, number: int) -> int:
        """Return which stage a raw record in flight waits for."""
        return self._stages[number]

    def __iter__(self) -> Iterator[tuple[int, str, Fate, int]]:
        """Yield number, source, fate and count of outcomes of each raw record that is there."""
        for number, source in enumerate(self._sources):
            if source:
                yield number, self._names[source], Fate(self._fates[number]), self._outcomes[number]

    def undecided(self) -> set[int]:
        """Return the numbers of raw records of which nothing is known."""
        return {number for number, _, fate, _ in self if fate is Fate.LOST}

    def repeated(self) -> dict[int, int]:
        """Return the numbers of raw records with several outcomes, and how many."""
        return {number: outcomes for number, _, _, outcomes in self if outcomes > 1}

    def place(self, number: int) -> RawRef:
        """Return the raw record of a number."""
        partition = max(p for p, base in self._bases.items() if base <= number and self._size(p))
        return self._topic, partition, number - self._bases[partition] + self._firsts.get(partition, 0)

    def ref(self, number: int) -> RecordRef:
        """Return the raw record of a number, for people."""
        topic, partition, offset = self.place(number)
        return RecordRef(topic=topic, partition=partition, offset=offset)

    def _size(self, partition: int) -> int:
        return self._ends[partition] - self._firsts.get(partition, 0)
