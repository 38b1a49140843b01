"""The raw event: what a producer captured, unchanged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import Contract, UtcDatetime
from schemas.core.rights import Rights
from schemas.core.source import Source


class Item(Contract):
    """What the source itself says about the article beside its body: a feed item's or a JSON record's fields, as strings, unparsed."""

    headline: str | None = None
    """Title as given."""
    summary: str | None = None
    """Description, lead or standfirst as given."""
    authors: tuple[str, ...] = ()
    """Bylines as given."""
    published: str | None = None
    """Publication date as written by the source, in whatever format."""
    modified: str | None = None
    """Modification date as written by the source."""
    language: str | None = None
    """Language as declared (BCP 47 or whatever the source writes)."""
    section: str | None = None
    """Desk or category."""
    keywords: tuple[str, ...] = ()
    """Tags as given."""


class Raw(Contract):
    """One captured article, before anything was read out of it.

    Key: the capture key (url, or source and guid, or source and path), so that captures of one article stay in order.
    """

    source: Source
    """Who published it and how it was captured."""
    captured_at: UtcDatetime
    """When the producer fetched or received it."""
    media_type: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$")]
    """Media type of the body (RFC 6838), without parameters: `text/plain`, `text/html` …"""
    charset: str | None = None
    """Character encoding as declared by the source. Bodies held as text need none."""
    body: str
    """The article's bytes: as text where they are valid UTF-8 without NUL, otherwise in base64. At most 8 MiB before encoding."""
    body_encoding: Literal["text", "base64"] = "text"
    """How `body` holds the bytes."""
    url: str | None = None
    """Address it was captured from or that the source gives for it, as given."""
    guid: str | None = None
    """The source's own id for the article (guid, wire uri …), as given."""
    path: str | None = None
    """File name relative to the folder that was read (`-` for standard input), with `#n` for record n of a file of many."""
    item: Item = Item()
    """What the source says beside the body."""
    rights: Rights = Rights()
    """Status, embargo and terms as given."""
