"""A term vector in few bytes."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

_KEY_BYTES: Final = 3  # 16 million terms: two terms of one text in 10,000 fall together
_FULL: Final = 255


@dataclass(frozen=True, slots=True)
class Vector:
    """Terms by hash, with weights from 1 to 255. Whole numbers, so that a sum does not depend on its order."""

    weights: dict[int, int]
    """Term hash -> weight."""
    length: float = field(init=False)
    """Euclidean length."""

    def __post_init__(self) -> None:
        square = sum(weight * weight for weight in self.weights.values())
        object.__setattr__(self, "length", math.sqrt(square))  # the only way to set a field of a frozen class

    def pack(self) -> bytes:
        """Return four bytes a term."""
        return b"".join(
            key.to_bytes(_KEY_BYTES, "big") + bytes((weight,)) for key, weight in sorted(self.weights.items())
        )

    @classmethod
    def unpack(cls, data: bytes) -> Vector:
        """Read what was packed."""
        size = _KEY_BYTES + 1
        return cls(
            {
                int.from_bytes(data[at : at + _KEY_BYTES], "big"): data[at + _KEY_BYTES]
                for at in range(0, len(data), size)
            }
        )

    @classmethod
    def of(cls, weights: dict[int, float], most: int) -> Vector:
        """Return the heaviest terms, the heaviest of all with weight 255."""
        heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        if not heaviest:
            return cls({})
        unit = _FULL / heaviest[0][1]
        return cls({key: max(1, round(weight * unit)) for key, weight in heaviest})


@functools.lru_cache(maxsize=200_000)
def term_key(language: str, term: str) -> int:
    """Return the hash of a term: terms of two languages never meet, and articles in two languages share nothing."""
    digest = blake2b(
        f"{language}\x1f{term}".encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES
    ).digest()
    return int.from_bytes(digest, "big")
