"""A record as a raw event, or why it is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from newswire.wires import MEDIA_TYPES
from producers.files.body import body_fields, refuse_binary
from producers.files.formats import sniff
from producers.files.found import Refusal
from producers.reading.content_type import read_content_type
from producers.warc.declared import restored
from producers.warc.reading import Record
from producers.warc.response import Response, read_response
from schemas.core.source import Source
from schemas.raw.model import Http, Item, Raw

KIND: Final = "warc"
HTML: Final = ("text/html", "application/xhtml+xml")
RESOURCES: Final = (*HTML, "text/plain", *MEDIA_TYPES.values())
"""Media types of `resource` records that are taken: what was captured otherwise than by HTTP, as `newswire export warc` writes it."""
_OK: Final = 200
_SNIFF_BYTES: Final = 1024
_LONGEST_URL: Final = 8_000


class Passed(Exception):  # noqa: N818 - an answer for one record
    """The record is fine, but holds no article. `why` is what it is counted under."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def raw_of_record(
    record: Record, *, source: str, language: str | None, path: str, before: Record | None = None
) -> Raw:
    """Return the raw event of a record: that of which `before` tells all but the body, if it is of this one, else what can be seen here.

    Raises `Passed`, or `Refusal` for a page that cannot be read.
    """
    if before is not None and record.type in ("response", "resource"):
        body = read_response(record.block).body if record.type == "response" else record.block
        known = restored(before, record, body)
        if known is not None:
            return known
    url, said = _url(record.headers), record.headers.get("content-type", "")
    if record.type == "response":
        if not said.lower().startswith("application/http"):
            raise Passed("response that is not HTTP")
        response = read_response(record.block)
        media_type, charset = _page(response, record.headers)
        http, body = (
            Http(status=_OK, headers=response.headers, requested_url=url, final_url=url),
            response.body,
        )
    elif record.type == "resource":
        media_type, charset = read_content_type(said)
        if media_type not in RESOURCES:
            raise Passed(f"resource of {media_type[:60] or 'unknown type'}")
        http, body = None, record.block
    else:
        raise Passed(f"{record.type[:30]} record")
    if not body.strip():
        raise Refusal("empty-file", "the page has no content")
    refuse_binary(body)
    is_address = urlsplit(url).scheme in ("http", "https")
    return Raw(
        source=Source(name=source, kind=KIND, publisher=urlsplit(url).hostname if is_address else None),
        captured_at=_date(record.headers),
        media_type=media_type,
        charset=charset,
        url=url if is_address else None,
        guid=None if is_address else url,
        path=path,
        item=Item(language=language),
        http=http,
        **body_fields(body),
    )


def _page(response: Response, headers: Mapping[str, str]) -> tuple[str, str | None]:
    if response.status != _OK:
        raise Passed(f"status {response.status}")
    media_type, charset = read_content_type(
        response.headers.get("content-type") or headers.get("warc-identified-payload-type", "")
    )
    if not media_type and sniff(response.body[:_SNIFF_BYTES]) == "html":
        return HTML[0], charset
    if media_type not in HTML:
        raise Passed(f"{media_type[:60] or 'unknown type'}")
    return media_type, charset


def _url(headers: Mapping[str, str]) -> str:
    # WARC 0.18 and 1.0 have it in angle brackets in their examples, and some writers too.
    url = headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")
    if len(url) > _LONGEST_URL or not url.isprintable():
        raise Refusal(
            "schema", "its WARC-Target-URI is longer than 8,000 characters, or has control characters"
        )
    return url


def _date(headers: Mapping[str, str]) -> datetime:
    """Return when it was captured. Seconds have up to nine decimals in WARC 1.1; what is finer than a microsecond is cut off."""
    given = headers.get("warc-date", "").strip()
    whole, dot, rest = given.partition(".")
    text = f"{whole}.{rest.rstrip('Zz')[:6]}+00:00" if dot else given
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(
            "schema", f"its WARC-Date is {given[:40]!r}, not such as 2024-02-01T12:00:00Z"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
