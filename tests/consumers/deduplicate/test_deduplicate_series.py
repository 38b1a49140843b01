"""What one source publishes under one headline on another day is no copy, however much of it comes again each day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

FRAME = (
    "Good morning. Here is what you need to know today, and what to read with your coffee.",
    "Have a good day. The briefing comes every morning at six. Write to us if you miss something.",
)
MONDAY = """The council votes on the budget of the port today.
A film about lighthouse keepers opens in the old cinema.
Rain until noon, then sun."""
TUESDAY = """Teachers strike in three towns, and buses stay in their depots.
The ferry company tells what it earned.
Fog on the coast, mild."""
START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def briefing(items: str) -> str:
    return "\n".join((FRAME[0], items, FRAME[1]))


def decided(partition, name, text, *, days=0, **fields):
    at = START + days * DAY
    told = {"headline": "Morning briefing", "at": at, "published_at": at} | fields
    (emit,) = partition.send(name, text, **told)
    return emit


def test_each_day_of_a_series_is_published_and_marked(partition):
    monday = decided(partition, "monday", briefing(MONDAY))
    tuesday = decided(partition, "tuesday", briefing(TUESDAY), days=1)
    assert (tuesday.event, tuesday.data.revision.change) == ("unique", "new")
    (related,) = tuesday.data.related
    assert (related.article_id, related.relation) == (monday.data.article_id, "same-template")


@pytest.mark.parametrize(
    "other",
    [{"days": 0}, {"days": 1, "headline": "What to know on Tuesday"}, {"days": 1, "published_at": None}],
    ids=["same day", "other headline", "no date"],
)
def test_what_does_not_say_that_it_is_another_day_is_judged_by_its_text(partition, other):
    decided(partition, "monday", briefing(MONDAY))
    told = decided(partition, "tuesday", briefing(TUESDAY), **other)
    assert (told.event, told.data.related) == ("unique", ()), "more than half of it is its own, in one piece"
    little = TUESDAY.split("\n", maxsplit=1)[0]
    again = decided(partition, "again", briefing(f"{MONDAY}\n{little}"), **other)
    assert again.event == "duplicate"


def test_another_source_with_most_of_it_has_a_copy(partition):
    decided(partition, "monday", briefing(MONDAY))
    assert decided(partition, "tuesday", briefing(TUESDAY), days=1, source="tribune").event == "duplicate"


@pytest.mark.parametrize("text", [briefing(MONDAY), briefing(MONDAY).replace("noon", "one o'clock")])
def test_the_same_text_published_again_on_another_day_is_a_copy(partition, text):
    decided(partition, "monday", briefing(MONDAY))
    assert decided(partition, "again", text, days=1).event == "duplicate"
