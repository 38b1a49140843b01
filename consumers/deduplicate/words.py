"""An article's body as a row of word hashes: what sketches and facts are made of, in any script."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.scripts import NUMBER, SENTENCE_END, SPACED_WORD, UNSPACED
from schemas.normalized.model import Section

Hashes = npt.NDArray[np.uint64]

_TOKEN: Final = re.compile(rf"[{UNSPACED}]|{SPACED_WORD}|{NUMBER}|{SENTENCE_END}|:(?=\s|$)")
_WORD, _NAME, _NUMBER, _STOP = 0, 1, 2, 3
_END: Final = 4  # stands between two texts


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
    """One 64-bit hash a word; case, width and accents' composition do not count."""
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
    codes: list[int] = []
    heads = []
    for block in blocks:
        heads.append(len(codes))
        codes.append(_STOP)
        codes.extend(map(_code, _TOKEN.findall(block.text)))
    row = np.array(codes, dtype=np.uint64)
    kinds = (row & np.uint64(3)).astype(np.uint8)
    starts = np.zeros(len(kinds), dtype=bool)
    starts[1:] = kinds[:-1] == _STOP
    kinds[starts & (kinds == _NAME)] = _WORD
    kept = kinds != _STOP
    before = np.cumsum(kept)[heads].tolist() if heads else []  # words before each block
    return Words(hashes=row[kept] >> np.uint64(2), kinds=kinds[kept], firsts=tuple(before))


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end, in code points, of each word of one block."""
    return [match.span() for match in _TOKEN.finditer(text) if _code(match.group()) & 3 != _STOP]


def hash_of(headline: str, summary: str | None, words: Words) -> bytes:
    """Return three bytes over all words of an article in order: equal when only case, punctuation and spacing differ."""
    around = [code >> 2 for part in (headline, summary or "") for code in [*_codes(part), _END]]
    return blake2b(
        np.array(around, dtype="<u8").tobytes() + words.hashes.astype("<u8").tobytes(), digest_size=3
    ).digest()


def _codes(text: str) -> list[int]:
    return [code for code in map(_code, _TOKEN.findall(text)) if code & 3 != _STOP]


@functools.lru_cache(maxsize=200_000)
def _code(token: str) -> int:
    """Return 62 bits of hash and two bits of kind."""
    first = token[0]
    if first.isdigit():
        kind = _NUMBER
    elif not first.isalpha() and unicodedata.category(first)[0] == "P":
        return _STOP
    else:
        kind = _NAME if first.isupper() else _WORD
    folded = unicodedata.normalize("NFKC", token).casefold()
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "little") & ~3) | kind
