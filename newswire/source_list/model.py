"""One source, as `sources.toml` describes it."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_DURATION: Final = re.compile(r"(\d{1,6})\s*([smhd])")
_USUAL_END: Final = re.compile(r"\.?(:80|:443)?$")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(given: object) -> object:
    """Return the seconds that `90s`, `15m`, `6h` or `1d` means; other values as they are."""
    found = _DURATION.fullmatch(given.strip()) if isinstance(given, str) else None
    if isinstance(given, str) and found is None:
        raise ValueError("write it as 90s, 15m, 6h or 1d")
    return int(found[1]) * _UNITS[found[2]] if found else given


def _address(given: str) -> str:
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise ValueError("not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError("an address must be http:// or https:// with a host")
    if "@" in parts.netloc:
        raise ValueError("an address must hold no user or password")
    if not given.isprintable() or " " in given:
        raise ValueError("an address must hold no blanks or control characters")
    return given


def _zone(given: str) -> str:
    try:
        ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "a time zone is written as in the IANA database: Europe/Paris, America/New_York"
        ) from None
    return given


Duration = Annotated[int, BeforeValidator(seconds), Field(ge=60, le=30 * 86400)]


class ListedSource(BaseModel):
    """A source of the list."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    """Short stable name: lower-case letters, digits, `.`, `_`, `-`. The ledger counts by it, and state is kept under it."""
    url: Annotated[str, Field(max_length=2048), AfterValidator(_address)]
    """Address of the feed or sitemap."""
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")] = "feed"
    """`feed` or `sitemap`; another where a producer of your own reads it."""
    publisher: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """The outlet's name."""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """Language where none is declared (BCP 47)."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """Where it is published (ISO 3166-1 alpha-2)."""
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    """Zone of its dates without an offset from UTC (IANA), as in `Europe/Paris`."""
    articles: Literal["page", "feed"] = "page"
    """`page`: the page of each article is fetched. `feed`: what the feed itself holds is enough, and no page is asked for."""
    interval_least: Duration = 300
    """It is not asked more often than this: 90s, 15m, 6h …"""
    interval_most: Duration = 86400
    """It is asked at least this often while it works."""
    license: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """Licence of its texts: an SPDX identifier or an address."""
    usage_terms: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    """What may be done with its texts, in words."""
    tags: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(strict=False)] = ()
    """For people, such as the folders of the list it was imported from."""
    note: Annotated[str, Field(max_length=2000)] | None = None
    """For people."""
    paused: bool = False
    """It is not asked for now; what is remembered of it stays."""

    @model_validator(mode="after")
    def _bounds(self) -> ListedSource:
        if self.interval_least > self.interval_most:
            raise ValueError("interval_least is longer than interval_most")
        if self.kind == "sitemap" and self.articles == "feed":
            raise ValueError('a sitemap holds no articles: leave out articles = "feed"')
        return self


class SourceList(BaseModel):
    """The whole list."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    source: Annotated[tuple[ListedSource, ...], Field(strict=False, max_length=100_000)] = ()

    def of_kind(self, kind: str) -> tuple[ListedSource, ...]:
        """Return the sources of a kind, in their order, paused ones too."""
        return tuple(source for source in self.source if source.kind == kind)

    def named(self, name: str) -> ListedSource | None:
        """Return the source of that name."""
        return next((source for source in self.source if source.name == name), None)


def same_address(url: str) -> str:
    """Return what two addresses of one source have in common: `http:` and `https:` are one, with or without their port.

    The host's case does not matter, nor whether its name ends with a dot.
    """
    parts = urlsplit(url)
    where = _USUAL_END.sub("", parts.netloc.lower())
    path = parts.path if parts.path not in ("", "/") else ""
    return f"//{where}{path}{f'?{parts.query}' if parts.query else ''}"
