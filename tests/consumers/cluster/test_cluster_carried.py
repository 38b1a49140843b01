"""Copies reach the story: who carries a member, who had it first, how many outlets, how many sources."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_partition import BUDGET, FERRY, FERRY_AGAIN, FERRY_THIRD, HOUR, START, Partition, only

from consumers import packing
from consumers.cluster.carriers import Carriers
from consumers.cluster.memory import Memory
from newswire.errors import StateFormatError
from newswire.event import Emit, Event
from schemas.carried.model import Carried
from schemas.core.lineage import RecordRef
from schemas.ids import article_id
from schemas.purge.model import Purge


class Story(Partition):
    """A partition that also hears of copies."""

    def carry(
        self,
        original: str,
        copy: str,
        *,
        outlet: str | None = None,
        after: timedelta = timedelta(0),
        ended: bool = False,
        **fields: Any,
    ) -> list[Emit]:
        self.now += after
        carrier = {
            "source": {"name": outlet or copy, "kind": "files"},
            "verdict": "exact",
            "captured_at": self.now,
        }
        place = {"topic": "news.raw.v1", "partition": 0, "offset": self.offset}
        told = Carried.model_validate(
            {
                "original_id": of(original),
                "article_id": of(copy),
                "carrier": None if ended else carrier | fields,
                "lineage": {"was_derived_from": place, "was_generated_by": ()},
            }
        )
        ref = RecordRef(topic="news.articles.v1", partition=0, offset=self.offset)
        self.offset += 1
        at = round(self.now.timestamp() * 1000)
        return self.written(
            list(
                self.handler.handle(
                    Event("carried", "c", told.original_id, told.to_data(), ref, at), self.state
                )
            )
        )

    def purge(self, **named: Any) -> list[Emit]:
        data = asked(self, **named).to_data()
        ref = RecordRef(topic="news.articles.v1", partition=0, offset=self.offset)
        return list(
            self.handler.handle(
                Event("purge", "p", "", data, ref, round(self.now.timestamp() * 1000)), self.state
            )
        )

    def memory(self) -> Memory:
        return self.state.view(self.handler._build)


@pytest.fixture
def story() -> Story:
    return Story()


def of(name: str) -> str:
    return article_id(url=f"https://news.example/{name}")


def asked(story: Story, **named: Any) -> Purge:
    at = {"purge_id": "0b6d8a526f0e", "at": story.now, "reason": "x", "requested_by": "y"}
    return Purge.model_validate(at | named)


def counts(event: Any) -> tuple[int, int, int]:
    return event.source_count, event.outlet_count, event.independent_source_count


def test_five_outlets_with_one_agency_text_are_one_source(story):
    assert counts(only(story.send("herald", FERRY, agency="AP"))) == (1, 1, 1)
    for name in ("tribune", "radio", "post", "globe"):
        told = only(story.carry("herald", name, after=HOUR))
        assert (told.change, told.carriers_change, told.article_id) == ("updated", "more", of(name))
    assert counts(told) == (1, 5, 1)
    assert (told.version, len(told.members), told.headline) == (5, 1, FERRY[0])
    (shared,) = told.syndication
    assert (shared.agency, shared.article_id, shared.earliest_at) == ("AP", of("herald"), START)
    assert shared.outlets == ("herald", "tribune", "radio", "post", "globe")
    assert (shared.outlet_count, shared.article_count, shared.copy_count) == (5, 1, 4)
    assert told.lineage.was_generated_by[-1].stage == "cluster"


def test_an_outlet_that_is_known_to_carry_it_is_not_told_again(story):
    story.send("herald", FERRY)
    assert len(story.carry("herald", "post-1", outlet="post")) == 1
    assert story.carry("herald", "post-2", outlet="post") == []
    assert story.carry("herald", "post-1", outlet="post", verdict="near") == []
    assert story.carry("herald", "herald-2", outlet="herald") == [], "its own article once more"
    told = only(story.send("radio", FERRY_AGAIN))
    (shared,) = told.syndication
    assert (shared.agency, shared.outlets, shared.copy_count) == (None, ("herald", "post"), 2)
    assert counts(told) == (2, 3, 2)
    assert told.carriers_change is None


def test_the_earliest_known_is_a_copy_that_says_so(story):
    story.send("herald", FERRY, published_at=START, published_precision="minute")
    minute = {"published_precision": "minute"}
    told = only(story.carry("herald", "late", published_at=START - HOUR, **minute))
    assert told.syndication[0].article_id == of("herald"), "it does not precede: deduplicate knows better"
    first = {"published_at": START - 2 * HOUR, "precedes_original": True, **minute}
    told = only(story.carry("herald", "wire", after=HOUR, **first))
    (shared,) = told.syndication
    assert (shared.article_id, shared.earliest_at) == (of("wire"), START - 2 * HOUR)
    assert shared.precedes_original is True
    assert shared.outlets == ("wire", "herald", "late")
    # Who had it first is who tells it: with its own article it is no second source.
    assert counts(only(story.send("wire", FERRY_AGAIN))) == (2, 3, 1)


def test_a_copy_may_know_whose_text_it_is(story):
    story.send("herald", FERRY)
    excerpt = only(story.carry("herald", "radio", verdict="excerpt", agency="AP", after=HOUR))
    assert excerpt.syndication[0].agency is None, "only a part of it is known to be theirs"
    assert only(story.carry("herald", "post", agency="AP", after=HOUR)).syndication[0].agency == "AP"
    told = only(story.send("tribune", FERRY_AGAIN, agency="ap", after=HOUR))
    assert counts(told) == (2, 4, 1)
    (shared,) = told.syndication
    assert (shared.article_count, shared.copy_count) == (2, 2)
    assert shared.outlets == ("herald", "radio", "post", "tribune")


def test_what_an_agency_publishes_under_its_own_name_is_carried_by_nobody_yet(story):
    """`LONDON (Reuters) -` stands in Reuters's own articles too: without an outlet the event broke the contract, and was rejected."""
    told = only(story.send("reuters", FERRY, agency="Reuters"))
    assert (counts(told), told.syndication) == ((1, 1, 1), ())
    told = only(
        story.send("reuters-2", FERRY_AGAIN, source={"name": "reuters", "kind": "files"}, agency="Reuters")
    )
    assert (counts(told), told.syndication) == ((1, 1, 1), ())
    (shared,) = only(story.carry("reuters", "post", agency="Reuters")).syndication
    assert (shared.agency, shared.outlets, shared.article_count) == ("Reuters", ("post",), 2)


def test_the_agency_is_no_outlet_of_its_own_text(story):
    wires = {"name": "wires", "kind": "wires", "publisher": "AP"}
    story.send("ap-wire", FERRY, source=wires)
    told = only(story.carry("ap-wire", "post", agency="AP"))
    (shared,) = told.syndication
    assert (shared.agency, shared.article_id, shared.outlets) == ("AP", of("ap-wire"), ("post",))
    assert counts(told) == (1, 2, 1)
    story.send("herald", FERRY_AGAIN, agency="AP")
    assert counts(only(story.send("radio", FERRY_THIRD))) == (3, 4, 2)


def test_a_copy_of_an_article_that_nobody_knows_changes_nothing(story):
    story.send("herald", FERRY)
    before = {key: value for key, value in story.state.data.items() if key != "c"}
    assert story.carry("nobody", "post") == []
    assert story.carry("nobody", "post", ended=True) == []
    assert story.carry("herald", "post", ended=True) == []
    assert {key: value for key, value in story.state.data.items() if key != "c"} == before


def test_a_copy_that_is_none_any_more_is_forgotten(story):
    story.send("herald", FERRY)
    story.carry("herald", "post")
    story.carry("herald", "radio-1", outlet="radio")
    story.carry("herald", "radio-2", outlet="radio")
    told = only(story.carry("herald", "post", ended=True))
    assert (told.change, told.carriers_change, counts(told)) == ("updated", "fewer", (1, 2, 1))
    assert story.carry("herald", "radio-1", outlet="radio", ended=True) == [], "the other copy is there"
    told = only(story.carry("herald", "radio-2", outlet="radio", ended=True))
    assert (told.syndication, counts(told)) == ((), (1, 1, 1))
    assert not [key for key in story.state.data if key.startswith("k")]


@pytest.mark.parametrize("first", ["own", "ended"])
def test_a_copy_that_splits_is_a_member_whatever_comes_first(story, first):
    """Its own article comes through another partition than what is said behind its original."""
    story.send("herald", FERRY)
    story.carry("herald", "post")
    if first == "own":
        told = only(story.send("post", FERRY_AGAIN))
        assert counts(told) == (2, 2, 2)
        told = only(story.carry("herald", "post", ended=True))
    else:
        story.carry("herald", "post", ended=True)
        told = only(story.send("post", FERRY_AGAIN))
    assert (counts(told), told.syndication) == ((2, 2, 2), ())


def test_copies_go_with_their_member_when_stories_merge_and_split(story, monkeypatch):
    monkeypatch.setattr("consumers.cluster.placing.choose", lambda *_: [])
    monkeypatch.setattr("consumers.cluster.handler.same_event", lambda *_: None)
    story.send("herald", FERRY)
    story.send("tribune", FERRY_AGAIN, after=HOUR)
    monkeypatch.undo()
    story.carry("herald", "post")
    story.carry("tribune", "globe")
    merged, _ = (emit.data for emit in story.send("radio", FERRY_THIRD, after=HOUR))
    assert (merged.change, counts(merged)) == ("merged", (3, 5, 3))
    assert {shared.outlets for shared in merged.syndication} == {("herald", "post"), ("tribune", "globe")}
    split, created = (emit.data for emit in story.send("herald", BUDGET, revision=2, change="revised"))
    assert counts(split) == (2, 3, 2)
    assert (counts(created), created.syndication[0].outlets) == ((1, 2, 1), ("herald", "post"))
    story.forget_views()
    assert counts(only(story.carry("herald", "third"))) == (1, 3, 1)


def test_copies_of_what_is_withdrawn_go_with_it(story):
    story.send("herald", FERRY)
    story.carry("herald", "post")
    story.send("tribune", FERRY_AGAIN)
    told = only(story.send("herald", FERRY, revision=2, change="withdrawn", sections=()))
    assert (told.change, told.syndication, counts(told)) == ("shrunk", (), (1, 1, 1))
    assert story.carry("herald", "radio") == []
    assert not [key for key in story.state.data if key.startswith("k")]


@pytest.mark.parametrize(
    "named",
    [
        {"kind": "publisher", "name": " POST "},
        {"kind": "article", "name": of("post")},
        {"kind": "url", "name": "https://news.example/post", "article_ids": (of("post"),)},
    ],
    ids=["publisher", "article", "url"],
)
def test_purged_copies_leave_their_story(story, named):
    story.send("herald", FERRY)
    story.carry("herald", "post")
    story.carry("herald", "radio")
    meant = asked(story, **named)
    assert story.handler.remembers(meant, story.state) == [of("post")]
    (emit,) = story.purge(**named)
    assert (emit.data.change, emit.data.carriers_change, counts(emit.data)) == ("updated", "fewer", (1, 2, 1))
    assert b"post" not in orjson.dumps(emit.data.to_data() | {"article_id": ""})
    assert story.handler.remembers(meant, story.state) == []
    assert story.carry("herald", "post", ended=True) == [], "told before deduplicate says it"
    assert story.purge(**named) == []


def test_a_purge_of_a_member_takes_its_copies_along_and_tells_the_story_once(story):
    story.send("herald", FERRY)
    story.carry("herald", "tribune-2", outlet="tribune")
    story.send("tribune", FERRY_AGAIN)
    story.carry("tribune", "herald-2", outlet="herald")
    (emit,) = story.purge(kind="publisher", name="tribune")
    assert (emit.data.change, counts(emit.data), emit.data.syndication) == ("shrunk", (1, 1, 1), ())
    assert not [key for key in story.state.data if key.startswith("k")]
    (emit,) = story.purge(kind="publisher", name="herald")
    assert (emit.event, emit.data) == ("story", None)


def test_what_is_kept_is_bounded(story):
    story.send("herald", FERRY)
    for number in range(230):
        story.carry("herald", f"copy-{number}", outlet=f"outlet-{number}")
    for number in range(9):
        story.carry("herald", f"again-{number}", outlet="outlet-3")
    told = only(story.send("tribune", FERRY_AGAIN))
    (shared,) = told.syndication
    assert (shared.outlet_count, len(shared.outlets), shared.copy_count) == (201, 50, 203)
    assert told.outlet_count == 202
    assert sum(emit.event == "story" for emit in story.emitted) == 202, "one event for each outlet"


def test_what_is_kept_of_a_story_is_bounded(story):
    story.handler.rules = replace(story.handler.rules, most_copies_of_story=5)
    story.handler._build = partial(Memory.build, story.handler.rules)
    story.send("herald", FERRY)
    story.send("tribune", FERRY_AGAIN)
    for number in range(4):
        story.carry("herald", f"h-{number}")
        story.carry("tribune", f"t-{number}")
    assert sum(key.startswith("k") for key in story.state.data) == 5
    assert story.carry("tribune", "t-0", ended=True)
    assert story.carry("tribune", "t-9"), "there is room again"


def test_a_copy_takes_few_bytes(story):
    story.send("herald", FERRY)
    for number in range(100):
        story.carry("herald", f"copy-{number}", outlet=f"outlet-{number}", agency="AP")
    sizes = [len(key) + len(value) for key, value in story.state.data.items() if key.startswith("k")]
    assert len(sizes) == 100
    assert max(sizes) <= 56


def test_a_closed_story_stays_closed_and_knows_what_came_later(story):
    story.send("herald", FERRY)
    story.send("budget", BUDGET, after=80 * HOUR)
    assert story.emitted[-1].data.closed_because == "window"
    assert story.carry("herald", "post") == []
    told = only(story.send("herald", FERRY, revision=2))
    assert counts(told) == (1, 2, 1)


def test_copies_end_with_their_story(story):
    story.send("herald", FERRY)
    story.carry("herald", "post")
    for day in range(9):
        story.send(f"d{day}", (f"Day {day}", f"Word{day} says nothing of yesterday's maps."), after=24 * HOUR)
    assert not [key for key in story.state.data if key.startswith("k")]
    assert story.memory().carriers.of(of("herald")) == []


def test_state_of_another_format_is_refused_with_what_to_do(story):
    story.send("herald", FERRY)
    story.carry("herald", "post")
    key = next(key for key in story.state.data if key.startswith("k"))
    story.state.put(key, b"\x01" + story.state.data[key][1:])
    story.forget_views()
    with pytest.raises(StateFormatError, match="format 1, this code reads 0: start the stage with"):
        story.carry("herald", "radio")


STEP = st.tuples(
    st.sampled_from(["send", "carry", "carry", "carry", "end", "withdraw"]),
    st.integers(0, 3),
    st.integers(0, 5),
)
TEXTS = [FERRY, FERRY_AGAIN, FERRY_THIRD, BUDGET]


@given(st.lists(STEP, max_size=25), st.sets(st.integers(0, 25)))
@settings(max_examples=40, deadline=None)
def test_same_input_same_bytes_and_the_index_is_only_a_cache(steps, forgetting):
    stories = Story(), Story()
    revisions: dict[int, int] = {}
    for number, (what, article, copy) in enumerate(steps):
        if what in ("send", "withdraw"):
            revisions[article] = revisions.get(article, 0) + 1
        if number in forgetting:
            stories[1].forget_views()
        for story in stories:
            match what:
                case "send" | "withdraw":
                    revision = revisions[article]
                    change = "withdrawn" if what == "withdraw" else "revised" if revision > 1 else "new"
                    sections = {"sections": ()} if what == "withdraw" else {}
                    text = TEXTS[(article + revision // 3) % len(TEXTS)]
                    story.send(f"n{article}", text, after=HOUR, revision=revision, change=change, **sections)
                case _:
                    agency = {"agency": "AP"} if copy == 4 else {}
                    early = {"published_at": START, "precedes_original": True} if copy == 5 else {}
                    story.carry(f"n{article}", f"c{copy}", ended=what == "end", **agency, **early)
    assert stories[0].log() == stories[1].log()
    assert stories[0].state.data == stories[1].state.data
    kept = {packing.long(key[1:23]) for key in stories[0].state.data if key.startswith("k")}
    assert kept <= {placed.article_id for placed in stories[0].memory().all_articles(stories[0].state)}


def test_the_order_in_which_copies_come_counts_for_nothing(story):
    copies = [("a", START), ("b", START - HOUR), ("c", START - 3 * HOUR), ("d", START + HOUR)]
    told = []
    for seed in range(4):
        random.Random(seed).shuffle(copies)
        other = Story()
        other.send("herald", FERRY, published_at=START, published_precision="minute")
        other.now += 5 * HOUR
        for name, at in copies:
            last = only(other.carry("herald", name, **_published(at)))
        told.append((last.syndication, counts(last)))
    assert told == [told[0]] * 4
    assert told[0][0][0].outlets == ("c", "b", "herald", "a", "d")


def _published(at: datetime) -> dict[str, Any]:
    precedes = {"precedes_original": True} if at < START else {}
    return {"published_at": at, "published_precision": "minute", **precedes}


def test_an_index_answers_as_the_one_it_was_built_from(story):
    story.send("herald", FERRY)
    story.carry(
        "herald", "post", agency="AP", verdict="excerpt", published_at=START - HOUR, precedes_original=True
    )
    story.carry("herald", "radio")
    memory = story.memory()
    built = Carriers.build(memory.rules, story.state)
    assert built.of(of("herald")) == memory.carriers.of(of("herald"))
    first, second = built.of(of("herald"))
    assert (memory.source_name(first.source), first.whole, first.precedes) == ("post", False, True)
    assert (first.agency, second.agency, second.whole, second.precedes) == ("AP", "", True, False)
