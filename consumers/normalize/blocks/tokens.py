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


_ALL_OF_IT: Final = 6
"""Words of a text that is a token as a whole too."""
_FIRST, _FIRST_TWO, _FIRST_THREE, _LAST, _LAST_TWO, _ANY, _WHOLE = map(
    zlib.crc32, (b"f", b"g", b"z", b"l", b"m", b"x", b"y")
)
"""Checksums of the letters that a text's tokens begin with."""


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
    return [tag_token(tag), *class_tokens(css), *name_tokens(name), *other_tokens(other)]


def tag_token(tag: str) -> str:
    """Return the token of an element's tag."""
    return f"t{tag}"


def class_tokens(css: str) -> list[str]:
    """Return the tokens of an element's class."""
    if not css:
        return []
    whole = [f"c{each}" for each in _DIGITS.sub("0", css.lower()).split()[:12]]
    return [*whole, *{f"w{word.lower()}" for word in _WORD.findall(css)[:24]}]


def name_tokens(name: str) -> list[str]:
    """Return the tokens of an element's id."""
    if not name:
        return []
    return [f"i{_DIGITS.sub('0', name.lower())}", *{f"w{word.lower()}" for word in _WORD.findall(name)[:8]}]


def other_tokens(other: str) -> list[str]:
    """Return the tokens of the other attributes that an element is recognised by."""
    if not other:
        return []
    whole = [f"o{each}" for each in _DIGITS.sub("0", other.lower()).split()]
    return [*whole, *{f"w{word.lower()}" for word in _WORD.findall(other)[:12]}]


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
        if count <= _ALL_OF_IT:
            tokens.append(f"y{' '.join(words)}")
    return tokens


def text_buckets(words: Sequence[str], count: int) -> list[int]:
    """Return the `buckets` of `text_tokens`, without making them: a checksum goes on from that of the letter in front."""
    if not words:
        return []
    whole = " ".join(words)
    try:
        data = whole.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return buckets(text_tokens(words, count))
    parts = data.split(b" ")
    places = [
        zlib.crc32(parts[0], _FIRST),
        zlib.crc32(b" ".join(parts[:2]), _FIRST_TWO),
        zlib.crc32(b" ".join(parts[:3]), _FIRST_THREE),
        zlib.crc32(parts[-1], _LAST),
        zlib.crc32(b" ".join(parts[-2:]), _LAST_TWO),
    ]
    if count <= SHORT:
        places += [zlib.crc32(part, _ANY) for part in parts]
        if count <= _ALL_OF_IT:
            places.append(zlib.crc32(data, _WHOLE))
    return [place & MASK for place in places]


def shape_token(tag: str, words: int, link_share: int) -> str:
    """Return the token of a block's size; `link_share` in thousandths."""
    return shape_token_of(tag, words.bit_length(), share_step(link_share))


def shape_token_of(tag: str, size: int, share: int) -> str:
    """Return the token of a block's size, by the bits of its number of words and the step of its share of links."""
    return f"s{tag}:{size}:{share}"


def share_step(link_share: int) -> int:
    """Return the step, of six, of a share of links in thousandths."""
    return (link_share + 199) // 200
