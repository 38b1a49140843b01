"""A later capture of a live blog tells its subscribers which updates are new and which changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from consumers.deduplicate.memory import load
from consumers.normalize.assemble import assemble
from consumers.normalize.content_hash import content_hash
from consumers.normalize.reading import read
from schemas.core.lineage import Lineage, RecordRef
from schemas.normalized.model import Section
from schemas.raw.model import Raw

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "04-live-blog"


def blog(*posts):
    sections = tuple(
        Section(heading=heading, paragraphs=(text,), post_id=id_) for id_, heading, text in posts
    )
    return {
        "sections": sections,
        "kind": "live_blog",
        "content_hash": content_hash("A headline", None, sections),
    }


def told(emits):
    (emit,) = emits
    revision = emit.data.revision
    return revision.number, revision.posts_added, revision.posts_changed


FIRST = ("p1", "Gates shut", "The gates of the lower lock were shut at nine.")
SECOND = ("p2", "Barge waits", "A barge with gravel waits outside of them.")


def test_a_first_capture_tells_nothing(partition):
    assert told(partition.send("a", **blog(FIRST))) == (1, None, None)


def test_what_is_new_and_what_changed_is_told(partition):
    partition.send("a", **blog(FIRST))
    assert told(partition.send("a", **blog(FIRST, SECOND))) == (2, ("p2",), ())
    edited = ("p1", "Gates shut", "The gates of the upper lock were shut at nine.")
    assert told(partition.send("a", **blog(edited, SECOND))) == (3, (), ("p1",))
    third = ("p3", "Gates open", "They opened at noon.")
    assert told(partition.send("a", **blog(FIRST, third))) == (4, ("p3",), ("p1",))  # one was taken out


def test_an_article_that_becomes_a_live_blog_tells_nothing_the_first_time(partition):
    partition.send("a", "The gates of the lower lock were shut at nine.")
    assert told(partition.send("a", **blog(FIRST, SECOND))) == (2, None, None)
    assert told(partition.send("a", **blog(FIRST, SECOND, ("p3", "More", "More of it.")))) == (3, ("p3",), ())


def test_what_is_remembered_comes_back_as_it_was_and_goes_with_the_article(partition):
    (emit,) = partition.send("a", **blog(FIRST, SECOND))
    known = load(partition.state, emit.data.article_id)
    assert len(known.posts) == 16
    assert replace(known).pack() == known.pack()
    partition.send("a", status="canceled")
    assert load(partition.state, emit.data.article_id).posts == b""


def test_the_seeds_grow_by_their_new_sections(partition):
    revisions = []
    for path in sorted(SEEDS.glob("*.json")):
        seed = json.loads(path.read_text(encoding="utf-8"))
        raw = Raw.from_data(
            {
                "source": {"name": seed["source"], "kind": "files"},
                "captured_at": seed["modified"],
                "media_type": "text/plain",
                "body": seed["text"],
                "url": seed["url"],
                "item": {name: seed[name] for name in ("headline", "summary", "published", "modified")},
            }
        )
        ref = RecordRef(topic="news.raw.v1", partition=0, offset=0)
        article = assemble(raw, read(raw), Lineage(was_derived_from=ref, was_generated_by=()))
        (emit,) = partition.put("normalized", article.to_data(), article.captured_at)
        ids = {section.post_id: section.heading for section in emit.data.sections}
        assert ids.pop(None) is None  # what stands before the first update
        revisions.append([ids[id_] for id_ in emit.data.revision.posts_added or ()])
    assert revisions[0] == []
    assert revisions[1] == ["School closed as wind turns"]
    assert len(revisions) >= 3
