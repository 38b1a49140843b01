"""Stories name the articles in other languages that their members are versions of."""

from __future__ import annotations

from typing import Any

import pytest
from story_partition import Partition, only

from schemas.ids import article_id

FLOOD = {
    "herald": (
        "Dozens rescued as river Sorne floods Talmar",
        """Boats brought more than fifty people out of flooded houses in Talmar on Monday after the river Sorne burst its banks. Water
        stood a metre high in the old town, mayor Edda Holm said. Schools in Talmar stay closed until Thursday.""",
    ),
    "radio": (
        "Mayor of Talmar calls for help after flood",
        """Edda Holm, the mayor of Talmar, has asked for soldiers and pumps after the flood of the river Sorne. Boats have rescued families
        from the roofs of their houses in the old town, she said, and the Sorne is still rising.""",
    ),
    "tribune": (
        "Talmar under water after the Sorne bursts its banks",
        """The town of Talmar woke up to flooded streets. Boats rescued people from their homes in the old town, and mayor Edda Holm asked
        everyone to stay away, where the river Sorne rose by three metres in one night.""",
    ),
}
MUSEUM = (
    "Museum buys nine hundred maps of the northern coast",
    "A museum in the customs house has bought a collection of hand drawn maps from the heirs of a surveyor, director Jon Dahl said.",
)


def id_of(name: str) -> str:
    return article_id(url=f"https://news.example/{name}")


def named(*names: str) -> tuple[dict[str, Any], ...]:
    how = {"language": "de", "role": "version", "found_in": "hreflang", "confidence": 0.9}
    return tuple({"article_id": id_of(name), "url": f"https://news.example/{name}", **how} for name in names)


def told(story: Any) -> list[tuple[str, str]]:
    return [(each.member_id, each.article_id) for each in story.translations or ()]


@pytest.fixture
def partition() -> Partition:
    return Partition()


def test_a_story_names_what_its_members_name(partition):
    first = only(partition.send("herald", FLOOD["herald"], translations=named("bote")))
    assert told(first) == [(id_of("herald"), id_of("bote"))]
    assert (first.translations[0].language, first.translations[0].role) == ("de", "version")
    assert told(only(partition.send("radio", FLOOD["radio"]))) == told(first)
    grown = only(partition.send("tribune", FLOOD["tribune"], translations=named("bote", "zeitung")))
    assert told(grown) == [
        *told(first),
        (id_of("tribune"), id_of("bote")),
        (id_of("tribune"), id_of("zeitung")),
    ]


def test_a_revision_names_anew_and_a_withdrawal_forgets(partition):
    partition.send("herald", FLOOD["herald"], translations=named("bote"))
    partition.send("radio", FLOOD["radio"])
    revised = only(
        partition.send("herald", FLOOD["herald"], revision=2, change="revised", translations=named("zeitung"))
    )
    assert told(revised) == [(id_of("herald"), id_of("zeitung"))]
    partition.forget_views()
    assert told(only(partition.send("tribune", FLOOD["tribune"]))) == told(revised)
    gone = only(partition.send("herald", FLOOD["herald"], revision=3, change="withdrawn", sections=()))
    assert gone.translations is None
    assert not [key for key in partition.state.data if key.startswith("v")]


def test_without_any_nothing_is_kept(partition):
    assert only(partition.send("herald", FLOOD["herald"])).translations is None
    assert not [key for key in partition.state.data if key.startswith("v")]


def test_related_translations_are_not_kept_apart_as_templates_are(partition):
    first = only(partition.send("herald", FLOOD["herald"]))
    related = ({"article_id": id_of("herald"), "relation": "translation-suspected", "score": 0.9},)
    assert only(partition.send("radio", FLOOD["radio"], related=related)).story_id == first.story_id
    template = ({"article_id": id_of("herald"), "relation": "same-template", "score": 0.9},)
    assert only(partition.send("tribune", FLOOD["tribune"], related=template)).story_id != first.story_id


def test_an_article_that_claims_all_others_is_bounded(partition):
    claimed = named(*(f"other{n}" for n in range(300)))
    story = only(partition.send("herald", FLOOD["herald"], translations=claimed))
    assert len(story.translations) == 40
    (size,) = (len(value) for key, value in partition.state.data.items() if key.startswith("v"))
    assert size <= 40 * 20 + 1
    for number, name in enumerate(("radio", "tribune")):
        story = only(
            partition.send(name, FLOOD[name], translations=named(*(f"{number}-{n}" for n in range(40))))
        )
    assert len(story.translations) == 100
    assert told(only(partition.send("museum", MUSEUM))) == []
