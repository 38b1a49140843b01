"""One article under several addresses and ids, and what its publisher says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consumers.deduplicate import signals
from consumers.deduplicate.places import NOWHERE, asked_of, place_of, same
from schemas.core.wire import Wire
from schemas.ids import article_id
from schemas.normalized.model import Normalized

HOUR = timedelta(hours=1)
TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
Mara Lindqvist, who speaks for the port, hopes that two pilots from Saltby will begin their work there in early summer."""
MORE = (
    TEXT
    + "\nThe council will talk about it on Thursday at seven in the evening, in public, and with a word from the unions."
)
OTHER = """A choir of fishermen from the outer islands will open the summer festival with songs that have not been heard in public since
the middle of the last century, the organisers have announced, and tickets go on sale in the first week of April at the old theatre."""


def only(emits):
    (emit,) = emits
    return emit.data


def moved(url):
    return {"url": url, "article_id": article_id(url=url)}


def test_a_changed_address_with_the_same_guid_is_a_revision(partition):
    first = only(partition.send("ferry-leaves-early", TEXT, guid="n-17"))
    second = only(
        partition.send(
            "x", MORE, headline="Another one", guid="n-17", **moved("https://news.example/early-ferry")
        )
    )
    assert (second.article_id, second.revision.number, second.revision.change) == (
        first.article_id,
        2,
        "revised",
    )
    assert (second.revision.known_by, second.revision.captured_as) == (
        "guid",
        article_id(url="https://news.example/early-ferry"),
    )
    third = only(partition.send("x", MORE + "\nMore.", **moved("https://news.example/early-ferry")))
    assert (third.article_id, third.revision.known_by) == (first.article_id, "address"), (
        "without the guid, too"
    )


def test_a_changed_guid_with_the_same_address_is_a_revision(partition):
    first = only(partition.send("ferry", TEXT, guid="n-17"))
    assert only(partition.send("ferry", MORE, guid="n-18")).revision.number == 2
    again = only(
        partition.send("x", TEXT, guid="n-18", after=HOUR, **moved("https://news.example/another-slug"))
    )
    assert again.article_id == first.article_id, "the new guid leads to it as well"


def test_a_guid_that_all_items_have_makes_nothing_one(partition):
    ids = {
        only(partition.send(name, text, guid="0", headline=name)).article_id
        for name, text in {"ferry": TEXT, "choir": OTHER, "short": "A few words only."}.items()
    }
    assert len(ids) == 3
    assert [emit.data.revision.change for emit in partition.emitted] == ["new"] * 3


def test_one_guid_and_one_headline_for_all_make_nothing_one(partition):
    briefs = [
        "The harbour is closed until noon because of fog, the pilots say.",
        "A choir from the valley sings in the old theatre tonight at eight.",
        "Nobody has seen the mayor's cat since the storm took the roof.",
    ]
    for number, text in enumerate([*briefs, *TEXT.split("\n"), *OTHER.split("\n")]):
        data = only(partition.send(f"item-{number}", text, guid="0", headline="News in brief"))
        assert data.revision.change == "new"


RATES = """Shares in Ellery closed {} points from Friday on {}, with turnover at {} million crowns, the exchange said in the evening.
The crown traded at {} against the euro in late dealings, and Brent crude for delivery next month stood at {} dollars a barrel."""
MONDAY = RATES.format("0.8", "Monday", "312", "11.42", "81.30")
TUESDAY = RATES.format("0.9", "Tuesday", "298", "11.45", "80.10")


def test_a_guid_that_all_items_have_makes_no_article_of_a_template(partition):
    """Each day's report was a revision of the one before, and was never published as an article of its own."""
    partition.send("monday", MONDAY, guid="0", headline="Shares on Monday")
    tuesday = only(
        partition.send("tuesday", TUESDAY, guid="0", headline="Shares on Tuesday", after=24 * HOUR)
    )
    assert tuesday.revision.change == "new"
    assert [each.relation for each in tuesday.related] == ["same-template"]


@pytest.mark.parametrize(
    "same",
    [
        {"headline": "Shares today"},
        {"published_at": datetime(2026, 3, 2, 8, 31, 7, tzinfo=UTC), "published_precision": "second"},
    ],
    ids=["headline", "time"],
)
def test_a_guid_leads_to_an_article_whose_numbers_go_on(partition, same):
    before = {"headline": "Shares fall", "guid": "n-17"} | same
    first = only(partition.send("shares-fall", MONDAY, **before))
    after = {"headline": "Shares recover", "guid": "n-17"} | same
    second = only(partition.send("shares-recover", TUESDAY, **after, after=HOUR))
    assert (second.article_id, second.revision.known_by) == (first.article_id, "guid")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "https://www.news.example/2026/03/ferry-leaves-early",
            "https://edition.news.example/2026/03/ferry-leaves-early",
        ),
        (
            "https://news.example/ferry-leaves-early-4711003",
            "https://news.example/early-ferry-angers-islanders-4711003",
        ),
    ],
    ids=["host", "slug"],
)
def test_host_and_slug_may_change(partition, before, after):
    first = only(partition.send("x", TEXT, **moved(before)))
    redelivery = only(partition.send("x", TEXT, **moved(after)))
    assert (redelivery.article_id, redelivery.original.article_id) == (first.article_id, first.article_id)
    assert (redelivery.verdict, redelivery.captured_as) == ("exact", article_id(url=after))
    revision = only(partition.send("x", MORE, headline="New", **moved(after)))
    assert (revision.article_id, revision.revision.relation, revision.revision.known_by) == (
        first.article_id,
        "append",
        "address",
    )


def test_another_outlet_with_the_same_path_has_a_copy(partition):
    first = only(partition.send("x", TEXT, **moved("https://one.example/2026/03/ferry-leaves-early")))
    copy = only(
        partition.send("x", TEXT, source="other", **moved("https://two.example/2026/03/ferry-leaves-early"))
    )
    assert copy.article_id != first.article_id
    assert copy.original.article_id == first.article_id


def test_a_correction_under_a_new_address_is_a_revision(partition):
    first = only(partition.send("ferry", TEXT))
    data = only(
        partition.send("ferry-b", TEXT.replace("24.50", "42.50"), headline="CORRECTED-Ferry leaves early")
    )
    assert (data.article_id, data.revision.known_by) == (first.article_id, "notice")
    assert (data.revision.relation, data.revision.signals) == ("correct", ("corrected",))
    assert data.revision.previous.offset == 0


def test_an_update_under_a_new_address_is_a_revision_and_not_lost_as_a_copy(partition):
    first = only(partition.send("ferry", TEXT))
    more = (
        TEXT
        + "\nThe council will talk about it on Thursday at seven, and has asked the company for its figures of the last winter."
    )
    data = only(partition.send("ferry-b", more, headline="UPDATE 1-Ferry leaves early"))
    assert (data.article_id, data.revision.known_by) == (first.article_id, "notice")
    assert (data.revision.relation, data.revision.signals) == ("append", ("updated",))
    other = only(partition.send("ferry-c", TEXT, headline="UPDATE 1-Ferry leaves early", source="post"))
    assert other.original.article_id == first.article_id, "of another source it is a copy"


def test_a_withdrawal_by_guid_reaches_the_article(partition):
    first = only(partition.send("ferry", TEXT, guid="n-17"))
    kill = only(partition.send("x", status="canceled", guid="n-17", **moved("https://news.example/gone")))
    assert (kill.article_id, kill.revision.change) == (first.article_id, "withdrawn")
    partition.send("x", TEXT, guid="n-17", **moved("https://news.example/back"))
    assert only(partition.send("y", OTHER, headline="Choir", guid="n-17")).revision.change == "new"


def test_an_embargo_under_a_changed_address(partition):
    first = only(partition.send("ferry", TEXT, guid="n-17"))
    held = only(
        partition.send(
            "x", MORE, guid="n-17", embargo=partition.now + HOUR, **moved("https://news.example/later")
        )
    )
    assert held.article_id == first.article_id
    released = partition.tick(after=2 * HOUR)
    assert [emit.event for emit in released] == ["unique", "held"]
    assert (released[0].data.article_id, released[0].data.revision.number) == (first.article_id, 2)


def test_aliases_are_forgotten_with_what_they_lead_to(partition):
    partition.send("ferry", TEXT, guid="n-17")
    partition.send("x", TEXT, guid="n-17", **moved("https://news.example/moved"))
    assert [key for key in partition.state.data if key.startswith("a")]
    for _ in range(70):
        partition.tick(after=20 * HOUR)
    for _ in range(140):
        partition.tick(after=HOUR)
    assert not [key for key in partition.state.data if key[0] in "da"]


def test_a_copy_that_becomes_a_text_of_its_own_tells_whose_copy_it_was(partition):
    first = only(partition.send("a", TEXT, source="one"))
    partition.send("b", TEXT + " By our desk.", source="two", after=HOUR)
    assert only(partition.send("b", OTHER, source="two", after=HOUR)).revision.split_from == first.article_id


def test_the_copy_that_has_both_merges_two_articles(partition):
    lines = MORE.split("\n") + OTHER.split("\n")
    first = only(partition.send("a", "\n".join(lines[:3]), source="one"))
    second = only(partition.send("b", "\n".join(lines[3:]), source="two", after=HOUR))
    whole = only(partition.send("c", "\n".join(lines), source="three", after=HOUR))
    assert whole.verdict == "extends"
    assert {whole.original.article_id, *whole.merges} == {first.article_id, second.article_id}


def test_a_copy_that_was_published_first_says_so(partition):
    early, late = "2026-03-02T06:00:00Z", "2026-03-02T07:30:00Z"
    when = {"published_precision": "second"}
    partition.send("a", TEXT, source="one", published_at=late, **when)
    copy = only(
        partition.send(
            "b", "(Norvik) " + TEXT, source="two", published_at=early, agency="Norvik", after=HOUR, **when
        )
    )
    assert (copy.precedes_original, copy.agency) == (True, "Norvik")
    assert copy.original.published_at.isoformat() == "2026-03-02T07:30:00+00:00"
    later = only(partition.send("c", TEXT, source="three", published_at="2026-03-02T08:00:00Z", **when))
    assert not later.precedes_original


def test_a_day_is_no_time_that_a_copy_can_precede(partition):
    day = {"published_at": "2026-03-02T00:00:00Z", "published_precision": "day"}
    partition.send("a", TEXT, source="one", **day)
    evening = {"published_at": "2026-03-01T23:30:00Z", "published_precision": "second"}
    copy = only(partition.send("b", "(Norvik) " + TEXT, source="two", **evening))
    assert copy.precedes_original is None, "where the first one is, it was the next day already"


@pytest.mark.parametrize(
    ("headline", "text", "said"),
    [
        ("CORRECTED-Ferry leaves early", "", ("corrected",)),
        ("REFILE-UPDATE 2-Ferry leaves early", "", ("refiled",)),
        ("Correction: Ferry story", "", ("corrected",)),
        ("Ferry leaves early (corrected)", "", ("corrected",)),
        ("Berichtigung: Fähre fährt früher", "", ("corrected",)),
        ("RETRACTION: Ferry leaves early", "", ("retracted",)),
        ("Ferry leaves early", "(Corrects price in second paragraph)\nText.", ("corrected",)),
        (
            "Ferry leaves early",
            "Text.\nThis article was amended on 3 March to correct the price.",
            ("corrected",),
        ),
        ("Corrected course keeps ferry off the rocks", "", ()),
        ("Correction in share prices continues", "", ()),
        ("Update on the ferry", "The correction of the course took an hour.", ()),
        ("Withdrawn ferry back in service", "", ()),
    ],
)
def test_signals(capture, headline, text, said):
    assert signals.read(Normalized.from_data(capture("x", text, headline=headline))) == said


def test_signals_of_an_item(capture):
    item = Wire(format="ninjs", uri="u", signals=("sig:correction", "unheard"))
    assert signals.read(Normalized.from_data(capture("x", TEXT, wire=item))) == ("corrected",)


def test_a_note_in_the_text_makes_it_no_other_ones_revision(partition):
    first = only(partition.send("ferry", TEXT))
    copy = only(partition.send("other", TEXT + "\nThis article was amended after publication."))
    assert (copy.verdict, copy.original.article_id) == ("near", first.article_id)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("https://www.n.example/a/ferry-leaves", "https://edition.n.example/a/ferry-leaves", True),
        ("https://n.example/a/ferry-4711003", "https://n.example/b/4711003-boat", True),
        ("https://n.example/a/ferry-leaves", "https://other.example/a/ferry-leaves", False),
        ("https://n.example/ferry-4711003", "https://other.example/boat-4711003", False),
        ("https://n.example/news/", "https://n.example/news", False),
        ("https://n.example/a/20260302-one", "https://n.example/a/20260302-two", False),
        ("https://n.example/4711003/exact", "https://n.example/4711003/another", False),
        ("https://n.example/ecb-21095a4a16", "https://n.example/x-21095a4a16", False),
        ("https://n.example/a?id=4711003", "https://n.example/b?id=4711003", True),
    ],
)
def test_places(capture, one, other, alike):
    arrived, known = (Normalized.from_data(capture("x", TEXT, url=url)) for url in (one, other))
    assert same(asked_of(arrived), place_of(known)) is alike


def test_no_place(capture):
    for url in (None, "https://news.example/"):
        assert place_of(Normalized.from_data(capture("x", TEXT, url=url))) == NOWHERE
    assert not same(NOWHERE, NOWHERE)
