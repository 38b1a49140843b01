"""What a news agency says about an item beside its text."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.core.contract import Contract, UtcDatetime


class Concept(Contract):
    """A subject, genre or place: by code, by name, or both."""

    scheme: str | None = None
    """The vocabulary of the code: the alias of a qcode (`medtop` for IPTC media topics, `subj` for IPTC subject codes) or its address."""
    code: str | None = None
    """The code within the vocabulary, e.g. `20000822`."""
    name: str | None = None
    """Its name, in the item's own words."""


class Association(Contract):
    """Something that goes with the item, by reference: a picture, a film, another text. It is not fetched."""

    rel: str | None = None
    """What it is to the item, in the agency's words, e.g. `mainpicture`."""
    kind: str | None = None
    """`picture`, `video`, `audio`, `graphic`, `text` …; an open set."""
    uri: str | None = None
    """The agency's own id of it."""
    href: str | None = None
    """Where it is, as given: an address, or the name of a file that comes beside the item."""
    media_type: str | None = None
    """Media type, as given."""
    caption: str | None = None
    """Its caption, or its headline where it has none."""
    credit: str | None = None
    """Who is to be named."""
    language: str | None = None
    """Its language, as given."""


class Wire(Contract):
    """A news agency's item: its identity, its version, and what its desk says about it."""

    format: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    """What it came in: `ninjs`, `newsml-g2`, `newsml` (NewsML 1.x), `nitf`, `iptc7901`, `anpa1312` or `mail`. An open set."""
    uri: Annotated[str, Field(min_length=1)]
    """The agency's id of the item, the same for all versions of it: uri, guid, or what the format's identification amounts to."""
    version: str | None = None
    """Version, as given. Of whole numbers, also with dots, the greater is the later."""
    version_created: UtcDatetime | None = None
    """When this version was made: decides between versions that have no number, or the same."""
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    """Editorial urgency, from 1 (highest) to 9."""
    priority: Annotated[int, Field(ge=1, le=9)] | None = None
    """Priority of the transmission, from 1 (highest) to 9, where the message that it came in has one."""
    genres: tuple[Concept, ...] = ()
    """Kind of text: current, analysis, obituary …"""
    subjects: tuple[Concept, ...] = ()
    """What it is about."""
    places: tuple[Concept, ...] = ()
    """Places that it is about or comes from, as coded by the agency."""
    slugline: str | None = None
    """Short line by which a desk knows the subject."""
    ed_note: str | None = None
    """Note to editors, not to be published."""
    byline: str | None = None
    """Byline, as given."""
    dateline: str | None = None
    """Place, and perhaps day and agency, from where it is reported."""
    provider: str | None = None
    """Who delivers it."""
    credit: str | None = None
    """Sources or credit line, as given."""
    signals: tuple[str, ...] = ()
    """What it asks of its readers: `correction`, `update` …, in the agency's words."""
    corrects: str | None = None
    """Id of another item that it corrects, where it says so."""
    associations: tuple[Association, ...] = ()
    """Pictures and other items that go with it."""

    @property
    def without_version(self) -> Wire:
        """All but which version it is of."""
        return self.model_copy(update={"version": None, "version_created": None})

    @property
    def identity(self) -> Wire:
        """What may be told of it when its text is withdrawn."""
        return Wire(
            format=self.format, uri=self.uri, version=self.version, version_created=self.version_created
        )
