"""Sitemaps as they are: a folder for each case, with the input, how it is packed and sent (`case.json`), and what is to be read."""

from __future__ import annotations

import dataclasses
import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from producers.sitemaps import NotASitemapError, read_sitemap

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
URL = "https://news.example/sitemaps/all.xml"


def packed(data: bytes, packing: str | None) -> bytes:
    whole = gzip.compress(data, mtime=0)
    return {
        None: data,
        "gzip": whole,
        "gzip-twice": gzip.compress(whole, mtime=0),
        "gzip-cut": whole[: len(whole) * 3 // 4],
        "gzip-junk": whole + b"\x00\x00junk",
        "gzip-members": gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :]),
        "gzip-damaged": whole[:-8] + bytes(8),
    }[packing]


def as_data(value: Any) -> Any:
    """Return what was read as JSON, without what is absent; a day as a day."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if type(value).__name__ == "Moment":
            moment = value.value.strftime("%Y-%m-%d" if value.precision == "day" else "%Y-%m-%dT%H:%M:%SZ")
            return f"{moment} ({value.note})" if value.note else moment
        fields = {field.name: as_data(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: found for name, found in fields.items() if found not in (None, [], {})}
    if isinstance(value, tuple):
        return [as_data(each) for each in value]
    assert not isinstance(value, datetime)
    return value


def read(folder: Path) -> Any:
    given = next(path for path in folder.iterdir() if path.stem == "input")
    how = json.loads((folder / "case.json").read_text()) if (folder / "case.json").exists() else {}
    data = given.read_bytes()
    if "encoding" in how:
        data = data.decode().encode(how["encoding"])
    try:
        return as_data(
            read_sitemap(packed(data, how.get("packing")), how.get("headers", {}), how.get("url", URL))
        )
    except NotASitemapError as error:
        return {"not a sitemap": error.reason}


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_what_is_read(folder: Path) -> None:
    assert read(folder) == json.loads((folder / "expected.json").read_text())


def test_there_are_cases() -> None:
    assert len(CASES) >= 30
