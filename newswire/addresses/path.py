"""Rules of an address's path."""

from __future__ import annotations

import re
from typing import Final

from newswire.addresses.parts import Parts, Rule
from newswire.addresses.percent import path_spelling

_SESSION: Final = re.compile(
    r";(?:jsessionid|phpsessid|aspsessionid|sid|cfid|cftoken)=[^/;?#]*", re.IGNORECASE
)
_ASP_SESSION: Final = re.compile(r"/\((?:[A-Za-z]\([A-Za-z0-9_-]{10,}\))+\)(?=/)")
_TRACKER_IN_PATH: Final = re.compile(
    r"(?:[&;]|%26|%3F)(?:amp;)?(?:utm_[a-z]+|fbclid|gclid|mc_cid)(?:=|%3D).*$", re.IGNORECASE
)
_SLASHES: Final = re.compile(r"(?<!:)/{2,}")
_INDEX: Final = re.compile(
    r"/(?:index\.(?:s?html?|xhtml|php\d?|aspx?|jsp|cfm|do|cgi|pl)|default\.(?:html?|aspx?))$", re.IGNORECASE
)
_UNSEEN_ENDS: Final = (
    "%20",
    "%09",
    "%0A",
    "%0D",
    "%C2%A0",
    "%E2%80%8B",
    "%EF%BB%BF",
    "%22",
    "%E2%80%9C",
    "%E2%80%9D",
)
_UNSEEN_END: Final = re.compile(f"(?:{'|'.join(_UNSEEN_ENDS)})+$")
_AMP: Final = frozenset({"amp", "amphtml", "amp.html"})
_AMP_END: Final = re.compile(
    r"(?<=[^/])(?:(?:\.amp)+(?=(?:\.s?html?|\.php)?$)|[!~]amp$|(?<=\d)(?:-amp)+(?=(?:\.html?)?$))"
)
_AMP_ENDS: Final = ("amp", ".html", ".htm", ".shtml", ".shtm", ".php")
_AMP_LIST: Final = re.compile(r"/amp_(?=(?:articleshow|videoshow|photostory|liveblog)/)")
_TOLD: Final = re.compile(r"\d|-[^-/]+-")
"""What a segment that names one article has, and one that names a part of a site seldom has: a digit, or three words."""


def _spelling(parts: Parts) -> None:
    parts.path = path_spelling(parts.path)


def _sessions(parts: Parts) -> None:
    if ";" in parts.path:
        parts.path = _SESSION.sub("", parts.path) or "/"
    if "utm_" in parts.path or "clid" in parts.path or "mc_cid" in parts.path:
        parts.path = _TRACKER_IN_PATH.sub("", parts.path)
    if "/(" in parts.path:
        parts.path = _ASP_SESSION.sub("", parts.path)


def _slashes(parts: Parts) -> None:
    if "//" in parts.path:
        parts.path = _SLASHES.sub("/", parts.path)


def _amp(parts: Parts) -> None:
    if "amp" not in parts.path:
        return
    path = _AMP_LIST.sub("/", parts.path)
    path = _without_amp(path)
    if path.endswith(_AMP_ENDS):
        path = _AMP_END.sub("", path)
    parts.path = path


def _print(parts: Parts) -> None:
    if "print" not in parts.path:
        return
    segments = parts.path.split("/")
    named = [each for each in segments if each and each not in ("print", "print.html")]
    at_an_end = segments[1] == "print" or segments[-1 if segments[-1] else -2].startswith("print")
    if named and at_an_end and len(named) < sum(map(bool, segments)) and _TOLD.search(named[-1]):
        parts.path = "/" + "/".join(named)


def _index(parts: Parts) -> None:
    if parts.path.endswith(_UNSEEN_ENDS):
        parts.path = _UNSEEN_END.sub("", parts.path) or "/"
    if parts.path.endswith("/"):
        parts.path = parts.path.rstrip("/") or "/"
    if _INDEX.search(parts.path):
        segments = parts.path.split("/")
        while segments and (not segments[-1] or _INDEX.fullmatch(f"/{segments[-1]}")):
            segments.pop()
        parts.path = "/".join(segments) or "/"


def _without_amp(path: str) -> str:
    """Return a path without the segments that are a page's form and no topic: at an end, or beside one that names an article."""
    filled = [each for each in path.split("/") if each]
    named = [each for each in filled if each not in _AMP]
    if not named or len(named) == len(filled):
        return path
    at_an_end = filled[0] in _AMP or filled[-1] in _AMP
    beside = [
        filled[place + step] for place, each in enumerate(filled[:-1]) if each in _AMP for step in (-1, 1)
    ]
    return f"/{'/'.join(named)}" if at_an_end or any(map(_TOLD.search, beside)) else path


RULES: Final = (
    Rule(
        name="path-spelling",
        step="path",
        what="Escapes of characters that need none in a path are decoded, all others are in capitals, text is composed (NFC). Case is "
        "kept.",
        why="It is the same string for every server. `/p/aBcD` and `/p/abcd` are two articles of one site, and one of another: they stay "
        "apart.",
        same=(
            ("https://a.example/caf%c3%a9/%7Ebob/it%27s", "https://a.example/caf%C3%A9/~bob/it's"),
            ("https://a.example/cafe%CC%81", "https://a.example/caf%C3%A9"),
            ("https://a.example/p q", "https://a.example/p%20q"),
            ("https://a.example/x/../news/./1", "https://a.example/news/1"),
        ),
        apart=(
            ("https://a.example/p/aBcD", "https://a.example/p/abcd"),
            ("https://a.example/a%2Fb", "https://a.example/a/b"),
            ("https://a.example/100%25", "https://a.example/100"),
        ),
        apply=_spelling,
    ),
    Rule(
        name="path-session",
        step="path",
        what="Session ids in a path are dropped: after `;`, and in brackets as ASP.NET writes them; so are trackers that got there "
        "without a `?`.",
        why="They name a visit, or how a reader came.",
        same=(
            ("https://a.example/news/1;jsessionid=0F3A?id=2", "https://a.example/news/1?id=2"),
            ("https://a.example/news/1&utm_source=rss&utm_medium=x", "https://a.example/news/1"),
            ("https://a.example/news/1%3Futm_source%3Drss", "https://a.example/news/1"),
            ("https://a.example/(S(lit3py55t21z5v55vlm25s55))/news/1", "https://a.example/news/1"),
        ),
        apart=(("https://a.example/news;page=1", "https://a.example/news;page=2"),),
        apply=_sessions,
    ),
    Rule(
        name="path-slashes",
        step="path",
        what="Several slashes are one, but for those after a colon.",
        why="Templates join paths so; servers read them as one. After a colon an address stands inside this one.",
        same=(("https://a.example//news///1", "https://a.example/news/1"),),
        apart=(("https://a.example/see/https://b.example/", "https://a.example/see/https/b.example"),),
        apply=_slashes,
    ),
    Rule(
        name="path-amp",
        step="path",
        what="`/amp/`, `/amphtml/`, `/amp.html`, `.amp`, `.amp.html`, `!amp`, `-amp` after a number, and `amp_articleshow` are dropped.",
        why="It is the page in AMP. In the middle of a path the segment goes only beside one with a digit or three words: elsewhere it may "
        "be a topic.",
        same=(
            ("https://a.example/news/lime-quay-bridge/amp/", "https://a.example/news/lime-quay-bridge"),
            ("https://a.example/amp/news/1", "https://a.example/news/1"),
            ("https://a.example/news/amp/world-1", "https://a.example/news/world-1"),
            ("https://a.example/news/1.amp.html", "https://a.example/news/1.html"),
            ("https://a.example/news/1.amp", "https://a.example/news/1"),
            ("https://a.example/news/1/amp.html", "https://a.example/news/1"),
            ("https://a.example/news/quay-a-123456-amp.html", "https://a.example/news/quay-a-123456.html"),
            ("https://a.example/quay/amp_articleshow/1.cms", "https://a.example/quay/articleshow/1.cms"),
        ),
        apart=(
            ("https://a.example/gear/amp/vox", "https://a.example/gear/vox"),
            ("https://a.example/gear/best-guitar-amp", "https://a.example/gear/best-guitar"),
            ("https://a.example/amp", "https://a.example/"),
            ("https://a.example/camp/1", "https://a.example/1"),
        ),
        apply=_amp,
    ),
    Rule(
        name="path-print",
        step="path",
        what="`/print` at the beginning or the end of a path is dropped, when the last other segment has a digit or three words.",
        why="It is the page for paper. Otherwise it may be the printed edition.",
        same=(
            ("https://a.example/news/lime-quay-bridge/print", "https://a.example/news/lime-quay-bridge"),
            ("https://a.example/print/news/1/", "https://a.example/news/1"),
        ),
        apart=(("https://a.example/print/politics", "https://a.example/politics"),),
        apply=_print,
    ),
    Rule(
        name="path-end",
        step="path",
        what="Escaped spaces and quotes at the end, a slash there, and a last segment like `index.html`, `index.php`, "
        "`default.aspx`, are dropped.",
        why="A server gives that file where a folder is asked for. Other files stay.",
        same=(
            ("https://a.example/news/1/", "https://a.example/news/1"),
            ("https://a.example/news/index.html", "https://a.example/news"),
            ("https://a.example/index.php?p=10", "https://a.example/?p=10"),
            ("https://a.example/news/1%20%E2%80%8B", "https://a.example/news/1"),
            ("https://a.example", "https://a.example/"),
        ),
        apart=(
            ("https://a.example/news/index-2.html", "https://a.example/news/"),
            ("https://a.example/index.php/news/1", "https://a.example/news/1"),
        ),
        apply=_index,
    ),
)  # fmt: skip
