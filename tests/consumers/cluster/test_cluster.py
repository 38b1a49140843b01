"""Stories form, grow, shrink and end; articles about other events stay apart."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_partition import HOUR, START, Partition, only

from schemas.ids import story_id

FLOOD = {
    "herald": (
        "Dozens rescued as river Arle floods Kalvo",
        """Rescue teams in boats brought more than sixty people out of flooded houses in Kalvo on Monday after the river Arle burst its
        banks. Water stood two metres high in the old town, mayor Ulla Rask said. Schools will stay closed until Thursday.""",
    ),
    "tribune": (
        "Kalvo under water after the Arle bursts its banks",
        """The town of Kalvo woke up to flooded streets. Firefighters used boats to rescue residents from their homes, and mayor Ulla Rask
        asked everyone to avoid the old town, where the Arle rose by four metres in one night.""",
    ),
    "radio": (
        "Mayor of Kalvo calls for help after flood",
        """Ulla Rask has asked the government for soldiers and pumps after the flood that hit Kalvo. Boats have rescued families from
        the roofs of their houses, she said, and the Arle is still rising.""",
    ),
}
MUSEUM = (
    "Museum buys nine hundred maps of the northern coast",
    """A museum in the customs house has bought a collection of hand drawn maps from the heirs of a surveyor. Visitors can see a first
    part of the collection from the beginning of May, director Jon Dahl said.""",
)
OTHER_FLOOD = (
    "Heavy rain floods cellars in Ostra",
    """Firefighters in Ostra pumped water out of forty cellars after heavy rain on Sunday night. Nobody was hurt, said Piet Brandt of
    the fire brigade. The motorway to the airport was closed for two hours.""",
)


@pytest.fixture
def partition() -> Partition:
    return Partition()


def test_a_story_is_created_by_its_first_article_and_keeps_its_id(partition):
    first = only(partition.send("herald", FLOOD["herald"]))
    assert (first.change, first.version, first.source_count) == ("created", 1, 1)
    assert first.story_id == story_id(first.article_id)
    assert first.members[0].score == 1
    for version, name in enumerate(("tribune", "radio"), start=2):
        story = only(partition.send(name, FLOOD[name], after=HOUR))
        assert (story.story_id, story.change, story.version) == (first.story_id, "grown", version)
        assert story.source_count == len(story.members) == version
    assert [member.source for member in story.members] == ["herald", "tribune", "radio"]
    assert story.headline == FLOOD["herald"][0]
    assert {"kalvo", "arle", "rask"} <= {word.casefold() for word in story.keywords}
    assert story.lineage.was_generated_by[-1].stage == "cluster"


def test_other_events_are_other_stories(partition):
    stories = {
        only(partition.send(f"n{n}", text)).story_id
        for n, text in enumerate((FLOOD["herald"], MUSEUM, OTHER_FLOOD))
    }
    assert len(stories) == 3


def test_a_revision_of_a_member_updates_its_story(partition):
    first = only(partition.send("herald", FLOOD["herald"]))
    partition.send("radio", FLOOD["radio"])
    story = only(
        partition.send(
            "herald",
            ("Flood in Kalvo: army sends boats", MUSEUM[1]),
            revision=2,
            change="revised",
            after=HOUR,
        )
    )
    assert (story.story_id, story.change, story.version) == (first.story_id, "updated", 3)
    assert (story.members[0].revision, story.headline) == (2, "Flood in Kalvo: army sends boats")
    assert len(story.members) == 2


def test_a_redelivered_revision_changes_nothing(partition):
    partition.send("herald", FLOOD["herald"])
    partition.send("herald", FLOOD["herald"], revision=2, change="revised")
    for revision in (1, 2):
        assert partition.send("herald", FLOOD["herald"], revision=revision) == []


def test_withdrawn_members_shrink_and_close_a_story(partition):
    partition.send("herald", FLOOD["herald"])
    partition.send("radio", FLOOD["radio"])
    gone = {"revision": 2, "change": "withdrawn", "sections": ()}
    story = only(partition.send("herald", FLOOD["herald"], **gone))
    assert (story.change, [member.source for member in story.members]) == ("shrunk", ["radio"])
    assert story.headline == FLOOD["radio"][0]
    story = only(partition.send("radio", FLOOD["radio"], **gone))
    assert (story.change, story.members, story.source_count, story.version) == ("closed", (), 0, 4)
    assert partition.send("radio", FLOOD["radio"], **gone) == []
    assert partition.send("unknown", FLOOD["radio"], **gone) == []


def test_a_closed_story_that_comes_back_counts_on(partition):
    partition.send("herald", FLOOD["herald"])
    partition.send("herald", FLOOD["herald"], revision=2, change="withdrawn", sections=())
    story = only(partition.send("herald", FLOOD["herald"], revision=3, change="revised"))
    assert (story.change, story.version) == ("created", 3)


def test_the_window_slides_with_each_member(partition):
    partition.send("herald", FLOOD["herald"])
    assert only(partition.send("tribune", FLOOD["tribune"], after=60 * HOUR)).change == "grown"
    assert only(partition.send("radio", FLOOD["radio"], after=60 * HOUR)).change == "grown"
    assert partition.send("late", FLOOD["radio"], after=73 * HOUR)[0].data.change == "created"


def test_what_was_published_long_ago_does_not_join_a_story_of_today(partition):
    partition.send("herald", FLOOD["herald"])
    story = only(partition.send("archive", FLOOD["radio"], published_at=START - 400 * HOUR))
    assert story.change == "created"
    assert story.first_published_at == START - 400 * HOUR


def test_template_siblings_are_stories_of_their_own(partition):
    first = only(partition.send("monday", FLOOD["herald"]))
    related = ({"article_id": first.article_id, "relation": "same-template", "score": 0.9},)
    assert only(partition.send("tuesday", FLOOD["herald"], related=related)).change == "created"


def test_a_notice_belongs_to_the_story_of_the_article_that_it_is_about(partition):
    first = only(partition.send("monday", FLOOD["herald"]))
    about = ({"article_id": first.article_id, "says": "retracted", "known_by": "link"},)
    sorry = (
        "We have removed an article",
        "The quotes in it could not be confirmed, and the editors regret that very much.",
    )
    assert only(partition.send("unlinked", sorry)).change == "created"
    grown = only(partition.send("notice", sorry, notice_of=about))
    assert (grown.change, grown.story_id) == ("grown", first.story_id)


@pytest.mark.parametrize("headline", ["Tuesday, August 7, 2012", "Updated 8:41", "2005: 28"])
def test_a_date_for_a_headline_tells_of_no_event(partition, headline):
    for name in ("a", "b"):
        assert only(partition.send(name, (headline, ""), sections=())).change == "created"


def test_a_revision_that_has_hardly_a_word_stays_in_its_story(partition):
    for name, text in FLOOD.items():
        partition.send(name, text)
    revised = partition.send("radio", ("Flood", ""), revision=2, change="revised", sections=())
    assert (only(revised).change, len(only(revised).members)) == ("updated", 3)


def test_stories_do_not_cross_languages(partition):
    partition.send("herald", FLOOD["herald"])
    assert only(partition.send("radio", FLOOD["radio"], language="de")).change == "created"
    assert only(partition.send("tribune", FLOOD["tribune"], language="en-GB")).change == "grown"


def test_an_article_without_words_is_a_story_of_its_own(partition):
    for name in ("a", "b"):
        story = only(partition.send(name, ("…", "…")))
        assert (story.change, story.keywords) == ("created", ())


def test_members_listed_are_bounded(partition):
    for number in range(230):
        story = only(partition.send(f"n{number}", FLOOD["herald"]))
    assert (len(story.members), story.source_count, story.version) == (200, 230, 230)


def test_memory_ends(partition):
    for number in range(40):
        partition.send(f"n{number}", (f"Story {number}", MUSEUM[1]), after=HOUR)
    for day in range(9):
        partition.send(
            f"d{day}", (f"Day {day}", f"Word{day} says nothing of yesterday's maps."), after=24 * HOUR
        )
    kept = [key for key in partition.state.data if key.startswith(("a", "t"))]
    assert len(kept) <= 2 * 8


TEXTS = [
    *FLOOD.values(),
    MUSEUM,
    OTHER_FLOOD,
    ("Short", "Only this."),
    ("洪水", "市では洪水で住民が避難した。"),
]
STEP = st.tuples(
    st.integers(0, 5),
    st.integers(0, len(TEXTS) - 1),
    st.integers(0, 40),
    st.sampled_from(["revised", "revised", "withdrawn"]),
)


@given(st.lists(STEP, max_size=25), st.sets(st.integers(0, 25)))
@settings(max_examples=60, deadline=None)
def test_same_input_same_bytes_and_the_index_is_only_a_cache(steps, forgetting):
    """A replay writes the same bytes; an index built anew from the state decides as the one that was kept in step."""
    partitions = Partition(), Partition(), Partition()
    revisions: dict[int, int] = {}
    for number, (name, text, hours, change) in enumerate(steps):
        revisions[name] = revisions.get(name, 0) + 1
        now = {
            "revision": revisions[name],
            "change": change if revisions[name] > 1 else "new",
            "after": hours * HOUR,
        }
        if now["change"] == "withdrawn":
            now["sections"] = ()
        if number in forgetting:
            partitions[1].forget_views()
        partitions[2].forget_views()
        for partition in partitions:
            told = [emit.data for emit in partition.send(f"n{name}", TEXTS[text], **now) if emit.data]
            assert len([story for story in told if story.closed_because != "window"]) <= 2
            if text % 2:
                partition.tick(after=timedelta(hours=hours))
    assert partitions[0].log() == partitions[1].log() == partitions[2].log()
    assert partitions[0].state.data == partitions[1].state.data == partitions[2].state.data
    versions: dict[str, int] = {}
    told: set[str] = set()
    for emit in partitions[0].emitted:
        # The record of a forgotten story: once for each article of it that is withdrawn.
        if emit.data is None:
            assert emit.key in told
            versions.pop(emit.key, None)
        else:
            told.add(emit.key)
            assert emit.data.version == versions.get(emit.key, 0) + 1
            versions[emit.key] = emit.data.version


SCRIPT = """
import sys
sys.path[:0] = [{tests!r}, {support!r}]
from story_partition import Partition
from test_cluster import TEXTS
partition = Partition()
for number, text in enumerate([*TEXTS, *TEXTS]):
    partition.send(f"n{{number}}", text)
sys.stdout.buffer.write(partition.log())
"""


def test_bytes_do_not_depend_on_the_hash_seed(request):
    script = SCRIPT.format(
        tests=str(request.path.parent), support=str(request.config.rootpath / "tests" / "support")
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(request.config.rootpath)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(written) == 1
    assert written.pop()
