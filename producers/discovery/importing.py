"""A list of feeds of another reader (OPML) into sources of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import ValidationError

from newswire.config import Settings
from newswire.errors import BadInputError
from newswire.source_list import ListedSource, SourceList
from newswire.source_list.model import same_address
from newswire.text import hygiene
from newswire.text.logins import without_logins
from producers.discovery.naming import name_for
from producers.feeds import NotAFeedError
from producers.feeds.opml import Listed, Unusable, read_opml
from producers.fetch.configured import allowed_ports
from producers.fetch.errors import Refused
from producers.fetch.target import target

_OWN_NAMES: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one feed of the list."""

    status: Literal["added", "known", "refused"]
    url: str
    name: str | None = None
    """Of the source it becomes, or that has its address already."""
    why: str | None = None
    """Why it is refused."""
    source: ListedSource | None = None


def outcomes_of_opml(
    data: bytes, there: SourceList, settings: Settings, problems: list[str] | None = None
) -> tuple[Outcome, ...]:
    """Return what becomes of each feed of an OPML document, beside the sources that are there. BadInputError when it is none.

    `problems` gets what had to be mended to read it.
    """
    unusable: list[Unusable] = []
    repeated: list[Listed] = []
    try:
        listed = read_opml(data, unusable=unusable, repeated=repeated, problems=problems)
    except NotAFeedError as error:
        raise BadInputError(f"not a list of feeds (OPML): {error}") from None
    names = {source.name for source in there.source}
    by_address = {same_address(source.url): source.name for source in there.source}
    found = [_outcome(each, names, by_address, settings) for each in (*listed, *repeated)]
    refused = [
        Outcome(
            status="refused",
            url=without_logins(hygiene.line(each.url[:500])),
            why=("not an address of http or https" if each.url.strip() else "its address is empty")
            + (f": {each.title[:100]}" if each.title else ""),
        )
        for each in unusable
    ]
    return (*found, *refused)


def refusal(url: str, settings: Settings) -> str | None:
    """Return why an address cannot be asked, or None: its form, its port, a host that is not public."""
    try:
        target(url, ports=allowed_ports(settings), loopback=bool(settings.loopback_ports))
    except Refused as error:
        return f"{error.detail}{_of_this_machine(url)}"
    return None


def _of_this_machine(url: str) -> str:
    """Return how a server of this machine is let through, where the address is of one: that is what people try things with."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:
        return ""
    if parts.hostname not in _OWN_NAMES:
        return ""
    return f". To try things with a server of this machine: NEWSWIRE_LOOPBACK_PORTS={port}"


def added(outcomes: Sequence[Outcome]) -> tuple[ListedSource, ...]:
    """Return the sources that are to be added."""
    return tuple(each.source for each in outcomes if each.source is not None)


def _outcome(listed: Listed, names: set[str], by_address: dict[str, str], settings: Settings) -> Outcome:
    known = by_address.get(same_address(listed.url))
    if known is not None:
        return Outcome(status="known", url=listed.url, name=known)
    why = refusal(listed.url, settings)
    if why is not None:
        return Outcome(status="refused", url=without_logins(listed.url), why=why)
    name = name_for(listed.title, listed.url, names)
    try:
        source = ListedSource(
            name=name,
            url=listed.url,
            publisher=listed.title[:200] if listed.title else None,
            tags=tuple(dict.fromkeys(tag[:100] for tag in (*listed.folders, *listed.categories) if tag)),
        )
    except ValidationError as error:
        return Outcome(status="refused", url=listed.url, why=error.errors(include_input=False)[0]["msg"])
    names.add(name)
    by_address[same_address(listed.url)] = name
    return Outcome(status="added", url=listed.url, name=name, source=with_language(source, listed.language))


def with_language(source: ListedSource, language: str | None) -> ListedSource:
    """Return the source with a language, where it is written as one."""
    try:
        return ListedSource.model_validate(source.model_dump() | {"language": language})
    except ValidationError:
        return source
