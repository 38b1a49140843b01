"""Whatever comes: the same input gives the same bytes, every capture has one fate, and the index is only a cache of the state."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from consumers import packing
from consumers.deduplicate.record import Known, Status, article_id_of

BASE = [
    "The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.",
    "Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.",
    "The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.",
    "Mara Lindqvist, who speaks for the port, hopes that two pilots from Saltby will begin their work there in early summer.",
    "Islanders have protested: the school boat arrives at 7.40, ten minutes after the ferry is to leave under the new timetable.",
]
TEXTS = [
    "\n".join(BASE),
    "\n".join(["A new timetable angers islanders, we hear from many of them on the quay.", *BASE[1:]]),
    "\n".join(BASE[1:4]),
    "\n".join([*BASE, "The council will talk about it on Thursday at seven in the evening, in public."]),
    "\n".join(BASE).translate(str.maketrans("0123456789", "3456789012")),
    "\n".join(BASE).upper(),
    "\n".join(reversed(BASE)),
    "Short text.",
    "",
    "A text about something else altogether: choirs, bells and the price of organ pipes in the valleys of the north, told in one line.",
]
STEP = st.tuples(
    st.integers(0, 4),  # article
    st.integers(0, len(TEXTS) - 1),
    st.sampled_from([0, 0, 1, 1, 7, 30, 80, 800]),  # hours since the step before
    st.sampled_from(["usable"] * 6 + ["canceled", "withheld"]),
    st.sampled_from([None, None, None, 5, 40]),  # embargo, in hours
    st.sampled_from(["capture"] * 5 + ["tick", "late"]),
)
HOUR = timedelta(hours=1)


def play(partition, steps, forgetting=frozenset()):
    for number, (name, text, hours, status, embargo, kind) in enumerate(steps):
        if number in forgetting:
            partition.forget_views()
        if kind == "tick":
            partition.tick(after=hours * HOUR)
            continue
        partition.now += hours * HOUR
        at = partition.now - 3 * HOUR if kind == "late" else partition.now
        until = None if embargo is None else partition.now + embargo * HOUR
        partition.send(
            f"n{name}", TEXTS[text], at=at, status=status, embargo=until, headline=f"Headline {text % 3}"
        )


@given(st.lists(STEP, max_size=30), st.sets(st.integers(0, 30)))
@settings(max_examples=150, deadline=None)
def test_same_input_same_bytes_and_the_index_is_only_a_cache(new_partition, steps, forgetting):
    kept, replayed, sometimes, always = (new_partition() for _ in range(4))
    play(kept, steps)
    play(replayed, steps)
    play(sometimes, steps, forgetting)
    play(always, steps, frozenset(range(len(steps))))
    for other in (replayed, sometimes, always):
        assert other.log() == kept.log()
        assert other.state.data == kept.state.data
        assert other.refused == kept.refused


@given(st.lists(STEP, max_size=40))
@settings(max_examples=150, deadline=None)
def test_every_capture_has_one_fate(new_partition, steps):
    partition = new_partition()
    play(partition, steps)
    for _ in range(3):
        partition.tick(after=100 * HOUR)  # every embargo has ended
    fates = Counter(offset for offset, _ in partition.refused)
    waiting = set()
    for emit in partition.emitted:
        if emit.event == "carried":
            continue  # that follows from a fate
        if emit.event != "held":
            fates[emit.data.lineage.was_derived_from.offset] += 1
        elif emit.data is None:
            waiting.remove(emit.key)
        else:
            waiting.add(emit.key)
    captures = {number for number, step in enumerate(steps) if step[-1] != "tick"}
    assert fates == dict.fromkeys(captures, 1)
    assert not waiting
    assert not any(key.startswith(("w", "x")) for key in partition.state.data)


@given(st.lists(STEP, max_size=40))
@settings(max_examples=100, deadline=None)
def test_revisions_count_on_and_a_withdrawn_article_has_no_text(new_partition, steps):
    partition = new_partition()
    play(partition, [(*step[:2], min(step[2], 30), *step[3:]) for step in steps])
    last = {}
    for emit in partition.emitted:
        if emit.event != "unique":
            continue
        revision = emit.data.revision
        assert revision.number == last.get(emit.key, 0) + 1
        assert (revision.change == "new") <= (revision.number == 1)
        if revision.change == "withdrawn":
            assert (emit.data.sections, emit.data.summary) == ((), None)
        last[emit.key] = revision.number


@given(st.lists(STEP, max_size=30))
@settings(max_examples=100, deadline=None)
def test_what_is_told_of_copies_is_what_is_remembered(new_partition, steps):
    """Whoever hears, for each original, what is told behind it, knows at any time which copies it has."""
    partition = new_partition()
    play(partition, [(*step[:2], min(step[2], 7), *step[3:]) for step in steps])
    heard = {}
    for emit in partition.emitted:
        if emit.event == "carried" and emit.data.carrier:
            heard[emit.key, emit.data.article_id] = True
        elif emit.event == "carried":
            del heard[emit.key, emit.data.article_id]
    articles = (Known.unpack(article_id_of(key), value) for key, value in partition.state.scan("d"))
    assert set(heard) == {
        (packing.long_raw(known.copy_of), known.article_id)
        for known in articles
        if known.status is Status.COPY
    }


SCRIPT = """
import sys
sys.path[:0] = [{tests!r}]
from conftest import Partition
from test_deduplicate_replay import TEXTS
partition = Partition()
for round in range(3):
    for number, text in enumerate(TEXTS):
        partition.send(f"n{{number * 7 % 10}}", text, headline=f"Headline {{round}}", source=f"source {{number}}")
sys.stdout.buffer.write(partition.log())
"""


def test_bytes_do_not_depend_on_the_hash_seed(request):
    script = SCRIPT.format(tests=str(request.path.parent))
    root = request.config.rootpath
    path = os.pathsep.join(map(str, (root, root / "tests" / "support")))
    written = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(written) == 1
    assert written.pop()
