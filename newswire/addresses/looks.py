"""What an address looks like: an article's, a section's, the home page's. A guess, good enough to doubt an address with."""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import urlsplit

Looks = Literal["home", "section", "article", "unknown"]

_HOME: Final = re.compile(
    r"/(?:[a-z]{2}(?:[-_][a-z]{2,4})?|home(?:page)?|index|start(?:seite)?)?(?:\.\w{3,5})?$", re.IGNORECASE
)  # fmt: skip
_SECTIONS: Final = (
    "tag tags topic topics category categories cat author authors section sections archive archives search page rubrik thema themen "
    "ressort rubrique etiqueta etiquetas autor auteur categoria seccion argomenti people profile profiles collections series keyword "
    "label feed feeds rss sitemap login signin register subscribe newsletter newsletters contact about privacy terms"
)
_SECTION: Final = frozenset(_SECTIONS.split())
_ID_NAMES: Final = (
    "id p aid nid sid cid article articleid article_id artid story storyid story_id newsid news_id docid itemid idnews entry post "
    "postid contentid v"
)
ID_NAMES: Final = frozenset(_ID_NAMES.split())
"""Parameters that usually name an article by a number."""
_LANGUAGE: Final = frozenset({"", "lang", "hl", "locale", "edition"})
_DAY: Final = re.compile(r"/(?:19|20)\d{2}[/-]?(?:\d{1,2}|[a-z]{3})(?:[/-]?\d{1,2})?(?=/|$)", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|stm|ece|story)$", re.IGNORECASE)
_LONG_NUMBER: Final = re.compile(r"\d{5,}")
_OPAQUE: Final = re.compile(
    r"(?=[^a-z]*[a-z])(?=.*(?:\d.*[A-Za-z]|[a-z].*[A-Z]|[A-Z].*[a-z].*[A-Z]))[\w-]{6,}$"
)
_LONGEST_KEY: Final = 24
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")


def looks_like(url: str) -> Looks:
    """Return what an address in canonical form is most likely of."""
    parts = urlsplit(url)
    pairs = {
        name.lower(): value for name, _, value in (each.partition("=") for each in parts.query.split("&"))
    }
    if parts.fragment or any(
        _names_article(name) and any(map(str.isdigit, value)) for name, value in pairs.items()
    ):
        return "article"
    if _HOME.fullmatch(parts.path):
        return "home" if pairs.keys() <= _LANGUAGE else "unknown"
    segments = [each for each in parts.path.lower().split("/") if each]
    rest = _DAY.sub("", parts.path).strip("/")
    if (
        not rest
        or segments[0] in _SECTION
        or (segments[-1].isdigit() and segments[-2:-1] in (["page"], ["seite"]))
    ):
        return "section"
    last = rest.rpartition("/")[2]
    stem = _EXTENSION.sub("", last)
    if _LONG_NUMBER.search(rest) or len(slug_words(stem)) >= 4 or _DAY.search(parts.path):
        return "article"
    if stem != last and (len(slug_words(stem)) >= 3 or any(map(str.isdigit, stem))):
        return "article"
    if len(last) <= _LONGEST_KEY and _OPAQUE.match(last):
        return "article"
    if (
        len(segments) <= 3
        and all(len(slug_words(each)) <= 2 and not any(map(str.isdigit, each)) for each in segments)
        and stem == last
    ):
        return "section"
    return "unknown"


def _names_article(name: str) -> bool:
    return name in ID_NAMES or name.endswith(("id", "_no", "serialno", "autono"))


def slug_words(segment: str) -> list[str]:
    """Return the words of a segment of a path, in lower case."""
    return [word.lower() for word in _WORDS.findall(segment.replace("%20", " "))]
