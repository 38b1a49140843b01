"""Who carries the articles of stories without a change: copies that never become members, packed, a record on the changelog for each.

They are kept by the article that they are copies of, and go where it goes, also out of the memory of the stage.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from consumers import packing
from consumers.cluster.rules import Rules
from newswire.state.contract import State

PREFIX: Final = "k"
"""State keys of copies begin with this; then the original, then the copy."""
_ID: Final = 22
_FORMAT: Final = 0
_WHOLE, _PRECEDES, _NAMES_AGENCY = 4, 8, 16
_ROW: Final = struct.Struct("<16sIqIB")  # copy, source, time, agency, flags


class Carrier(NamedTuple):
    """One copy, and who carries it. Ordered by time, then by the copy's id: the order of arrival counts for nothing."""

    time_ms: int
    """When it was published, or captured where it does not say; to the second."""
    copy: bytes
    """The copy's article id, as 16 bytes."""
    source: int
    """Number of the outlet."""
    agency: int | None
    """Number of the agency that it credits."""
    whole: bool
    """Whether it is the whole text, with small changes at most."""
    precedes: bool
    """Whether it says that it was published before the original."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads: eight or nine."""
        parts = [bytes((self.flags,)), packing.number(self.source), packing.signed(self.time_ms // 1000)]
        if self.agency is not None:
            parts.append(packing.number(self.agency))
        return b"".join(parts)

    @classmethod
    def unpack(cls, copy: bytes, value: bytes) -> Carrier:
        """Read what was packed. ValueError for another format: the stage's state must then be rebuilt by a replay."""
        data = packing.Reader(value)
        (flags,) = data.take(1)
        if flags & 3 != _FORMAT:
            raise ValueError(
                f"state of copy {packing.long_raw(copy)} has format {flags & 3}, this code reads {_FORMAT}: replay the stage"
            )
        source, time_ms = data.number(), data.signed() * 1000
        agency = data.number() if flags & _NAMES_AGENCY else None
        return cls(time_ms, copy, source, agency, bool(flags & _WHOLE), bool(flags & _PRECEDES))

    @property
    def flags(self) -> int:
        """All that is one bit."""
        return (
            _FORMAT
            | _WHOLE * self.whole
            | _PRECEDES * self.precedes
            | _NAMES_AGENCY * (self.agency is not None)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A copy that is remembered."""

    original_id: str
    """What it is a copy of."""
    copy_id: str
    """The copy."""


class Carriers:
    """All copies of the articles of a partition's stories: 33 bytes each, and some 150 for each article that has any."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._rows: dict[str, bytes] = {}

    @classmethod
    def build(cls, rules: Rules, state: State) -> Carriers:
        """Return what a state holds."""
        carriers = cls(rules)
        for key, value in state.scan(PREFIX):
            original_id, copy_id = _ids(key)
            carriers._enter(original_id, Carrier.unpack(packing.raw(copy_id), value))
        return carriers

    def of(self, original_id: str) -> list[Carrier]:
        """Return the copies of an article, the earliest first."""
        return sorted(map(_carrier, _ROW.iter_unpack(self._rows.get(original_id, b""))))

    def put(self, original_id: str, carrier: Carrier, state: State) -> bool:
        """Remember a copy that is not known; False when the article has as many as are kept."""
        copies = Counter(known.source for known in self.of(original_id))
        if copies.get(carrier.source, 0) >= self._rules.most_copies:
            return False
        if carrier.source not in copies and len(copies) >= self._rules.most_carriers:
            return False
        self._enter(original_id, carrier)
        state.put(_key(original_id, carrier.copy), carrier.pack())
        return True

    def drop(self, original_id: str, copy: bytes, state: State) -> bool:
        """Forget a copy; False when it was not known."""
        if not self._leave(original_id, copy):
            return False
        state.delete(_key(original_id, copy))
        return True

    def forget(self, original_id: str, state: State) -> None:
        """Forget all copies of an article."""
        for carrier in self.of(original_id):
            self.drop(original_id, carrier.copy, state)

    def matching(self, wanted: Callable[[Carrier], bool]) -> Iterator[Held]:
        """Yield the copies that are wanted, in the order of the ids of their originals."""
        for original_id in sorted(self._rows):
            for carrier in self.of(original_id):
                if wanted(carrier):
                    yield Held(original_id, packing.long_raw(carrier.copy))

    def _enter(self, original_id: str, carrier: Carrier) -> None:
        row = _ROW.pack(carrier.copy, carrier.source, carrier.time_ms, (carrier.agency or 0), carrier.flags)
        self._rows[original_id] = self._rows.get(original_id, b"") + row

    def _leave(self, original_id: str, copy: bytes) -> bool:
        rows = self._rows.get(original_id, b"")
        left = b"".join(
            rows[at : at + _ROW.size]
            for at in range(0, len(rows), _ROW.size)
            if rows[at : at + len(copy)] != copy
        )
        if left:
            self._rows[original_id] = left
        else:
            self._rows.pop(original_id, None)
        return len(left) < len(rows)


def _carrier(row: tuple[bytes, int, int, int, int]) -> Carrier:
    copy, source, time_ms, agency, flags = row
    named = agency if flags & _NAMES_AGENCY else None
    return Carrier(time_ms, copy, source, named, bool(flags & _WHOLE), bool(flags & _PRECEDES))


def _key(original_id: str, copy: bytes) -> str:
    return PREFIX + packing.short(original_id) + packing.short_raw(copy)


def _ids(key: str) -> tuple[str, str]:
    ids = key[len(PREFIX) :]
    return packing.long(ids[:_ID]), packing.long(ids[_ID:])
