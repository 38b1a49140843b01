"""Stories under odd and hostile input: versions without gaps, ids that no two stories share, and no story without end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_partition import HOUR, Partition, only

from consumers.cluster import Cluster
from consumers.cluster.rules import Rules
from schemas.ids import article_id
from schemas.purge.model import Purge

FLOOD = (
    "Dozens rescued as river Arle floods Kalvo",
    """Rescue teams in boats brought more than sixty people out of flooded houses in Kalvo on Monday after the river Arle burst its banks,
    mayor Ulla Rask said.""",
)
FLOOD_AGAIN = (
    "Kalvo under water after the Arle bursts its banks",
    """The town of Kalvo woke up to flooded streets. Firefighters used boats to rescue people from their homes, and mayor Ulla Rask asked
    everyone to avoid the old town, where the river Arle rose by four metres.""",
)
FLOOD_IN_GERMAN = (
    "Dutzende vor der Flut in Kalvo gerettet",
    """Retter brachten in Kalvo mehr als sechzig Menschen aus überfluteten Häusern, nachdem die Arle über die Ufer getreten war, sagte
    Bürgermeisterin Ulla Rask.""",
)
MUSEUM = (
    "Museum buys nine hundred maps of the northern coast",
    "A museum in the customs house has bought a collection of maps from the heirs of a surveyor, director Jon Dahl said.",
)


class Small(Cluster):
    """The stage, with stories that are soon full."""

    rules = replace(Rules(), most_in_story=5)


@pytest.fixture
def partition() -> Partition:
    return Partition()


def test_the_article_that_a_story_is_named_after_comes_back_with_another_text(partition):
    first = only(partition.send("herald", FLOOD))
    partition.send("tribune", FLOOD_AGAIN)
    partition.send("herald", FLOOD, revision=2, change="withdrawn", sections=())
    story = only(partition.send("herald", MUSEUM, revision=3, change="revised"))
    assert (story.change, story.version, [member.source for member in story.members]) == (
        "created",
        1,
        ["herald"],
    )
    assert story.story_id != first.story_id
    partition.forget_views()
    grown = only(partition.send("radio", FLOOD))
    assert (grown.story_id, [member.source for member in grown.members]) == (
        first.story_id,
        ["tribune", "radio"],
    )


def test_a_revision_that_shows_two_stories_to_be_one_merges_them(partition):
    first = only(partition.send("herald", FLOOD))
    stub = only(partition.send("tribune", ("Breaking: more soon", "More soon.")))
    assert stub.change == "created"
    merged, closed = (
        emit.data for emit in partition.send("tribune", FLOOD_AGAIN, revision=2, change="revised")
    )
    assert (merged.change, merged.story_id, merged.version) == ("merged", first.story_id, 2)
    assert [(member.source, member.revision) for member in merged.members] == [("herald", 1), ("tribune", 2)]
    assert (closed.change, closed.story_id, closed.version) == ("closed", stub.story_id, 2)


def test_a_revision_in_another_language_takes_a_story_of_one_with_it(partition):
    first = only(partition.send("herald", FLOOD))
    story = only(
        partition.send("herald", FLOOD_IN_GERMAN, revision=2, change="revised", language="de", after=HOUR)
    )
    assert (story.story_id, story.change, story.language) == (first.story_id, "updated", "de")
    assert {"kalvo", "arle"} <= {word.casefold() for word in story.keywords}
    assert only(partition.send("tribune", FLOOD_AGAIN)).change == "created"


@pytest.mark.parametrize("later", [HOUR, 60 * HOUR])
def test_a_revision_in_another_language_leaves_a_story_of_several(partition, later):
    first = only(partition.send("herald", FLOOD))
    partition.send("tribune", FLOOD_AGAIN)
    left, created = (
        emit.data
        for emit in partition.send(
            "herald", FLOOD_IN_GERMAN, revision=2, change="revised", language="de", after=later
        )
    )
    assert (left.story_id, left.change, left.language) == (first.story_id, "split", "en")
    assert (created.change, created.language) == ("created", "de")


def test_a_headline_that_begins_like_an_earlier_one_is_no_series(partition):
    source = {"name": "herald", "kind": "feeds"}
    first = only(partition.send("one", ("Kalvo flood", FLOOD[1]), source=source))
    headline = "Kalvo flood kills three as the Arle rises"
    story = only(partition.send("two", (headline, FLOOD_AGAIN[1]), source=source, after=13 * HOUR))
    assert story.story_id == first.story_id


def test_a_name_of_a_source_fills_no_event_and_is_purged_as_it_was_given(partition):
    name = "Herald " + "of Kalvo " * 200
    story = only(partition.send("herald", FLOOD, source={"name": "push", "kind": "push", "publisher": name}))
    only(partition.send("tribune", FLOOD_AGAIN))
    (member,) = story.members
    assert len(member.source.encode()) <= 200
    assert name.startswith(member.source[:-1])
    named = Purge.model_validate(
        {
            "purge_id": "0b6d8a526f0e",
            "at": partition.now,
            "requested_by": "x",
            "reason": "y",
            "kind": "publisher",
            "name": name.upper(),
            "refuse_later": False,
        }
    )
    assert partition.handler.remembers(named, partition.state) == [member.article_id]


def test_sources_keep_their_numbers_beyond_a_million(partition):
    partition.state.put("s999999", b"the last of six digits")
    told = [only(partition.send(name, FLOOD)) for name in ("herald", "tribune")][-1]
    partition.forget_views()
    again = only(partition.send("radio", FLOOD_AGAIN))
    assert [member.source for member in again.members] == ["herald", "tribune", "radio"]
    assert again.members[:2] == told.members


def test_an_article_that_leaves_a_story_takes_the_versions_that_it_names_with_it(partition):
    bote = "https://bote.example/kalvo"
    named = {"language": "de", "role": "version", "found_in": "hreflang", "confidence": 0.9}
    versions = ({"article_id": article_id(url=bote), "url": bote, **named},)
    partition.send("herald", FLOOD, translations=versions)
    partition.send("tribune", FLOOD_AGAIN)
    left, created = (
        emit.data
        for emit in partition.send("herald", MUSEUM, revision=2, change="revised", translations=versions)
    )
    assert left.translations is None
    assert [each.article_id for each in created.translations] == [versions[0]["article_id"]]


def test_a_notice_stays_where_it_belongs_however_it_is_revised(partition):
    first = only(partition.send("herald", FLOOD))
    partition.send("tribune", FLOOD_AGAIN)
    about = ({"article_id": first.article_id, "says": "retracted", "known_by": "link"},)
    sorry = ("We took an article back", "We apologise.")
    assert only(partition.send("notice", sorry, notice_of=about)).story_id == first.story_id
    told = only(
        partition.send("notice", (*sorry[:1], "We are sorry."), revision=2, change="revised", notice_of=about)
    )
    assert (told.story_id, told.change) == (first.story_id, "updated")
    other = only(partition.send("notiz", sorry, notice_of=about, language="de"))
    assert (other.change, other.language) == ("created", "de")


@pytest.mark.parametrize("character", ["x", "ф", "क", "🌊"])
def test_a_headline_is_cut_at_a_character_and_says_so(partition, character):
    """What is kept of it still tells a series."""
    long = " ".join(["Kalvo", *[character * 6] * 40])
    source = {"name": "herald", "kind": "feeds"}
    story = only(partition.send("one", (long, FLOOD[1]), source=source))
    assert len(story.headline.encode()) <= 160
    assert story.headline.endswith("…")
    assert long.startswith(story.headline[:-1])
    assert story.members[0].headline == story.timeline[0].headline == story.headline
    next_day = only(partition.send("two", (long, FLOOD[1]), source=source, after=24 * HOUR))
    assert next_day.change == "created"


def test_the_last_day_of_the_calendar_is_a_date_like_any_other(partition):
    story = only(
        partition.send(
            "herald", FLOOD, published_at=datetime(9999, 12, 31, tzinfo=UTC), published_precision="day"
        )
    )
    assert (story.timeline[0].at, story.timeline[0].basis) == (partition.now, "published")


def test_a_story_that_is_full_goes_on_in_another(partition):
    partition.handler = Small()
    told = []
    for number in range(13):
        if number % 4 == 0:
            partition.forget_views()
        told.append(
            only(
                partition.send(
                    f"n{number}", FLOOD if number % 2 else FLOOD_AGAIN, after=timedelta(minutes=10)
                )
            )
        )
    assert [story.article_count for story in told] == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3]
    first, second, third = told[0], told[5], told[10]
    assert len({story.story_id for story in told}) == 3
    assert (first.other_story_id, second.other_story_id, third.other_story_id) == (
        None,
        first.story_id,
        second.story_id,
    )
    revised = only(partition.send("n0", FLOOD, revision=2, change="revised"))
    assert (revised.story_id, revised.change, revised.version) == (first.story_id, "updated", 6)
    partition.send("n1", FLOOD, revision=2, change="withdrawn", sections=())
    back = only(partition.send("n13", FLOOD))
    assert back.article_count in {4, 5}


def test_stories_that_were_full_and_emptied_and_filled_again_lead_to_an_end(partition):
    partition.handler = Small()
    for revision in (1, 2, 3):
        for number in range(10):
            gone = {"change": "withdrawn", "sections": ()} if revision % 2 == 0 else {}
            name = number if revision < 3 else (number + 5) % 10
            partition.send(f"n{name}", FLOOD, revision=revision, **gone)
    for number in range(10):
        story = only(partition.send(f"m{number}", FLOOD))
        assert story.article_count == number % 5 + 1


def test_a_story_that_was_forgotten_gives_its_id_to_no_other(partition):
    first = only(partition.send("herald", FLOOD))
    for day in range(9):
        partition.send(f"d{day}", (f"Day {day}", f"Word{day} of day {day}."), after=24 * HOUR)
    story = only(partition.send("herald", FLOOD, revision=2, change="revised"))
    assert (story.change, story.version) == ("created", 1)
    assert story.story_id != first.story_id


def days(partition, count):
    for _ in range(count):
        name = f"d{partition.offset}"
        partition.send(name, (name, f"Word{name} of {name}."), after=24 * HOUR)


@pytest.mark.parametrize("named", ["herald", "tribune"])
def test_a_withdrawal_reaches_a_story_that_was_forgotten(partition, named):
    """Its last record would else keep the headline for good; the stage does not know any more what else was in it."""
    first = only(partition.send("herald", FLOOD))
    partition.send("tribune", FLOOD_AGAIN)
    days(partition, 9)
    partition.forget_views()
    withdrawal = {"revision": 2, "change": "withdrawn", "sections": ()}
    (gone,) = partition.send(named, FLOOD, **withdrawal)
    assert (gone.event, gone.key, gone.data) == ("story", first.story_id, None)
    assert partition.send(named, FLOOD, **withdrawal) == []


def test_which_story_an_article_was_in_is_forgotten_after_a_month(partition):
    partition.send("herald", FLOOD)
    days(partition, 40)
    assert partition.send("herald", FLOOD, revision=2, change="withdrawn", sections=()) == []
    assert sum(key.startswith("m") for key in partition.state.data) <= 32


STEP = st.tuples(
    st.integers(0, 6),
    st.sampled_from([FLOOD, FLOOD_AGAIN, FLOOD_IN_GERMAN, MUSEUM, ("More soon", "More soon.")]),
    st.sampled_from([0, 1, 5, 10]),  # a week in all: nothing is forgotten
    st.sampled_from(["revised", "revised", "withdrawn"]),
    st.sampled_from(["en", "en", "de"]),
)


@given(st.lists(STEP, max_size=16))
@settings(max_examples=25, deadline=None)
def test_versions_have_no_gaps_and_every_article_is_in_one_story(steps):
    """Whatever comes: a story's first record is its creation, versions count up one by one, and what they add up to is the articles."""
    partition = Partition()
    partition.handler = Small()
    revisions: dict[int, int] = {}
    stories: dict[str, int] = {}
    members: dict[str, list[str]] = {}
    alive: set[str] = set()
    for name, text, hours, change, language in steps:
        revisions[name] = revisions.get(name, 0) + 1
        now = change if revisions[name] > 1 else "new"
        fields = {"sections": ()} if now == "withdrawn" else {}
        emits = partition.send(
            f"n{name}",
            text,
            revision=revisions[name],
            change=now,
            after=hours * HOUR,
            language=language,
            **fields,
        )
        (alive.discard if now == "withdrawn" else alive.add)(f"n{name}")
        for emit in emits:
            story = emit.data
            assert story.version == stories.get(story.story_id, 0) + 1
            assert (story.version == 1) == (story.story_id not in stories)
            assert story.version > 1 or story.change == "created"
            assert story.article_count == len(story.members) <= 5
            assert len({member.source for member in story.members}) == story.source_count
            stories[story.story_id] = story.version
            members[story.story_id] = [member.source for member in story.members]
        held = [source for sources in members.values() for source in sources]
        assert len(held) == len(set(held))
        assert alive <= set(held)
