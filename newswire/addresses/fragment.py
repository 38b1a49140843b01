"""The rule of an address's fragment."""

from __future__ import annotations

import re
from typing import Final

from newswire.addresses.parts import Parts, Rule
from newswire.addresses.percent import path_spelling

_ROUTE: Final = re.compile(r"#(?:!/?|/)(?=[^/!])")


def _fragment(parts: Parts) -> None:
    if not parts.fragment:
        _escaped(parts)
    elif _ROUTE.match(parts.fragment):
        parts.fragment = path_spelling(parts.fragment)
    else:
        parts.fragment = ""


def _escaped(parts: Parts) -> None:
    for place, pair in enumerate(parts.pairs):
        if pair.name == "_escaped_fragment_" and pair.value.strip("/!"):
            del parts.pairs[place]
            parts.fragment = path_spelling(f"#!{pair.raw.partition('=')[2]}")
            break


RULES: Final = (
    Rule(
        name="fragment",
        step="fragment",
        what="A fragment is dropped unless it routes: `#!` or `#/` with a path after it.",
        why="It names a place on the page, or says how a reader came. A route chooses what the page shows.",
        same=(
            ("https://a.example/news/1#comments", "https://a.example/news/1"),
            ("https://a.example/news/1#:~:text=quay", "https://a.example/news/1"),
            ("https://a.example/news/1#rssowlmlink", "https://a.example/news/1"),
            ("https://a.example/#!/article/5", "https://a.example/#!/article/5"),
            ("https://a.example/?_escaped_fragment_=/article/5", "https://a.example/#!/article/5"),
        ),
        apart=(
            ("https://a.example/#!/article/5", "https://a.example/#!/article/6"),
            ("https://a.example/#/article/5", "https://a.example/"),
        ),
        apply=_fragment,
    ),
)
