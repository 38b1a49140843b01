"""Numbers, texts and ids in few bytes: every change of a stage's state is a record on its changelog."""

from __future__ import annotations

import base64
import functools
import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_CUT: Final = "…"
_UUID_BYTES: Final = 16


class Reader:
    """Takes apart what the functions below put together."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        start, self._at = self._at, self._at + size
        return self._data[start : self._at]

    def starts_with(self, byte: int) -> bool:
        """Return whether the next byte is this one, and leave it there."""
        return self._data[self._at] == byte

    def number(self) -> int:
        """Return the next number."""
        value = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def signed(self) -> int:
        """Return the next number that may be negative."""
        value = self.number()
        return value >> 1 if value & 1 == 0 else -(value >> 1) - 1

    def ascending(self, count: int, limit: int) -> list[int]:
        """Return the next `count` distinct numbers below a limit."""
        if not count:
            return []
        data = int.from_bytes(self.take(_ascending_bytes(count, limit)), "little")
        low = _low_bits(count, limit)
        mask = (1 << low) - 1
        lows = data & (1 << low * count) - 1
        highs = bin(data >> (low * count))[:1:-1]  # the lowest bit first
        values = []
        bit = -1
        for place in range(count):
            bit = highs.index("1", bit + 1)
            values.append(bit - place << low | lows & mask)
            lows >>= low
        return values

    def ascending_array(self, count: int, limit: int) -> npt.NDArray[np.int64]:
        """Return what `ascending` does, as an array: in a fraction of the time where there are many."""
        if not count:
            return np.zeros(0, np.int64)
        low = _low_bits(count, limit)
        packed = np.frombuffer(self.take(_ascending_bytes(count, limit)), np.uint8)
        bits = np.unpackbits(packed, bitorder="little")
        lows = bits[: low * count].reshape(count, low) @ _powers(low)
        highs: npt.NDArray[np.int64] = np.flatnonzero(bits[low * count :]) - np.arange(count)
        return (highs << low) | lows

    def rising(self, sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
        """Return rows of numbers that `rising` packed, by (how many, limit) of each. They take all that is left."""
        bits = int.from_bytes(self.rest(), "little")
        widths = [_gap_bits(count, limit) for count, limit in sizes]
        lows = sum(count * width for (count, _), width in zip(sizes, widths, strict=True))
        quotients = map(len, bin(bits >> lows)[:1:-1].split("1"))  # the lowest bit first
        rows = []
        for (count, _), width in zip(sizes, widths, strict=True):
            mask, value, row = (1 << width) - 1, 0, []
            for quotient in itertools.islice(quotients, count):
                value += quotient << width | bits & mask
                bits >>= width
                row.append(value)
            rows.append(row)
        return rows

    def at_end(self) -> bool:
        """Return whether nothing is left."""
        return self._at >= len(self._data)

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.take(len(self._data) - self._at)

    def text(self) -> str:
        """Return the next text."""
        return self.take(self.number()).decode(errors="ignore")


def number(value: int) -> bytes:
    """Return a number of 0 or more in base 128 (LEB128): one byte up to 127, two up to 16,383."""
    packed = bytearray()
    while value >= 0x80:
        packed.append(value & 0x7F | 0x80)
        value >>= 7
    packed.append(value)
    return bytes(packed)


def signed(value: int) -> bytes:
    """Return a number that may be negative (zigzag): one byte from -64 to 63."""
    return number(value << 1 if value >= 0 else (-value << 1) - 1)


def ascending(values: Sequence[int], limit: int) -> bytes:
    """Return distinct numbers below a limit, in ascending order; how many there are is kept elsewhere.

    Elias and Fano: the lower bits as they are, the upper ones as gaps in unary. 24 numbers of 24 bits take 64 bytes instead of 72.
    """
    low = _low_bits(len(values), limit)
    mask = (1 << low) - 1
    lows = highs = 0
    for place, value in enumerate(values):
        lows |= (value & mask) << (low * place)
        highs |= 1 << ((value >> low) + place)
    return (lows | highs << (low * len(values))).to_bytes(_ascending_bytes(len(values), limit), "little")


def rising(rows: Sequence[tuple[Sequence[int], int]]) -> bytes:
    """Return rows of numbers, each in ascending order and with the limit that they are below, as the end of what is packed.

    Gaps by Rice's code (Rice and Plaunt 1971, "Adaptive variable-length coding"; Golomb 1966): the lower bits of all of them as they are,
    then the upper ones in unary. 28 numbers of 22 bits take 65.4 bytes, where `ascending` takes 67 and nothing can take less than 64.8.
    """
    lows = highs = at = place = 0
    for values, limit in rows:
        width = _gap_bits(len(values), limit)
        mask, before = (1 << width) - 1, 0
        for value in values:
            gap, before = value - before, value
            lows |= (gap & mask) << at
            at += width
            place += gap >> width
            highs |= 1 << place
            place += 1
    return (lows | highs << at).to_bytes((at + place + 7) // 8, "little")


def _gap_bits(count: int, limit: int) -> int:
    """Return how many lower bits of a gap are not in unary: about half the mean gap is the best power of two for gaps by chance."""
    return (limit // (2 * count + 2)).bit_length()


@functools.cache
def _powers(count: int) -> npt.NDArray[np.int64]:
    return 1 << np.arange(count, dtype=np.int64)


def _low_bits(count: int, limit: int) -> int:
    return max(0, (limit // count).bit_length() - 1) if count else 0


def _ascending_bytes(count: int, limit: int) -> int:
    low = _low_bits(count, limit)
    return (low * count + count + (limit >> low) + 7) // 8 if count else 0


def text(value: str, most_bytes: int) -> bytes:
    """Return a text, cut at so many bytes; a character that the cut would tear is left out when it is read."""
    data = value.encode()[:most_bytes]
    return number(len(data)) + data


def cut(value: str, most_bytes: int) -> str:
    """Return a text as it is remembered in so many bytes, with `…` where it was cut."""
    data = value.encode()
    if len(data) <= most_bytes:
        return value
    return data[: most_bytes - len(_CUT.encode())].decode(errors="ignore").rstrip() + _CUT


def raw(identifier: str) -> bytes:
    """Return a UUID as 16 bytes."""
    data = bytes.fromhex(identifier.replace("-", ""))
    if len(data) != _UUID_BYTES:
        raise ValueError(f"{identifier!r} is no UUID: it has {len(data)} bytes instead of {_UUID_BYTES}")
    return data


def long_raw(identifier: bytes) -> str:
    """Return the UUID of 16 bytes."""
    digits = identifier.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@functools.lru_cache(maxsize=4096)
def short(identifier: str) -> str:
    """Return a UUID as 22 characters, for state keys."""
    return short_raw(raw(identifier))


def short_raw(identifier: bytes) -> str:
    """Return a UUID of 16 bytes as `short` does."""
    return base64.urlsafe_b64encode(identifier).decode()[:22]


def long(identifier: str) -> str:
    """Return the UUID that `short` shortened."""
    return long_raw(base64.urlsafe_b64decode(identifier + "=="))
