"""Pages, feeds' items and agencies' items of a few articles in any order: addresses flip, versions cross, publishers kill and embargo."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from schemas.ids import article_id

HOUR = timedelta(hours=1)
WIRE = """SALTBY (Norvik) - A freight train carrying timber left the rails near Saltby early on Tuesday, blocking the main line to the coast
for most of the day, the railway operator said. Eleven of the train's 26 wagons came off the track at about 4.20 a.m.
"We heard a noise like thunder and then it was completely silent," said Agnes Holm, a farmer who lives beside the line.
A spokesman for the operator, Piet Brandt, said that the track was damaged over 600 metres and would be closed until the weekend."""
DIARY = """A choir of fishermen from the outer islands will open the summer festival with songs that have not been heard in public for long.
The songs were found in a notebook in the attic of a school that was closed four years ago, written down by a teacher."""
MARKET = """Shares in Ellery closed {0} on {1}, with the EX 20 index ending at {2} points, {3} percent from Friday, as investors weighed
earnings. Turnover was {4} million crowns. The crown traded at {5} against the euro, and Brent crude stood at {6} dollars."""
MONDAY = MARKET.format("higher", "Monday", "1,482.16", "0.8", "312", "11.42", "81.30")
TUESDAY = MARKET.format("lower", "Tuesday", "1,469.02", "0.9", "298", "11.45", "80.10")
TEXTS = (
    WIRE,
    DIARY,
    MONDAY,
    TUESDAY,
    "Short text.",
    "",
    "1 2 3 " * 40,
    "\0 \u200d",
    "警察说今天上午在北京发生一起交通事故造成三人受伤" * 3,
)
EDITS = (
    str,
    str.upper,
    lambda text: text + "\nAdded: " + DIARY[:200],
    lambda text: text.replace("6", "7"),
    lambda text: "\n".join(text.split("\n")[1:]),
    lambda text: "This article was corrected: the name.\n" + text,
)
HEADLINES = (
    "A headline",
    "CORRECTED-A headline",
    "UPDATE 2-A headline",
    "WITHDRAWN-A headline",
    "Retraction: A headline",
    "Morning briefing",
)
ADDRESSES = (
    "https://news.example/2026/{0}-one",
    "http://m.news.example/2026/{0}-two",
    "https://other.example/{0}",
)
STATUSES = ("usable",) * 8 + ("canceled", "withheld")


def capture(rng, now):
    number = rng.randrange(6)
    text = rng.choice(EDITS)(TEXTS[(number + rng.choice((0, 0, 0, 1, 2))) % len(TEXTS)])
    fields = {
        "at": now - rng.choice((0, 0, 0, 3, 200)) * HOUR,
        "headline": rng.choice(HEADLINES),
        "source": rng.choice(("herald", "herald", "post")),
        "status": rng.choice(STATUSES),
        "embargo": rng.choice((None, None, None, now + 3 * HOUR, now + 40 * HOUR)),
    }
    if rng.random() < 0.3:
        uri = f"urn:x:{number % 3}"
        version = rng.choice((None, "1", "2", "3", "1.2", "x"))
        wire = {
            "format": "ninjs",
            "uri": uri,
            "version": version,
            "signals": rng.choice(([], ["correction"])),
        }
        return text, fields | {
            "article_id": article_id(source=fields["source"], guid=uri),
            "url": None,
            "wire": wire,
        }
    url = rng.choice(ADDRESSES).format(100_000 + number)
    guid = rng.choice((f"g{number}", "same", None))
    return text, fields | {"url": url, "article_id": article_id(url=url)} | ({"guid": guid} if guid else {})


def play(partition, seed, forgets):
    """Send sixty captures and ticks within the thirty days for which an article is remembered; return the captures' offsets."""
    rng, sent = random.Random(seed), []
    for number in range(60):
        if number in forgets:
            partition.forget_views()
        if rng.random() < 0.1:
            partition.tick(after=rng.choice((0, 1, 7, 30)) * HOUR)
            continue
        partition.now += rng.choice((0, 0, 0, 1, 7, 20)) * HOUR
        text, fields = capture(rng, partition.now)
        sent.append(partition.offset)
        partition.send("x", text, **fields)
    partition.tick(after=41 * HOUR)  # every embargo has ended
    return sent


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence(new_partition, seed):
    partition, again = new_partition(), new_partition()
    sent = play(partition, seed, frozenset())
    play(again, seed, frozenset(random.Random(-seed).sample(range(60), 12)))
    assert again.log() == partition.log()
    assert again.state.data == partition.state.data
    assert again.refused == partition.refused
    fates = Counter(offset for offset, _ in partition.refused)
    last, withdrawn = {}, set()
    for emit in partition.emitted:
        if emit.event not in {"unique", "duplicate"} or emit.data is None:
            continue
        fates[emit.data.lineage.was_derived_from.offset] += 1
        if emit.event == "duplicate":
            copied = emit.data.original.article_id
            assert copied == emit.key or copied not in withdrawn, "nothing is a copy of what was withdrawn"
            continue
        revision = emit.data.revision
        assert revision.number == last.get(emit.key, 0) + 1
        last[emit.key] = revision.number
        (withdrawn.add if revision.change == "withdrawn" else withdrawn.discard)(emit.key)
    waiting = sum(key.startswith("x") for key in partition.state.data)  # until their publishers release them
    assert set(fates.values()) == {1}
    assert len(sent) - len(fates) == waiting
