"""Raw events of what was polled: with the article's page, or with what the source itself gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from newswire.topology import MAX_BODY_BYTES
from producers.fetch import Failure, FailureClass, Fetched
from producers.files.body import body_fields
from producers.polling.challenges import stands_in
from producers.polling.polled import Entry, PolledSource
from schemas.core.reference import Reference
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.raw.model import Http, PageFailure, Raw

_PAGES: Final = (None, "text/html", "application/xhtml+xml", "text/plain")
_HARD_PAGE: Final = FailureClass.HARD
_CUT: Final = 100_000
"""Characters of a field beside the body."""


Mining = Literal["allowed", "reserved"] | None


def without_page(source: PolledSource, kind: str, entry: Entry, now: float, mining: Mining) -> Raw:
    """Return the raw event of an item with what the source itself gives: its HTML, or else its title.

    `mining` is what the source's own answer said of text and data mining.
    """
    html = entry.body or entry.item.summary
    item = entry.item
    if item.summary is not None and len(item.summary) > _CUT:
        item = item.model_copy(update={"summary": item.summary[:_CUT]})
    return Raw(
        source=Source(name=source.name, kind=kind, publisher=source.publisher, timezone=source.timezone),
        captured_at=datetime.fromtimestamp(now, UTC),
        media_type="text/html" if html else "text/plain",
        body=html or item.headline or "",
        url=entry.url,
        guid=entry.guid,
        item=item
        if item.language or not source.language
        else item.model_copy(update={"language": source.language}),
        rights=Rights(
            license=source.license,
            usage_terms=source.usage_terms,
            copyright_notice=entry.copyright_notice,
            text_and_data_mining=mining,
        ),
    )


def with_page(raw: Raw, page: Fetched, now: float) -> Raw:
    """Return the raw event with an article's page as its body.

    Of text and data mining it says what the page did, unless the source has reserved it: one opt-out is enough.
    """
    assert page.body is not None
    assert page.status is not None
    reserved = raw.rights.text_and_data_mining == "reserved"
    mining = "reserved" if reserved else page.rights.text_and_data_mining
    return raw.model_copy(
        update={
            "captured_at": datetime.fromtimestamp(now, UTC),
            "media_type": page.media_type or "text/html",
            "charset": page.charset,
            **body_fields(page.body),
            "item": raw.item.model_copy(update={"content": _more_than_summary(raw)}),
            "http": http_of(page),
            "rights": raw.rights.model_copy(update={"text_and_data_mining": mining}),
        }
    )


def _more_than_summary(raw: Raw) -> str | None:
    """Return the text that the source itself gives, which its page takes the place of: should there be no text on that, it is not lost."""
    more = raw.media_type == "text/html" and raw.body not in (raw.item.summary, raw.item.headline)
    return raw.body[:_CUT] if more else None


def with_failure(raw: Raw, failure: Failure, now: float) -> Raw:
    """Return the raw event with the reason why the page is not in it."""
    why = PageFailure(kind=str(failure.kind), reason=failure.reason, detail=failure.detail[:1000])
    return raw.model_copy(update={"page_failure": why, "captured_at": datetime.fromtimestamp(now, UTC)})


def with_references(raw: Raw, references: list[Reference]) -> Raw:
    """Return the raw event with the other sources in which its article was seen."""
    return raw.model_copy(update={"references": tuple(references)}) if references else raw


def http_of(page: Fetched) -> Http:
    """Return how an answer came."""
    assert page.status is not None
    return Http(
        status=page.status,
        headers=dict(page.headers),
        requested_url=page.requested_url,
        final_url=page.url,
        redirects=tuple(hop.url for hop in page.hops[:-1]),
    )


def page_failure(page: Fetched) -> Failure | None:
    """Return why an answer is no page of an article: its own failure, or that it is something else."""
    if page.failure is not None:
        return page.failure
    if page.media_type not in _PAGES:
        return Failure(_HARD_PAGE, "not-a-page", f"the answer is {page.media_type}, not a page")
    if len(page.body or b"") > MAX_BODY_BYTES:
        return Failure(_HARD_PAGE, "body-bytes", f"the page has more than {MAX_BODY_BYTES} bytes")
    if not (page.body or b"").strip():
        return Failure(FailureClass.SOFT, "empty-page", "the answer has no content")
    asked, came = urlsplit(page.requested_url), urlsplit(page.url)
    if len(page.hops) > 1 and came.path in ("", "/") and not came.query and asked.path not in ("", "/"):
        # A site that has dropped an article likes to show its front page instead.
        return Failure(
            _HARD_PAGE, "redirected-to-front-page", f"the address leads to the front page, {page.url}"
        )
    return stands_in(page)
