"""An article's terms in few bytes."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers import packing

Keys = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

_KEY_BYTES: Final = 3  # 16 million terms: two terms of one text in 10,000 fall together
_KEY_LIMIT: Final = 1 << 8 * _KEY_BYTES
_FULL: Final = 63
_KIND_SHIFT: Final = 6


class Kind(IntEnum):
    """What a term is."""

    WORD = 0
    NAME = 1
    NUMBER = 2
    """A number, a day or a month."""


@dataclass(frozen=True, slots=True)
class Vector:
    """Terms by hash, in order of the hashes, with weights from 1 to 63: whole numbers, so that a sum does not depend on its order."""

    keys: Keys
    """Term hashes, ascending."""
    codes: Bytes
    """Weight and kind of each."""
    length: float = field(init=False)
    """Euclidean length."""

    def __post_init__(self) -> None:
        weights = weights_in(self.codes).astype(np.int64)
        length = math.sqrt(int((weights * weights).sum()))
        object.__setattr__(self, "length", length)  # the only way to set a field of a frozen class

    def pack(self) -> bytes:
        """Return three and a half bytes a term, of an article with text."""
        keys = self.keys.tolist()
        return (
            packing.number(len(keys))
            + packing.ascending(keys, _KEY_LIMIT)
            + self.codes.astype(np.uint8).tobytes()
        )

    @classmethod
    def unpack(cls, data: packing.Reader) -> Vector:
        """Read what was packed."""
        count = data.number()
        keys = data.ascending_array(count, _KEY_LIMIT).astype(np.uint32)
        return cls(keys, np.frombuffer(data.take(count), np.uint8))

    @classmethod
    def of(cls, weights: Mapping[int, float], kinds: Mapping[int, Kind], most: int) -> Vector:
        """Return the heaviest terms, the heaviest of all with the largest weight."""
        heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        unit = _FULL / heaviest[0][1] if heaviest else 0.0
        codes = {key: max(1, round(weight * unit)) | kinds[key] << _KIND_SHIFT for key, weight in heaviest}
        keys = sorted(codes)
        return cls(np.array(keys, np.uint32), np.array([codes[key] for key in keys], np.uint8))


def weights_in(codes: Bytes) -> Bytes:
    """Return the weights."""
    return codes & np.uint8(_FULL)


def kinds_in(codes: Bytes) -> Bytes:
    """Return the kinds, as numbers."""
    return codes >> np.uint8(_KIND_SHIFT)


@functools.lru_cache(maxsize=200_000)
def term_key(language: str, term: str) -> int:
    """Return the hash of a term: terms of two languages never meet, and articles in two languages share nothing."""
    digest = blake2b(
        f"{language}\x1f{term}".encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES
    ).digest()
    return int.from_bytes(digest, "big")
