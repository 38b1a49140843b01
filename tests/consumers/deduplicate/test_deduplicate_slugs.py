"""A slug that was edited with its headline, where neither a number in the address nor a guid tells that it is the same article."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.ids import article_id

TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
Mara Lindqvist, who speaks for the port, hopes that two pilots from Saltby will begin their work there in early summer."""
EDITED = TEXT.replace("can travel on any ferry", "may travel with any boat").replace("hopes", "expects")
BEFORE = "https://news.example/islands/2026/ferry-leaves-an-hour-early"
AFTER = "https://news.example/islands/2026/islanders-angry-about-early-ferry"
AT = "2026-03-02T07:41:23Z"
LATER = timedelta(minutes=50)


def at(url, published=AT, **more):
    return {
        "url": url,
        "article_id": article_id(url=url),
        "published_at": published,
        "published_precision": "second",
    } | more


def pair(partition, first, second, *, text=TEXT, edited=EDITED, headline="Islanders angry about early ferry"):
    """Send a text, and what became of it, and return what is said of both."""
    (one,) = partition.send("x", text, headline="Ferry leaves an hour early", **first)
    (two,) = partition.send("x", edited, headline=headline, after=LATER, **second)
    return one.data, two


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (at(BEFORE), at(AFTER)),
        (at(BEFORE), at(AFTER.replace("//news.", "//www.news."))),
        (at(BEFORE, guid=BEFORE), at(AFTER, guid=AFTER)),
        (at(BEFORE, guid=f"{BEFORE}/"), at(AFTER, guid=AFTER.replace("https", "http"))),
        (at(BEFORE + ".html"), at(AFTER + ".html")),
        (at(BEFORE.replace("an-hour", "60-minutes")), at(AFTER)),
        (at(BEFORE, "2026-03-02T07:41:00Z"), at(AFTER, "2026-03-02T07:41:00Z")),
        (
            at(
                "https://news.example/%D0%BF%D0%B0%D1%80%D0%BE%D0%BC-%D1%83%D1%88%D0%B5%D0%BB-%D1%80%D0%B0%D0%BD%D0%BE"
            ),
            at("https://news.example/%D0%BF%D0%B0%D1%80%D0%BE%D0%BC-%D0%B8-%D0%B3%D0%BD%D0%B5%D0%B2"),
        ),
    ],
    ids=["slug", "host", "guid-is-address", "guid-is-nearly-address", "page", "count", "minute", "script"],
)
def test_an_edited_slug_is_a_revision(partition, before, after):
    first, revised = pair(partition, before, after)
    assert revised.event == "unique"
    assert (revised.data.article_id, revised.data.revision.number) == (first.article_id, 2)
    assert (revised.data.revision.known_by, revised.data.revision.captured_as) == (
        "address",
        after["article_id"],
    )
    (third,) = partition.send("x", EDITED + "\nMore of it.", headline="Ferry", **after)
    assert (third.data.article_id, third.data.revision.number) == (first.article_id, 3), "it is known by now"


def test_a_slug_that_was_edited_alone_is_a_redelivery(partition):
    first, again = pair(partition, at(BEFORE), at(AFTER), edited=TEXT, headline="Ferry leaves an hour early")
    assert (again.event, again.data.article_id, again.data.verdict) == (
        "duplicate",
        first.article_id,
        "exact",
    )


def test_a_corrected_number_is_a_revision(partition):
    first, revised = pair(partition, at(BEFORE), at(AFTER), edited=EDITED.replace("24.50", "42.50"))
    assert (revised.data.article_id, revised.data.revision.relation) == (first.article_id, "correct")


NEIGHBOURS = {
    "second": (at(BEFORE), at(AFTER, "2026-03-02T07:41:24Z")),
    "undated": (at(BEFORE, None, published_precision=None), at(AFTER, None, published_precision=None)),
    "minute": (at(BEFORE, published_precision="minute"), at(AFTER, published_precision="minute")),
    "day": (at(BEFORE, "2026-03-02T00:00:00Z"), at(AFTER, "2026-03-02T00:00:00Z")),
    "local-day": tuple(at(url, "2026-03-01T23:00:00Z", published_offset="+01:00") for url in (BEFORE, AFTER)),
    "frozen": (at(BEFORE), at(AFTER, date_notes=("frozen",))),
    "site": (at(BEFORE), at(AFTER.replace("news.example", "other.example"))),
    "directory": (at(BEFORE), at(AFTER.replace("islands", "mainland"))),
    "source": (at(BEFORE), at(AFTER, source={"name": "other", "kind": "files"})),
    "number": (at(f"{BEFORE}-1001"), at(f"{AFTER}-1002")),
    "small-number": (at(f"{BEFORE}-1"), at(f"{AFTER}-2")),
    "one-number": (at(BEFORE), at(f"{AFTER}-2")),
    "code": (at("https://news.example/a/b7-f3-d1"), at("https://news.example/a/c8-a1-e9")),
    "query": (at(f"{BEFORE}?page=one"), at(f"{AFTER}?page=two")),
    "guid": (at(BEFORE, guid="n-17"), at(AFTER, guid="n-18")),
    "permalink": tuple(
        at(url, guid=f"https://news.example/?p={number}") for url, number in ((BEFORE, 17), (AFTER, 18))
    ),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_neighbours_stay_copies(partition, name):
    before, after = NEIGHBOURS[name]
    if "source" in after:
        after = after | {"source": after["source"]["name"]}
    first, copy = pair(partition, before, after)
    assert (copy.event, copy.data.article_id) == ("duplicate", after["article_id"])
    assert copy.data.original.article_id == first.article_id


def test_one_template_at_once_makes_no_revisions(partition):
    """A forecast for each county, written from one template and published in one second of one batch."""
    form = """Rain will reach {0} before noon and stay until the evening, the weather office in Ellery said on Monday in its report.
Winds from the west will be strong on the coast and weak inland, and nobody should go out in a small boat today, it said.
Roads near the river may be under water for some hours, and trains will be slow, as the railway has said several times.
In the night it will be dry and cold, with clear skies, and on the next day the sun will shine from morning to evening."""
    seen = set()
    for name in ("Saltby", "Norvik", "Lower Tarn", "Upper Tarn"):
        (emit,) = partition.send(
            "x",
            form.format(name),
            headline=f"Weather today: rain in {name}",
            **at(f"https://news.example/weather/rain-will-reach-{name.lower().replace(' ', '-')}"),
        )
        seen.add(emit.data.article_id)
    assert len(seen) == 4


def test_what_has_much_of_its_own_is_no_revision(partition):
    own = """A choir of fishermen from the outer islands will open the summer festival with songs that have not been heard in public
since the middle of the last century, the organisers have announced, and tickets go on sale in the first week of April at the
old theatre, where visitors may also see nets, oars and lamps from the time before the harbour was built, and taste smoked eel."""
    _, copy = pair(partition, at(BEFORE), at(AFTER), edited=f"{TEXT}\n{own}\n{own.swapcase()[::-1]}")
    assert (copy.event, copy.data.verdict) == ("duplicate", "extends")


def test_another_number_among_few_facts_is_no_revision(partition):
    text = """the water in the old lock has risen by 14 inches since the morning, and the keepers say that 5 gates will stay shut until
the rain is over, which may take all day; some 320 boats wait outside, and nobody can say when they may go on with their cargo."""
    _, copy = pair(partition, at(BEFORE), at(AFTER), text=text, edited=text.replace("320", "510"))
    assert copy.event == "duplicate"


def test_other_headlines_of_one_full_minute_are_no_revisions(partition):
    minute = "2026-03-02T07:41:00Z"
    _, copy = pair(partition, at(BEFORE, minute), at(AFTER, minute), headline="What pilots want now")
    assert copy.event == "duplicate"
    _, copy = pair(
        partition,
        at(BEFORE, minute),
        at(f"{AFTER}-again", minute),
        edited=EDITED.replace("24.50", "42.50"),
    )
    assert copy.event == "duplicate", "nor is what has another number"


def test_an_article_that_was_remembered_without_its_directory(partition):
    """State of before this was known: the directory's bytes are zeros."""
    (first,) = partition.send("x", TEXT, headline="Ferry leaves", **at("https://news.example/islands/ferry"))
    (copy,) = partition.send("x", EDITED, headline="Islanders angry", after=LATER, **at(AFTER))
    assert (copy.event, copy.data.original.article_id) == ("duplicate", first.data.article_id)


def test_a_purged_neighbour_in_the_directory_stays_out_alone(partition, capture):
    """What a purged article is known again by is its path or its number, not the directory that others are in too."""
    from consumers.deduplicate import remains
    from schemas.normalized.model import Normalized

    one, other = (
        set(remains._of(Normalized.from_data(capture("x", text, headline="Briefing", **at(url)))))
        for url, text in ((BEFORE, TEXT), (AFTER, "Another text."))
    )
    assert not (one & other) - {""}
