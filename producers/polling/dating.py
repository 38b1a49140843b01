"""When an item was published, as far as the time is known: what the lag of its capture is measured by."""

from __future__ import annotations

from datetime import UTC, datetime

from newswire.dates import NO_OFFSET, Moment, in_zone


def known_time(moment: Moment | None, zone: str | None) -> datetime | None:
    """Return the time of a date; None for a day, and for a time that is in a zone that nobody knows. `zone` is that of its source."""
    found = in_zone(moment, zone) if moment is not None else None
    if found is None or found.precision == "day" or found.note == NO_OFFSET:
        return None
    return found.value.astimezone(UTC)
