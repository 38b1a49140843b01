"""When a feed wants to be asked again: `ttl`, the syndication module, `skipHours` and `skipDays`."""

from __future__ import annotations

import re
from typing import Final

from producers.feeds.fields import Fields, first_text
from producers.feeds.model import Schedule

_PERIODS: Final = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST: Final = _PERIODS["yearly"]


def schedule_of(fields: Fields) -> Schedule:
    """Return what a channel asks for. Zero, negative and odd values ask for nothing; nothing longer than a year is believed."""
    waits: list[int] = []
    ttl = _number(first_text(fields, "ttl"))
    if ttl:
        waits.append(ttl * 60)
    period = _PERIODS.get((first_text(fields, "sy:updateperiod") or "").strip().lower())
    if period:
        waits.append(period // (_number(first_text(fields, "sy:updatefrequency")) or 1))
    return Schedule(
        interval_seconds=min(max(waits), _LONGEST) if waits and max(waits) > 0 else None,
        skip_hours=frozenset(
            hour % 24 for text in _within(fields, "skiphours") if (hour := _hour(text)) is not None
        ),
        skip_days=frozenset(
            _DAYS.index(day) for text in _within(fields, "skipdays") if (day := text.strip().lower()) in _DAYS
        ),
    )


def _within(fields: Fields, name: str) -> list[str]:
    return [child.text for node in fields.get(name, ())[:1] for child in node.children[:100]]


def _hour(text: str) -> int | None:
    """RSS 0.91 counts hours from 1 to 24, RSS 2.0 from 0 to 23: 24 is midnight in both."""
    found = text.strip()
    return int(found) if re.fullmatch(r"[0-9]{1,2}", found) and int(found) <= 24 else None


def _number(text: str | None) -> int | None:
    found = re.match(r"\s*([0-9]{1,7})(?:\.[0-9]+)?\s*(?:min(?:ute)?s?)?\s*$", text or "")
    return int(found[1]) if found else None
