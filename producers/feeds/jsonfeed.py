"""JSON Feed 1.0 and 1.1. A field of a wrong type is left out; the item and the others stay."""

from __future__ import annotations

import html
import math
import re
from typing import Any, Final

from pydantic_core import from_json

from newswire.text.json_document import without_half_pairs
from newswire.written_dates.read import read_written_date
from producers.feeds.markup import Markup, as_given, first_words, line, plain_as_html, plain_line
from producers.feeds.model import Attachment, Feed, Item, NotAFeedError
from producers.feeds.xmlfeed import MAX_ITEMS
from producers.reading.addresses import absolute

_CONTROLS: Final = re.compile("[\x00-\x1f]")
_TRAILING: Final = re.compile(r"trailing characters at line (\d+) column (\d+)")
_DEEP: Final = "recursion limit exceeded"
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_MAX_DEPTH: Final = 50
_TRAILING_COMMA: Final = re.compile(r",(\s*[\]}])")
_MANY: Final = 200
_EVIDENCE: Final = frozenset(
    ("id", "url", "external_url", "title", "content_html", "content_text", "date_published")
)
"""What makes an item one of a feed where the document has no version."""

Object = dict[str, Any]


def read_json_feed(text: str, base: str | None) -> Feed:
    """Return the feed of a JSON document. NotAFeedError for other JSON.

    Mended: control characters and lone surrogates in strings, a document that breaks off, and what follows its end.
    """
    given, mended = _parsed(text)
    if not isinstance(given, dict):
        raise NotAFeedError("json", "JSON, but not an object")
    written, version = given.get("items"), _string(given, "version") or ""
    entries = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    if "jsonfeed" not in version and not any(_EVIDENCE & each.keys() for each in entries):
        raise NotAFeedError(
            "json", "JSON, but not a JSON Feed: no version of it, and no items as it has them"
        )
    home = absolute(_string(given, "home_page_url"), base)
    markup = Markup()
    authors, language = _authors(given), _line(given, "language")
    items = [_item(each, home or base, markup, authors, language) for each in entries[:MAX_ITEMS]]
    problems = ["the JSON is broken: it was read as far as it goes"] if mended else []
    odd = (len(written) - len(entries)) if isinstance(written, list) else 0
    if odd:
        problems.append(f"{odd:,} items are no objects: left out")
    return Feed(
        format="json",
        version=next(iter(re.findall(r"version/([0-9.]{1,8})", version)), None),
        items=tuple(items),
        title=_line(given, "title"),
        link=home,
        self_link=absolute(_string(given, "feed_url"), base),
        hubs=_hubs(given, base),
        next_link=absolute(_string(given, "next_url"), base),
        description=_line(given, "description"),
        language=language,
        authors=authors,
        image=absolute(_string(given, "icon") or _string(given, "favicon"), base),
        expired=given.get("expired") is True,
        problems=tuple(problems),
    )


def _item(
    given: Object, base: str | None, markup: Markup, authors: tuple[str, ...], language: str | None
) -> Item:
    written_summary = _string(given, "summary")
    summary = markup.html(plain_as_html(written_summary), base) if written_summary else None
    content_html, content_text = _string(given, "content_html"), _string(given, "content_text")
    content = markup.html(content_html, base) if content_html else None
    if content is None and content_text:
        content = markup.html(html.escape(content_text, quote=False), base)
    title, own_authors = _line(given, "title"), _authors(given)
    published, modified = _string(given, "date_published"), _string(given, "date_modified")
    guid = as_given(_identifier(given.get("id")) or "")
    permalink = guid if guid and guid.startswith(("http://", "https://")) else None
    heading = title or first_words(summary or content or "")
    return Item(
        guid=guid,
        link=absolute(_string(given, "url"), base)
        or absolute(_string(given, "external_url"), base)
        or absolute(permalink, base),
        title=heading,
        title_from_body=heading is not None and title is None,
        summary=summary,
        content=content,
        authors=own_authors or authors,
        authors_of_feed=not own_authors and bool(authors),
        published=read_written_date(published) if published else None,
        published_text=as_given(published) if published else None,
        updated=read_written_date(modified) if modified else None,
        updated_text=as_given(modified) if modified else None,
        categories=tuple(
            dict.fromkeys(
                tag for each in _list(given, "tags") if isinstance(each, str) and (tag := line(each))
            )
        ),
        language=_line(given, "language") or language,
        attachments=_attachments(given, base),
        image=absolute(_string(given, "image") or _string(given, "banner_image"), base),
    )


def _parsed(text: str) -> tuple[Any, bool]:
    """Return the value, and whether the text had to be mended."""
    try:
        return from_json(text.encode("utf-8", "replace"), allow_inf_nan=False, cache_strings="none"), False
    except ValueError as error:
        problem = str(error)
    mended = _CONTROLS.sub(" ", _shallow(text) if _DEEP in problem else text)
    for attempt in (mended, _TRAILING_COMMA.sub(r"\1", mended)):
        data = without_half_pairs(attempt.encode("utf-8", "replace"))
        trailing = _TRAILING.search(problem)
        for _ in range(2):
            try:
                return from_json(data, allow_partial=True), True
            except ValueError as error:
                trailing = _TRAILING.search(str(error))
                problem = str(error)
            if trailing is None:
                break
            data = data[: int(trailing[2]) - 1]  # one line only: line ends have become spaces
    raise NotAFeedError("json", f"looks like JSON, but is not: {problem[:200]}")


def _shallow(text: str) -> str:
    """Return the document with null for what is nested deeper than any field of a feed."""
    kept: list[str] = []
    depth = after = 0
    for token in _BRACKETS.finditer(text):
        if token[0][0] in "[{":
            depth += 1
            if depth == _MAX_DEPTH:
                kept.append(text[after : token.start()])
        elif token[0][0] in "]}":
            if depth == _MAX_DEPTH:
                kept.append("null")
                after = token.end()
            depth = max(0, depth - 1)
    if depth < _MAX_DEPTH:
        kept.append(text[after:])
    return "".join(kept)


def _string(given: Object, name: str) -> str | None:
    """Return a field as a string: numbers are written out, other types are left out."""
    found = given.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return str(found).strip() or None


def _identifier(found: Any) -> str | None:
    """Return an id as a string; of what is none (JSON Feed 1.1: "coerced to a string") as JSON writes it."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, float) and not math.isfinite(found):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(found), "NaN")
    return _string({"": found}, "")


def _line(given: Object, name: str) -> str | None:
    found = _string(given, name)
    return plain_line(found) if found else None


def _list(given: Object, name: str) -> list[Any]:
    found = given.get(name)
    return found[:_MANY] if isinstance(found, list) else []


def _authors(given: Object) -> tuple[str, ...]:
    """Of `authors` (1.1), or else of `author` (1.0); plain strings and one object instead of a list are taken too."""
    several = given.get("authors")
    listed = several[:_MANY] if isinstance(several, list) else [several] if several else []
    for source in (listed, [given.get("author")]):
        names = [_name(each) for each in source]
        found = tuple(dict.fromkeys(name for name in names if name))
        if found:
            return found
    return ()


def _name(author: Any) -> str | None:
    if isinstance(author, dict):
        return as_given(_string(author, "name") or _string(author, "url") or "")
    return as_given(author) if isinstance(author, str) else None


def _attachments(given: Object, base: str | None) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for each in _list(given, "attachments"):
        url = absolute(_string(each, "url"), base) if isinstance(each, dict) else None
        if url:
            found.setdefault(url, Attachment(url, _line(each, "mime_type"), _size(each.get("size_in_bytes"))))
    return tuple(found.values())


def _size(given: Any) -> int | None:
    """Return a size in bytes, also of a string or a number with a fraction."""
    try:
        size = 0 if isinstance(given, bool) else int(float(given))
    except (TypeError, ValueError, OverflowError):
        return None
    return size if 0 < size < 10**15 else None


def _hubs(given: Object, base: str | None) -> tuple[str, ...]:
    addresses = [
        absolute(_string(each, "url"), base) for each in _list(given, "hubs") if isinstance(each, dict)
    ]
    return tuple(dict.fromkeys(address for address in addresses if address))
