"""A compacted changelog and the local state never disagree: the real log cleaner runs, and every way to the state gives the same."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest

from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.stage.stores import Stores
from newswire.state.store import Store

pytestmark = [pytest.mark.broker, pytest.mark.chaos, pytest.mark.timeout(900)]

SEED = 20240201
WINDOWS = 60
CHANGES_A_WINDOW = 40
KEYS = [f"key-{n}" for n in range(50)]
COMPACTED_SOON = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.01",
    "max.compaction.lag.ms": "1000",
}
TOPICS = {
    "tombstones-stay.changelog": {**COMPACTED_SOON, "delete.retention.ms": "86400000"},
    "tombstones-go.changelog": {**COMPACTED_SOON, "delete.retention.ms": "1"},
}


class Model:
    """One partition's state as a stage would have it, beside a dictionary that says what it should be."""

    def __init__(self, log: KafkaLog, topic: str, folder: Path) -> None:
        self.log = log
        self.topic = topic
        self.folder = folder
        self.expected: dict[str, bytes] = {}
        self.written = 0
        self.dice = random.Random(f"{SEED}-{topic}")
        self.writer = log.writer(f"writer of {topic}")
        self.stores = Stores(log, topic, folder, lambda: None)
        self.stores.follow({0})

    def window(self) -> None:
        """Handle a window of random changes; one in five is thrown away, as after a rebalance."""
        state = self.stores.state(0)
        before = dict(self.expected)
        for _ in range(CHANGES_A_WINDOW):
            key = self.dice.choice(KEYS)
            if self.dice.random() < 0.3:
                state.delete(key)
                self.expected.pop(key, None)
            else:
                value = self.dice.randbytes(self.dice.randrange(1, 200))
                state.put(key, value)
                self.expected[key] = value
            state.keep_record()
        if self.dice.random() < 0.2:
            self.stores.undo()
            self.expected = before
            return
        outputs = self.stores.changelog({0: int(time.time() * 1000)})
        self.stores.committed(outputs, self.writer.write(outputs))
        self.written += len(outputs)

    def content(self, folder: Path) -> dict[str, bytes]:
        """Return what a slot finds that opens its state in this folder now."""
        stores = Stores(self.log, self.topic, folder, lambda: None)
        stores.follow({0})
        found = dict(stores.state(0).scan(""))
        stores.close()
        return found

    def kept(self) -> int:
        """Return how many records the changelog still has."""
        end = self.log.end_offsets(self.topic, committed=False)[0]
        return sum(1 for _ in self.log.read(self.topic, 0, 0, end))


def test_the_cleaner_changes_nothing(kafka_log: KafkaLog, tmp_path: Path) -> None:
    kafka_log.create([TopicSpec(name, 1, configs) for name, configs in TOPICS.items()])
    models = [Model(kafka_log, name, tmp_path / name) for name in TOPICS]
    stay, go = models
    for number in range(WINDOWS):
        for model in models:
            model.window()
            if number == WINDOWS // 3:
                # A copy of the file from back then, as a slot has that was away.
                model.stores.close()
                shutil.copytree(model.folder, tmp_path / f"old {model.topic}")
                model.stores.follow({0})
    _until_cleaned(stay, most=2 * len(KEYS) + CHANGES_A_WINDOW)
    _until_cleaned(go, most=len(KEYS) + CHANGES_A_WINDOW)
    for model in models:
        assert dict(model.stores.state(0).scan("")) == model.expected
        assert model.content(tmp_path / f"fresh {model.topic}") == model.expected
    # The slot that was away finds its last record compacted away, and reads on behind it.
    assert stay.content(tmp_path / f"old {stay.topic}") == stay.expected
    # Where tombstones are gone a copy is too old, and is rebuilt: with them it would have kept what was deleted.
    old = tmp_path / f"old {go.topic}"
    store = Store(old / "0.sqlite", kafka_log.identity(go.topic))
    store.apply({}, store.next_offset, as_of=time.time() - 13 * 3600)
    assert set(dict(store.scan(""))) - set(go.expected), "the test needs a key that was deleted since"
    store.close()
    assert go.content(old) == go.expected
    # And the slot that was there all the time goes on.
    for model in models:
        for _ in range(5):
            model.window()
        assert dict(model.stores.state(0).scan("")) == model.expected
        assert model.content(tmp_path / f"fresh {model.topic}") == model.expected
        model.stores.close()
        model.writer.close()


def _until_cleaned(model: Model, most: int) -> None:
    """Wait for the cleaner, which comes every 15 s. It leaves the segment that is being written alone, so something has to be written."""
    deadline = time.monotonic() + 600
    while model.kept() > most:
        assert time.monotonic() < deadline, f"{model.kept()} of {model.written} records are kept"
        # Writes what is there already: closes the segment, changes nothing.
        key, value = next(iter(model.expected.items()))
        model.stores.state(0).put(key, value)
        model.stores.state(0).keep_record()
        outputs = model.stores.changelog({0: int(time.time() * 1000)})
        model.stores.committed(outputs, model.writer.write(outputs))
        time.sleep(0.5)
    assert model.written > 10 * most / 2
