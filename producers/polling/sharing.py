"""Items of one source that share an address, or a guid: they are different articles, as far as what identifies them differs.

A liveblog whose entries all link to its page, a feed whose items all lead to one list: the address then names none of them. The first item
that is captured has the address and the page; every other one is captured apart, as what the source itself says, under an id of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from producers.polling.memory import Known, Link, Memory, digest, link_of
from producers.polling.polled import Entry
from schemas.core.reference import Reference

_GUID: Final = "guid "
"""What a key begins with that is a guid (`producers.feeds.identity`)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as a list has it."""

    entry: Entry
    link: str | None
    """Hash of its address."""
    shared: bool = False
    """Whether the list has other items under that address."""
    twin: bool = False
    """Whether one of them says the very same."""


def listed(entries: Sequence[Entry]) -> Iterator[Listed]:
    """Return each item of a list once, in order, with whether it shares its address.

    What identifies one item is not remembered as another name of one that it shares the address with.
    """
    found: dict[str, Listed] = {}
    sharing: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.keys[0] not in found:
            link = link_of(entry.url)
            found[entry.keys[0]] = Listed(entry, link)
            if link is not None:
                sharing[link].add(entry.keys[0])
    said = Counter((each.link, each.entry.heading, each.entry.text) for each in found.values())
    for key, each in found.items():
        others = sharing[each.link] if each.link is not None else set()
        if len(others) < 2:
            yield each
        else:
            keys = (key, *(name for name in each.entry.keys[1:] if name not in others))
            twin = said[each.link, each.entry.heading, each.entry.text] > 1
            yield Listed(replace(each.entry, keys=keys), each.link, shared=True, twin=twin)


@dataclass(frozen=True, slots=True)
class Place:
    """What an item is captured under."""

    id: str
    """What it is remembered by."""
    entry: Entry
    """The item, without its address where it is captured apart from it."""
    shared: bool = False
    """Whether it has an address that other items of its source share."""
    apart: bool = False
    seen: Reference | None = None
    """Where it was seen, when it is captured apart from that."""


class UnderWay(Protocol):
    """A capture that has not ended."""

    shared: bool


def place(memory: Memory, name: str, item: Listed, known: Known | None, under_way: UnderWay | None) -> Place:
    """Return what an item of the source `name` is captured under: its address, or apart from it.

    What has no address goes by its guid; by what does identify it where the guid does not.

    Apart is what was so before; what does not hold an address that the list, or another source, has several items under; and what comes
    under the address of an item that still waits for its page. `under_way` is the capture of the article at its address, if there is one.
    """
    entry, own = item.entry, digest(f"{name} {item.entry.keys[0]}")
    if item.link is None:
        return _alone(memory, name, entry, known, own)
    link = memory.link(item.link)
    before = _apart_before(memory, name, entry)
    shared = item.shared or any(each is not None and each.shared for each in (link, under_way))
    holds = under_way is None if link is None else _holds(link, name, entry, known)
    waits = (
        link is not None
        and link.owner == name
        and known is None
        and memory.waits(item.link) is not None
        and not _says(link, entry)
    )
    if before is None and (holds or not (shared or waits)):
        return Place(item.link, entry, shared)
    seen = Reference(source=name, url=entry.url, guid=entry.guid)
    return Place(before or own, replace(entry, url=None, guid=_identity(entry)), apart=True, seen=seen)


def _alone(memory: Memory, name: str, entry: Entry, known: Known | None, own: str) -> Place:
    """Return the place of an item without an address.

    What was captured while its guid was still believed stays under that: which item it was is told by what it said.
    """
    for key in (each for each in entry.keys[1:] if each.startswith(_GUID)):
        link = memory.link(before := digest(f"{name} {key}"))
        if (
            known is not None
            and link is not None
            and (link.heading, link.text) == (known.heading, known.text)
        ):
            return Place(before, entry)
    guid = _identity(entry)
    seen = Reference(source=name, guid=entry.guid) if entry.guid not in (None, guid) else None
    return Place(own, replace(entry, guid=guid), seen=seen)


def _identity(entry: Entry) -> str:
    """Return what an item without an address of its own is identified by in its source: its guid, or what stands in for it."""
    return entry.guid if entry.guid and entry.keys[0].startswith(_GUID) else entry.keys[0]


def repeated(memory: Memory, name: str, entry: Entry) -> Known | None:
    """Return what is remembered of an item of which all but the guid is as it was: a guid that changes makes no other article."""
    found = (memory.known(name, key) for key in entry.keys[1:])
    return next((known for known in found if known is not None and _says(known, entry)), None)


def _apart_before(memory: Memory, name: str, entry: Entry) -> str | None:
    for key in entry.keys:
        found = memory.link(id_ := digest(f"{name} {key}"))
        if found is not None and found.apart:
            return id_
    return None


def _holds(link: Link, name: str, entry: Entry, known: Known | None) -> bool:
    if link.owner != name:
        return False
    if link.item is None:  # remembered by a version that did not note it
        return known is not None
    return link.item in {digest(key, 12) for key in entry.keys}


def _says(before: Known | Link, entry: Entry) -> bool:
    return (before.heading, before.text) == (digest(entry.heading, 12), digest(entry.text, 12))
