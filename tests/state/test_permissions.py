"""A state folder that the stage may not use: it says what, where and what to do, stops on purpose, and loses nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from running import distinct_articles, environment, until
from waiting import PATIENCE
from wire import everything, make_topics, payloads, publish

from newswire.log.kafka import KafkaLog
from newswire.supervisor import Supervisor

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
NOBODY = 65534
_PR_CAPBSET_DROP = 24  # linux/prctl.h
_ABOVE_MODES = (
    1,
    2,
    3,
)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: what lets root pass over modes (linux/capability.h)


def _under_modes() -> None:
    """Give up, for what is run next, root's right to pass over owners and modes. Another user has none to give up."""
    for right in _ABOVE_MODES:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, right, 0, 0, 0)


def start(log: KafkaLog, state: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "newswire", "run", "normalize"],
        env=environment(log, state),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_under_modes,  # noqa: PLW1509 - it only makes system calls
    )


def normalizes(log: KafkaLog, state: Path, articles: int) -> str:
    """Run the stage until so many articles have come out, and end it; return what it has said."""
    process = start(log, state)
    try:
        until(
            lambda: process.poll() is not None or len(everything(log, "normalized")) >= articles or None,
            Supervisor(),
        )
    finally:
        process.terminate()
        said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 0, said
    return said


class Wrong:
    """What is wrong with the folder of the slot."""

    def closed(self, slot: Path) -> None:
        slot.chmod(0)

    def read_only(self, slot: Path) -> None:
        slot.chmod(0o555)

    def the_folder_above_it_closed(self, slot: Path) -> None:
        slot.parent.chmod(0)

    def of_another_user(self, slot: Path) -> None:
        # Who is not root cannot give a folder away: one without rights is as good.
        with contextlib.suppress(PermissionError):
            for path in (*slot.iterdir(), slot):
                os.chown(path, NOBODY, NOBODY)
        slot.chmod(0o700 if slot.stat().st_uid == NOBODY else 0)

    def its_lock_closed(self, slot: Path) -> None:
        (slot / "lock").chmod(0)


def mend(slot: Path) -> None:
    """Do what the message says."""
    me = os.geteuid(), os.getegid()
    for folder in (slot.parent, slot):
        folder.chmod(0o755)
    for path in (slot, *slot.iterdir()):
        os.chown(path, *me)
        if path.is_file():
            path.chmod(0o644)


def test_a_folder_that_may_not_be_used_stops_the_stage_and_costs_nothing(
    kafka_log: KafkaLog, tmp_path: Path
) -> None:
    make_topics(kafka_log)
    state = tmp_path / "state"
    slot = state / "normalize" / "0"
    publish(kafka_log, *distinct_articles(kafka_log, 0, 10))
    normalizes(kafka_log, state, 10)
    publish(kafka_log, *distinct_articles(kafka_log, 10, 10))
    for name in (name for name in vars(Wrong) if not name.startswith("_")):
        getattr(Wrong(), name)(slot)
        process = start(kafka_log, state)
        said = process.communicate(timeout=PATIENCE)[1]
        mend(slot)
        # 7: the supervisor leaves it alone, a restart would not mend it.
        assert process.returncode == 7, (name, said)
        assert f"may not use its folder {slot}" in said, name
        assert "chown" in said, name
        assert "NEWSWIRE_STATE_DIR" in said, name
        assert "Traceback" not in said, name
        assert len(everything(kafka_log, "normalized")) == 10, name
    normalizes(kafka_log, state, 20)
    guids = Counter(data["guid"] for data in payloads(kafka_log, "normalized"))
    assert guids == {f"chaos-{number}": 1 for number in range(20)}
    assert payloads(kafka_log, "rejected") == []


def test_a_file_that_may_not_be_used_in_a_folder_of_ours_is_rebuilt(
    kafka_log: KafkaLog, tmp_path: Path
) -> None:
    """It is only a copy of what the changelog has."""
    make_topics(kafka_log)
    state = tmp_path / "state"
    publish(kafka_log, *distinct_articles(kafka_log, 0, 10))
    normalizes(kafka_log, state, 10)
    files = sorted((state / "normalize" / "0").glob("*.sqlite"))
    unreadable, unwritable = files
    unreadable.chmod(0)
    unwritable.chmod(0o444)
    shutil.copy(unwritable, tmp_path / "copy")
    publish(kafka_log, *distinct_articles(kafka_log, 10, 10))
    said = normalizes(kafka_log, state, 20)
    assert said.count("it is rebuilt from the changelog") == 2, said
    for file in files:
        assert str(file) in said
        assert file.stat().st_mode & 0o600 == 0o600
    guids = Counter(data["guid"] for data in payloads(kafka_log, "normalized"))
    assert guids == {f"chaos-{number}": 1 for number in range(20)}
