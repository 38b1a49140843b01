"""Times in headers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.fetch.http_time import fresh_seconds, http_date, retry_after

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)
DATE = "Thu, 26 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    "value",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "6 Nov 1994 09:49:37 +0100",
    ],
)
def test_the_three_forms_of_a_date_and_one_with_a_zone(value: str) -> None:
    assert http_date(value) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "864000"}, 864000),
        ({"retry-after": "Thu, 26 Nov 2026 12:10:00 GMT"}, 600),
        ({"retry-after": "Thu, 26 Nov 2026 11:00:00 GMT"}, 0),
        # the server's clock is an hour behind ours: what counts is the difference
        ({"retry-after": "Thu, 26 Nov 2026 11:05:00 GMT", "date": "Thu, 26 Nov 2026 11:00:00 GMT"}, 300),
        ({"retry-after": "Sun, 06 Dec 2026 12:00:00 GMT"}, 864000),
        ({"retry-after": "120, 7200"}, 7200),
        ({"retry-after": "120, soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "99999999999999999999"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=300"}, 300),
        ({"cache-control": 'public, MAX-AGE="300"'}, 300),
        ({"cache-control": "max-age=300", "age": "100"}, 200),
        ({"cache-control": "max-age=300", "age": "400"}, 0),
        ({"cache-control": "s-maxage=900, max-age=300"}, 300),
        ({"cache-control": "max-age=300, max-age=900"}, 300),
        ({"cache-control": "no-cache, max-age=300"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "max-age=300", "expires": "0"}, 300),
        ({"cache-control": "private", "expires": "Thu, 26 Nov 2026 12:05:00 GMT"}, 300),
        ({"expires": "Thu, 26 Nov 2026 11:05:00 GMT", "date": "Thu, 26 Nov 2026 11:00:00 GMT"}, 300),
        ({"expires": "Thu, 26 Nov 2026 11:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({"cache-control": "public", "date": DATE}, None),
        ({}, None),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert fresh_seconds(headers, NOW) == seconds


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.text(max_size=30))
def test_whatever_a_server_sends_gives_a_bounded_time_or_none(
    control: str, expires: str, age: str, retry: str
) -> None:
    headers = {"cache-control": control, "expires": expires, "age": age, "retry-after": retry}
    for seconds in (fresh_seconds(headers, NOW), retry_after(headers, NOW)):
        assert seconds is None or 0 <= seconds <= 10 * 365 * 86400
