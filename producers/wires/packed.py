"""Documents that come packed with gzip."""

from __future__ import annotations

import io
from typing import Final

from producers.files.opening import Unpacking, read_whole
from producers.wires.folder import MAX_DOCUMENT_BYTES

_GZIP: Final = b"\x1f\x8b"


def unpacked(data: bytes) -> bytes:
    """Return a document as it was before it was packed, told by its first bytes; what is not packed as it is.

    Refusal: `broken-gzip` (also one that is still coming), `too-large`.
    """
    if not data.startswith(_GZIP):
        return data
    return read_whole(Unpacking(io.BytesIO(data), len(data)), MAX_DOCUMENT_BYTES, "send it in several files")
