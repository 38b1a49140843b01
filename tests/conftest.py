"""Fixtures of the whole suite: one real broker for the session, topics of its own for each test."""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import HealthCheck, settings

from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog

# Where the environment forbids it, every process would compile all of ours and, of pytest, all tests again: half of what starting costs.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What a shell starts in the background ignores Ctrl-C, and so does all that is started from there: commands of tests that are interrupted.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A broker deletes what is older than a topic keeps when it looks, every five minutes by itself. Tests write records of years ago: where
# that is wrong it is to be wrong each time, not when the broker looks in the middle of a test.
LOOKS_OFTEN: Final = {"log.retention.check.interval.ms": "2000", "log.initial.task.delay.ms": "2000"}

# Laws, not times: the first example of a test may have to load what later ones find in memory, and a busy machine is slow to make them.
# The same examples in each run of the same code, so that no change is refused for what it did not touch; `make fuzz` draws new ones.
settings.register_profile(
    "fuzz", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("newswire", settings.get_profile("fuzz"), derandomize=True, database=None)
settings.load_profile("newswire")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest: whoever comes to one last would keep all the others waiting."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_runtest_setup() -> None:
    """Let log lines go to standard error, as commands send them: one that an earlier test ran in this process has led them elsewhere."""
    structlog.reset_defaults()
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """End a test that takes more of the processor than its mark allows. How long it waits for its turn does not count."""
    mark = item.get_closest_marker("processor_seconds")
    if mark is None:
        return (yield)
    (seconds,) = mark.args

    def over(*_: object) -> None:
        pytest.fail(f"it took more than {seconds} s of the processor")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def bootstrap_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Kafka: KAFKA_BOOTSTRAP_SERVERS, or a container where an engine answers, or the embedded broker."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    from kafka_container import KafkaContainer, engine_answers

    if engine_answers():
        with KafkaContainer() as kafka:
            yield kafka.bootstrap_servers
        return
    from newswire.broker import EmbeddedBroker

    with EmbeddedBroker(tmp_path_factory.mktemp("broker"), settings=LOOKS_OFTEN) as broker:
        yield broker.bootstrap


@pytest.fixture
def namespace() -> str:
    """What a test puts before its names in Kafka (NEWSWIRE_NAMESPACE for commands that it runs)."""
    return f"test-{uuid.uuid4().hex[:8]}."


@pytest.fixture
def kafka_log(bootstrap_servers: str, namespace: str) -> Iterator[KafkaLog]:
    """The log on the session's broker, in a namespace of its own: no test meets another's topics."""
    log = KafkaLog(Connection(bootstrap_servers, namespace=namespace))
    yield log
    log.close()


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A folder for local state."""
    return tmp_path / "state"
