"""The text of an XML document from its root on, and its elements into a sink."""

from __future__ import annotations

import html
import re
from typing import Final
from xml.parsers import expat

from producers.reading.loose import Loose, Sink

_NEVER_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED: Final = re.compile(
    r"&(?!amp;|lt;|gt;|quot;|apos;)(?:[A-Za-z][A-Za-z0-9]{1,31}|#(?:1[2-5]\d|[xX][89][0-9a-fA-F]));"
)
_ROOT: Final = re.compile(
    r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|rdf|feed|channel|entry|opml|urlset|sitemapindex)(?=[\s>/])",
    re.IGNORECASE,
)
_HTML: Final = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|body|script|meta|title|div|noscript)\b", re.IGNORECASE
)
_SKIPPED: Final = re.compile(r"\s+|<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_ENDS_EARLY: Final = frozenset(
    (
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    )
)
_MOST_OF_A_TOKEN: Final = 200
_SEARCHED: Final = 256 * 1024


class UnknownFormatError(ValueError):
    """The bytes are in no format that is read. `reason` is a short stable name: `empty`, `html`, `xml`, `json`, `text` and others."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        """Short stable name."""


def from_root(text: str) -> tuple[str, str]:
    """Return the document from its root element on, and the root's local name in lower case.

    Everything before is left out: declaration, comments, junk, and the document type with whatever entities it defines.
    UnknownFormatError when there is no root that a feed, a list of feeds or a sitemap has.
    """
    at = _after_prolog(text)
    head = text[at : at + _SEARCHED]
    root = _ROOT.match(text, at)
    if root is None and head[:9].upper() == "<!DOCTYPE":  # of HTML, before what may be a feed all the same
        root = _ROOT.match(text, _after_prolog(text, _after_doctype(text, at)))
    if root is None and not _HTML.match(head):
        root = _ROOT.search(text, at)
    if root is None:
        if _HTML.match(head) or "<html" in head.lower():
            raise UnknownFormatError(
                "html",
                "a web page, not what was asked for: it may be a challenge, a consent page, or the site itself",
            )
        if not head.strip():
            raise UnknownFormatError("empty", "nothing in it")
        kind = "xml" if head.lstrip().startswith("<") else "text"
        raise UnknownFormatError(kind, f"{kind}, but neither a feed nor a list of feeds nor a sitemap")
    return _cleaned(text[root.start() :]), root[1].lower()


def read_elements(text: str, sink: Sink) -> bool:
    """Send a document's elements to a sink; return whether it is well-formed.

    One that only breaks off is read as far as it goes; what is broken otherwise is read by `Loose`.
    """
    # Without handlers expat needs a fraction of the time that reading takes, so that nothing is read twice.
    probe = expat.ParserCreate(namespace_separator=" ")
    failed = _parse(probe, text)
    if failed is not None and not _breaks_off(text, probe, failed):
        Loose(sink).read(text)
        return False
    still_open: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        still_open.append(name)
        sink.start(name, attributes)

    def end(name: str) -> None:
        still_open.pop()
        sink.end(name)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = sink.text
    if _parse(parser, text) is not None:
        parser.buffer_text = False  # gives out the text that it holds back
    while still_open:
        sink.end(still_open.pop())
    return failed is None


def _parse(parser: expat.XMLParserType, text: str) -> expat.ExpatError | ValueError | None:
    """Return why a document is not well-formed, None where it is."""
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError) as error:
        return error
    return None


def _breaks_off(text: str, parser: expat.XMLParserType, failed: expat.ExpatError | ValueError) -> bool:
    """Whether nothing is wrong but that the end is missing. A quote left open takes what follows for its own: that is not it."""
    if not isinstance(failed, expat.ExpatError) or failed.code not in _ENDS_EARLY:
        return False
    return len(text.encode()) - parser.ErrorByteIndex < _MOST_OF_A_TOKEN


def _cleaned(text: str) -> str:
    return _NAMED.sub(_as_character, _NEVER_XML.sub("", text))


def _as_character(reference: re.Match[str]) -> str:
    """HTML's names and its reading of the numbers 128 to 159, which XML does not have."""
    meant = html.unescape(reference[0])
    if meant == reference[0] or not meant or any(character in "<>&" for character in meant):
        return html.escape(meant) if meant in ("<", ">", "&") else reference[0]
    return meant


def _after_prolog(text: str, at: int = 0) -> int:
    while True:
        skipped = _SKIPPED.match(text, at)
        if skipped and skipped.end() > at:
            at = skipped.end()
        elif text[at : at + 9].upper() == "<!DOCTYPE" and not _HTML.match(text, at):
            at = _after_doctype(text, at)
        else:
            return at


def _after_doctype(text: str, at: int) -> int:
    """Past `<!DOCTYPE … [ … ]>`: quotes and comments in it may hold anything."""
    depth = 0
    for token in re.compile(r"\"[^\"]*+\"|'[^']*+'|<!--.*?(?:-->|\Z)|[\[\]>]", re.DOTALL).finditer(text, at):
        if token[0] == "[":
            depth += 1
        elif token[0] == "]":
            depth -= 1
        elif token[0] == ">" and depth <= 0:
            return token.end()
    return len(text)
