"""Lines at the end of a text that are neither text nor credit: rules, and appeals to follow who published it."""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 240
_RULE: Final = re.compile(r"^[\s_*=~#•·—–-]+$")
_APPEAL: Final = re.compile(
    r"^(?:(?:you can )?(?:follow|find|see|read|get|sign up|subscribe|join|click|visit|contact)\b"
    r"|for more\b|more (?:on|from|about)\b|(?:the )?(?:ap|associated press)(?:’s|'s)? .{0,80}\b(?:coverage|support|content|standards)\b)",
    re.IGNORECASE,
)


def is_rule(text: str) -> bool:
    """Return whether a line is nothing but a rule, such as `___`."""
    return bool(_RULE.match(text))


def is_closing(text: str) -> bool:
    """Return whether a line is a rule or a short appeal, such as `Follow AP's coverage of …`: credits may stand before it."""
    return is_rule(text) or (len(text) <= _LONGEST and bool(_APPEAL.match(text)))
