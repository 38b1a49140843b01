"""Dates of feeds: read where one reading is left, absent otherwise."""

from __future__ import annotations

import pytest

from newswire.dates import NO_OFFSET
from producers.feeds.dates import PART_OF_DATE, read_feed_date


def read(raw: str) -> str | None:
    found = read_feed_date(raw)
    return found.value.isoformat().removesuffix("+00:00") if found else None


@pytest.mark.parametrize(
    ("raw", "utc"),
    [
        ("Thu, 01 Feb 2024 10:00:00 GMT", "2024-02-01T10:00:00"),
        ("Thu,01 Feb 2024 10:00:00 GMT", "2024-02-01T10:00:00"),
        ("1 Feb 24 10:00 UT", "2024-02-01T10:00:00"),
        ("Thu, 01 Feb 104 10:00:00 GMT", "2004-02-01T10:00:00"),
        ("Thu, 01-Feb-24 05:00:00 EST", "2024-02-01T10:00:00"),
        ("Thu, 1 Feb 2024 03:00:00 -700", "2024-02-01T10:00:00"),
        ("Thu, 01 Feb 2024 12:00:00 +02:00", "2024-02-01T10:00:00"),
        ("Thu, 01 Feb 2024 12:00:00 GMT+2", "2024-02-01T10:00:00"),
        ("Thu, 01 Feb 2024 05:00:00 -0500 (EST)", "2024-02-01T10:00:00"),
        ("Thu, 01 Feb 2024 05:00:00 EST -0500", "2024-02-01T10:00:00"),
        ("Thu Feb 01 2024 11:00:00 GMT+0100 (Central European Standard Time)", "2024-02-01T10:00:00"),
        ("Mon, 01 Jul 2024 06:00:00 ET", "2024-07-01T10:00:00"),
        ("2024-02-01 05:00:00 America/New_York", "2024-02-01T10:00:00"),
        ("Thu Feb  1 10:00:00 2024", "2024-02-01T10:00:00"),
        ("Thu Feb  1 02:00:00 PST 2024", "2024-02-01T10:00:00"),
        ("Thursday, February 1st, 2024 5:00:00 AM EST", "2024-02-01T10:00:00"),
        ("February 1, 2024 at 10:00 pm", "2024-02-01T22:00:00"),
        ("12am 1 Feb 2024", "2024-02-01T00:00:00"),
        ("2024-02-01T10:00:00Z", "2024-02-01T10:00:00"),
        ("2024-02-01T10:00:00.123456789Z", "2024-02-01T10:00:00"),
        ("2024-02-01T11:00:00,5+01:00", "2024-02-01T10:00:00"),
        ("2024-02-01T11:00+0100", "2024-02-01T10:00:00"),
        ("2024-02-01t10:00:00z", "2024-02-01T10:00:00"),
        ("20240201T100000Z", "2024-02-01T10:00:00"),
        ("20240201100000", "2024-02-01T10:00:00"),
        ("2024-032", "2024-02-01T00:00:00"),
        ("2024-W05-4T10:00Z", "2024-02-01T10:00:00"),
        ("2024-2-1 5:07", "2024-02-01T05:07:00"),
        ("2024/02/01 10:00:00", "2024-02-01T10:00:00"),
        ("2024-01-31T24:00:00Z", "2024-02-01T00:00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
        ("1706781600", "2024-02-01T10:00:00"),
        ("1706781600123", "2024-02-01T10:00:00"),
        ("1706781600123456", "2024-02-01T10:00:00"),
        ("13/05/2024 10:30", "2024-05-13T10:30:00"),
        ("Mon, 02/01/2006 10:00", "2006-01-02T10:00:00"),
        ("5/6/2024 10:30 AM", "2024-05-06T10:30:00"),
        ("01.02.2024 10.30", "2024-02-01T10:30:00"),
        ("Do, 1 Februar 2024 11:00:00 +0100", "2024-02-01T10:00:00"),
        ("jeu., 1er févr. 2024 11:00:00 +0100", "2024-02-01T10:00:00"),
        ("mar, 5 mar 2024 11:00:00 +0100", "2024-03-05T10:00:00"),
        ("Чт, 01 фев 2024 13:00:00 +0300", "2024-02-01T10:00:00"),
        ("1 de febrero de 2024 10:00", "2024-02-01T10:00:00"),
        ("1 Şubat 2024", "2024-02-01T00:00:00"),
        ("1 फ़रवरी 2024", "2024-02-01T00:00:00"),
        ("١ فبراير ٢٠٢٤", "2024-02-01T00:00:00"),
        ("2024年2月1日 10:00", "2024-02-01T10:00:00"),
        ("2024년 2월 1일 오후 7:00:00", "2024-02-01T10:00:00"),
        ("  Thu, 01 Feb\n 2024 10:00:00 GMT ", "2024-02-01T10:00:00"),
    ],
)
def test_moments(raw: str, utc: str) -> None:
    assert read(raw) == utc


@pytest.mark.parametrize(
    "raw",
    [
        "", "now", "yesterday", "today 10:00", "3 hours ago", "Thu", "10:00:00", "Feb 2024", "1 Feb", "03/04/2024", "02/01/2006 10:00", "03-04-05",  # noqa: E501
        "31 Feb 2024 10:00:00 GMT", "2024-13-01", "2024-02-30T00:00:00Z", "Thu, 01 Feb 2024 10:00:00 +2500", "Thu, 01 Feb 2024 25:00:00 GMT",  # noqa: E501
        "0", "0001-01-01T00:00:00Z", "1 Feb 2024 2 Mar 2024", "12345", "99999999999999999999", "{{ date }}", "x" * 10_000,
        "2024-02-01T10:00:00+99:99",
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_absent(raw: str) -> None:
    assert read(raw) is None


@pytest.mark.parametrize(
    "raw", ["2024-02-01T10:00:00", "Thu, 01 Feb 2024 10:00:00", "Thu, 01 Feb 2024 10:00:00 XYZ"]
)
def test_a_time_without_a_zone_is_taken_for_utc_and_says_so(raw: str) -> None:
    found = read_feed_date(raw)
    assert found is not None
    assert (found.value.isoformat(), found.note) == ("2024-02-01T10:00:00+00:00", NO_OFFSET)


@pytest.mark.parametrize(("raw", "first"), [("2024-02", "2024-02-01"), ("2024", "2024-01-01")])
def test_a_month_or_year_says_that_it_is_no_day(raw: str, first: str) -> None:
    found = read_feed_date(raw)
    assert found is not None
    assert (found.value.date().isoformat(), found.precision, found.note) == (first, "day", PART_OF_DATE)
