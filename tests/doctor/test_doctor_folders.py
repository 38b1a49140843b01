"""Which folders the doctor looks at: those that `newswire up` uses, however they were named; and it makes none."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
import pytest
from filelock import FileLock

from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.storage import check_could_write
from newswire.cli.ending import run
from newswire.config import Settings, load

_NAMES = ("NEWSWIRE_DATA_DIR", "NEWSWIRE_STATE_DIR", "KAFKA_BOOTSTRAP_SERVERS", "NEWSWIRE_LANE")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("newswire.cli.logs.configure_logs", lambda _: None)


def everything_below(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


@pytest.mark.parametrize("how", ["option", "variable"])
def test_what_runs_on_a_data_folder_is_seen(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    (slot := data / "state" / "normalize" / "0").mkdir(parents=True)
    if how == "variable":
        monkeypatch.setenv("NEWSWIRE_DATA_DIR", str(data))
    with FileLock(slot / "lock"):
        before = everything_below(tmp_path)
        run(["doctor", "-J", *(["--data-dir", str(data)] if how == "option" else [])])
        found = {one["what"]: one for one in map(orjson.loads, capsys.readouterr().out.splitlines())}
    assert found["run here"]["shown"] == "normalize (slot 0)"
    assert str(data / "state") in found["stages' state"]["shown"]
    assert everything_below(tmp_path) == before


def test_looking_makes_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", "-J", "--data-dir", str(tmp_path / "not" / "yet")])
    found = {one["what"]: one for one in map(orjson.loads, capsys.readouterr().out.splitlines())}
    for what in ("broker's data", "stages' state"):
        assert found[what]["level"] == "ok"
        assert "made when it is needed" in found[what]["shown"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EmbeddedBrokerError, match="is no folder"):
        check_could_write(tmp_path / "file" / "data")
    with pytest.raises(EmbeddedBrokerError, match="is full"):
        check_could_write(tmp_path / "data", least_free=sys.maxsize)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_data_folder_has_its_state_in_it_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = load()
    by_option = usual.kept_in(tmp_path)
    monkeypatch.setenv("NEWSWIRE_DATA_DIR", str(tmp_path))
    by_variable = load()
    assert (by_option.data_dir, by_option.state_dir) == (by_variable.data_dir, by_variable.state_dir)
    assert by_variable.state_dir == tmp_path / "state"
    # The option goes before the variable, and a state folder that is named before both.
    assert by_variable.kept_in(tmp_path / "other").state_dir == tmp_path / "other" / "state"
    monkeypatch.setenv("NEWSWIRE_STATE_DIR", str(tmp_path / "elsewhere"))
    assert load().state_dir == load().kept_in(tmp_path / "other").state_dir == tmp_path / "elsewhere"
    assert usual.state_dir.parts[-2:] == ("newswire", "state")


def test_a_relative_folder_is_one_place_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSWIRE_DATA_DIR", "data")
    assert load().data_dir == Settings().kept_in(Path("data")).data_dir == tmp_path / "data"
    assert load().state_dir == tmp_path / "data" / "state"


@pytest.mark.parametrize(
    "command",
    ["up", "run", "doctor", "purge now", "purge check", "produce feeds", "produce sitemaps", "produce wires"],
)
def test_every_command_with_state_takes_the_data_folder(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run([*command.split(), "--help"])
    assert "--data-dir" in capsys.readouterr().out
