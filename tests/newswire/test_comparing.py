"""Two articles compared by the rules of deduplicate: what is said fits both texts and the stage's own decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_pipeline import SmallPipeline

from newswire.comparing import captured, compare
from newswire.envelope import Encoder
from newswire.errors import NewswireError
from newswire.event import Emit
from schemas.ids import article_id
from schemas.normalized.model import Normalized

TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired."""


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    yield made
    made.close()


def pair(pipeline: SmallPipeline, one: str, other: str) -> list[Normalized]:
    for name, text in (("a", one), ("b", other)):
        pipeline.publish(name, text)
    pipeline.run()
    asked = [article_id(source="herald", guid=name) for name in "ab"]
    found = captured(pipeline.log, asked)
    return [found[each] for each in asked]


def test_a_copy(pipeline: SmallPipeline) -> None:
    found = compare(
        *pair(pipeline, TEXT, TEXT.replace("24.50", "42.50") + " The council talks about it on Thursday.")
    )
    assert (found["decision"]["event"], found["decision"]["verdict"]) == ("duplicate", "near")
    assert found["containment"]["one_in_other"] == 1
    assert 0.8 < found["containment"]["other_in_one"] < 1
    differs = [each for each in found["facts"]["in_the_same_place"] if not each["agree"]]
    assert [(each["one"]["text"], each["other"]["text"]) for each in differs] == [("24.50", "42.50")]
    assert found["facts"]["numbers"] == {"agree": 2, "differ": 1}
    for passage in found["passages"]:
        assert len(passage["one"]["text"].split()) <= passage["words"] + 3
        assert passage["one"]["text"] in TEXT


def test_what_is_no_copy(pipeline: SmallPipeline) -> None:
    other = "A choir of fishermen will open the summer festival with songs that nobody has heard since the school closed its doors."
    found = compare(*pair(pipeline, TEXT, other))
    assert (found["decision"]["event"], found["decision"]["revision"]["change"]) == ("unique", "new")
    assert (found["shingles"]["shared"], found["passages"], found["facts"]["in_the_same_place"]) == (
        0,
        [],
        [],
    )


def test_a_revision(pipeline: SmallPipeline) -> None:
    (one, _) = pair(pipeline, TEXT, "x")
    found = compare(one, one.model_copy(update={"headline": "Another", "content_hash": "0" * 64}))
    assert found["decision"]["revision"]["change"] == "revised"


def test_an_address_is_asked_for_as_captured(pipeline: SmallPipeline) -> None:
    (one, _) = pair(pipeline, TEXT, "x")
    address = "https://news.example/ferry"
    data = one.model_copy(update={"url": address, "article_id": article_id(url=address)})
    made = Encoder("normalize", pipeline.log.topics()).record(
        Emit("normalized", data.article_id, data, "en"),
        data.to_data(),
        event_id="n",
        timestamp_ms=0,
        now=data.captured_at,
    )
    pipeline.write(made)
    found = captured(pipeline.log, ["HTTPS://news.example/ferry?utm_source=x"])
    assert found.popitem()[1].article_id == data.article_id


def test_a_guid_is_asked_for_as_trace_takes_it(pipeline: SmallPipeline) -> None:
    pair(pipeline, TEXT, "x")
    found = captured(pipeline.log, ["a", "b"])
    assert {name: each.guid for name, each in found.items()} == {"a": "a", "b": "b"}


def test_what_is_not_there(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", TEXT)
    pipeline.run()
    with pytest.raises(NewswireError, match=r"no article 'nothing' is on news\.normalized\.v1"):
        captured(pipeline.log, ["nothing"])
