"""One item of a wire, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.core.rights import Rights
from schemas.core.wire import Wire

MEDIA_TYPES: Final = {
    "ninjs": "application/vnd.iptc.ninjs+json",
    "newsml-g2": "application/vnd.iptc.g2.newsitem+xml",
    "newsml-g2-message": "application/vnd.iptc.g2.newsmessage+xml",
    "newsml": "text/vnd.iptc.newsml",
    "nitf": "text/vnd.iptc.nitf",
    "iptc7901": "text/x-iptc-7901",
    "anpa1312": "text/x-anpa-1312",
    "mail": "message/rfc822",
}
"""Kind of document -> media type of a capture of it. ninjs, IPTC 7901 and ANPA 1312 have none that is registered with IANA."""
OF_TRANSMISSIONS: Final = frozenset({"iptc7901", "anpa1312", "mail"})
"""Formats whose ids name what was sent, not what it is about: what corrects or updates an item comes under an id of its own."""


class WireError(ValueError):
    """What was sent is no item that can be taken. `reason` and `path` are as in `newswire.errors.Reject`."""

    def __init__(self, reason: str, detail: str, path: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.path = path


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a body, or a heading in it."""

    text: str
    """Repaired text, on one line."""
    is_heading: bool = False
    """Whether it opens a section."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an item, in one of three forms."""

    blocks: tuple[Block, ...] = ()
    """Read out of XML."""
    html: str | None = None
    """HTML, or XHTML held as text."""
    text: str | None = None
    """Plain text."""

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.blocks or (self.html or "").strip() or (self.text or "").strip())


@dataclass(frozen=True, slots=True)
class WireItem:
    """One item. Strings are as given; what the format does not say is None."""

    wire: Wire
    """Identity, version and what the desk says."""
    rights: Rights
    """Status, embargo and terms."""
    kind: str = "text"
    """`text`, `package`, `picture`, `video`, `audio`, `graphic`, `concept`, `reference` (a text that is elsewhere), `report` (of a mail
    program) …; only a text is an article."""
    headline: str | None = None
    """Main headline."""
    summary: str | None = None
    """Abstract, description or second headline."""
    language: str | None = None
    """Language as declared."""
    published: str | None = None
    """When the first version was made."""
    modified: str | None = None
    """When this version was made."""
    section: str | None = None
    """Category or desk."""
    keywords: tuple[str, ...] = ()
    """Keywords that are no codes."""
    url: str | None = None
    """Address of a page that shows it."""
    body: Body = Body()
    """Its text."""


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a document of several, or the only one."""

    number: int
    """Its place, from 1; 0 for the only one."""
    data: bytes
    """The only one's bytes, unchanged; one of several as a document of its own, in UTF-8."""
    item: WireItem | WireError
    """The item, or why it is none."""
    media_type: str
    """Media type of `data`."""
