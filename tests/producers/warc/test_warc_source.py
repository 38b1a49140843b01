"""What is read of web archives: whole ones, odd ones, broken ones."""

from __future__ import annotations

import base64
import gzip
import io
import subprocess
import sys
import threading
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from backports import zstd
from warc_files import HTML, Writer, page, pages, url

from newswire.capture import Captured, Unreadable
from newswire.errors import UsageError
from newswire.state.memory import MemoryState
from producers.warc import WarcSource


def read(
    path: Path | str, state: MemoryState | None = None, **options: Any
) -> tuple[list[Captured], list[Unreadable], WarcSource]:
    source = WarcSource([path], state=state or MemoryState(), **options)
    outcomes = list(source.captures())
    return (
        [each for each in outcomes if isinstance(each, Captured)],
        [each for each in outcomes if isinstance(each, Unreadable)],
        source,
    )


def written(folder: Path, data: bytes, name: str = "a.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def numbers(captured: list[Captured]) -> list[int]:
    return [int((each.raw.url or "").rpartition("/")[2]) for each in captured]


def test_a_page_keeps_its_bytes_headers_address_and_time(tmp_path: Path) -> None:
    body = "<html><p>Straße".encode("windows-1252")
    headers = [
        ("Content-Type", "text/html; charset=Windows-1252"),
        ("ETag", '"x"'),
        ("Link", "<a>"),
        ("Link", "<b>"),
    ]
    writer = Writer().add("https://herald.example/a?b=1", body, headers=headers, date="2016-08-26T20:00:00Z")
    [captured], unreadable, _ = read(written(tmp_path, writer.data), name="cc-news", language="de")
    assert not unreadable
    raw = captured.raw
    assert captured.key == raw.url == "https://herald.example/a?b=1"
    assert (raw.source.name, raw.source.kind, raw.source.publisher) == ("cc-news", "warc", "herald.example")
    assert raw.captured_at == datetime(2016, 8, 26, 20, tzinfo=UTC)
    assert (raw.media_type, raw.charset, raw.item.language) == ("text/html", "windows-1252", "de")
    assert raw.body_encoding == "base64"
    assert base64.b64decode(raw.body) == body
    assert raw.http is not None
    assert raw.http.model_dump() == {
        "status": 200,
        "headers": {"content-type": "text/html; charset=Windows-1252", "etag": '"x"', "link": "<a>, <b>"},
        "requested_url": raw.url,
        "final_url": raw.url,
        "redirects": (),
    }
    assert raw.path == "a.warc.gz#0"


@pytest.mark.parametrize("packing", ["gzip", "plain", "whole", "zstd", "two-in-one"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "0.18"])
def test_every_packing_and_version_is_read(tmp_path: Path, packing: str, version: str) -> None:
    plain = pages(6, packed=False, version="1.0")
    ends = [*plain.offsets[1:], len(plain.data)]
    records = [
        plain.data[a:b].replace(b"WARC/1.0", f"WARC/{version}".encode(), 1)
        for a, b in zip(plain.offsets, ends, strict=True)
    ]
    data = {
        "gzip": b"".join(map(gzip.compress, records)),
        "plain": b"".join(records),
        "whole": gzip.compress(b"".join(records)),
        "zstd": b"".join(map(zstd.compress, records)),
        "two-in-one": gzip.compress(b"".join(records[:3])) + gzip.compress(b"".join(records[3:])),
    }[packing]
    captured, unreadable, _ = read(written(tmp_path, data))
    assert numbers(captured) == list(range(6))
    assert not unreadable
    assert [each.raw.body.encode() for each in captured] == [page(n) for n in range(6)]


def test_what_is_no_page_is_passed_over_and_counted(tmp_path: Path) -> None:
    writer = (
        Writer()
        .add("https://herald.example/0", page(0))
        .add("https://herald.example/pdf", b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
        .add("https://herald.example/gone", b"<p>gone", status="404 Not Found")
        .add("https://herald.example/moved", b"", status="301 Moved")
        .add("https://herald.example/0", b"", kind="revisit")
        .add(
            "https://herald.example/0",
            b"GET / HTTP/1.1\r\n\r\n",
            kind="request",
            content_type="application/http; msgtype=request",
        )
        .add("dns:herald.example", b"1 2 3", kind="resource", content_type="text/dns")
        .add("urn:info", b"software: x\r\n", kind="warcinfo", content_type="application/warc-fields")
        .add("https://herald.example/m", b"a: b", kind="metadata", content_type="application/warc-fields")
        .add("https://herald.example/1", page(1), headers={})
    )
    captured, unreadable, source = read(written(tmp_path, writer.data))
    assert numbers(captured) == [0, 1]
    assert not unreadable
    assert source.passed == {
        "application/pdf": 1, "status 404": 1, "status 301": 1, "revisit record": 1, "request record": 1,
        "resource of text/dns": 1, "warcinfo record": 1, "metadata record": 1,
    }  # fmt: skip


def chunked(body: bytes) -> bytes:
    pieces = [body[n : n + 100] for n in range(0, len(body), 100)]
    return b"".join(b"%x;x=y\r\n%b\r\n" % (len(each), each) for each in pieces) + b"0\r\nX: y\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "packed"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(page(1), mtime=0)),
        ({"Content-Encoding": "br"}, brotli.compress(page(1))),
        ({"Content-Encoding": "deflate"}, zlib.compress(page(1))),
        ({"Transfer-Encoding": "chunked"}, chunked(page(1))),
        (
            {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"},
            chunked(gzip.compress(page(1), mtime=0)),
        ),
        # As crawlers leave them: unpacked, with the headers of the packing.
        ({"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}, page(1)),
        ({"Content-Encoding": "br"}, page(1)),
        ({"Content-Encoding": "utf-8"}, page(1)),
    ],
)
def test_what_the_body_was_packed_in_for_its_way_is_undone(
    tmp_path: Path, headers: dict[str, str], packed: bytes
) -> None:
    [captured], unreadable, _ = read(
        written(tmp_path, Writer().add(url(1), packed, headers={**HTML, **headers}).data)
    )
    assert not unreadable
    assert captured.raw.body.encode() == page(1)


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(bytes(100_000_000), mtime=0), "too-large"),
        ({"Content-Encoding": "gzip"}, gzip.compress(page(1, 100_000), mtime=0)[:-20], "cut-short"),
        ({"Transfer-Encoding": "chunked"}, b"fff\r\n<html>", "cut-short"),
        ({}, b"", "empty-file"),
        ({}, b"\x89PNG" + bytes(100), "binary"),
        ({}, b"x" * (8 * 1024 * 1024 + 1), "too-large"),
    ],
)
def test_a_page_that_cannot_be_taken_is_told_and_the_next_is_read(
    tmp_path: Path, headers: dict[str, str], body: bytes, reason: str
) -> None:
    writer = Writer().add(url(0), body, headers={**HTML, **headers}).add(url(1), page(1))
    captured, [unreadable], _ = read(written(tmp_path, writer.data))
    assert unreadable.reason == reason
    assert url(0) in unreadable.what
    assert numbers(captured) == [1]


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("2024-02-01T12:00:00Z", datetime(2024, 2, 1, 12, tzinfo=UTC)),
        ("2024-02-01T12:00:00.123456789Z", datetime(2024, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2024-02-01T12:00:00.5Z", datetime(2024, 2, 1, 12, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_times_of_capture_have_any_precision(tmp_path: Path, date: str, found: datetime) -> None:
    [captured], _, _ = read(written(tmp_path, Writer().add(url(1), page(1), date=date).data))
    assert captured.raw.captured_at == found


def test_a_record_without_a_time_is_told(tmp_path: Path) -> None:
    captured, [unreadable], _ = read(
        written(tmp_path, Writer().add(url(1), page(1), date="yesterday").add(url(2), page(2)).data)
    )
    assert unreadable.reason == "schema"
    assert "WARC-Date" in unreadable.detail
    assert numbers(captured) == [2]


def broken(kind: str) -> tuple[bytes, list[int]]:
    """Return an archive of six pages that is broken in the middle, and the pages that can still be read."""
    packed, plain = pages(6), pages(6, packed=False)
    data, at = bytearray(packed.data), packed.offsets
    text, line = plain.data, plain.offsets
    others = [0, 1, 3, 4, 5]
    match kind:
        case "garbage in a member":
            data[at[2] + 60 : at[2] + 80] = b"x" * 20
        case "a member without its magic":
            data[at[2] : at[2] + 4] = b"xxxx"
        case "a member with a wrong checksum":
            data[at[3] - 6] ^= 0xFF
        case "two members broken":
            data[at[2] + 60 : at[2] + 80] = b"x" * 20
            data[at[4] + 60 : at[4] + 80] = b"x" * 20
            others = [0, 1, 3, 5]
        case "junk between":
            return bytes(data[: at[2]]) + b"junk" * 5_000 + bytes(data[at[2] :]), [0, 1, 2, 3, 4, 5]
        case "cut off":
            return bytes(data[: at[5] + 200]), [0, 1, 2, 3, 4]
        case "cut off at once":
            return bytes(data[: at[5] + 7]), [0, 1, 2, 3, 4]
        case "cut off, not packed":
            return text[: line[5] + 700], [0, 1, 2, 3, 4]
        case "cut off in a header, not packed":
            return text[: line[5] + 40], [0, 1, 2, 3, 4]
        case "junk between, not packed":
            return text[: line[2]] + b"junk\r\n" * 500 + text[line[2] :], [0, 1, 2, 3, 4, 5]
        case "too short a length":
            return lengthened(text, line[2], -200), others
        case "too long a length":
            return lengthened(text, line[2], +700), others
        case "no length":
            return text[: line[2]] + text[line[2] :].replace(
                b"Content-Length: ", b"Content-Length: x", 1
            ), others
        case _:
            raise AssertionError(kind)
    return bytes(data), others


def lengthened(text: bytes, at: int, by: int) -> bytes:
    """Change the length that the record at an offset promises, not the one in the answer within it."""
    begins = text.index(b"Content-Length: ", at) + 16
    ends = text.index(b"\r\n", begins)
    return text[:begins] + str(int(text[begins:ends]) + by).encode() + text[ends:]


KINDS = [
    "garbage in a member", "a member without its magic", "a member with a wrong checksum", "two members broken", "junk between", "cut off",
    "cut off at once",
    "cut off, not packed", "cut off in a header, not packed", "junk between, not packed", "too short a length", "too long a length",
    "no length",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_told_and_every_other_record_is_read(tmp_path: Path, kind: str) -> None:
    data, others = broken(kind)
    captured, unreadable, _ = read(written(tmp_path, data, "a.warc"))
    assert sorted(set(numbers(captured))) == others
    assert [each.raw.body.encode() for each in captured] == [page(n) for n in others]
    assert len(unreadable) == (2 if kind == "two members broken" else 1), unreadable
    for each in unreadable:
        assert each.reason in ("broken-record", "cut-short", "wrong-digest")
        assert each.what.startswith("a.warc#")


def test_a_whole_archive_in_one_gzip_is_read_up_to_its_damage(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(pages(60, packed=False, size=40_000).data, 1))
    data[len(data) // 2] ^= 0xFF
    captured, unreadable, _ = read(written(tmp_path, bytes(data)))
    found = numbers(captured)
    assert found[:20] == list(range(20))
    assert found == sorted(set(found))
    assert [each.raw.body.encode() for each in captured] == [page(n, 40_000) for n in found]
    assert unreadable


@pytest.mark.parametrize(
    "data", [b"", b"\x1f\x8b", b"hello world\n" * 100, gzip.compress(b"hello", mtime=0), bytes(1000)]
)
def test_what_is_no_archive_is_told(tmp_path: Path, data: bytes) -> None:
    captured, [unreadable], _ = read(written(tmp_path, data))
    assert not captured
    assert unreadable.detail


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    assert [each.reason for each in read(tmp_path / "nothing")[1]] == ["not-found"]
    assert [each.reason for each in read("/dev/null")[1]] == ["special-file"]
    with pytest.raises(UsageError):
        WarcSource([], state=MemoryState())


def test_a_folder_gives_its_archives_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    written(tmp_path, pages(1).data, "b/2.warc.gz")
    written(tmp_path, Writer(packed=False).add(url(7), page(7)).data, "1.warc")
    written(tmp_path, b"none of ours", "notes.txt")
    captured, unreadable, _ = read(tmp_path)
    assert numbers(captured) == [7, 0]
    assert [each.raw.path for each in captured] == ["1.warc#0", "b/2.warc.gz#0"]
    assert not unreadable


def bomb() -> bytes:
    """Return a record that unpacks to 1 GiB."""
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://herald.example/bomb\r\nWARC-Date: 2024-02-01T12:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n"
    )
    packer, out = zlib.compressobj(9, zlib.DEFLATED, 31), io.BytesIO()
    out.write(packer.compress(head % (1 << 30)))
    for _ in range(1024):
        out.write(packer.compress(bytes(1 << 20)))
    out.write(packer.compress(b"\r\n\r\n") + packer.flush())
    return out.getvalue()


def test_a_bomb_is_told_and_does_not_unfold(tmp_path: Path) -> None:
    path = written(tmp_path, pages(1).data + bomb() + Writer().add(url(1), page(1)).data)
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from newswire.state.memory import MemoryState\n"
        "from producers.warc import WarcSource\n"
        "found = [each for each in WarcSource([sys.argv[1]], state=MemoryState()).captures() if each]\n"
        # The peak is VmHWM: unlike ru_maxrss it is not inherited from the process that started this one.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print([getattr(each, 'reason', 'captured') for each in found], peak)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=100
    )
    names, kilobytes = done.stdout.strip().rsplit(" ", 1)
    assert names == "['captured', 'too-large', 'captured']"
    assert int(kilobytes) < 300_000


def test_an_archive_is_gone_on_with_where_it_was_left(tmp_path: Path) -> None:
    for packing in ("gzip", "plain", "whole", "two-in-one", "broken"):
        plain = pages(6, packed=False).data
        half = plain.index(b"WARC/1.0", len(plain) // 2)
        data = {
            "gzip": pages(6).data,
            "plain": plain,
            "whole": gzip.compress(plain),
            "two-in-one": gzip.compress(plain[:half]) + gzip.compress(plain[half:]),
            "broken": broken("two members broken")[0],
        }[packing]
        path = written(tmp_path, data, packing)
        whole, damaged, _ = read(path)
        for stop_after in range(len(whole) + len(damaged) + 1):
            state = MemoryState()
            begun = WarcSource([path], state=state).captures()
            first = [next(begun) for _ in range(stop_after)]
            begun.close()  # type: ignore[attr-defined] # a generator
            renamed = path.rename(tmp_path / "renamed")
            captured, unreadable, _ = read(renamed, state)
            renamed.rename(path)
            got = [each.raw.url for each in first if isinstance(each, Captured)] + [
                each.raw.url for each in captured
            ]
            assert got == [each.raw.url for each in whole], (packing, stop_after)
            told = sum(isinstance(each, Unreadable) for each in first) + len(unreadable)
            assert told == len(damaged), (packing, stop_after)
        state = MemoryState()
        assert len(read(path, state)[0]) == len(whole)
        assert not read(path, state)[0]
        assert len(read(path, state, again=True)[0]) == len(whole)


def test_asked_to_stop_it_ends_and_forgets_nothing(tmp_path: Path) -> None:
    path, state, stop = written(tmp_path, pages(6).data), MemoryState(), threading.Event()
    found = []
    for each in WarcSource([path], state=state, stop=stop).captures():
        if isinstance(each, Captured):
            found.append(each)
        if len(found) == 2:
            stop.set()
    assert numbers([*found, *read(path, state)[0]]) == list(range(6))


def test_standard_input_is_read_up_to_its_damage(tmp_path: Path) -> None:
    data, _ = broken("garbage in a member")
    captured, [unreadable], _ = read("-", stdin=io.BytesIO(data))
    assert numbers(captured) == [0, 1]
    assert "save it to a file" in unreadable.detail
    assert numbers(read("-", stdin=io.BytesIO(pages(4).data))[0]) == [0, 1, 2, 3]
    assert read("-", stdin=io.BytesIO(b""))[1][0].reason == "empty-file"


def test_hostile_headers_do_no_harm(tmp_path: Path) -> None:
    headers = [(f"X-{n}", "y" * 50) for n in range(2_000)] + [("Content-Type", "text/html")]
    writer = (
        Writer()
        .add(url(0), page(0), headers=headers)
        .add("javascript:alert(1)", page(1))
        .add("https://herald.example/" + "a" * 9_000, page(2))
        .add(url(3), page(3))
    )
    captured, unreadable, _ = read(written(tmp_path, writer.data))
    assert url(3) in [each.raw.url for each in captured]
    assert all((each.raw.url or "https:").startswith("https:") for each in captured)
    assert unreadable
