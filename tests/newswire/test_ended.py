"""Why a process ended is kept in its folder, until it runs again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from newswire import ended

_HANGS = """
import sys, time
from pathlib import Path
from newswire import ended
from newswire.log.transaction import Watchdog
ended.begins(Path(sys.argv[1]))
with Watchdog(0.1, "a window of normalize"):
    time.sleep(300)
"""


def test_an_end_is_kept_until_the_next_begin(tmp_path: Path) -> None:
    ended.begins(tmp_path)
    assert ended.last_end(tmp_path) is None
    ended.remember("the code is broken" + "!" * 5_000, 7)
    found = ended.last_end(tmp_path)
    assert found is not None
    assert (found.exit_code, found.error[:18], len(found.error)) == (7, "the code is broken", 2_000)
    assert [path.name for path in tmp_path.iterdir()] == ["ended.json"]
    ended.begins(tmp_path)
    assert ended.last_end(tmp_path) is None


def test_a_folder_that_is_gone_stops_nothing(tmp_path: Path) -> None:
    ended.begins(tmp_path / "gone")
    ended.remember("no disk", 6)
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_else_wrote_there_is_no_end(tmp_path: Path) -> None:
    for written in (b"", b"[]", b'{"at": "now"}', b'{"at": 1, "exit_code": "x", "error": ""}', b"\xff"):
        (tmp_path / "ended.json").write_bytes(written)
        assert ended.last_end(tmp_path) is None


def test_what_runs_has_no_end(tmp_path: Path) -> None:
    for slot in ("0", "1"):
        (tmp_path / "normalize" / slot).mkdir(parents=True)
        ended.begins(tmp_path / "normalize" / slot)
        ended.remember(f"slot {slot} is broken", 7)
    with FileLock(tmp_path / "normalize" / "0" / "lock"):
        assert ended.running(tmp_path, "normalize") == ["0"]
        runs = {part: ended.running(tmp_path, part) for part in ("normalize", "enrich")}
        found = list(ended.ends(tmp_path, runs))
    assert [(part, slot, end.error) for part, slot, end in found] == [("normalize", "1", "slot 1 is broken")]


def test_a_process_that_hung_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HANGS, str(tmp_path)], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 6, done.stderr
    found = ended.last_end(tmp_path)
    assert found is not None
    assert "a window of normalize took more than 0.1 s" in found.error
