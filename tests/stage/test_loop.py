"""The stage loop's promises, on Kafka and in memory."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from seeded import copied
from waiting import until
from wire import TinyNormalize, bare, everything, make_topics, payloads, publish, raw_record

from newswire import clock, topology
from newswire.envelope import Encoder
from newswire.errors import StageError, StageStoppedError, StateFormatError
from newswire.log.contract import Log, Moved, WindowLimits
from newswire.log.memory import MemoryLog
from newswire.stage.loop import StageLoop
from newswire.stage.rejects import RejectLimit
from newswire.stage.retries import ATTEMPTS
from newswire.state.store import Store
from schemas.core.contract import utc_from_ms

QUICK = WindowLimits(seconds=0.05)


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def log(request: pytest.FixtureRequest) -> Log:
    log: Log = MemoryLog() if request.param == "memory" else request.getfixturevalue("kafka_log")
    make_topics(log)
    return log


def loop_on(log: Log, folder: Path, **options: object) -> StageLoop:
    slot = log.slot(
        topic="news.raw.v1", group=topology.group("normalize"), slot_id=topology.slot_id("normalize", 0)
    )
    return StageLoop(TinyNormalize(), log, slot, folder, limits=QUICK, **options)  # type: ignore[arg-type]


def run(log: Log, folder: Path, records: int, **options: object) -> StageLoop:
    """Handle this many records, then leave."""
    loop = loop_on(log, folder, **options)
    with closing(loop):
        drain(loop, records)
    return loop


def drain(loop: StageLoop, records: int) -> None:
    done = 0

    def handle() -> None:
        nonlocal done
        done += loop.step(0.5)

    until(lambda: done >= records, f"what makes {records} records", meanwhile=handle)


def test_a_record_goes_through_with_its_headers_and_coordinates(log: Log, state_dir: Path) -> None:
    publish(log, raw_record(log, "g1", partition=1))
    run(log, state_dir, 1)
    (found,) = everything(log, "normalized")
    headers = dict(found.headers)
    assert headers["ce_type"] == b"newswire.normalized.v1"
    assert headers["ce_dataschema"] == b"urn:newswire:schema:normalized:v1"
    assert headers["ce_id"] == b"normalize:news.raw.v1:1:0:0"
    assert headers["ce_rawref"] == b"news.raw.v1/1/0"
    (source,) = everything(log, "raw")
    assert found.timestamp_ms == source.timestamp_ms
    assert utc_from_ms(found.timestamp_ms) == datetime.fromisoformat(headers["ce_time"].decode())
    assert headers["content-type"] == b"application/json"
    assert headers["traceparent"].startswith(b"00-")
    data = orjson.loads(found.value or b"")
    assert (found.key or b"").decode() == data["article_id"]
    assert data["lineage"]["was_derived_from"] == {"topic": "news.raw.v1", "partition": 1, "offset": 0}
    assert found.partition == topology.partition_for("en", 2)


def test_the_trace_id_is_kept_through_stages(log: Log, state_dir: Path) -> None:
    publish(log, raw_record(log, "g1"))
    run(log, state_dir, 1)
    (before,), (after,) = everything(log, "raw"), everything(log, "normalized")
    first, second = (dict(r.headers)["traceparent"].decode() for r in (before, after))
    assert first[:35] == second[:35]
    assert first[36:52] != second[36:52]


BAD = {
    "not JSON": (b"<html>", "not-json", None),
    "not UTF-8": (b'{"a": "\xff"}', "not-json", None),
    "half a surrogate pair": (rb'{"a": "\ud800"}', "not-json", None),
    "NaN": (b'{"a": NaN}', "not-json", None),
    "empty value": (b"", "empty-value", None),
    "tombstone": (None, "empty-value", None),
    "an array": (b"[1, 2]", "schema", ""),
    "a number": (b"17", "schema", ""),
    "nothing in it": (b"{}", "schema", "/source"),
    "a NUL byte": (b'{"a": "\x00"}', "not-json", None),
    "a field of the wrong type": (
        orjson.dumps(
            {
                "source": {"name": 7, "kind": "files"},
                "captured_at": "2024-02-01T12:00:00Z",
                "media_type": "text/plain",
                "body": "x",
            }
        ),
        "schema",
        "/source/name",
    ),
    "a time without a zone": (
        orjson.dumps(
            {
                "source": {"name": "herald", "kind": "files"},
                "captured_at": "2024-02-01 12:00",
                "media_type": "text/plain",
                "body": "x",
            }
        ),
        "schema",
        "/captured_at",
    ),
}


def test_bad_input_becomes_dead_letters_and_stops_nothing(log: Log, state_dir: Path) -> None:
    publish(log, *(bare(value, key=name.encode()) for name, (value, _, _) in BAD.items()))
    publish(log, raw_record(log, "good", partition=0))
    run(log, state_dir, len(BAD) + 1)
    letters = {
        base64.b64decode(letter["original"]["key"]).decode(): letter for letter in payloads(log, "rejected")
    }
    assert set(letters) == set(BAD)
    for name, (value, reason, path) in BAD.items():
        letter = letters[name]
        assert (letter["reason"], letter["verdict"]) == (reason, "reject"), name
        assert letter.get("path") == path, name
        assert letter["stage"] == "normalize"
        original = letter["original"]
        assert original.get("value") == (None if value is None else base64.b64encode(value).decode()), name
        assert not original["truncated"]
    assert [data["guid"] for data in payloads(log, "normalized")] == ["good"]


def test_an_event_of_another_type_is_refused(log: Log, state_dir: Path) -> None:
    publish(
        log,
        bare(b"{}", headers=(("ce_type", b"newswire.story.v1"),)),
        bare(b"{}", headers=(("ce_type", b"other"),)),
    )
    run(log, state_dir, 2)
    assert [letter["reason"] for letter in payloads(log, "rejected")] == ["wrong-type", "unknown-type"]


def test_structured_mode_is_read_too(log: Log, state_dir: Path) -> None:
    record = raw_record(log, "g1", partition=0)
    envelope = {
        "specversion": "1.0",
        "id": "outside-1",
        "type": "newswire.raw.v1",
        "source": "/elsewhere",
        "data": orjson.loads(record.value or b""),
    }
    publish(
        log,
        bare(
            orjson.dumps(envelope),
            headers=(("content-type", b"application/cloudevents+json; charset=UTF-8"),),
        ),
    )
    run(log, state_dir, 1)
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g1"]


def test_verdicts_are_carried_out_and_undo_what_the_handler_wrote(log: Log, state_dir: Path) -> None:
    bodies = ["fine", "reject", "drop", "bug", "contract", "fine"]
    publish(log, *(raw_record(log, f"g{n}", body, partition=0) for n, body in enumerate(bodies)))
    run(log, state_dir, len(bodies))
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g0", "g5"]
    found = {letter["verdict"] + ":" + letter["reason"]: letter for letter in payloads(log, "rejected")}
    assert set(found) == {"reject:told-to", "drop:told-to", "internal:internal"}
    assert len(payloads(log, "rejected")) == 4
    assert (
        "ZeroDivisionError" in found["internal:internal"]["traceback"]
        or "ContractError" in (found["internal:internal"]["traceback"])
    )
    assert found["reject:told-to"]["path"] == "/body"
    assert found["reject:told-to"]["source"] == "herald"
    store = Store(state_dir / "0.sqlite", log.identity(topology.changelog("normalize")))
    assert dict(store.scan("")) == {"count": b"2", "seen:g0": b"1", "seen:g5": b"1"}
    store.close()


def test_a_record_that_always_has_to_wait_is_given_up_and_the_rest_goes_on(log: Log, state_dir: Path) -> None:
    publish(log, raw_record(log, "g1", "fine", partition=0), raw_record(log, "g2", "retry", partition=0))
    publish(log, raw_record(log, "g3", "fine", partition=0), raw_record(log, "g4", "fine", partition=1))
    with closing(loop_on(log, state_dir)) as loop:
        until(
            lambda: len(payloads(log, "normalized")) == 3,
            "what does not have to wait",
            meanwhile=lambda: loop.step(0.05),
        )
    assert sorted(data["guid"] for data in payloads(log, "normalized")) == ["g1", "g3", "g4"]
    (letter,) = payloads(log, "rejected")
    assert (letter["verdict"], letter["attempt"]) == ("retries-exhausted", ATTEMPTS)


def test_a_stage_that_rejects_nearly_everything_stops(log: Log, state_dir: Path) -> None:
    publish(log, *(raw_record(log, f"g{n}", "reject", partition=0) for n in range(12)))
    with pytest.raises(StageStoppedError, match="rejected 12 of the last 12 records"):
        run(log, state_dir, 12, reject_limit=RejectLimit(share=0.5, over=20))
    assert payloads(log, "rejected") == []


@pytest.mark.parametrize("damage", ["deleted", "corrupted", "stale", "another changelog's", "kept"])
def test_state_survives_whatever_happens_to_its_folder(log: Log, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "state"
    publish(log, raw_record(log, "g1", partition=0))
    run(log, folder, 1)
    stale = (folder / "0.sqlite").read_bytes()
    publish(log, raw_record(log, "g2", partition=0))
    run(log, folder, 1)
    if damage == "deleted":
        folder = tmp_path / "other"
    elif damage == "corrupted":
        (folder / "0.sqlite").write_bytes(b"not a database" * 1000)
    elif damage == "stale":
        (folder / "0.sqlite").write_bytes(stale)
    elif damage == "another changelog's":
        (folder / "0.sqlite").unlink()
        Store(folder / "0.sqlite", "another").close()
    publish(log, raw_record(log, "g3", partition=0))
    run(log, folder, 1)
    store = Store(folder / "0.sqlite", log.identity(topology.changelog("normalize")))
    assert dict(store.scan("")) == {"count": b"3", "seen:g1": b"1", "seen:g2": b"1", "seen:g3": b"1"}
    store.close()


def test_the_changelog_and_the_store_agree(log: Log, state_dir: Path) -> None:
    publish(
        log, *(raw_record(log, f"g{n}", "reject" if n % 3 == 0 else "fine", partition=0) for n in range(20))
    )
    run(log, state_dir, 20)
    replayed: dict[str, bytes] = {}
    for record in everything(log, topology.changelog("normalize")):
        assert record.value is not None
        replayed[(record.key or b"").decode()] = record.value
    store = Store(state_dir / "0.sqlite", log.identity(topology.changelog("normalize")))
    assert dict(store.scan("")) == replayed
    store.close()


def test_a_window_that_moved_is_handled_again_whole(
    log: Log, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(log, *(raw_record(log, f"g{n}", partition=0) for n in range(3)))
    loop = loop_on(log, state_dir)
    commit, refused = loop._slot.commit, []

    def moved_once(*arguments: object) -> list[int]:
        if not refused:
            refused.append(1)
            raise Moved
        return commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loop._slot, "commit", moved_once)
    drain(loop, 3)
    loop.close()
    assert refused == [1]
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g0", "g1", "g2"]
    store = Store(state_dir / "0.sqlite", log.identity(topology.changelog("normalize")))
    assert store.get("count") == b"3"
    store.close()


def test_the_same_input_from_empty_state_gives_the_same_bytes(log: Log, tmp_path: Path) -> None:
    def outputs(of: Log) -> dict[bytes, list[tuple[bytes | None, bytes | None]]]:
        """What came of each input partition; how they interleave on a shared output is up to the moment they are read."""
        found: dict[bytes, list[tuple[bytes | None, bytes | None]]] = {}
        for record in everything(of, "normalized"):
            partition = dict(record.headers)["ce_rawref"].rsplit(b"/", 1)[0]
            found.setdefault(partition, []).append((record.key, record.value))
        return found

    publish(log, *(raw_record(log, f"g{n}") for n in range(30)))
    run(log, tmp_path / "first", 30)
    other = copied(everything(log, "raw"), partitions=2)
    # Offsets have no gaps in memory, and stand in the lineage: what Kafka's transaction marks take up comes after the records.
    run(other, tmp_path / "second", 30)
    assert len(outputs(log)) == 2
    assert outputs(other) == outputs(log)


def test_commits_that_fail_blame_no_record(
    log: Log, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(log, *(raw_record(log, f"g{n}", partition=0) for n in range(5)))
    for _ in range(8):
        loop = loop_on(log, state_dir)

        def broken(*arguments: object) -> list[int]:
            raise StageError("the broker does not commit")

        with monkeypatch.context() as during:
            during.setattr(loop._slot, "commit", broken)
            with pytest.raises(StageError):
                drain(loop, 5)
        loop.close()
    run(log, state_dir, 5)
    assert payloads(log, "rejected") == []
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g0", "g1", "g2", "g3", "g4"]


def test_state_that_cannot_be_read_is_no_records_fault(
    log: Log, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(log, *(raw_record(log, f"g{n}", partition=0) for n in range(3)))

    def broken(*arguments: object, **options: object) -> bytes:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as during:
        during.setattr(Store, "get", broken)
        loop = loop_on(log, state_dir)
        with pytest.raises(StageError, match="disk I/O error"):
            drain(loop, 3)
        loop.close()
    apply = Store.apply

    def broken_with_changes(
        store: Store, changes: dict[str, bytes | None], *arguments: object, **options: object
    ) -> None:
        if changes:
            broken()
        apply(store, changes, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as during:
        during.setattr(Store, "apply", broken_with_changes)
        loop = loop_on(log, state_dir)
        with pytest.raises(StageError, match="disk I/O error"):
            drain(loop, 3)
        loop.close()
    with closing(loop_on(log, state_dir)) as loop:
        # It has nothing to handle, but its state to catch up with.
        until(loop._slot.partitions, "its partitions", meanwhile=lambda: loop.step(0.05))
    assert payloads(log, "rejected") == []
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g0", "g1", "g2"]
    store = Store(state_dir / "0.sqlite", log.identity(topology.changelog("normalize")))
    assert store.get("count") == b"3"
    store.close()


def test_state_of_another_format_stops_the_stage_and_is_no_records_fault(
    log: Log, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(log, *(raw_record(log, f"g{n}", partition=0) for n in range(3)))

    def refuse(*arguments: object) -> list[object]:
        raise StateFormatError("article x", 1, "3")

    for _ in range(4):
        with monkeypatch.context() as during:
            during.setattr(TinyNormalize, "handle", refuse)
            loop = loop_on(log, state_dir)
            with pytest.raises(
                StageStoppedError, match="state of article x has format 1, this code reads 3: "
            ):
                drain(loop, 3)
            loop.close()
    run(log, state_dir, 3)
    assert payloads(log, "rejected") == []
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g0", "g1", "g2"]


def test_a_tick_for_another_stage_is_passed_over_and_one_for_none_is_noted(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = MemoryLog()
    make_topics(log)
    encoder, now = Encoder("clock", log.topics()), datetime(2024, 2, 1, tzinfo=UTC)
    with (
        monkeypatch.context() as during
    ):  # the clock of a pipeline in which another stage that reads the same has timers
        during.setattr(clock, "timed_topics", lambda: ["news.raw.v1"])
        ticks = clock.ticks(encoder, log.topics(), now)
    publish(log, *ticks, raw_record(log, "g1", partition=0))
    with monkeypatch.context() as during:
        during.setattr(topology, "control_on", lambda event: ["tick"] if event == "raw" else [])
        run(log, state_dir, 3)
    assert payloads(log, "rejected") == []
    assert [data["guid"] for data in payloads(log, "normalized")] == ["g1"]
    publish(log, *ticks)
    run(log, state_dir, 2)
    assert {(data["reason"], data["verdict"]) for data in payloads(log, "rejected")} == {("tick", "drop")}


def test_a_partition_that_was_somebody_elses_for_a_while_is_caught_up(log: Log, tmp_path: Path) -> None:
    """The slot holds the same partitions before and after, and never saw the other one."""
    first = loop_on(log, tmp_path / "first")
    publish(log, raw_record(log, "g1", partition=0))
    drain(first, 1)
    stores = first._stores
    assert stores is not None
    before = stores.state(0)
    stores.follow(first._slot.partitions(), first._slot.membership())
    assert stores.state(0) is before
    stores.follow(first._slot.partitions(), object())
    assert stores.state(0) is not before
    assert stores.state(0).get("count") == b"1"
    first.close()
