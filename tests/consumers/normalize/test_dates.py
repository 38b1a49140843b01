"""Dates: read when certain, refused with the reason otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.normalize.dates import read_date
from newswire.dates import NO_OFFSET, Moment

LATEST = datetime(2024, 3, 1, tzinfo=UTC)
DAY = "2024-02-01T00:00:00+00:00"


def read(raw: str) -> tuple[str, str] | str:
    found = read_date(raw, not_after=LATEST)
    return found if isinstance(found, str) else (found.value.isoformat(), found.precision)


@pytest.mark.parametrize(
    "raw",
    [
        "2024-02-01", "2024/02/01", "2024-2-1", "20240201", "01.02.2024", "1. 2. 2024", "1 Feb 2024", "February 1, 2024",
        "Thursday, February 1st, 2024", "1. Februar 2024", "1er février 2024", "1 de febrero de 2024", "1 febbraio 2024",
        "1 февраля 2024 г.", "1 lutego 2024", "1 فبراير 2024", "2024年2月1日", "1 फ़रवरी 2024", "1 Şubat 2024",
    ],
)  # fmt: skip
def test_days_stay_days(raw: str) -> None:
    assert read(raw) == (DAY, "day")


@pytest.mark.parametrize(
    ("raw", "instant", "precision"),
    [
        ("2024-02-01T10:00:00Z", "2024-02-01T10:00:00", "second"),
        ("2024-02-01T10:00:00.123Z", "2024-02-01T10:00:00", "second"),
        ("2024-02-01T10:00:00,123456+00:00", "2024-02-01T10:00:00", "second"),
        ("2024-02-01T12:00:00+02:00", "2024-02-01T10:00:00", "second"),
        ("2024-02-01T12:00:00+0200", "2024-02-01T10:00:00", "second"),
        ("2024-02-01 05:00 -05", "2024-02-01T10:00:00", "minute"),
        ("2024-02-01T10:00Z", "2024-02-01T10:00:00", "minute"),
        ("2024-02-01 10:00:00 UTC", "2024-02-01T10:00:00", "second"),
        ("20240201T100000Z", "2024-02-01T10:00:00", "second"),
        ("Thu, 01 Feb 2024 10:00:00 GMT", "2024-02-01T10:00:00", "second"),
        ("Thu, 01 Feb 2024 05:00:00 EST", "2024-02-01T10:00:00", "second"),
        ("Thu, 01 Feb 2024 11:00:00 CET", "2024-02-01T10:00:00", "second"),
        ("Thu, 01 Feb 2024 15:30:00 IST", "2024-02-01T10:00:00", "second"),
        ("Thu, 01 Aug 2019 11:00:00 BST", "2019-08-01T10:00:00", "second"),
        ("Thu, 01 Feb 2024 03:00:00 -700", "2024-02-01T10:00:00", "second"),
        ("1 Feb 2024 11:00 +0100", "2024-02-01T10:00:00", "minute"),
        ("25 Dec 2023 23:30:00 -0500", "2023-12-26T04:30:00", "second"),
        ("1706781600", "2024-02-01T10:00:00", "second"),
        ("1706781600123", "2024-02-01T10:00:00", "second"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59", "second"),
    ],
)
def test_instants(raw: str, instant: str, precision: str) -> None:
    assert read(raw) == (f"{instant}+00:00", precision)


@pytest.mark.parametrize(
    "raw",
    [
        "2024-02-01 10:00",
        "2024-02-01T10:00:00",
        "Thu, 01 Feb 2024 10:00:00",
        "Thu, 01 Feb 2024 10:00:00 XYZ",
        "1. Februar 2024, 10:30 Uhr",
        "01.02.2024, 10:30",
        "2024/02/01 10:30",
    ],
)
def test_a_time_without_an_offset_is_a_day_and_says_so(raw: str) -> None:
    found = read_date(raw, not_after=LATEST)
    assert isinstance(found, Moment)
    assert (found.value.isoformat(), found.precision, found.note) == (DAY, "day", NO_OFFSET)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("03/04/2024", "day and month"),
        ("Mon, 02/03/2006", "day and month"),
        ("02/01/2006 10:30 am", "day and month"),
        ("2-1-2024", "day and month"),
        ("2024-02-30", "no such date"),
        ("2024-13-01", "no such date"),
        ("31.02.2024", "no such date"),
        ("2024-02-01T25:00:00Z", "no such date"),
        ("2024-02-01T10:00:00+25:00", "offset"),
        ("Thu, 01 Feb 2024 10:00:00 +2500", "offset"),
        ("2031-01-01", "future"),
        ("2082-05-05T00:00:00Z", "future"),
        ("1500-01-01", "before"),
        ("0000-01-01", "no such date"),
        ("123456789", "1970"),
        ("yesterday", "no known way"),
        ("2 hours ago", "no known way"),
        ("Feb 2024", "no known way"),
        ("2024", "no known way"),
        ("10:30", "no known way"),
        ("", "not a date"),
        ("2024-02-01" * 20, "not a date"),
    ],
)
def test_refused(raw: str, why: str) -> None:
    found = read(raw)
    assert isinstance(found, str)
    assert why in found


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("13/02/2024", "2024-02-13"),
        ("02/13/2024", "2024-02-13"),
        ("02/02/2024", "2024-02-02"),
        ("Mon, 02/01/2006", "2006-01-02"),
        ("1.2.24", "2024-02-01"),
        ("2024. 2. 1.", "2024-02-01"),
    ],
)
def test_numbers_that_have_one_reading(raw: str, expected: str) -> None:
    assert read(raw) == (f"{expected}T00:00:00+00:00", "day")


@given(st.text(alphabet="0123456789-/:.,TZ+ aAbeFgJMnptuvرф年月日", max_size=30))
def test_anything_is_read_or_refused(raw: str) -> None:
    found = read_date(raw, not_after=LATEST)
    assert isinstance(found, str) or found.value <= LATEST
