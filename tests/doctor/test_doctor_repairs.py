"""A transaction that hangs (K1, made on purpose) on a running broker: the doctor finds and explains it, and ends it when told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from left_open import TOPIC, committed, open_transaction, opened, rewrite
from quick_broker import QUICK

from newswire.broker import EmbeddedBroker
from newswire.broker.transaction_log import State
from newswire.cli.ending import run
from newswire.errors import BrokerError
from newswire.log.client import Connection
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.topics import specs

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs in this process: with no wait for reads that stand still, folders of its own, and the tests' log lines."""
    monkeypatch.setattr(Limits, "stands_seconds", property(lambda _: 0.5))
    monkeypatch.setattr("newswire.cli.logs.configure_logs", lambda _: None)
    for name in ("DATA_DIR", "STATE_DIR"):
        monkeypatch.setenv(f"NEWSWIRE_{name}", str(tmp_path / "nothing"))


def test_what_hangs_is_found_explained_and_ended_as_it_was_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with EmbeddedBroker(tmp_path / "broker", settings=QUICK) as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        log.create([*specs(1), TopicSpec(TOPIC, 3)])
        log.close()
        with (
            open_transaction(broker.bootstrap, "decided", [0]),
            open_transaction(broker.bootstrap, "forgotten", [1]),
        ):
            rewrite(broker.bootstrap, "decided", [State.PREPARE_COMMIT, State.COMPLETE_COMMIT])
            rewrite(broker.bootstrap, "forgotten", [None])
            # In order, so that the next start checks nothing: as with a broker that somebody else runs.
            broker.stop()
        broker.start()
        assert broker.checked is None
        where = broker.bootstrap

        def doctor(*options: str) -> tuple[int, list[dict[str, Any]], str]:
            status = run(["doctor", "-J", "-b", where, *options])
            said = capsys.readouterr()
            findings = [orjson.loads(line) for line in said.out.splitlines() if line.startswith("{")]
            about = [found for found in findings if found["what"] == "transactions"]
            return status, about, said.err

        status, found, _ = doctor()
        assert status == 1
        assert [one["level"] for one in found] == ["fail", "fail"]
        decided, forgotten = found
        assert f"one hangs on {TOPIC}/0 from offset 0 on, and hides all that follows" in decided["shown"]
        assert "decided" in decided["shown"]
        assert decided["todo"] == "stop the stages, then `newswire doctor --repair` ends it as it was decided"
        assert f"one hangs on {TOPIC}/1" in forgotten["shown"]
        assert "`--settle abort`" in forgotten["todo"]
        # Looking has changed nothing.
        assert {(one.topic, one.partition) for one in opened(where)} == {(TOPIC, 0), (TOPIC, 1)}

        # What was decided is ended so; of what nobody can know it says so, and leaves it alone.
        status, _, said = doctor("--repair")
        assert status == BrokerError.exit_code
        assert "forgotten" in said
        assert committed(where, 0) == [b"decided"]
        status, found, _ = doctor()
        assert status == 1
        assert [one["shown"].split(" from ")[0] for one in found] == [f"one hangs on {TOPIC}/1"]
