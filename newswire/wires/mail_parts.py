"""The items in an e-mail: what is attached to it, what it forwards, or itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import Message
from typing import Final

from newswire.topology import MAX_BODY_BYTES
from newswire.wires.anpa1312 import is_anpa1312
from newswire.wires.iptc7901 import is_iptc7901
from newswire.wires.item import MEDIA_TYPES, Part, WireError, WireItem
from newswire.wires.mail import Leaf, leaves, parsed
from newswire.wires.mail_item import read_mail
from newswire.wires.values import tidy

_DEEPEST: Final = 5
"""Messages in messages."""
_DOCUMENTS: Final = ("application/json", "application/xml", "text/xml", *MEDIA_TYPES.values())
_ANY: Final = ("application/octet-stream", "text/plain")
_STARTS: Final = (b"<?xml", b"<", b"{", b"[")
_BOM: Final = b"\xef\xbb\xbf"


def mail_parts(data: bytes, parts_of: Callable[[bytes], Iterator[Part]], depth: int = 1) -> Iterator[Part]:
    """Yield the items of one message: wires that are attached or stand in it, else messages that it forwards whole, else itself.

    `parts_of` reads a document of another format. A message above the limit of a capture is one without the content of what is attached.
    """
    kind = MEDIA_TYPES["mail"]
    try:
        message = parsed(data)
        found, forwarded = leaves(message)
        attached = [part for leaf in found for part in _wires(leaf, parts_of)]
        if attached:
            yield from attached
        elif forwarded:
            yield from _forwarded(forwarded, parts_of, depth)
        else:
            item = _read(message, found)
            yield Part(
                0,
                data if len(data) <= MAX_BODY_BYTES else _without_attachments(message, found, data),
                item,
                kind,
            )
    except WireError as error:
        yield Part(0, data, error, kind)


def _read(message: Message, found: list[Leaf]) -> WireItem | WireError:
    try:
        return tidy(read_mail(message, found))
    except WireError as error:
        return error


def _forwarded(
    messages: list[Message], parts_of: Callable[[bytes], Iterator[Part]], depth: int
) -> Iterator[Part]:
    if depth >= _DEEPEST:
        raise WireError("too-large", f"messages in messages, more than {_DEEPEST} deep")
    for each in messages:
        try:
            data = each.as_bytes()
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise WireError(
                "not-a-wire", f"a message that is forwarded in it is broken: {type(error).__name__}"
            ) from error
        yield from mail_parts(data, parts_of, depth + 1)


def _wires(leaf: Leaf, parts_of: Callable[[bytes], Iterator[Part]]) -> Iterator[Part]:
    """Yield the items of a part that is a document of another format; a document of no wire is none, and one that is broken an error."""
    named = leaf.media_type in _DOCUMENTS or leaf.media_type.endswith(("+json", "+xml"))
    if not (named or leaf.media_type in _ANY) or leaf.media_type in ("image/svg+xml", MEDIA_TYPES["mail"]):
        return
    data = leaf.content()
    if not data.strip():
        return
    teletype = is_iptc7901(data) or is_anpa1312(data)
    marked = data.removeprefix(_BOM).lstrip().startswith(_STARTS)
    if not (teletype or (marked and (named or leaf.attached or leaf.name))):
        return
    try:
        yield from [replace(part, number=0) for part in parts_of(data) if not _is_other(part.item)]
    except WireError as error:
        if named and not _is_other(error):
            yield Part(0, data, error, leaf.media_type)


def _is_other(item: WireItem | WireError) -> bool:
    return isinstance(item, WireError) and item.reason in ("not-a-wire", "empty-file")


def _without_attachments(message: Message, found: list[Leaf], data: bytes) -> bytes:
    for leaf in found:
        if not leaf.media_type.startswith("text/"):
            leaf.part.set_payload("")
            del leaf.part["content-transfer-encoding"]
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, RecursionError):
        return data  # it stays too large, and is refused as that
