"""A document of an agency to raw events, one for each item in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from newswire.capture import Captured, Unreadable, capture_key
from newswire.topology import MAX_BODY_BYTES
from newswire.wires import Part, WireError, WireItem, parts_of
from producers.files.body import body_fields
from producers.files.found import EXCERPT_BYTES, Refusal
from schemas.core.source import Source
from schemas.raw.model import Item, Raw

KIND = "wires"


def captures_of(
    data: bytes, *, source: str, language: str | None, captured_at: datetime, path: str
) -> Iterator[Captured | Unreadable]:
    """Yield the items of a document as captures, and what of it cannot be taken. Never raises for what is in it.

    The body of a capture is what came: the document itself, byte for byte, where it holds one item. What is read out of it here is what
    the pipeline has to know without reading it: the item's uri, by which all its versions share a key, and its rights. `language` is
    that of items which declare none; `path` gets `#n` for item n of several.
    """
    try:
        for part in parts_of(data):
            yield _capture(part, source, language, captured_at, path)
    except WireError as error:
        yield _unreadable(error, path, data)


def _capture(
    part: Part, source: str, language: str | None, captured_at: datetime, path: str
) -> Captured | Unreadable:
    shown = f"{path}#{part.number}" if part.number else path
    item = part.item
    if isinstance(item, WireError):
        return _unreadable(item, shown, part.data)
    if len(part.data) > MAX_BODY_BYTES:
        too_large = WireError(
            "too-large", f"an item of {len(part.data)} bytes, where {MAX_BODY_BYTES} are the most"
        )
        return _unreadable(too_large, shown, part.data)
    try:
        raw = _raw(part, item, source=source, language=language, captured_at=captured_at, path=shown)
    except Refusal as refusal:
        return refusal.about(shown)
    return Captured(raw, capture_key(source, guid=item.wire.uri))


def _raw(
    part: Part, item: WireItem, *, source: str, language: str | None, captured_at: datetime, path: str
) -> Raw:
    provider = item.wire.provider
    return Raw(
        source=Source(
            name=source, kind=KIND, publisher=provider if provider and provider != source else None
        ),
        captured_at=captured_at,
        media_type=part.media_type,
        guid=item.wire.uri,
        url=item.url,
        path=path,
        item=Item(language=None if item.language else language),
        rights=item.rights,
        **body_fields(part.data),
    )


def _unreadable(error: WireError, what: str, data: bytes) -> Unreadable:
    detail = f"{error.detail} (at {error.path})" if error.path else error.detail
    return Unreadable(
        what=what, reason=error.reason, detail=detail, original=data[:EXCERPT_BYTES], size=len(data)
    )
