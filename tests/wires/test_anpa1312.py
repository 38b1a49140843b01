"""ANPA 1312: what is one, of which day, and that nothing in one breaks its reader. Whole messages are among the cases."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.wires import WireError, parts_of, read_item

HEADER = b"\x16\x16\x01a0042\x1ftext-\r\nr a\x13\x11 BC-Bridge   03-01 0010\r\n\x02"
SENT = b"\n\x03NP-WF-03-01-26 0931GMT<\n\x04"
TEXT = b"^BC-Bridge,10<\n^Bridge closed<\n\t   SALTBY (NP) _ The bridge is closed.\n"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (b"NP-WF-03-01-26 0931GMT<", "2026-03-01"),
        (b"09:31ET 01-03-26<", "2026-03-01"),  # as in Canada: the day is first
        (b"01-03-26 09-31-00", "2026-03-01"),
        (b"NP-NY-03-01-26 2331EST<", "2026-03-02"),
    ],
)
def test_the_day_is_a_part_of_the_name(line: bytes, day: str) -> None:
    item = read_item(HEADER + TEXT + b"\x03" + line + b"\r\n\x04")
    assert item.wire.uri == f"anpa1312:A0042:{day}"
    assert item.headline == "Bridge closed"


@pytest.mark.parametrize("line", [b"", b"NP-WF-13-32-26 0931GMT<", b"NP-WF-03-01-26 2531GMT<", b"yesterday"])
def test_without_its_day_it_is_refused(line: bytes) -> None:
    with pytest.raises(WireError) as refused:
        read_item(HEADER + TEXT + b"\x03" + line)
    assert refused.value.reason == "no-uri"


@pytest.mark.parametrize(
    ("version", "signals", "corrects", "beside"),
    [
        (b"1stLd-Writethru a0031", ("update",), None, [("updates", "anpa1312:A0031:2026-03-01")]),
        (b"CORRECTION a0031", ("correction",), "anpa1312:A0031:2026-03-01", []),
        (b"1stAdd a0031", ("add",), None, [("continues", "anpa1312:A0031:2026-03-01")]),
        (
            b"2ndLd a0931",
            ("update",),
            None,
            [("updates", "anpa1312:A0931:2026-02-28")],
        ),  # not yet given today
        (b"", (), None, []),
    ],
)
def test_what_the_version_says(
    version: bytes, signals: tuple[str, ...], corrects: str | None, beside: list[tuple[str, str]]
) -> None:
    wire = read_item(HEADER.replace(b"BC-Bridge  ", b"BC-Bridge " + version) + TEXT + SENT).wire
    assert (wire.signals, wire.corrects) == (signals, corrects)
    assert [(each.rel, each.uri) for each in wire.associations] == beside


@pytest.mark.parametrize(
    ("level", "said", "killed"),
    [
        (b"a", b"Kill BC-Bridge, A0031. It is wrong.", "anpa1312:A0031:2026-03-01"),
        (b"a", b"Kill A0031, use A0040 instead.", "anpa1312:A0031:2026-03-01"),
        (b"a", b"Kill A0031. Also kill A0035.", None),  # one item cannot be two
        (b"a", b"Kill the story on the bridge.", None),
    ],
)
def test_a_kill_is_of_the_one_that_it_names(level: bytes, said: bytes, killed: str | None) -> None:
    header = HEADER.replace(b"BC-Bridge  ", b"BC-Bridge Kill ").replace(b"a0042", level + b"0042")
    item = read_item(header + b"^BC-Bridge, Kill,10<\n^Editors: " + said + b"<\n\t   The desk.\n" + SENT)
    assert item.wire.signals == ("kill",)
    assert item.wire.uri == (killed or "anpa1312:A0042:2026-03-01")
    assert item.rights.status == ("canceled" if killed else "usable")


@given(st.binary(max_size=300))
def test_whatever_comes_after_a_header_is_an_item_or_refused(data: bytes) -> None:
    for part in parts_of(HEADER + data + SENT):
        assert isinstance(part.item, WireError) or part.item.wire.uri


PIECES = (
    *(
        b"^",
        b"^a<\n",
        b"^a\n",
        b"\t   a\n",
        b"\n",
        b" ",
        b"<",
        b"=",
        b";",
        b"a;b;c;d\n",
        b"_ ",
        b"``",
        b"(",
        b"(\n",
        b"\x03",
        b"\x02",
    ),
    *(b"\r", b"a\n", b"Kill a1 ", b"EMBARGOED UNTIL ", b"1stLd-", b"By ", b"NP-WF-03-01-26 ", HEADER[:18]),
)


@pytest.mark.parametrize("piece", PIECES)
def test_much_of_one_thing_is_gone_through_once(piece: bytes) -> None:
    assert list(islice(parts_of(HEADER + piece * (300_000 // len(piece)) + SENT), 10_000))
