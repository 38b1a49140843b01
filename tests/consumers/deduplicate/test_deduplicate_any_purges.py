"""Captures and purges in any order: the index and what a process remembers are caches, and what is told of copies is what is remembered."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from consumers import packing
from consumers.deduplicate import memory, words
from consumers.deduplicate.record import Known, Status, article_id_of
from schemas.ids import article_id
from schemas.purge.model import Purge

HOUR = timedelta(hours=1)
STEPS = 80
TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired."""
OTHER = """A choir of fishermen from the outer islands will open the summer festival with songs that have not been heard in public for long.
The songs were found in a notebook in the attic of a school that was closed four years ago, written down by a teacher."""
TEXTS = (TEXT, TEXT.replace("3 of 11", "4 of 11"), f"{TEXT}\n{OTHER}", OTHER, TEXT.split("\n")[1], "Short.")
IMPRINT = """
The Ellery Herald is published by Saltby Media, 12 Harbour Street, Ellery. Readers can write to the editor at the desk in Ellery."""
HEADLINES = ("A headline", "UPDATE 2-A headline", "Retraction: A headline", "Editor's note on “A headline”")
ADDRESSES = (
    "https://news.example/world/ferry-leaves-early-{0}",
    "https://news.example/world/islanders-are-angry-{0}",
    "https://news.example/{0}",
)
NAMES = ("choir", "train", "bridge", "vote", "storm", "harbour", "school", "market", "quay", "island")


def capture(rng, now):
    url = rng.choice(ADDRESSES).format(rng.choice(NAMES))
    published = now.replace(second=rng.choice((0, 17))) - rng.choice((0, 24)) * HOUR
    return rng.choice(TEXTS) + rng.choice(("", IMPRINT)), {
        "url": url,
        "article_id": article_id(url=url),
        "source": rng.choice(("herald", "post")),
        "headline": rng.choice(HEADLINES),
        "embargo": rng.choice((None, None, None, now + 3 * HOUR)),
        "published_at": published,
        "published_precision": rng.choice(("second", "minute", "day")),
        "guid": rng.choice(("g1", "g2", url)),
    }


def purge(rng, now, number, url):
    named = {"purge_id": f"{number:012}", "at": now, "reason": "by letter", "requested_by": "legal"}
    what = rng.choice(
        (
            {"kind": "url", "name": url, "article_ids": (article_id(url=url),)},
            {"kind": "article", "name": article_id(url=url)},
            {"kind": "publisher", "name": "post"},
        )
    )
    return Purge(**named, **what, refuse_later=rng.random() < 0.5).to_data()


def play(partition, seed, forgets=frozenset()):
    """Send captures, ticks and purges within the thirty days for which a copy is remembered."""
    rng, sent = random.Random(seed), ["https://news.example/train"]
    for number in range(STEPS):
        if number in forgets:
            partition.forget_views()
        partition.now += rng.choice((0, 0, 1, 7)) * HOUR
        if rng.random() < 0.06:
            partition.put("purge", purge(rng, partition.now, number, rng.choice(sent)), partition.now)
        elif rng.random() < 0.1:
            partition.tick(after=rng.choice((0, 7, 30)) * HOUR)
        else:
            text, fields = capture(rng, partition.now)
            sent.append(fields["url"])
            partition.send("x", text, **fields)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_remembered_in_memory_is_only_a_cache(new_partition, seed, monkeypatch):
    kept, again = new_partition(), new_partition()
    play(kept, seed)
    monkeypatch.setattr(words, "_MOST_CHUNKS", 3)
    monkeypatch.setattr(memory, "_unpacked", memory._unpacked.__wrapped__)
    play(again, seed, frozenset(random.Random(-seed).sample(range(STEPS), 20)))
    assert again.log() == kept.log()
    assert again.state.data == kept.state.data
    assert again.refused == kept.refused


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_of_copies_is_what_is_remembered_whatever_is_purged(new_partition, seed):
    partition = new_partition()
    play(partition, seed)
    heard = set()
    for emit in partition.emitted:
        if emit.event == "carried":
            (heard.add if emit.data.carrier else heard.discard)((emit.key, emit.data.article_id))
        elif emit.event == "unique" and emit.data.revision.purge:
            heard = {each for each in heard if each[0] != emit.key}  # its copies go with it
    known = (Known.unpack(article_id_of(key), value) for key, value in partition.state.scan("d"))
    copies = {
        (packing.long_raw(each.copy_of), each.article_id) for each in known if each.status is Status.COPY
    }
    assert heard == copies
    assert any(emit.event == "carried" and not emit.data.carrier for emit in partition.emitted)
