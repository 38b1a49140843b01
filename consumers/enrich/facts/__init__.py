"""Tables of facts: plain text files, one fact a line, read at first use.

A `#` begins a comment. Files with sections name them in square brackets. To add a fact, add a line.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources

_COMMENT = re.compile(r"(?:^|\s)#.*")


@functools.cache
def sections(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the lines of `<name>.txt` by section; lines before the first section header are under the empty name.

    Comments and blank lines are left out. FileNotFoundError where there is no such table.
    """
    found: dict[str, list[str]] = {"": []}
    current = found[""]
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    for raw in text.splitlines():
        line = _COMMENT.sub("", raw).strip()
        if line.startswith("[") and line.endswith("]"):
            current = found.setdefault(line[1:-1], [])
        elif line:
            current.append(line)
    return {section: tuple(lines) for section, lines in found.items()}


@functools.cache
def words(name: str, section: str = "") -> frozenset[str]:
    """Return the white-space separated words of a section as a set; an absent section is empty."""
    return frozenset(word for line in sections(name).get(section, ()) for word in line.split())


@functools.cache
def phrases(name: str, section: str = "") -> frozenset[str]:
    """Return the lines of a section as a set; an absent section is empty."""
    return frozenset(sections(name).get(section, ()))
