"""Where a text stands, out of the topic: copies, excerpts and revisions, and nothing that only speaks of the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_pipeline import SmallPipeline

from newswire import topology
from newswire.errors import UsageError
from newswire.log.contract import Outgoing
from newswire.same_text import find

TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired."""
OTHER = "A choir of fishermen will open the summer festival with songs that nobody has heard since the school closed its doors."
PASSAGE = "ask for their 24.50 crowns back"


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    made.publish("whole", TEXT)
    made.publish("copy", TEXT.splitlines()[1], source="mail")
    made.publish("other", OTHER)
    made.run()
    yield made
    made.close()


def test_a_passage_is_found_in_all_that_carry_it_the_most_first(pipeline: SmallPipeline) -> None:
    found = find(pipeline.log, PASSAGE.upper())
    assert [(each.source, each.of_text) for each in found] == [("mail", 1.0), ("herald", 1.0)]
    # The shorter one has more of its own words in the text.
    assert found[0].of_article > found[1].of_article > 0
    assert [each.source for each in find(pipeline.log, PASSAGE, source="herald")] == ["herald"]


def test_what_is_only_part_of_the_text_is_found_too(pipeline: SmallPipeline) -> None:
    whole, part = find(pipeline.log, TEXT)
    assert (whole.source, whole.of_text, whole.of_article) == ("herald", 1.0, 1.0)
    assert (part.source, part.of_article) == ("mail", 1.0)
    assert 0 < part.of_text < 0.5
    assert [each.source for each in find(pipeline.log, OTHER + " " + PASSAGE, least=0.5)] == ["herald"]


def test_of_several_captures_the_one_that_has_most_is_told_once(pipeline: SmallPipeline) -> None:
    pipeline.publish("other", OTHER + " They will sing again on Sunday in the old theatre of the town.")
    pipeline.run()
    (found,) = find(pipeline.log, "They will sing again on Sunday in the old theatre")
    assert (found.of_text, found.headline) == (1.0, find(pipeline.log, OTHER)[0].headline)


def test_nothing_is_found_where_nothing_is(pipeline: SmallPipeline) -> None:
    assert find(pipeline.log, "Words that stand in none of these articles, whatever one may say") == []
    for short in ("", "two words", " \n "):
        with pytest.raises(UsageError, match="at least 3 words"):
            find(pipeline.log, short)


def test_what_was_purged_is_not_shown(pipeline: SmallPipeline) -> None:
    (gone,) = find(pipeline.log, TEXT, source="mail")
    topic = topology.topic("unique").name
    partition = topology.partition_for(gone.article_id, pipeline.log.topics()[topic])
    word = b'{"revision":{"purge":{"purge_id":"0b6d8a526f0e"}}}'
    pipeline.write(Outgoing(topic, partition, gone.article_id.encode(), word, 0))
    assert [each.source for each in find(pipeline.log, TEXT)] == ["herald"]
