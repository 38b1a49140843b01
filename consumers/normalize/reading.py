"""A capture's body to an extraction, by its media type."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from consumers.normalize.excerpt import POLLED, is_excerpt, read_excerpt, read_instead
from consumers.normalize.extract import extract
from consumers.normalize.extraction import Candidate, Extraction, Field, Version
from consumers.normalize.final_address import final_address
from consumers.normalize.item_rank import behind_metadata
from consumers.normalize.link_header import header_versions
from consumers.normalize.plain import read_plain
from consumers.normalize.wire import read_wire
from newswire import wires
from newswire.errors import Reject
from newswire.text.charset import decode
from newswire.text.hygiene import title
from schemas.raw.model import Raw

_HTML: Final = ("text/html", "application/xhtml+xml")
_WIRES: Final = tuple(wires.MEDIA_TYPES.values())
_NO_TEXT: Final = (
    "empty-body", "not-an-article", "consent-page", "bot-challenge", "paywall-stub", "video-page", "gallery-page"
)  # fmt: skip
"""Why a page is refused that shows no text of an article: what a feed says of it stands in then."""
_MOST_ALTERNATES: Final = 100
MEDIA_TYPES: Final = ("text/plain", *_HTML, *_WIRES)
"""What normalize reads."""


def read(raw: Raw) -> Extraction:
    """Return what the body holds, with the item's fields before what was found in the body.

    Of a page that a feed or sitemap only lists they stand behind the page's metadata (`item_rank`).

    Raises `Reject`: `unsupported-media-type`, `undecodable`, `soft-404`, and what the reader of the format decides.
    """
    if raw.media_type not in MEDIA_TYPES:
        raise Reject(
            "unsupported-media-type",
            f"{raw.media_type} is not read; send the article as {', '.join(MEDIA_TYPES)}",
            "/media_type",
        )
    body = _body(raw)
    if raw.media_type in _WIRES:
        found = read_wire(body.encode() if isinstance(body, str) else body)
    elif is_excerpt(raw):
        text = _text(body, raw.charset)
        found = read_excerpt(raw, text if raw.media_type in _HTML else html.escape(text, quote=False))
    elif raw.media_type in _HTML:
        found = _page(raw, body)
    else:
        headline = title(raw.item.headline) if raw.item.headline else None
        found = read_plain(
            _text(body, raw.charset), headline=headline or None, has_summary=bool(raw.item.summary)
        )
    return _with_item(raw, found)


def _page(raw: Raw, body: bytes | str) -> Extraction:
    address, refused = final_address(raw)
    try:
        found = extract(body, address, {"content-type": f"{raw.media_type}; charset={raw.charset or ''}"})
    except Reject as why:
        instead = read_instead(raw) if why.reason in _NO_TEXT else None
        if instead is None:
            raise
        return instead
    found.fields["url"] = [*found.of("url"), *refused]
    return found


def _versions(raw: Raw) -> Iterator[Version]:
    """Yield what the answer's headers and the source itself name as versions in other languages."""
    if raw.http is not None and "link" in raw.http.headers:
        yield from header_versions(raw.http.headers["link"], raw.http.final_url)
    for each in (raw.item.alternates or ())[:_MOST_ALTERNATES]:
        yield Version(each.language, each.url, "item", "item", base=raw.url)


def _body(raw: Raw) -> bytes | str:
    if raw.body_encoding == "text":
        return raw.body
    try:
        return base64.b64decode(raw.body, validate=True)
    except ValueError as error:  # binascii.Error is one; letters beyond ASCII give the plain one
        raise Reject("undecodable", f"`body_encoding` says base64, but: {error}", "/body") from error


def _text(body: bytes | str, charset: str | None) -> str:
    if isinstance(body, str):
        return body
    try:
        return decode(body, charset).text
    except ValueError as error:
        raise Reject("undecodable", f"{error}: send the article as UTF-8", "/body") from error


def _with_item(raw: Raw, found: Extraction) -> Extraction:
    of_item = _of_item(raw)
    if "url" not in found.fields:  # a page weighs its own address against what it calls canonical
        of_item.add("url", raw.url, "declared")
    # Where there is no page (a feed's own words, plain text), nothing is metadata, and the item stands first all the same.
    is_listed = raw.source.kind in POLLED
    fields: dict[Field, list[Candidate]] = {}
    for name in (*of_item.fields, *found.fields):
        of_body, said = found.of(name), of_item.of(name)
        fields[name] = behind_metadata(name, of_body, said) if is_listed else [*said, *of_body]
    return replace(found, fields=fields, versions=(*found.versions, *_versions(raw)))


def _of_item(raw: Raw) -> Extraction:
    item = Extraction()
    item.add("headline", raw.item.headline, "item")
    item.add("summary", raw.item.summary, "item")
    for author in raw.item.authors:
        item.add("authors", author, "item")
    item.add("published_at", raw.item.published, "item")
    item.add("modified_at", raw.item.modified, "item")
    item.add("language", raw.item.language, "item")
    item.add("article_section", raw.item.section, "item")
    for keyword in raw.item.keywords:
        item.add("keywords", keyword, "item")
    return item
