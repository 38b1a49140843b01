"""IPTC 7901: what is one, and that nothing in one breaks its reader. Whole messages are among the cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.wires import WireError, parts_of, read_item

HEADER = b"NPA0042 3 GEN 0100\n"
DATE = b"\n010931 MAR 26\n"


@pytest.mark.parametrize(
    ("text", "headline", "paragraphs"),
    [
        (b"Bridge closed\n\n   One.\n   Two.\n", "Bridge closed", ["One.", "Two."]),
        (b"\n   Bridge closed.\n   Two.\n", None, ["Bridge closed.", "Two."]),
        (b"Bridge closed\n", "Bridge closed", []),
        (
            b"A/B/\nA headline\nof two lines\n\nNot indented\nat all.\n",
            "A headline of two lines",
            ["Not indented at all."],
        ),
        (b"\x02Bridge closed\n\n   One.\n\x03", "Bridge closed", ["One."]),
        (b"Bridge closed\n\x02   One.\n./.MS/ab\n\x03", "Bridge closed", ["One."]),
    ],
)
def test_headline_and_paragraphs(text: bytes, headline: str | None, paragraphs: list[str]) -> None:
    item = read_item(HEADER + text + DATE)
    assert item.headline == headline
    assert [block.text for block in item.body.blocks] == paragraphs


@pytest.mark.parametrize(
    "date",
    ["010931 MAR 26", "010931 mar 2026", "010931GMT MAR 26", "010931 Z MARCH 26", "010931 MAR 26\r\n\x04"],
)
def test_the_day_is_a_part_of_the_name(date: str) -> None:
    item = read_item(HEADER + b"Bridge closed\n\x03" + date.encode())
    assert item.wire.uri == "iptc7901:NPA0042:2026-03-01"
    assert item.published == "2026-03-01T09:31:00+00:00"


@pytest.mark.parametrize("date", ["", "320931 MAR 26", "012531 MAR 26", "010931 MER 26", "300931 FEB 26"])
def test_without_its_day_it_is_refused(date: str) -> None:
    with pytest.raises(WireError) as refused:
        read_item(HEADER + b"Bridge closed\n\x03" + date.encode())
    assert refused.value.reason == "no-uri"


@pytest.mark.parametrize("data", [b"NPA 3 GEN 0100\n", b"Bridge closed\n", b"\x01\x02\x03\x04"])
def test_what_has_no_header_is_none(data: bytes) -> None:
    with pytest.raises(WireError):
        read_item(data + DATE)


@given(st.binary(max_size=300))
def test_whatever_comes_after_a_header_is_an_item_or_refused(data: bytes) -> None:
    for part in parts_of(HEADER + data + DATE):
        assert isinstance(part.item, WireError) or part.item.wire.uri


PIECES = (
    b"\x03",
    b"\x02",
    b"\x04",
    b"\x01",
    b"\n",
    b" ",
    b"/",
    b"./.",
    b"010931 ",
    b"\r",
    b"NPA1 3 A 1\n",
    b"  a\n",
)


@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_one_thing_is_gone_through_once(piece: bytes) -> None:
    parts = list(parts_of(HEADER + piece * (1_000_000 // len(piece)) + DATE))
    assert parts
