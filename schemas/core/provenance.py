"""Why a field has the value it has."""

from __future__ import annotations

from typing import Literal

from schemas.core.contract import Confidence, Contract

Origin = Literal[
    "declared",
    "item",
    "jsonld",
    "microdata",
    "opengraph",
    "meta",
    "html",
    "text",
    "url",
    "detected",
    "source-default",
    "heuristic",
]


class Refused(Contract):
    """A value that was seen and not taken."""

    value: str
    """The value as found."""
    origin: Origin
    """Where it was found."""
    why: str
    """Why it was not taken."""


class Provenance(Contract):
    """Where the value of one inferred field comes from."""

    origin: Origin
    """`declared`: by the producer or source configuration; `item`: the feed or file item; `jsonld`, `microdata`, `opengraph`, `meta`,
    `html`: that part of the page; `text`: the plain text; `url`: the address; `detected`: a statistical detector; `source-default`: a
    default of the source; `heuristic`: a rule of ours."""
    raw: str | None = None
    """The string it was read from, unchanged, cut at 500 characters."""
    confidence: Confidence = 1.0
    """How sure the rule is."""
    refused: tuple[Refused, ...] = ()
    """Alternatives seen and not taken."""
