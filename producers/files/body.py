"""How the bytes of a body travel in a raw event."""

from __future__ import annotations

import base64
import re
from typing import Any, Final

from newswire.topology import MAX_BODY_BYTES, MIB
from producers.files.found import Refusal
from producers.files.opening import too_large

_MAGIC: Final = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a gzip file: name it `.gz` or unpack it",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"SQLite format 3\x00": "a database",
}
_WIDE_BOM: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 12, 13, 27})  # 27: ISO-2022-JP shifts with it
_SEVEN_BIT_SHIFT: Final = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")
_STRAY_CONTROLS: Final = 8
_SAMPLE: Final = 64 * 1024
_ESCAPED_GROWS_FROM: Final = MIB


def body_fields(data: bytes) -> dict[str, Any]:
    """Return `body` and `body_encoding` of a raw event: text where the bytes are UTF-8 without NUL, otherwise base64.

    Base64 also where the text would grow more than base64 does when JSON escapes it, so that 8 MiB always fit into a record, and where
    the bytes are UTF-8 only by chance (ISO-2022-JP is all ASCII). Raises `Refusal` for more than `MAX_BODY_BYTES`.
    """
    if len(data) > MAX_BODY_BYTES:
        raise too_large(data, len(data), MAX_BODY_BYTES, "split it, or leave out what is not the article")
    text = _as_text(data)
    if text is None:
        return {"body": base64.b64encode(data).decode("ascii"), "body_encoding": "base64"}
    return {"body": text}


def refuse_binary(data: bytes) -> None:
    """Raise `Refusal` when the bytes are no text in any encoding: known file signatures, or more than 5 % control characters."""
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise Refusal("binary", f"not text but {name}", original=data, size=len(data))
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if (
        controls > _STRAY_CONTROLS
        and controls * 20 > len(sample)
        and not sample.startswith(_WIDE_BOM)
        and not _two_byte_text(sample)
    ):
        raise Refusal(
            "binary",
            f"{controls} of {len(sample)} bytes are control characters: not text",
            original=data,
            size=len(data),
        )


def _two_byte_text(sample: bytes) -> bool:
    """Tell UTF-16 without a byte order mark: one byte of each pair, the high one, hardly ever changes."""
    for high in (sample[0::2], sample[1::2]):
        if high and sum(high.count(value) for value in (0, 1, 3, 4, 5, 6)) > 0.8 * len(high):
            other = sample[1::2] if high == sample[0::2] else sample[0::2]
            return sum(1 for value in other if value >= 32) > 0.8 * len(other)
    return False


def _as_text(data: bytes) -> str | None:
    if b"\0" in data or _SEVEN_BIT_SHIFT.search(data[:_SAMPLE]):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if len(data) > _ESCAPED_GROWS_FROM:
        escapes = sum(text.count(c) for c in '"\\\n\r\t\b\f')
        escapes += 5 * sum(text.count(chr(c)) for c in range(32) if chr(c) not in "\n\r\t\b\f")
        if len(data) + escapes > len(data) * 4 // 3:
            return None
    return text
