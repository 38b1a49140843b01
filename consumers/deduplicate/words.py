"""An article's body as a row of word hashes: what sketches and facts are made of, in any script."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from consumers.deduplicate.folded import folded
from consumers.scripts import NUMBER, SENTENCE_END, SPACED_WORD, UNSPACED
from schemas.normalized.model import Section

Hashes = npt.NDArray[np.uint64]

_TOKEN: Final = re.compile(rf"[{UNSPACED}]|{SPACED_WORD}|{NUMBER}|{SENTENCE_END}|:(?=\s|$)")
MOST_CHARACTERS: Final = 1_000_000
"""Of a longer text the beginning is compared: all of a record of 16 MB would take longer than a transaction may."""
_THOUSANDS: Final = re.compile(
    r" (?<=\d )(?<!\d{4} )(?<![.,:]\d )(?<![.,:]\d{2} )(?<![.,:]\d{3} )(?=\d{3}(?!\d))"
)
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)(?:['’٬](?=\d{3}(?!\d))|٫(?=\d))")
_AS_USUAL: Final = {"٫": "."}  # the Arabic decimal sign; the others are signs of thousands, Swiss and Arabic
_TITLES: Final = frozenset(
    {
        "Adm", "Capt", "Cmdr", "Col", "Dott", "Dr", "Dra", "Fr", "Gen", "Gov", "Hon", "Hr", "Ing", "Lt", "Maj", "Mr", "Mrs", "Ms",
        "Prof", "Rep", "Rev", "Sen", "Sgt", "Sig", "Sr", "Sra", "St", "dr", "mr", "mrs", "prof", "sr", "sra",
    }
)  # fmt: skip
"""Words that are written with a dot before a name: what follows them does not begin a sentence."""
_MOST_CHUNKS: Final = 1 << 17
_LONGEST_CHUNK: Final = 32  # characters
_WORD, _NAME, _NUMBER, _STOP = 0, 1, 2, 3
_CODE: Final = np.dtype("<u8")  # a word: 62 bits of hash and two of kind
_KIND: Final = np.uint64(3)
_KIND_BITS: Final = np.uint64(2)
_STOP_CODE: Final = _STOP.to_bytes(8, "little")
_HEAD: Final = " "  # in place of a chunk: here begins a block
_HEAD_CODE: Final = np.uint64(1 << 2 | _STOP)
_HEAD_BYTES: Final = int(_HEAD_CODE).to_bytes(8, "little")
_END_CODE: Final = (1 << 2).to_bytes(8, "little")  # stands between two texts


class Block(NamedTuple):
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
    """Return the strings that make up the body: headings and paragraphs; the summary only where there is nothing else.

    What is beyond the first `MOST_CHARACTERS` is left out.
    """
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
    room = MOST_CHARACTERS
    for number, block in enumerate(blocks):
        if len(block.text) > room:
            return [*blocks[:number], Block(block.path, block.text[:room])]
        room -= len(block.text)
    return blocks


def is_cut(blocks: list[Block]) -> bool:
    """Return whether a body is, or may be, only the beginning of one."""
    return sum(len(block.text) for block in blocks) >= MOST_CHARACTERS


def read(blocks: list[Block]) -> Words:
    """Return the words of all blocks in one row."""
    chunks: list[str] = []
    for block in blocks:
        chunks.append(_HEAD)
        # Where all is in capitals, none says that a name begins.
        chunks += _chunks(block.text.lower() if block.text.isupper() else block.text)
    row = np.frombuffer(_codes(chunks), dtype=_CODE)
    kinds = (row & _KIND).astype(np.uint8)
    starts = np.zeros(len(kinds), dtype=bool)
    starts[1:] = kinds[:-1] == _STOP
    kinds[starts & (kinds == _NAME)] = _WORD
    kept = kinds != _STOP
    before = kept.cumsum()[row == _HEAD_CODE].tolist()  # words before each block
    return Words(hashes=row[kept] >> _KIND_BITS, kinds=kinds[kept], firsts=tuple(before))


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end, in code points, of each word of one block."""
    joined = _joined(text)
    return [
        match.span()
        for match in _TOKEN.finditer(joined)
        if joined[match.start()].isalnum() or _kind(match.group()) != _STOP
    ]


def word_hash(word: str) -> int:
    """Return the hash that a word, or a number, has in `Words`."""
    return int.from_bytes(_code(word), "little") >> int(_KIND_BITS)


def hash_of(headline: str, summary: str | None, words: Words) -> bytes:
    """Return three bytes over all words of an article in order: equal when only case, punctuation and spacing differ."""
    around = np.frombuffer(
        _codes(_chunks(headline)) + _END_CODE + _codes(_chunks(summary or "")) + _END_CODE, dtype=_CODE
    )
    around = around[around & _KIND != _STOP] >> _KIND_BITS
    return blake2b(around.tobytes() + words.hashes.astype(_CODE).tobytes(), digest_size=3).digest()


def _chunks(text: str) -> list[str]:
    """Return a text, split at white space: no token has any in it, or asks for more than that there is some beside it."""
    return _joined(text).split()


def _joined(text: str) -> str:
    """Return a text of the same length in which `1 000` and `1’000` are one token: `folded` knows what stands for space and apostrophe."""
    return _BETWEEN_DIGITS.sub(_usual, _THOUSANDS.sub(":", text))


def _usual(found: re.Match[str]) -> str:
    return _AS_USUAL.get(found[0], ":")


def _codes(chunks: list[str]) -> bytes:
    return b"".join(map(_MET.__getitem__, chunks))


class _Met(dict[str, bytes]):
    """The codes of a run of characters without white space. News says the same words again: most have been met before."""

    def __missing__(self, chunk: str) -> bytes:
        codes = _HEAD_BYTES if chunk == _HEAD else b"".join(map(_code, _tokens(chunk)))
        if len(chunk) <= _LONGEST_CHUNK:
            if len(self) >= _MOST_CHUNKS:
                self.clear()
            self[chunk] = codes
        return codes


_MET: Final = _Met()


def _tokens(chunk: str) -> list[str]:
    """Return the tokens of a chunk; without the dot at its end where that belongs to an initial or a title, and ends no sentence.

    An initial stands alone: behind `U.S.` a sentence may well begin.
    """
    tokens = _TOKEN.findall(chunk)
    if len(tokens) > 1 and chunk[-1] == "." and chunk.endswith(f"{tokens[-2]}."):
        initial = len(tokens) == 2 and len(tokens[0]) == 1 and tokens[0].isupper()
        if initial or tokens[-2] in _TITLES:
            tokens.pop()
    return tokens


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
