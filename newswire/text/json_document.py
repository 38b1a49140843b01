"""JSON as others write it, decoded. Strict but for half surrogate pairs, which the grammar of JSON allows (RFC 8259, 8.2)."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic_core import from_json

_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def read_json(data: bytes) -> Any:
    """Return decoded JSON, with U+FFFD for an escape that is half of a surrogate pair: one character must not cost the whole document.

    ValueError with line and column where it is none: also for NaN, for what is no UTF-8, and for more than about 200 levels.
    """
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError as error:
        mended = without_half_pairs(data)
        if mended == data:
            raise
        try:
            return from_json(mended, allow_inf_nan=False)
        except ValueError as other:
            raise other from error


def without_half_pairs(data: bytes) -> bytes:
    """Return a JSON document, broken or not, with the escape of U+FFFD for each that is half of a surrogate pair. Its length stays."""
    return _ESCAPE.sub(lambda escape: rb"\ufffd" if escape["half"] else escape[0], data)
