"""E-mail: what is one, what is in it, and that nothing in one breaks its reader. Whole messages are among the cases."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.topology import MAX_BODY_BYTES
from newswire.wires import WireError, WireItem, parts_of, read_item

FIELDS = (
    b"From: Press office <press@port.example>\nDate: Sun, 1 Mar 2026 09:31:00 +0000\n"
    b"Message-ID: <1@port.example>\nSubject: Bridge closed\n"
)
TEXT = b"The port of Varnhaven has closed the bridge."


def mail(body: bytes = TEXT, more: bytes = b"") -> bytes:
    return FIELDS + more + b"\n" + body


def blocks(item: WireItem) -> list[str]:
    return [block.text for block in item.body.blocks]


@pytest.mark.parametrize(
    "data",
    [
        b"Bridge closed\n\nText",
        b"Subject: x\n\nText",
        b"From: a\nBridge closed\n\nText",
        b"<html>\n",
        b": a\n\n",
    ],
)
def test_what_has_no_fields_is_none(data: bytes) -> None:
    with pytest.raises(WireError) as refused:
        read_item(data)
    assert refused.value.reason != "no-uri"


@pytest.mark.parametrize(
    ("more", "body", "expected"),
    [
        (b"", b"One line that\nis wrapped.\n\nAnother.\n", ["One line that is wrapped.", "Another."]),
        (
            b"Content-Type: text/plain; format=flowed\n",
            b"One line that \nflows.\nAnother.\n",
            ["One line that flows. Another."],
        ),
        (b"Content-Type: text/plain; format=flowed; delsp=yes\n", b"One li \nne.\n", ["One line."]),
        (b"", b"Text.\n\n-- \nPress desk\n+49 30 555 0100\n", ["Text."]),
        (b"", b"> quoted\n\nText.\n", ["Text."]),
        (b"", b"> all of it\n> is quoted\n", ["all of it is quoted"]),
        (b"", b"FOR IMMEDIATE RELEASE\n\nText.\n", ["Text."]),
        (b"", b"Slug: BRIDGE\nByline: Ann Other\n\nText.\n", ["Text."]),
        (b"", b"a" * 120 + b"\n" + b"b" * 120 + b"\n", ["a" * 120, "b" * 120]),
    ],
)
def test_paragraphs(more: bytes, body: bytes, expected: list[str]) -> None:
    assert blocks(read_item(mail(body, more))) == expected


@pytest.mark.parametrize(
    ("more", "priority"),
    [(b"", None), (b"X-Priority: 1 (Highest)\n", 1), (b"X-Priority: 3\n", 5), (b"Importance: high\n", 2), (b"Priority: non-urgent\n", 8),
     (b"X-Priority: 9\n", None), (b"Importance: normal\nX-Priority: 5\n", 9)],
)  # fmt: skip
def test_priority(more: bytes, priority: int | None) -> None:
    assert read_item(mail(more=more)).wire.priority == priority


def test_what_it_says_of_itself() -> None:
    body = (
        b"Slugline: BRIDGE-1\nCategory: Transport\nUrgency: 2\nKeywords: port, bridge\n"
        b"Embargo: 5 March 2026 10:00 GMT\nSummary: Short.\n\nText."
    )
    item = read_item(mail(body, b"Content-Language: en-GB\nOrganization: Port of Varnhaven\n"))
    assert (item.wire.slugline, item.section, item.wire.urgency, item.keywords) == (
        "BRIDGE-1",
        "Transport",
        2,
        ("port", "bridge"),
    )
    assert (item.summary, item.language, item.wire.credit) == ("Short.", "en-GB", "Port of Varnhaven")
    assert item.rights.embargoed_until is not None
    assert item.rights.embargoed_until.isoformat() == "2026-03-05T10:00:00+00:00"


@pytest.mark.parametrize(
    ("subject", "more", "uri", "status", "corrects"),
    [
        (b"KILL: Bridge closed", b"In-Reply-To: <0@port.example>\n", "mid:0@port.example", "canceled", None),
        (b"Recall: Bridge closed", b"Supersedes: <0@port.example>\n", "mid:0@port.example", "canceled", None),
        (b"KILL: Bridge closed", b"", "mid:1@port.example", "usable", None),
        (
            b"CORRECTED-Bridge closed",
            b"In-Reply-To: <0@port.example>\n",
            "mid:1@port.example",
            "usable",
            "mid:0@port.example",
        ),
        (
            b"Bridge closed",
            b"Supersedes: <0@port.example>\n",
            "mid:1@port.example",
            "usable",
            "mid:0@port.example",
        ),
        (b"Re: Bridge closed", b"In-Reply-To: <0@port.example>\n", "mid:1@port.example", "usable", None),
        (
            b"Kill Bill returns to Saltby",
            b"In-Reply-To: <0@port.example>\n",
            "mid:1@port.example",
            "usable",
            None,
        ),
    ],
)
def test_kills_and_corrections(
    subject: bytes, more: bytes, uri: str, status: str, corrects: str | None
) -> None:
    item = read_item(mail(more=more).replace(b"Bridge closed", subject, 1))
    assert (item.wire.uri, item.rights.status, item.wire.corrects) == (uri, status, corrects)


def test_without_a_date_an_embargo_is_refused() -> None:
    undated = mail().replace(b"Date: Sun, 1 Mar 2026 09:31:00 +0000\n", b"")
    assert read_item(undated).published is None
    with pytest.raises(WireError) as refused:
        read_item(undated.replace(b"Bridge closed", b"EMBARGOED UNTIL FRIDAY 1000 GMT: Bridge closed"))
    assert refused.value.reason == "unreadable-embargo"
    received = b"Received: from a by b; Sun, 1 Mar 2026 09:31:00 +0000\n" + undated
    item = read_item(received.replace(b"Bridge closed", b"EMBARGOED UNTIL FRIDAY 1000 GMT: Bridge is closed"))
    assert (item.headline, str(item.rights.embargoed_until)) == (
        "Bridge is closed",
        "2026-03-06 10:00:00+00:00",
    )


def test_of_one_above_the_limit_attachments_stay_out() -> None:
    picture = base64.encodebytes(b"\xff\xd8" + bytes(MAX_BODY_BYTES))
    large = mail(
        b"--x\nContent-Type: text/plain\n\n"
        + TEXT
        + b"\n--x\nContent-Type: image/jpeg\nContent-Disposition: attachment; filename=b.jpg\n"
        b"Content-Transfer-Encoding: base64\n\n" + picture + b"\n--x--\n",
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n",
    )
    (part,) = parts_of(large)
    assert len(part.data) < 2_000
    assert read_item(part.data) == part.item
    assert isinstance(part.item, WireItem)
    assert [each.href for each in part.item.wire.associations] == ["b.jpg"]
    assert blocks(part.item) == [TEXT.decode()]


def all_of(data: bytes) -> list[WireItem | WireError]:
    """Return what becomes of a document: nothing but `WireError` comes out of its reader."""
    try:
        return [part.item for part in parts_of(data)]
    except WireError as refused:
        return [refused]


def nested(depth: int, kind: bytes) -> bytes:
    data = FIELDS + b"\n" + TEXT
    for number in range(depth):
        if kind == b"message":
            data = FIELDS + b"Content-Type: message/rfc822\n\n" + data
        else:
            mark = b"b%d" % number
            data = (
                FIELDS
                + b'Content-Type: multipart/mixed; boundary="'
                + mark
                + b'"\n\n--'
                + mark
                + b"\n"
                + data
                + b"\n--"
                + mark
                + b"--\n"
            )
    return data


@pytest.mark.parametrize("kind", [b"message", b"multipart"])
@pytest.mark.parametrize("depth", [3, 50, 2_000])
def test_depth_is_bounded(kind: bytes, depth: int) -> None:
    (part,) = parts_of(nested(depth, kind))
    if depth > 3:
        assert isinstance(part.item, WireError) or depth == 50
    else:
        assert isinstance(part.item, WireItem)


def test_many_parts_are_bounded() -> None:
    data = mail(
        b"--x\nContent-Type: text/plain\n\na\n" * 50_000 + b"--x--\n",
        b"Content-Type: multipart/mixed; boundary=x\n",
    )
    (part,) = parts_of(data)
    assert isinstance(part.item, WireError)
    assert part.item.reason == "too-large"


@given(st.binary(max_size=400))
def test_whatever_comes_after_fields_is_an_item_or_refused(data: bytes) -> None:
    assert all_of(FIELDS + data)


@given(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"Subject",
            b"Content-Type",
            b"Message-ID",
            b"Date",
            b"From",
            b"Content-Disposition",
            b"Content-Transfer-Encoding",
            b"Keywords",
            b"Received",
        ]
    ),
)
def test_whatever_a_field_says_it_is_an_item_or_refused(value: bytes, name: bytes) -> None:
    assert all_of(name + b": " + value.replace(b"\n", b"") + b"\n" + mail())


PIECES = (
    b"=?utf-8?q?a?= ",
    b"=?",
    b"\t",
    b"(",
    b"<a@b>, ",
    b'"',
    b"\\",
    b"a@",
    b";a=",
    b"\n x",
    b"boundary=",
    b"\xff",
)


@pytest.mark.parametrize(
    "name",
    [b"Subject", b"From", b"Content-Type", b"References", b"Date", b"Message-ID", b"Content-Disposition"],
)
@pytest.mark.parametrize("piece", PIECES)
def test_a_long_field_is_gone_through_once(name: bytes, piece: bytes) -> None:
    assert all_of(name + b": " + piece * (50_000 // len(piece)) + b"\n" + mail())


@pytest.mark.parametrize(
    "piece",
    [
        b">",
        b"\n",
        b" \n",
        b"Slug: a\n",
        b"-- \n",
        b"From x 2026\n",
        b"\n\nFrom x 2026\nFrom: a\n",
        b"<",
        b"--x\n",
        b"a: ",
        b"=\n",
        b"* ",
        b"# Notebook\n",
    ],
)
@pytest.mark.parametrize(
    "kind", [b"text/plain", b"text/html", b"multipart/mixed; boundary=x", b"text/plain; format=flowed"]
)
def test_much_of_one_thing_is_gone_through_once(piece: bytes, kind: bytes) -> None:
    more = b"Content-Type: " + kind + b"\n"
    body = piece * (200_000 // len(piece))
    assert all_of(mail(body, more))
