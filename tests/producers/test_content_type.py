from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.reading.content_type import read_content_type


@pytest.mark.parametrize(
    ("header", "media_type", "charset"),
    [
        ("text/html", "text/html", None),
        ("Text/HTML; Charset=UTF-8", "text/html", "utf-8"),
        (
            'application/rss+xml ; profile="x" ; charset = "windows-1252"',
            "application/rss+xml",
            "windows-1252",
        ),
        ("text/html; charset='koi8-r'", "text/html", "koi8-r"),
        ("text/html; charset=", "text/html", None),
        ("text/html; charset=koi8-r; charset=utf-8", "text/html", "koi8-r"),
        ("", "", None),
        ("html", "", None),
        ("*/*", "", None),
        ("html; charset=koi8-r", "", "koi8-r"),
        ("text/html, text/html; charset=koi8-r", "text/html", "koi8-r"),
        ("text/html; charset=koi8-r, text/html", "text/html", "koi8-r"),
        ("text/html; charset=koi8-r, text/plain", "text/plain", None),
        ("text/html; charset=koi8-r, html", "text/html", "koi8-r"),
    ],
)
def test_what_a_header_says(header: str, media_type: str, charset: str | None) -> None:
    assert read_content_type(header) == (media_type, charset)


@given(st.text(max_size=80))
def test_any_header_can_be_read(header: str) -> None:
    media_type, _ = read_content_type(header)
    assert media_type == "" or (media_type.isascii() and media_type.count("/") == 1)
