"""What a date rule is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from consumers.enrich.dates.span import Span


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at besides its match."""

    published: date | None
    """Day of publication."""
    text: str
    """The whole passage."""
    language: str
    """ISO 639 code."""


Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match, Context], Span | None]]
"""A pattern and what it means. The words of the expression are the pattern's group `found`, where it has one, or else the match."""
