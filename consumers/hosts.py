"""When two hosts are of one site. Shared by the stages.

A host does not say where its site begins. The list of public suffixes does, but it changes from month to month, and an input read again
must give what it gave before. So there are three answers, each for those who can bear its error.

- `of_one_site` misses sites beside each other (`news.paper.example`, `sport.paper.example`): for what must not be another publisher's.
- `parent_of_both` finds these, and takes two that share a registry (`one.co.uk`, `other.co.uk`) for such: for what has other evidence too.
- `last_labels` is of one host, so that it can be kept; it makes all of `co.uk` one: for what is only one of several things asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from newswire.text.canonicalize import canonical_or_none


def of_one_site(one: str, other: str) -> bool:
    """Return whether two hosts are the same, or one is under the other: `www.paper.example` and `paper.example`."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def parent_of_both(one: str, other: str) -> str | None:
    """Return the domain that two hosts are directly under, or None; an ending alone (`example`) is none."""
    parent = one.partition(".")[2]
    return parent if "." in parent and parent == other.partition(".")[2] else None


def last_labels(host: str) -> str:
    """Return the last two labels of a host."""
    return ".".join(host.split(".")[-2:])


def on_site_of(url: str | None, addresses: Iterable[str]) -> tuple[str, ...]:
    """Return those addresses that are on the site of another one, each once and in canonical form."""
    host = urlsplit(url).hostname if url else None
    if not host:
        return ()
    found = dict.fromkeys(filter(None, map(canonical_or_none, addresses)))
    return tuple(each for each in found if of_one_site(host, urlsplit(each).hostname or ""))
