"""What was captured, written as WARC: warcio reads it, and we do, byte for byte."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_files import page, pages
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newswire.capture import Captured, capture_key
from newswire.state.memory import MemoryState
from producers.files.body import body_fields
from producers.warc import WarcSource, as_metadata, as_warc, warcinfo
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.raw.model import Http, Item, Raw

NOW = datetime(2024, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://herald.example/a"


def raw(body: bytes = b"<html><p>Text", **more: object) -> Raw:
    fields: dict[str, object] = {
        "source": Source(name="herald", kind="feeds"),
        "captured_at": NOW,
        "media_type": "text/html",
        "url": URL,
        **body_fields(body),
        **more,
    }
    return Raw(**fields)  # type: ignore[arg-type]


def http(**headers: str) -> Http:
    return Http(status=200, headers=headers, requested_url="https://herald.example/short", final_url=URL)


def body_of(one: Raw) -> bytes:
    return base64.b64decode(one.body) if one.body_encoding == "base64" else one.body.encode()


def read_back(data: bytes, folder: Path) -> list[Raw]:
    path = folder / "a.warc.gz"
    path.write_bytes(data)
    found = list(WarcSource([path], state=MemoryState()).captures())
    return [each.raw for each in found if isinstance(each, Captured)]


def test_warcio_reads_what_is_written(tmp_path: Path) -> None:
    captured = [
        raw(
            "<p>Straße".encode("windows-1252"),
            charset="windows-1252",
            http=http(**{"content-type": "text/html; charset=windows-1252", "content-encoding": "gzip"}),
        ),
        raw(b"Plain text.", media_type="text/plain", url=None, guid="urn:herald:1"),
        raw(b"Known by its place.", media_type="text/plain", url=None, item=Item(headline="h")),
        raw(
            b"An answer of no address.", url="urn:herald:2", http=http().model_copy(update={"final_url": "x"})
        ),
    ]
    data = warcinfo("newswire", NOW) + b"".join(
        as_warc(each, f"news.raw.v1/0/{n}") for n, each in enumerate(captured)
    )
    found = [
        (
            record.rec_type,
            record.rec_headers.get_header("WARC-Target-URI"),
            record.rec_headers.get_header("WARC-Date"),
            record.http_headers and record.http_headers.get_header("content-type"),
            record.content_stream().read(),
        )
        for record in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]
    date = "2024-02-01T12:00:00.123456Z"
    assert [each[0] for each in found] == ["warcinfo", "response", *["resource"] * 3]
    assert found[1:] == [
        ("response", URL, date, "text/html; charset=windows-1252", body_of(captured[0])),
        ("resource", "urn:herald:1", date, None, b"Plain text."),
        ("resource", "urn:newswire:news.raw.v1/0/2", date, None, b"Known by its place."),
        ("resource", "urn:herald:2", date, None, b"An answer of no address."),
    ]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    checker = Checker(_Asked())
    checker.process_one(str(path))
    assert checker.exit_value == 0


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "report 1"])
def test_what_is_no_link_is_not_written_as_one(url: str) -> None:
    answered = http().model_copy(update={"final_url": url})
    for one in (
        raw(b"x", url=url),
        raw(b"x", url=None, guid=url),
        raw(b"x", url=url, guid=url, http=answered),
    ):
        [record] = ArchiveIterator(io.BytesIO(as_warc(one, "news.raw.v1/0/2")))
        assert record.rec_headers.get_header("WARC-Target-URI") == "urn:newswire:news.raw.v1/0/2"


class _Asked:
    verbose = False
    inputs: tuple[str, ...] = ()


@pytest.mark.parametrize("over_http", [True, False])
@given(body=st.binary(min_size=1).filter(lambda each: bool(each.strip())))
@settings(max_examples=60)
def test_raw_to_warc_to_raw_is_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, over_http: bool, body: bytes
) -> None:
    body = b"<html>" + body.replace(b"\0", b"")
    captured = raw(body, http=http(etag='"x"', **{"content-type": "text/html"}) if over_http else None)
    folder = tmp_path_factory.mktemp("a")
    back = read_back(as_warc(captured, "t/0/0"), folder)
    if not back:
        # Bytes that are no text in any encoding are refused on the way back, as they are from every source.
        [refused] = [
            each for each in WarcSource([folder / "a.warc.gz"], state=MemoryState()).captures() if each
        ]
        assert getattr(refused, "reason", "") == "binary"
        return
    [again] = back
    assert body_of(again) == body
    assert (again.url, again.captured_at, again.media_type) == (URL, NOW, "text/html")
    assert (again.http is not None) is over_http


def test_an_archive_that_was_read_and_written_is_the_same_again(tmp_path: Path) -> None:
    source = tmp_path / "source.warc.gz"
    source.write_bytes(pages(5).data)
    once = [
        each.raw
        for each in WarcSource([source], state=MemoryState()).captures()
        if isinstance(each, Captured)
    ]
    written = b"".join(as_warc(each, f"t/0/{n}") for n, each in enumerate(once))
    twice = read_back(written, tmp_path)
    assert [body_of(each) for each in twice] == [page(n) for n in range(5)]
    for before, after in zip(once, twice, strict=True):
        assert (after.url, after.captured_at, after.charset) == (
            before.url,
            before.captured_at,
            before.charset,
        )
    assert written == b"".join(as_warc(each, f"t/0/{n}") for n, each in enumerate(once))


def test_nothing_that_was_captured_makes_a_header_of_its_own() -> None:
    hostile = Http(
        status=200,
        headers={"x": "a\r\nset-cookie: b"},
        requested_url=URL,
        final_url=f"{URL}\r\nWARC-Type: warcinfo",
    )
    [record] = list(ArchiveIterator(io.BytesIO(as_warc(raw(http=hostile), "t/0/0"))))
    assert record.rec_type == "response"
    assert record.http_headers.get_header("set-cookie") is None


def both(one: Raw, where: str) -> bytes:
    return as_metadata(one, where) + as_warc(one, where)


CAPTURES = [
    raw(
        b"Only a text.",
        media_type="text/plain",
        guid="urn:herald:1",
        path="day.jsonl#4",
        item=Item(headline="The headline that is in no text", published="1 Feb 2024", authors=("Ann Lee",)),
        source=Source(name="herald", kind="files", publisher="The Herald"),
        rights=Rights.model_validate({"embargoed_until": "2031-01-01T00:00:00Z"}),
    ),
    raw(b"", media_type="text/plain", url=None, guid="urn:herald:2", rights=Rights(status="canceled")),
    raw(
        "<p>Straße".encode("windows-1252"),
        charset="windows-1252",
        http=http(**{"content-type": "text/html", "content-encoding": "gzip"}),
    ),
]


def test_what_a_source_said_beside_the_body_comes_back(tmp_path: Path) -> None:
    """It was lost: an embargoed item came back as a free one, and one whose headline stood beside its text was refused for want of it."""
    data = warcinfo("newswire", NOW) + b"".join(both(each, f"t/0/{n}") for n, each in enumerate(CAPTURES))
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    source = WarcSource([path], state=MemoryState())
    found = [each for each in source.captures() if each is not None]
    assert [each.raw for each in found if isinstance(each, Captured)] == CAPTURES
    assert [each.key for each in found if isinstance(each, Captured)] == [
        capture_key(one.source.name, url=one.url, guid=one.guid, path=one.path) for one in CAPTURES
    ]
    assert source.passed == {"warcinfo record": 1}
    with path.open("rb") as stream:
        piped = WarcSource(["-"], state=MemoryState(), stdin=stream)
        assert [each.raw for each in piped.captures() if isinstance(each, Captured)] == CAPTURES
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        record.content_stream().read()


def test_a_run_that_was_interrupted_goes_on_with_both_records(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(both(each, f"t/0/{n}") for n, each in enumerate(CAPTURES)))
    state, found = MemoryState(), []
    while True:
        # One capture a run, each with the state that the one before left.
        one = next((each for each in WarcSource([path], state=state).captures() if each is not None), None)
        if one is None:
            break
        assert isinstance(one, Captured)
        found.append(one.raw)
    assert found == CAPTURES


@pytest.mark.parametrize(("place", "believed"), [("t/0/9", True), ("t/0/8", False)])
def test_what_is_said_of_another_record_is_not_believed(tmp_path: Path, place: str, believed: bool) -> None:
    plain = raw(b"<html><p>Text of a page.")
    [back] = read_back(as_metadata(CAPTURES[0], place) + as_warc(plain, "t/0/9"), tmp_path)
    assert (back.source.name == "herald") is believed
    assert (back.rights.embargoed_until is not None) is believed
    assert body_of(back) == body_of(plain)


@pytest.mark.parametrize("block", [b"", b"[]", b"{}", b"\xff", b'{"source": {"name": 1}}'])
def test_a_metadata_record_that_holds_no_capture_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: bytes
) -> None:
    monkeypatch.setattr("producers.warc.declared.declared_block", lambda _: block)
    plain = raw(b"<html><p>Text of a page.")
    [back] = read_back(both(plain, "t/0/9"), tmp_path)
    assert (back.source.name, back.url, body_of(back)) == ("warc", URL, body_of(plain))
