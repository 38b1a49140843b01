"""Logins in addresses are shown to nobody."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import can_ada
import pytest
from wire import make_topics, payloads

from newswire.capture import Captured, Unreadable
from newswire.captured import dead_letter, raw_record
from newswire.envelope import Encoder
from newswire.log.memory import MemoryLog
from newswire.text.canonicalize import canonicalize
from newswire.text.logins import without_logins
from schemas.core.reference import Reference
from schemas.core.source import Source
from schemas.raw.model import Http, Raw

URL = "https://reader:hunter2@herald.example/a"


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "HTTP://hunter2@herald.example",
        "http:reader:hunter2@herald.example/a",
        r"https:\\hunter2:x@herald.example",
        "http:/hunter2@herald.example/a",
        "//reader:hunter2@herald.example/a",
        " \n https://rea\nder:hunter2@herald.example/a",
        "https://reader:hunter2 @x@herald.example/a",
        "https://a:b@c:hunter2@herald.example?q=a@b",
        "ftp://reader:hunter2@herald.example/a",
    ],
)
def test_no_way_to_write_it_shows_it(url: str) -> None:
    parsed = can_ada.parse("https://base.example/") + url
    assert "hunter2" in f"{parsed.username} {parsed.password}", "it is a login"
    shown = without_logins(url)
    assert "hunter2" not in shown
    assert "…@herald.example" in shown
    with pytest.raises(ValueError, match=r"user name|scheme|none of an article") as refused:
        canonicalize(url, base="https://base.example/")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://herald.example/@desk/a", "https://herald.example?mail=a@b.example", "https://herald.example#a@b",
        "tag:herald.example,2024:a@b", "a@b.example", "See https://herald.example, or write to a@b.example.", "urn:x:a@b",
    ],
)  # fmt: skip
def test_what_is_no_login_stays(text: str) -> None:
    assert without_logins(text) == text


def test_within_a_text_each_is_masked_in_little_time() -> None:
    assert (
        without_logins(f"not {URL} and not {URL}, a@b")
        == "not https://…@herald.example/a and not https://…@herald.example/a, a@b"
    )
    began = time.process_time()
    without_logins("http:" * 2_000 + " @")
    assert time.process_time() - began < 5


def test_what_is_captured_is_published_without_it() -> None:
    log = MemoryLog()
    make_topics(log)
    raw = Raw(
        source=Source(name="herald", kind="feeds"),
        captured_at=datetime(2026, 3, 2, tzinfo=UTC),
        media_type="text/plain",
        body="Text.",
        url=URL,
        guid=URL,
        http=Http(status=200, requested_url=URL, final_url=URL, redirects=(URL,)),
        references=(Reference(source="other", url=URL, guid=URL),),
    )
    encoder = Encoder("herald", log.topics())
    letter = dead_letter(encoder, Unreadable(URL, "odd", f"{URL} is odd", None, 0), "herald", "1")
    outputs = [raw_record(encoder, Captured(raw, URL)), letter]
    log.writer("x").write(outputs)
    assert b"hunter2" not in b"".join((each.key or b"") + (each.value or b"") for each in outputs)
    [published] = payloads(log, "raw")
    assert json.dumps(published, ensure_ascii=False).count("https://…@herald.example/a") == 7
