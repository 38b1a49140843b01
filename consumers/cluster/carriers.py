"""Who carries the articles of stories without a change: copies that never become members, packed, a record on the changelog for each.

They are kept by the article that they are copies of, and go where it goes, also out of the memory of the stage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from consumers import packing
from consumers.cluster.rules import Rules
from newswire.errors import StateFormatError
from newswire.state.contract import State

PREFIX: Final = "k"
"""State keys of copies begin with this; then the original, then the copy."""
_ID: Final = 22
_FORMAT: Final = 0
_WHOLE, _PRECEDES, _NAMES_AGENCY = 4, 8, 16
_RAW: Final = 16
_AGENCY_BYTES: Final = 40


class Carrier(NamedTuple):
    """One copy, and who carries it. Ordered by time, then by the copy's id: the order of arrival counts for nothing."""

    time_ms: int
    """When it was published, or captured where it does not say; to the second."""
    copy: bytes
    """The copy's article id, as 16 bytes."""
    source: int
    """Number of the outlet."""
    agency: str
    """The agency that it credits; empty where it names none."""
    whole: bool
    """Whether it is the whole text, with small changes at most."""
    precedes: bool
    """Whether it says that it was published before the original."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads: seven or so, and the agency."""
        flags = _FORMAT | _WHOLE * self.whole | _PRECEDES * self.precedes | _NAMES_AGENCY * bool(self.agency)
        parts = [bytes((flags,)), packing.number(self.source), packing.signed(self.time_ms // 1000)]
        if self.agency:
            parts.append(packing.text(self.agency, _AGENCY_BYTES))
        return b"".join(parts)

    @classmethod
    def unpack(cls, copy: bytes, value: bytes) -> Carrier:
        """Read what was packed. StateFormatError for another format."""
        data = packing.Reader(value)
        (flags,) = data.take(1)
        if flags & 3 != _FORMAT:
            raise StateFormatError(f"copy {packing.long_raw(copy)}", flags & 3, str(_FORMAT))
        source, time_ms = data.number(), data.signed() * 1000
        agency = data.text() if flags & _NAMES_AGENCY else ""
        return cls(time_ms, copy, source, agency, bool(flags & _WHOLE), bool(flags & _PRECEDES))


@dataclass(frozen=True, slots=True)
class Held:
    """A copy that is remembered."""

    original_id: str
    """What it is a copy of."""
    copy_id: str
    """The copy."""


class Carriers:
    """All copies of the articles of a partition's stories, packed: some 25 bytes each, and 150 for each article that has any."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._packed: dict[str, bytes] = {}
        self._counts: dict[str, int] = {}

    @classmethod
    def build(cls, rules: Rules, state: State) -> Carriers:
        """Return what a state holds."""
        carriers = cls(rules)
        for key, value in state.scan(PREFIX):
            ids = key[len(PREFIX) :]
            carrier = Carrier.unpack(packing.raw(packing.long(ids[_ID:])), value)
            carriers._enter(packing.long(ids[:_ID]), carrier)
        return carriers

    def of(self, original_id: str) -> list[Carrier]:
        """Return the copies of an article, the earliest first."""
        return sorted(self._all(original_id))

    def count(self, original_ids: Iterable[str]) -> int:
        """Return how many copies of articles are remembered."""
        return sum(self._counts.get(original_id, 0) for original_id in original_ids)

    def put(self, original_id: str, carrier: Carrier, state: State) -> bool:
        """Remember a copy that is not known; False when the article has as many as are kept."""
        copies = Counter(known.source for known in self._all(original_id))
        if copies.get(carrier.source, 0) >= self._rules.most_copies:
            return False
        if carrier.source not in copies and len(copies) >= self._rules.most_carriers:
            return False
        self._enter(original_id, carrier)
        state.put(_key(original_id, carrier.copy), carrier.pack())
        return True

    def drop(self, original_id: str, copy: bytes, state: State) -> bool:
        """Forget a copy; False when it was not known."""
        known = list(self._all(original_id))
        left = [carrier for carrier in known if carrier.copy != copy]
        if len(left) == len(known):
            return False
        self._clear(original_id)
        for carrier in left:
            self._enter(original_id, carrier)
        state.delete(_key(original_id, copy))
        return True

    def forget(self, original_id: str, state: State) -> None:
        """Forget all copies of an article."""
        for carrier in self._all(original_id):
            state.delete(_key(original_id, carrier.copy))
        self._clear(original_id)

    def matching(self, wanted: Callable[[Carrier], bool]) -> Iterator[Held]:
        """Yield the copies that are wanted, in the order of the ids of their originals."""
        for original_id in sorted(self._packed):
            for carrier in self.of(original_id):
                if wanted(carrier):
                    yield Held(original_id, packing.long_raw(carrier.copy))

    def _enter(self, original_id: str, carrier: Carrier) -> None:
        value = carrier.pack()
        self._counts[original_id] = self._counts.get(original_id, 0) + 1
        self._packed[original_id] = b"".join(
            (self._packed.get(original_id, b""), carrier.copy, packing.number(len(value)), value)
        )

    def _clear(self, original_id: str) -> None:
        self._packed.pop(original_id, None)
        self._counts.pop(original_id, None)

    def _all(self, original_id: str) -> Iterator[Carrier]:
        data = packing.Reader(self._packed.get(original_id, b""))
        while not data.at_end():
            copy = data.take(_RAW)
            yield Carrier.unpack(copy, data.take(data.number()))


def _key(original_id: str, copy: bytes) -> str:
    return PREFIX + packing.short(original_id) + packing.short_raw(copy)
