"""Subscribers get typed events, from where they say, at least once, and leave cleanly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import wire
from small_pipeline import SmallPipeline
from waiting import PATIENCE

from newswire import subscribe
from newswire.errors import BrokerError, ContractError, UsageError
from newswire.log.contract import Log, Outgoing
from newswire.log.memory import MemoryLog
from schemas.article.model import Article

LATER = wire.CAPTURED + timedelta(hours=1)


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path, partitions=1)  # so that the order is known
    yield made
    made.close()


@pytest.fixture
def log(pipeline: SmallPipeline) -> Log:
    """Four articles, told by their guids."""
    for guid in ("a", "b", "c", "d"):
        pipeline.publish(guid)
    pipeline.run()
    return pipeline.log


def guids(log: Log, **options: object) -> list[str | None]:
    with subscribe("articles", log=log, until_end=True, **options) as articles:  # type: ignore[arg-type]
        return [event.data.guid for event in articles]


def position(log: Log, group: str) -> dict[int, int]:
    return log.group_offsets(group, "news.articles.v1")


def test_events_are_typed_and_know_where_they_stand(log: Log) -> None:
    with subscribe("articles", log=log, until_end=True) as articles:
        received = list(articles)
    first = received[0]
    assert isinstance(first.data, Article)
    assert first.data.headline == "a"
    assert first.key == first.data.article_id
    assert (first.topic, first.offset, first.time) == ("news.articles.v1", 0, wire.CAPTURED)
    assert first.id.startswith("enrich:news.unique.v1:")
    assert first.headers["ce_source"] == b"/newswire/enrich"
    assert first.recorded_at is not None
    assert len(received) == 4


@pytest.mark.parametrize("name", ["article", "articles", "news.articles.v1"])
def test_a_topic_goes_by_all_its_names(log: Log, name: str) -> None:
    with subscribe(name, log=log, until_end=True) as events:
        assert len(list(events)) == 4


def test_reading_begins_where_it_is_told(log: Log) -> None:
    assert guids(log, start={0: 2}) == ["c", "d"]
    assert guids(log, start="end") == []
    assert guids(log, start=wire.CAPTURED) == ["a", "b", "c", "d"]
    assert guids(log, start=LATER) == []


@pytest.mark.parametrize("start", [datetime(2024, 2, 1), {9: 0}, {0: -1}, "middle"])  # noqa: DTZ001 - the mistake that is tested
def test_a_beginning_that_makes_no_sense_is_refused(log: Log, start: object) -> None:
    with pytest.raises(UsageError, match="start="):
        guids(log, start=start)


def test_a_group_goes_on_behind_what_it_handled(log: Log) -> None:
    with subscribe("articles", log=log, group="g") as articles:
        for event in articles:
            if event.data.guid == "b":
                break
    assert guids(log, group="g", start="end") == ["c", "d"]
    assert guids(log, group="g") == []


def test_a_new_group_begins_where_it_is_told(log: Log) -> None:
    assert guids(log, group="late", start="end") == []
    assert guids(log, group="early") == ["a", "b", "c", "d"]


def test_an_event_whose_handling_failed_comes_again(log: Log) -> None:
    def handle() -> None:
        with subscribe("articles", log=log, group="g") as articles:
            for event in articles:
                if event.data.guid == "c":
                    raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        handle()
    assert guids(log, group="g") == ["c", "d"]


def test_closing_a_generator_around_it_is_no_proof_of_handling(log: Log) -> None:
    def headlines() -> Iterator[str]:
        with subscribe("articles", log=log, group="g") as articles:
            for event in articles:
                yield event.data.headline

    reading = headlines()
    assert (next(reading), next(reading)) == ("a", "b")
    reading.close()  # type: ignore[attr-defined]
    assert guids(log, group="g") == ["b", "c", "d"]


def test_another_thread_ends_it_while_it_waits(log: Log) -> None:
    with subscribe("articles", log=log, group="g") as articles:
        waits = threading.Event()
        seen: list[str] = []

        def read() -> None:
            for event in articles:
                seen.append(event.data.headline)
                if len(seen) == 4:
                    waits.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert waits.wait(PATIENCE)
        articles.close()
        reader.join(PATIENCE)
        assert not reader.is_alive()
    assert guids(log, group="g") == []


def test_it_ends_when_nothing_comes(log: Log) -> None:
    with subscribe("articles", log=log, max_wait=0.05) as articles:
        assert len(list(articles)) == 4


def test_ticks_are_never_shown_and_tombstones_when_asked_for(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", embargoed_until=LATER)
    pipeline.run()
    pipeline.tick(LATER)
    pipeline.run()
    with subscribe("normalized", log=pipeline.log, until_end=True) as normalized:
        assert [event.data.guid for event in normalized] == ["a"]
    with subscribe("held", log=pipeline.log, until_end=True) as held:
        waited = list(held)
    assert [event.data is None for event in waited] == [False]
    with subscribe("held", log=pipeline.log, until_end=True, tombstones=True) as held:
        every = list(held)
    assert [event.data is None for event in every] == [False, True]
    assert every[1].key == every[0].key


def test_fields_of_a_later_version_are_ignored(log: Log) -> None:
    [article, *_] = wire.everything(log, "article")
    value = orjson.loads(article.value or b"") | {"mood": "calm"}
    later = Outgoing(
        article.topic,
        article.partition,
        article.key,
        orjson.dumps(value),
        article.timestamp_ms,
        article.headers,
    )
    wire.publish(log, later)
    assert len(guids(log)) == 5


def test_what_breaks_the_contract_stops_or_is_skipped(pipeline: SmallPipeline) -> None:
    pipeline.write(wire.bare(b"not json"))
    pipeline.publish("a")
    with (
        pytest.raises(ContractError, match=r"news\.raw\.v1/0/0 breaks the contract: not-json"),
        subscribe("raw", log=pipeline.log, group="g", until_end=True) as raw,
    ):
        list(raw)
    with subscribe("raw", log=pipeline.log, group="g", until_end=True, invalid="skip") as raw:
        assert [event.data.guid for event in raw] == ["a"]


def test_a_topic_that_is_none_and_options_that_are_none(log: Log) -> None:
    with pytest.raises(UsageError, match="no topic or event is called 'artikel'"):
        subscribe("artikel", log=log)
    with pytest.raises(TypeError, match="takes no colour"):
        subscribe("articles", log=log, colour="red")  # type: ignore[call-overload]
    with pytest.raises(BrokerError, match="no topic news"):
        subscribe("articles", log=MemoryLog())


def test_without_a_broker_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setenv("NEWSWIRE_DATA_DIR", str(tmp_path))
    with pytest.raises(BrokerError, match="set KAFKA_BOOTSTRAP_SERVERS, or start"):
        subscribe("articles")


def test_a_time_is_an_instant(log: Log) -> None:
    assert guids(log, start=wire.CAPTURED.astimezone(UTC) + timedelta(milliseconds=1)) == []
