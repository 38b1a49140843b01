"""What the files source makes of files, folders and standard input; what it refuses, and that the rest goes on."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswire.capture import Captured, Unreadable
from newswire.errors import UsageError
from newswire.topology import MAX_BODY_BYTES
from producers.files import FilesSource
from schemas.raw.model import Raw

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)


def take(*paths: Path | str, **options: Any) -> list[Captured | Unreadable]:
    outcomes = FilesSource(paths, clock=lambda: NOW, **options).captures()
    return [outcome for outcome in outcomes if outcome is not None]


def raws(*paths: Path | str, **options: Any) -> list[Raw]:
    outcomes = take(*paths, **options)
    assert all(isinstance(outcome, Captured) for outcome in outcomes), outcomes
    return [outcome.raw for outcome in outcomes if isinstance(outcome, Captured)]


def reasons(*paths: Path | str, **options: Any) -> list[tuple[str, str]]:
    return [(each.what, each.reason) for each in take(*paths, **options) if isinstance(each, Unreadable)]


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- what is taken ---------------------------------------------------------------------------------------------------------


def test_a_text_file_travels_unchanged(tmp_path: Path) -> None:
    content = " date 2024-02-01 Headline: Live\r\nStandfirst\tline\n“Text.”\n"
    (raw,) = raws(put(tmp_path, "a.txt", content), language="en", name="desk")
    assert (raw.body, raw.body_encoding, raw.media_type, raw.charset) == (content, "text", "text/plain", None)
    assert (raw.source.name, raw.source.kind, raw.item.language, raw.path, raw.captured_at) == (
        "desk",
        "files",
        "en",
        "a.txt",
        NOW,
    )


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml", "a.html.gz"])
def test_pages(tmp_path: Path, name: str) -> None:
    page = b"<p>Text</p>"
    (raw,) = raws(put(tmp_path, name, gzip.compress(page) if name.endswith(".gz") else page))
    assert (raw.media_type, raw.body, raw.path) == ("text/html", "<p>Text</p>", name)


@pytest.mark.parametrize(
    "content",
    [
        "Caf\u00e9".encode("cp1252"),
        "Привет".encode("cp1251"),
        "text".encode("utf-16"),
        "日本".encode("shift_jis"),
        "日本".encode("iso2022_jp"),
        b"NUL \0 inside",
    ],
)
def test_bytes_that_are_not_plainly_utf8_travel_in_base64(tmp_path: Path, content: bytes) -> None:
    (raw,) = raws(put(tmp_path, "a.txt", content))
    assert raw.body_encoding == "base64"
    assert base64.b64decode(raw.body) == content


def test_folders_are_read_in_order_without_what_is_hidden_or_none_of_ours(tmp_path: Path) -> None:
    for name in [
        "b/2.txt",
        "b/1.txt",
        "a.txt",
        "c/deep/er/1.html",
        ".hidden.txt",
        ".git/x.txt",
        "notes.md",
        "x.tmp",
        "y.JPG",
    ]:
        put(tmp_path, name, "Text")
    source = FilesSource([tmp_path])
    found = [outcome.raw.path for outcome in source.captures() if isinstance(outcome, Captured)]
    assert found == ["a.txt", "b/1.txt", "b/2.txt", "c/deep/er/1.html"]
    assert source.skipped == {".md": 1, ".tmp": 1, ".jpg": 1}


def test_a_file_named_on_the_command_line_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert raws(put(tmp_path, "a.md", "Text"))[0].media_type == "text/plain"
    assert raws(put(tmp_path, "b.dat", "<!DOCTYPE html><p>x"))[0].media_type == "text/html"
    assert [raw.path for raw in raws(put(tmp_path, "c", '{"text": "x"}\n{"text": "y"}'))] == ["c#1", "c#2"]


def test_no_path_of_the_machine_is_told(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt", "Text")
    put(tmp_path, "in/bad.json", "{")
    (tmp_path / "in/out.txt").symlink_to("/etc/hostname")
    outcomes = take(tmp_path / "in", tmp_path / "missing.txt")
    assert len(outcomes) == 4
    assert str(tmp_path) not in repr(outcomes)


def test_a_lenient_record(tmp_path: Path) -> None:
    record = {
        "Title": "H", "datePublished": "1 Feb 2024", "author": [{"@type": "Person", "name": "A. Roe"}, "B. Doe"], "tags": "x, y",
        "html": "<p>T", "source": "gazette", "publisher": "The Gazette", "link": "https://g.example/1", "id": 12, "unrelated": {"a": 1},
        "pubStatus": "Cancelled", "embargo": "2031-01-01T01:00:00+01:00", "copyright": "© G", "licence": "CC-BY-4.0", "tdm": 1,
    }  # fmt: skip
    (captured,) = take(put(tmp_path, "a.json", json.dumps(record)))
    assert isinstance(captured, Captured)
    assert captured.key == "https://g.example/1"
    assert captured.raw.to_data() == {
        "source": {"name": "gazette", "kind": "files", "publisher": "The Gazette"},
        "captured_at": "2024-02-01T12:00:00Z",
        "media_type": "text/html",
        "body": "<p>T",
        "body_encoding": "text",
        "url": "https://g.example/1",
        "guid": "12",
        "path": "a.json",
        "item": {
            "headline": "H",
            "authors": ["A. Roe", "B. Doe"],
            "published": "1 Feb 2024",
            "keywords": ["x", "y"],
        },
        "rights": {
            "status": "canceled",
            "embargoed_until": "2031-01-01T00:00:00Z",
            "license": "CC-BY-4.0",
            "copyright_notice": "© G",
            "text_and_data_mining": "reserved",
        },
    }


@pytest.mark.parametrize("field", ["text", "html", "body", "headline", "embargo"])
@pytest.mark.parametrize("value", [False, 1.5, [], ["a"], {"odd": 1}])
def test_a_field_of_another_type_is_refused_at_its_place(tmp_path: Path, field: str, value: Any) -> None:
    record = {"url": "https://g.example/1", "headline": "H", field: value}
    (refused,) = take(put(tmp_path, "a.json", json.dumps(record)))
    assert isinstance(refused, Unreadable)
    assert refused.reason == "schema"
    assert refused.detail.startswith(
        f"/{'embargoed_until' if field == 'embargo' else field}: must be a string"
    )


def test_a_whole_number_is_read_as_its_digits(tmp_path: Path) -> None:
    (raw,) = raws(put(tmp_path, "a.json", json.dumps({"headline": 1984, "text": "T"})))
    assert raw.item.headline == "1984"


def test_a_whole_raw_event_is_taken_as_it_is(tmp_path: Path) -> None:
    (one,) = raws(put(tmp_path, "a.txt", "Text"))
    (again,) = raws(put(tmp_path, "b.json", one.model_dump_json(exclude_none=True)))
    assert again == one


@pytest.mark.parametrize(
    ("text", "kind"), [("<p>Markup</p>", "text/html"), ("Plain < text", "text/plain"), ("", "text/plain")]
)
def test_the_kind_of_a_body_is_told_by_its_beginning(tmp_path: Path, text: str, kind: str) -> None:
    (raw,) = raws(put(tmp_path, "a.json", json.dumps({"body": text, "url": "https://a.example/"})))
    assert raw.media_type == kind


def test_arrays_lines_and_lines_under_the_name_json(tmp_path: Path) -> None:
    records = [{"text": "one"}, {"text": "two"}]
    lines = "\n".join(map(json.dumps, records))
    for name, content in {
        "a.json": json.dumps(records, indent=1),
        "b.jsonl": lines,
        "c.json": lines,
        "d.ndjson": f"\ufeff{lines}\n\n",
    }.items():
        found = raws(put(tmp_path, name, content))
        assert [(raw.body, raw.path) for raw in found] == [("one", f"{name}#1"), ("two", f"{name}#2")], name
    packed = put(
        tmp_path, "e.jsonl.gz", gzip.compress(lines.encode()) + gzip.compress(b"\n" + lines.encode())
    )
    assert len(raws(packed)) == 4
    assert len(raws(put(tmp_path, "plain.jsonl.gz", lines))) == 2  # named so, but not packed


def test_standard_input_is_recognised() -> None:
    for content, media_type, count in [
        ('{"text": "a"}\n{"text": "b"}\n', "text/plain", 2),
        ('{\n "text": "a"\n}', "text/plain", 1),
        ('[{"html": "<p>a"}]', "text/html", 1),
        ("<!doctype html><p>a", "text/html", 1),
        ("[Update] A text\n\nwith paragraphs", "text/plain", 1),
    ]:
        found = raws("-", stdin=io.BytesIO(content.encode()))
        assert len(found) == count, content
        assert {raw.media_type for raw in found} == {media_type}
        assert all(raw.path is not None and raw.path.startswith("-") for raw in found)


def test_standard_input_that_waits_lets_the_loop_go_on() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as stdin:
        captures = FilesSource(["-"], stdin=stdin).captures()
        assert next(captures) is None
        os.write(writing, b'{"text": "first"}\n{"text": "sec')
        outcome = next(each for each in captures if each is not None)
        assert isinstance(outcome, Captured)
        assert outcome.raw.body == "first"
        assert next(captures) is None
        os.write(writing, b'ond"}')
        os.close(writing)
        assert [each.raw.body for each in captures if isinstance(each, Captured)] == ["second"]


# --- what is refused -------------------------------------------------------------------------------------------------------


def test_each_bad_file_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    put(tmp_path, "01-good.txt", "Text")
    put(tmp_path, "02-empty.txt", "")
    put(tmp_path, "03-blank.html", " \n\t")
    put(tmp_path, "04-image.txt", b"\x89PNG\r\n\x1a\n\0\0")
    put(tmp_path, "05-noise.txt", bytes(range(256)) * 8)
    put(tmp_path, "06-broken.json", '{"text": "a"')
    put(tmp_path, "07-scalar.json", '"text"')
    put(tmp_path, "08-nan.json", '{"text": "a", "x": NaN}')
    put(tmp_path, "09-surrogate.json", r'{"text": "\ud800"}')
    put(tmp_path, "10-empty.jsonl", "\n\n")
    put(tmp_path, "11-cut.jsonl.gz", gzip.compress(b'{"text": "a"}\n' * 4_999)[:-20])
    put(tmp_path, "12-nested.json", "[" * 100_000)
    put(tmp_path, "13-raw.json", '{"source": {"name": "x"}, "media_type": "text/plain", "body": ""}')
    put(tmp_path, "14-typo.json", '{"text": "a", "headlne": "H"}')
    put(tmp_path, "15-twice.json", '{"text": "a", "html": "b"}')
    put(tmp_path, "16-embargo.json", '{"text": "a", "embargoed_until": "2031-01-01"}')
    put(tmp_path, "17-status.json", '{"text": "a", "status": "draft"}')
    put(tmp_path, "18-nested.json", '{"text": "a", "rights": {"embargoed_until": "2031-01-01T00:00:00Z"}}')
    put(tmp_path, "19-huge-fields.json", json.dumps({"text": "a", "headline": "H" * 600_000}))
    put(tmp_path, "20-base64.json", '{"body": "no base64", "body_encoding": "base64"}')
    os.mkfifo(tmp_path / "21-pipe.txt")
    (tmp_path / "22-out.txt").symlink_to("/etc/hostname")
    (tmp_path / "23-gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "24-loop.txt").symlink_to(tmp_path / "24-loop.txt")
    (tmp_path / "25-folder").symlink_to("/etc", target_is_directory=True)
    put(tmp_path, "99-good.txt", "Text")
    found = take(tmp_path)
    assert [
        each.raw.path for each in found if isinstance(each, Captured) and "#" not in str(each.raw.path)
    ] == [
        "01-good.txt",
        "09-surrogate.json",
        "99-good.txt",
    ]
    by_number = {each.what[:2]: each for each in found if isinstance(each, Unreadable)}
    assert {number: each.reason for number, each in by_number.items()} == {
        "02": "empty-file",
        "03": "empty-file",
        "04": "binary",
        "05": "binary",
        "06": "invalid-json",
        "07": "not-an-object",
        "08": "invalid-json",
        "10": "empty-file",
        "11": "broken-gzip",
        "12": "invalid-json",
        "13": "schema",
        "14": "unknown-key",
        "15": "schema",
        "16": "schema",
        "17": "schema",
        "18": "schema",
        "19": "too-large",
        "20": "schema",
        "21": "special-file",
        "22": "outside-folder",
        "23": "not-found",
        "24": "unreadable",
        "25": "outside-folder",
    }
    assert "headline" in by_number["14"].detail
    assert "line 1 column" in by_number["06"].detail
    assert by_number["06"].original == b'{"text": "a"'


def test_bad_lines_do_not_take_the_good_ones_with_them(tmp_path: Path) -> None:
    path = put(
        tmp_path, "a.jsonl", b'{"text": "1"}\nnot json\n\n{"text": "4"}\n{"text": "\xff"}\n[]\n{"text": "7"}'
    )
    found = take(path)
    assert [each.raw.path for each in found if isinstance(each, Captured)] == [
        "a.jsonl#1",
        "a.jsonl#4",
        "a.jsonl#7",
    ]
    assert [(each.what, each.reason) for each in found if isinstance(each, Unreadable)] == [
        ("a.jsonl line 2", "invalid-json"),
        ("a.jsonl line 5", "invalid-json"),
        ("a.jsonl line 6", "not-an-object"),
    ]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("nowhere.txt", "not-found"),
        ("/dev/zero", "special-file"),
        ("/proc/self/environ", "special-file"),
        ("x" * 300, "unreadable"),
    ],
)
def test_paths_that_are_no_files(tmp_path: Path, given: str, reason: str) -> None:
    assert [found for _, found in reasons(tmp_path / given, put(tmp_path, "good.txt", "Text"))] == [reason]


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket has at most 107 bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")
        assert reasons(tmp_path) == [("s.txt", "special-file")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take on another user to be refused")
def test_what_may_not_be_read_is_reported(tmp_path: Path) -> None:
    secret, good, locked = put(tmp_path, "a.txt", "Text"), put(tmp_path, "b.txt", "Text"), tmp_path / "locked"
    locked.mkdir(mode=0o700)
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(0o755)
    secret.chmod(0o600)
    good.chmod(0o644)
    os.seteuid(65534)
    try:
        found = take(tmp_path)
    finally:
        os.seteuid(0)
    assert [(each.what, each.reason) for each in found if isinstance(each, Unreadable)] == [
        ("a.txt", "permission-denied"),
        ("locked/", "permission-denied"),
    ]
    assert [each.raw.path for each in found if isinstance(each, Captured)] == ["b.txt"]


def test_a_file_that_goes_away_while_the_folder_is_read(tmp_path: Path) -> None:
    for name in ("1.txt", "2.txt", "3.txt"):
        put(tmp_path, name, "Text")
    captures = FilesSource([tmp_path]).captures()
    first = next(captures)
    (tmp_path / "2.txt").unlink()
    second, third = captures
    assert isinstance(first, Captured)
    assert isinstance(second, Unreadable)
    assert (second.what, second.reason) == ("2.txt", "not-found")
    assert isinstance(third, Captured)


def test_too_large_in_every_form(tmp_path: Path) -> None:
    big = b"a" * (MAX_BODY_BYTES + 1)
    put(tmp_path, "1.txt", big)
    put(tmp_path, "2.txt.gz", gzip.compress(big))
    put(tmp_path, "3.json", b'{"text": "%s"}' % big)
    put(
        tmp_path,
        "4.jsonl",
        b'{"text": "1"}\n{"text": "%s"}\n{"text": "3"}\n{"x": "%s"}\n{"text": "5"}' % (big, big * 5),
    )
    put(tmp_path, "5.txt", b"a" * MAX_BODY_BYTES)
    found = take(tmp_path)
    refused = [each for each in found if isinstance(each, Unreadable)]
    assert [(each.what, each.reason) for each in refused] == [
        ("1.txt", "too-large"),
        ("2.txt.gz", "too-large"),
        ("3.json", "too-large"),
        ("4.jsonl line 2", "too-large"),
        ("4.jsonl line 4", "too-large"),
    ]
    assert all(each.original is not None and len(each.original) == 64 * 1024 for each in refused)
    assert refused[0].size == refused[3].size == MAX_BODY_BYTES + 1
    assert refused[4].size == 5 * len(big) + len('{"x": ""}')
    assert [each.raw.path for each in found if isinstance(each, Captured)] == [
        "4.jsonl#1",
        "4.jsonl#3",
        "4.jsonl#5",
        "5.txt",
    ]


def test_a_gzip_bomb_is_stopped(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl.gz", gzip.compress(b"\n" * (200 * 1024 * 1024), compresslevel=1))
    assert reasons(path, put(tmp_path, "b.jsonl", '{"text": "x"}')) == [("a.jsonl.gz", "gzip-bomb")]


def test_a_body_that_json_would_blow_up_travels_in_base64(tmp_path: Path) -> None:
    (raw,) = raws(put(tmp_path, "a.txt", b'"\\' * (MAX_BODY_BYTES // 2)))
    assert raw.body_encoding == "base64"


def test_file_names_are_text_whatever_their_bytes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff\nname.txt")).write_text("Text", encoding="utf-8")
    (raw,) = raws(tmp_path)
    assert raw.path == r"bad\xff\x0aname.txt"
    raw.model_dump_json()


def test_no_paths_and_watched_input_are_wrong_usage() -> None:
    with pytest.raises(UsageError):
        FilesSource([])
    with pytest.raises(UsageError):
        FilesSource(["-"], watch=True)
