"""How late an item is captured can only be told where its time is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.written_dates.read import read_written_date
from producers.polling.dating import known_time


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("2024-02-01T10:00:00+01:00", None, datetime(2024, 2, 1, 9, tzinfo=UTC)),
        ("2024-02-01 22:30", "America/New_York", datetime(2024, 2, 2, 3, 30, tzinfo=UTC)),
        ("2024-07-01 22:30", "America/New_York", datetime(2024, 7, 2, 2, 30, tzinfo=UTC)),
        ("2024-02-01T10:00:00+01:00", "America/New_York", datetime(2024, 2, 1, 9, tzinfo=UTC)),
        ("2024-02-01 22:30", None, None),
        ("2024-02-01", "America/New_York", None),
        ("soon", "America/New_York", None),
    ],
)
def test_a_time_is_known_with_its_zone(written: str, zone: str | None, expected: datetime | None) -> None:
    assert known_time(read_written_date(written), zone) == expected
