"""What a capture was beside its body, as a record of an archive: `newswire export warc` writes it before the capture's own record.

WARC has no place for what a source says beside a page: its id, headline, dates, rights. Without it what is withheld or embargoed would come
back as if it were free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from producers.files.body import body_fields
from producers.warc.reading import Record
from schemas.raw.model import Raw

MEDIA_TYPE: Final = "application/vnd.newswire.raw+json"
_BODY: Final = ("body", "body_encoding")


def declared_block(raw: Raw) -> bytes:
    """Return the block of the record: the raw event without its body, as JSON."""
    return orjson.dumps({name: value for name, value in raw.to_data().items() if name not in _BODY})


def is_declared(record: Record) -> bool:
    """Return whether a record is such a one."""
    return record.type == "metadata" and record.headers.get("content-type", "").strip().lower() == MEDIA_TYPE


def restored(declared: Record, of: Record, body: bytes) -> Raw | None:
    """Return the raw event that `declared` is of, with the body out of its record `of`; None where it is of another, or no raw event."""
    if _id(declared.headers, "warc-refers-to") != _id(of.headers, "warc-record-id"):
        return None
    try:
        data: dict[str, Any] = orjson.loads(declared.block)
        return Raw.from_data({**data, **body_fields(body)})
    except (ValueError, TypeError):
        return None


def _id(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").strip().removeprefix("<").removesuffix(">")
