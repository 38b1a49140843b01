"""The shapes of requests and answers. `GET /openapi.json` is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class PushedReceipt(_Shape):
    """One article, where it stands in the log: acknowledged by the broker."""

    topic: str
    """The topic."""
    partition: Annotated[int, Field(ge=0)]
    """Its partition."""
    offset: Annotated[int, Field(ge=0)]
    """The record's offset in that partition."""
    key: str
    """The record's key: captures of one article share it."""


class Acceptance(_Shape):
    """The articles are in the log, all of them."""

    receipts: tuple[PushedReceipt, ...]
    """One for each article, in the order of the request."""
    repeated: bool
    """Whether an earlier request with the same key had brought them: nothing was published again."""


class Health(_Shape):
    """Whether articles are taken just now."""

    status: Literal["ok", "unavailable"]
    """`unavailable`: the log cannot be written to."""


class Fault(_Shape):
    """One part of the request that is wrong."""

    detail: str
    """What is wrong with it, and what to do."""
    pointer: str | None = None
    """Where in the JSON body (RFC 6901)."""
    header: str | None = None
    """Which header."""
    parameter: str | None = None
    """Which parameter of the address."""
    line: int | None = None
    """In which line of the body, from 1, where it is not JSON."""
    column: int | None = None
    """At which byte of that line, from 1."""
    limit: int | None = None
    """The most there may be, in what `detail` counts."""


class ProblemDetails(_Shape):
    """What is wrong, and what to do (RFC 9457)."""

    type: str
    """The kind of problem: `urn:newswire:problem:` and a short stable name."""
    title: str
    """The same for every problem of the kind."""
    status: int
    """The status code."""
    detail: str
    """What is wrong in this request, and what to do."""
    errors: tuple[Fault, ...] = ()
    """The parts of the request that are wrong, where they can be named."""


class Named(BaseModel):
    """A person or an organization, as schema.org has them."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    name: str
    """What it is called."""


class PushedArticle(BaseModel):
    """An article as JSON. Other names that the fields may have are in `producers/files/README.md`.

    The article is one of `text`, `html` and `body`; a withdrawal (`status` `canceled`) needs none, but `url` or `guid`. Everything else
    may be left out. Fields that are not known are passed over, but one that nearly is known refuses the article, and so does one of
    another type. A whole `raw` event (`newswire schemas show raw`) is taken too.
    """

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    url: str | None = None
    """The article's address: its identity."""
    guid: str | int | None = None
    """The sender's own id: its identity where there is no address."""
    headline: str | None = None
    """Title."""
    summary: str | None = None
    """Description, lead or standfirst."""
    text: str | None = None
    """The article as plain text."""
    html: str | None = None
    """The article as HTML."""
    authors: str | Named | list[str | Named] | None = None
    """Bylines."""
    published: str | int | None = None
    """When it was published, in any format; read further on."""
    modified: str | int | None = None
    """When it was last changed."""
    language: str | None = None
    """BCP 47."""
    section: str | Named | None = None
    """Desk or category."""
    keywords: str | Named | list[str | Named] | None = None
    """A list, or parted by commas."""
    source: str | Named | None = None
    """One of the names that the sender may publish under; without it, the sender's first."""
    publisher: str | Named | None = None
    """The outlet's full name."""
    status: Literal["usable", "withheld", "canceled"] | None = None
    """`canceled` withdraws the article."""
    embargoed_until: datetime | None = None
    """RFC 3339 with an offset: not released before."""
    license: str | None = None
    """Rights, in the sender's words."""
    usage_terms: str | None = None
    """Rights, in the sender's words."""
    copyright_notice: str | None = None
    """Rights, in the sender's words."""
    text_and_data_mining: Literal["allowed", "reserved", 0, 1] | None = None
    """Whether machines may learn from it; 1 is reserved, as TDMRep writes it."""
