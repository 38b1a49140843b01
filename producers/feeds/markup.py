"""Text and HTML out of feeds, made harmless."""

from __future__ import annotations

import html
import re
import time
from typing import Final

import nh3

from newswire.text import hygiene
from producers.feeds.unclosed import without_unclosed
from producers.reading.addresses import absolute

_TAGS: Final = frozenset((
    "a", "abbr", "acronym", "article", "aside", "audio", "b", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "picture", "pre",
    "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
))  # fmt: skip
_DROPPED_WHOLE: Final = frozenset((
    "script", "style", "iframe", "object", "embed", "applet", "noscript", "template", "svg", "math", "form", "select",
    "textarea", "frameset",
))  # fmt: skip
_ATTRIBUTES: Final = {
    "a": {"href", "title", "hreflang"}, "img": {"src", "alt", "title", "width", "height"}, "audio": {"src"}, "video": {"src", "poster"},
    "source": {"src", "type"}, "blockquote": {"cite"}, "q": {"cite"}, "time": {"datetime"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "ol": {"start"}, "*": {"lang", "dir"},
}  # fmt: skip
_OPAQUE: Final = nh3.Cleaner(
    tags=set(_TAGS) - {"a", "img"}, clean_content_tags=set(_DROPPED_WHOLE), attributes={}, link_rel=None
)
_RUNS: Final = re.compile(r"\b(?:java|vb)script\s*:|\bdata\s*:\s*text/html", re.IGNORECASE)
_ADDRESSES: Final = frozenset(("href", "src", "poster", "cite"))
_TAG: Final = re.compile(r"<(/)?([a-zA-Z][a-zA-Z0-9]*)")
_LOOKS_LIKE_HTML: Final = re.compile(
    r"</[a-zA-Z]+[0-9]?\s*>|<(?:p|br|img|a|div|b|i|hr|ul|table|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_NAMES_AN_ELEMENT: Final = re.compile(
    rf"</?(?:{'|'.join(sorted(_TAGS | _DROPPED_WHOLE))}|body|head|html|input|link|meta|base|frame|blink|marquee)(?![\w:.-])",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_VOID: Final = frozenset(
    ("br", "img", "hr", "input", "link", "meta", "source", "embed", "wbr", "col", "area")
)
_MAX_DEPTH: Final = 150
_MAX_TAG: Final = 20_000
_MAX_ATTRIBUTES: Final = 10_000
_MAX_LENGTH: Final = 2_000_000
"""Characters of one field that are read as HTML."""
_BUDGET_SECONDS: Final = 4.0
_CHEAP: Final = 1_000
"""Characters that cost less than to look at the clock twice."""
_TITLE_WORDS_LENGTH: Final = 80
_START: Final = 4_000


class Markup:
    """Cleans the texts of one feed.

    HTML is parsed as browsers do and written again with the tags of running text only: no scripts, styles, forms, frames or event
    handlers; addresses absolute and of http or https, or not there. What no browser would lay out (deeper than 150 elements, 10,000
    attributes, two million characters), and all that comes after four seconds of work on one feed, keeps its text and loses its tags.
    """

    def __init__(self) -> None:
        self._base: str | None = None
        self._spent = 0.0
        self._cleaner = nh3.Cleaner(
            tags=set(_TAGS), clean_content_tags=set(_DROPPED_WHOLE), attributes=_ATTRIBUTES, attribute_filter=self._attribute,
            url_schemes={"http", "https"}, strip_comments=True, link_rel=None,
        )  # fmt: skip

    def html(self, markup: str, base: str | None) -> str | None:
        """Return harmless HTML; None when nothing is in it. Addresses are resolved against `base`."""
        if "<" not in markup:
            return hygiene.clean(markup).strip() or None
        if self._spent > _BUDGET_SECONDS or not _is_bounded(markup):
            return without_tags(markup)
        self._base = base
        markup = without_unclosed(markup)
        if len(markup) < _CHEAP:
            cleaned = self._cleaner.clean(markup)
        else:
            began = time.thread_time()
            cleaned = self._cleaner.clean(markup)
            self._spent += time.thread_time() - began
        return hygiene.clean(cleaned).strip() or None

    def _attribute(self, _tag: str, name: str, value: str) -> str | None:
        return absolute(value, self._base) if name in _ADDRESSES else value


def line(markup: str) -> str | None:
    """Return text of one line without markup; None when nothing is in it."""
    if "<" in markup or "&" in markup:
        return hygiene.title(markup) or None
    return hygiene.line(markup[:20_000]) or None


def plain_line(text: str) -> str | None:
    """Return text that is said to be plain as one line: what stands in angle brackets is text (`How to use <canvas>`, `Vec<T>`).

    Tags of running text go nevertheless, and those of scripts, frames and forms; entities are resolved: both are left over from HTML.
    """
    if "<" not in text and "&" not in text:
        return line(text)
    meant = resolved(text[:20_000])
    return line(meant) if _NAMES_AN_ELEMENT.search(meant) else hygiene.line(meant) or None


def plain_as_html(text: str) -> str:
    """Return text that is said to be plain as HTML: escaped, unless it has tags in it after all."""
    return text if _NAMES_AN_ELEMENT.search(text) else html.escape(resolved(text), quote=False)


def resolved(text: str) -> str:
    """Return text with its entities resolved, those that end as they should."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def as_given(text: str) -> str | None:
    """Return an opaque text (an id, a byline) as one line as it was given; only what could be run is taken out of it."""
    written = hygiene.line(text[:20_000])
    if "<" in written:
        written = hygiene.line(
            _OPAQUE.clean(written) if _is_bounded(written) else without_tags(written) or ""
        )
    return written if written and not _RUNS.search(written) else None


def looks_like_html(text: str) -> bool:
    """Whether text that is said to be plain has tags in it after all."""
    return "<" in text and bool(_LOOKS_LIKE_HTML.search(text))


def without_tags(markup: str) -> str | None:
    """Return the text of HTML that is too odd to be parsed, escaped."""
    return (
        html.escape(hygiene.clean(re.sub(r"<[^<>]*+>?", " ", markup[:_MAX_LENGTH])), quote=False).strip()
        or None
    )


def first_words(markup: str) -> str | None:
    """Return the first sentence of a body, or its first words, up to 80 characters: a title for what has none."""
    text = line(
        markup[:_START].rpartition("<")[0] if len(markup) > _START and "<" in markup else markup[:_START]
    )
    if text is None or len(text) <= _TITLE_WORDS_LENGTH:
        return text
    sentence = re.match(r".{12,79}?[.!?。！？](?=\s|$)", text)
    if sentence:
        return sentence[0]
    cut = text[: _TITLE_WORDS_LENGTH - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _is_bounded(markup: str) -> bool:
    """Parsers of HTML take quadratic time for deep elements and for tags with very many attributes."""
    if len(markup) > _MAX_LENGTH or markup.count("=") > _MAX_ATTRIBUTES:
        return False
    if len(markup) > _MAX_TAG and max(map(len, markup.split(">"))) > _MAX_TAG and not _long_text(markup):
        return False
    if markup.count("<") <= _MAX_DEPTH:
        return True
    depth = 0
    for tag in _TAG.finditer(markup):
        if tag[2].lower() not in _VOID and tag[2].lower() not in ("p", "li", "td", "tr", "dt", "dd"):
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _MAX_DEPTH:
                return False
    return True


def _long_text(markup: str) -> bool:
    """Whether the long stretches without `>` are text, not tags."""
    return all(len(part.rpartition("<")[2]) <= _MAX_TAG or "<" not in part for part in markup.split(">"))
