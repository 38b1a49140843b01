"""The raw event: what a producer captured, unchanged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from schemas.core.contract import Contract, UtcDatetime
from schemas.core.reference import Reference
from schemas.core.rights import Rights
from schemas.core.source import Source


class Alternate(Contract):
    """The same article in another language, as the source gives it."""

    language: str
    """Language as declared."""
    url: str
    """Its address, as given, made absolute."""


class Item(Contract):
    """What the source itself says about the article beside its body: a feed item's or a JSON record's fields, as strings, unparsed."""

    headline: str | None = None
    """Title as given."""
    summary: str | None = None
    """Description, lead or standfirst as given."""
    content: str | None = None
    """Markup of the text as the source itself gives it, where `body` is the article's page; absent where that is no more than `summary`."""
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
    alternates: tuple[Alternate, ...] | None = None
    """Versions in other languages, at most 100; absent where the source names none."""


class Http(Contract):
    """The answer that the body came in, where it was had over HTTP: body, headers, final address and redirects are the captured page."""

    status: Annotated[int, Field(ge=100, le=999)]
    """Status code of the final answer (RFC 9110, 15)."""
    headers: dict[str, str] = Field(default={})
    """Headers of the final answer that were kept: names in lower case, of several with one name the values joined by `, `."""
    requested_url: str
    """The address that was asked for first."""
    final_url: str
    """The address that gave the body, after all redirects: what relative addresses in it relate to."""
    redirects: tuple[str, ...] = ()
    """The addresses that answered with a redirect, in order."""

    @field_validator("headers")
    @classmethod
    def _lower_case(cls, headers: dict[str, str]) -> dict[str, str]:
        wrong = sorted(name for name in headers if name != name.lower() or not name)
        if wrong:
            raise ValueError(f"names of headers are written in lower case, not {wrong[0]!r}")
        return headers


class PageFailure(Contract):
    """Why an article's page could not be had, where the source's own content stands in for it."""

    kind: str
    """`hard` (forbidden, not found, too large), `gone` (the publisher says so) or `soft` (overload, network: tried several times). Open."""
    reason: str
    """Short stable name, e.g. `http-404`, `robots`, `dns`."""
    detail: str
    """What happened, in a sentence."""


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
    """Address it was captured from or that the source gives for it, as given; `…` stands for a user name and password in it."""
    guid: str | None = None
    """The source's own id for the article (guid, wire uri …), as given."""
    path: str | None = None
    """File name relative to the folder that was read (`-` for standard input), with `#n` for record n of a file of many."""
    item: Item = Item()
    """What the source says beside the body."""
    rights: Rights = Rights()
    """Status, embargo and terms as given."""
    http: Http | None = None
    """The answer that the body came in; absent where it did not come over HTTP."""
    page_failure: PageFailure | None = None
    """Set where the article's page was wanted and could not be had: the body is then what the source itself gives."""
    references: tuple[Reference, ...] | None = None
    """Other sources in which the same article was seen until now; absent where there are none.

    Where several items of a source share an address, and this is not the first, `url` is absent and the source itself stands here with it.
    """
