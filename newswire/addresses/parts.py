"""An address taken apart, as the rules change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Step = Literal["text", "wrapper", "host", "path", "query", "fragment"]


class Pair(NamedTuple):
    """One parameter of a query."""

    name: str
    """Decoded, in lower case: what rules compare."""
    value: str
    """Decoded, as it is written; empty without `=`."""
    raw: str
    """What stays in the address."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of one site's parameters; names in lower case."""

    meaningful: frozenset[str] = frozenset()
    """Parameters that choose what there is to read: never dropped, whatever the rules say of their names."""
    trackers: frozenset[str] = frozenset()
    """Parameters that do not: always dropped."""


@dataclass(slots=True)
class Parts:
    """An address that a rule may change."""

    host: str
    """In lower case, punycode, without a final dot."""
    path: str
    """Begins with `/`."""
    pairs: list[Pair] = field(default_factory=list)
    fragment: str = ""
    """With its `#`, or empty."""
    has_port: bool = False
    """A port of its own: the host is then taken as it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the table in docs/urls.md. Its examples are tests."""

    name: str
    step: Step
    """Which part of an address it is about; the steps follow one another in this order."""
    what: str
    """What it does, in a sentence."""
    why: str
    """Why that is the same article, or where it stops so that two articles stay two."""
    same: tuple[tuple[str, str], ...]
    """Addresses, each with its canonical form."""
    apart: tuple[tuple[str, str], ...] = ()
    """Pairs that look alike and stay apart."""
    apply: Callable[[Parts], None] | None = None
    """Changes the parts; None where it is done while the address is taken apart or put together again."""
