"""An article's body as a row of word hashes: what sketches and facts are made of, in any script."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.deduplicate.folded import folded
from consumers.scripts import NUMBER, SENTENCE_END, SPACED_WORD, UNSPACED
from schemas.normalized.model import Section

Hashes = npt.NDArray[np.uint64]

_TOKEN: Final = re.compile(rf"[{UNSPACED}]|{SPACED_WORD}|{NUMBER}|{SENTENCE_END}|:(?=\s|$)")
_THOUSANDS: Final = re.compile(
    r" (?<=\d )(?<!\d{4} )(?<![.,:]\d )(?<![.,:]\d{2} )(?<![.,:]\d{3} )(?=\d{3}(?!\d))"
)
_MOST_CHUNKS: Final = 1 << 17
_LONGEST_CHUNK: Final = 32  # characters
_WORD, _NAME, _NUMBER, _STOP = 0, 1, 2, 3
_CODE: Final = np.dtype("<u8")  # a word: 62 bits of hash and two of kind
_KIND: Final = np.uint64(3)
_KIND_BITS: Final = np.uint64(2)
_STOP_CODE: Final = _STOP.to_bytes(8, "little")
_END_CODE: Final = (1 << 2).to_bytes(8, "little")  # stands between two texts


@dataclass(frozen=True, slots=True)
class Block:
    """One string of the event."""

    path: str
    """JSON Pointer (RFC 6901) into the normalized event."""
    text: str
    """The string."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order, without punctuation."""

    hashes: Hashes
    """One 64-bit hash a word; case, width, accents and how numbers are written do not count (see `folded`)."""
    kinds: npt.NDArray[np.uint8]
    """0 an ordinary word, 1 a word with a capital that no sentence start explains, 2 a number."""
    firsts: tuple[int, ...]
    """For each block the number of its first word."""


def body(sections: tuple[Section, ...], summary: str | None) -> list[Block]:
    """Return the strings that make up the body: headings and paragraphs; the summary only where there is nothing else."""
    blocks = []
    for number, section in enumerate(sections):
        if section.heading:
            blocks.append(Block(f"/sections/{number}/heading", section.heading))
        blocks.extend(
            Block(f"/sections/{number}/paragraphs/{line}", text)
            for line, text in enumerate(section.paragraphs)
        )
    if not blocks and summary:
        blocks.append(Block("/summary", summary))
    return blocks


def read(blocks: list[Block]) -> Words:
    """Return the words of all blocks in one row."""
    # Where all is in capitals, none says that a name begins.
    parts = [
        _STOP_CODE + _codes(block.text.lower() if block.text.isupper() else block.text) for block in blocks
    ]
    row = np.frombuffer(b"".join(parts), dtype=_CODE)
    heads = [0, *itertools.accumulate(len(part) // _CODE.itemsize for part in parts[:-1])]
    kinds = (row & _KIND).astype(np.uint8)
    starts = np.zeros(len(kinds), dtype=bool)
    starts[1:] = kinds[:-1] == _STOP
    kinds[starts & (kinds == _NAME)] = _WORD
    kept = kinds != _STOP
    before = np.cumsum(kept)[heads].tolist() if blocks else []  # words before each block
    return Words(hashes=row[kept] >> _KIND_BITS, kinds=kinds[kept], firsts=tuple(before))


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end, in code points, of each word of one block."""
    return [match.span() for match in _TOKEN.finditer(_joined(text)) if _kind(match.group()) != _STOP]


def hash_of(headline: str, summary: str | None, words: Words) -> bytes:
    """Return three bytes over all words of an article in order: equal when only case, punctuation and spacing differ."""
    around = np.frombuffer(
        _codes(headline) + _END_CODE + (_codes(summary) if summary else b"") + _END_CODE, dtype=_CODE
    )
    around = around[around & _KIND != _STOP] >> _KIND_BITS
    return blake2b(around.tobytes() + words.hashes.astype(_CODE).tobytes(), digest_size=3).digest()


def _codes(text: str) -> bytes:
    """Return the codes of a text: no token has white space in it, or asks for more than that there is some beside it."""
    return b"".join(map(_CHUNKS.__getitem__, _joined(text).split()))


def _joined(text: str) -> str:
    """Return a text of the same length in which `1 000` has no white space: `folded` knows what stands for it."""
    return _THOUSANDS.sub(":", text)


class _Chunks(dict[str, bytes]):
    """The codes of a run of characters without white space. News says the same words again: most have been met before."""

    def __missing__(self, chunk: str) -> bytes:
        codes = b"".join(map(_code, _TOKEN.findall(chunk)))
        if len(chunk) <= _LONGEST_CHUNK:
            if len(self) >= _MOST_CHUNKS:
                self.clear()
            self[chunk] = codes
        return codes


_CHUNKS: Final = _Chunks()


@functools.lru_cache(maxsize=1 << 14)
def _code(token: str) -> bytes:
    """Return 62 bits of hash and two bits of kind: eight bytes, the lowest first."""
    if (kind := _kind(token)) == _STOP:
        return _STOP_CODE
    digest = blake2b(folded(token).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return bytes((digest[0] & ~3 | kind,)) + digest[1:]


def _kind(token: str) -> int:
    first = token[0]
    if first.isdigit():
        return _NUMBER
    if not first.isalpha() and unicodedata.category(first)[0] == "P":
        return _STOP
    return _NAME if first.isupper() else _WORD
