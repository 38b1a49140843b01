"""The hashed tokens of a block: the words of the elements around it, and of short texts the words themselves.

Hashes stand in for words, so that the weights hold no text. A token's hash is the lower bits of the CRC-32 of its UTF-8 bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Final

from consumers.normalize.blocks.cut import Key

BITS: Final = 17
MASK: Final = (1 << BITS) - 1
OWN, AROUND, BEYOND, ANYWHERE, INLINE = LEVELS = range(5)
"""Of which element a token is: the block's own, the one around it, the next, any of them, an inline one that the block begins with."""
STRIDE: Final = 40_503
"""From a token's place at one level to that at the next."""
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
_DIGITS: Final = re.compile(r"\d+")
SHORT: Final = 14
"""Words of a text of which every word is a token; of a longer one only the first and last two."""


def bucket(token: str, level: int = 0) -> int:
    """Return a token's place in the table of weights; an element's token has one for each of `LEVELS`."""
    return (zlib.crc32(token.encode("utf-8", "replace")) + level * STRIDE) & MASK


def buckets(tokens: Sequence[str]) -> list[int]:
    """Return the `bucket` of each token."""
    try:
        return [zlib.crc32(token.encode()) & MASK for token in tokens]
    except UnicodeEncodeError:  # a lone surrogate
        return [bucket(token) for token in tokens]


def element_tokens(key: Key) -> list[str]:
    """Return the tokens of an element, without the prefix of a level."""
    tag, css, name, other = key
    tokens = [f"t{tag}"]
    if css:
        tokens += [f"c{each}" for each in _DIGITS.sub("0", css.lower()).split()[:12]]
        tokens += {f"w{word.lower()}" for word in _WORD.findall(css)[:24]}
    if name:
        tokens.append(f"i{_DIGITS.sub('0', name.lower())}")
        tokens += {f"w{word.lower()}" for word in _WORD.findall(name)[:8]}
    if other:
        tokens += [f"o{each}" for each in _DIGITS.sub("0", other.lower()).split()]
        tokens += {f"w{word.lower()}" for word in _WORD.findall(other)[:12]}
    return tokens


def path_token(tags: Sequence[str]) -> str:
    """Return the token of the three innermost tags."""
    return "p" + "<".join(tags)


def text_tokens(words: Sequence[str], count: int) -> list[str]:
    """Return the tokens of a text, by its words in lower case: all, or some of them where there are more than `SHORT`."""
    if not words:
        return []
    tokens = [
        f"f{words[0]}",
        f"g{' '.join(words[:2])}",
        f"z{' '.join(words[:3])}",
        f"l{words[-1]}",
        f"m{' '.join(words[-2:])}",
    ]
    if count <= SHORT:
        tokens += [f"x{word}" for word in words]
        if count <= 6:
            tokens.append(f"y{' '.join(words)}")
    return tokens


def shape_token(tag: str, words: int, link_share: int) -> str:
    """Return the token of a block's size; `link_share` in thousandths."""
    return f"s{tag}:{words.bit_length()}:{(link_share + 199) // 200}"
