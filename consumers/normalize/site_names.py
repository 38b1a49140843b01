"""What the site of a page is called, and whether words are that name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from consumers.normalize.jsonld_graph import strings, types

_METAS: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")
_SITES: Final = frozenset(("WebSite", "NewsMediaOrganization"))
_NOT_A_NAME: Final = frozenset(
    (
        "www", "m", "mobile", "amp", "edition", "news", "blog", "blogs", "com", "co", "org", "net", "gov", "edu", "ac", "or", "ne", "go",
        "gob", "en", "de", "fr", "es", "it", "pt",
    )
)  # fmt: skip
"""Labels of a host name that name no site."""
_AROUND: Final = re.compile(
    r"^(?:the|die|der|das|le|la|el|il)\s+|\s*\b(?:online|digital|news|web|website|homepage)$"
)
_ASCII_MARKS: Final = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
_FEWEST_INITIALS: Final = 3
_FEWEST_LETTERS: Final = 4
_LONGEST: Final = 100
_MAX_NAMES: Final = 40


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The names of one site, folded: letters and digits only, without case."""

    folded: frozenset[str]

    def have(self, words: str) -> bool:
        """Return whether the words are one of the names: as written, without an article or `online` beside it, or by its initials.

        A host may have them before its last word: `nytimes` is the New York Times.
        """
        return not self.folded.isdisjoint(_forms(words) if len(words) <= _LONGEST else _forms_of(words))

    def with_names(self, folded: Iterable[str]) -> SiteNames:
        """Return these names and more, which are folded already."""
        return SiteNames(self.folded.union(folded))


def site_names(named: dict[str, list[str]], nodes: Iterable[dict[str, Any]], url: str | None) -> SiteNames:
    """Return what the page calls its site: OpenGraph, names of applications, publisher and web site in JSON-LD, and the host name."""
    written = [name for key in _METAS for name in named.get(key, ())]
    for node in nodes:
        written += strings(node.get("publisher"), "name")
        if types(node) & _SITES:
            written += strings(node.get("name")) + strings(node.get("alternateName"))
    folded = {form for name in written[:_MAX_NAMES] for form in (fold(name), _bare(name), _initials(name))}
    labels = hostname(url or "").split(".")
    folded |= {fold(".".join(labels[start:])) for start in range(len(labels) - 1)}
    folded |= {fold(label) for label in labels[:-1] if label not in _NOT_A_NAME}
    return SiteNames(frozenset(folded - {""}))


def fold(words: str) -> str:
    """Return the letters and digits of words, without case and marks of compatibility."""
    if words.isascii():
        return words.lower().translate(_ASCII_MARKS)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", words).casefold()))


def _forms_of(words: str) -> tuple[str, ...]:
    return fold(words), _bare(words), _last_word_whole(words)


_forms: Final = lru_cache(maxsize=256)(_forms_of)
"""The titles of a page have most of their parts in common."""


def hostname(url: str) -> str:
    """Return the host of an address; empty for what is no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a host in brackets that is no address
        return ""


def _bare(name: str) -> str:
    return fold(_AROUND.sub("", _AROUND.sub("", name.strip().casefold())))


def _last_word_whole(name: str) -> str:
    words = [word for word in re.findall(r"\w+", name[:_LONGEST].casefold()) if word not in ("the", "of")]
    shorter = "".join((*(word[0] for word in words[:-1]), *words[-1:]))
    return shorter if len(words) > 1 and len(words[-1]) >= _FEWEST_LETTERS else ""


def _initials(name: str) -> str:
    words = [word for word in re.findall(r"\w+", name.casefold()) if word != "the"]
    return "".join(word[0] for word in words) if len(words) >= _FEWEST_INITIALS else ""
