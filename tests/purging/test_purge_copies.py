"""The proof of a purge says what it has seen of the local copies of state, and what it has not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from purged_wire import CAPTURED, capture, text
from seeded import copied, run_stage_on
from typer.testing import CliRunner
from wire import publish

from newswire import topology
from newswire.config import Settings
from newswire.purging.asking import asked
from newswire.purging.concerned import Concerned
from newswire.purging.copies import look, place_of_source
from newswire.purging.finding import Finding
from newswire.state.store import Mark, Store
from schemas.purge.model import Purge

STATEFUL = [stage.name for stage in topology.STAGES if stage.stateful]
SOURCE = place_of_source("feeds")
PLACES = [*STATEFUL, SOURCE]
PARTITIONS = dict.fromkeys(STATEFUL, (0, 1)) | {SOURCE: (0,)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of state that hold an article, of a pipeline with two partitions."""
    folder = tmp_path_factory.mktemp("state")
    log = copied([], partitions=2)
    made = capture(log, "https://herald.example/a", text(1))
    publish(log, made)
    for stage in topology.STAGES:
        run_stage_on(log, stage.name, folder)
    store = Store(folder / SOURCE / "0.sqlite", "feeds' changelog")
    store.apply({"waiting": made.value}, 1, last=Mark.of(0, b"waiting", made.value))
    store.close()
    return folder


def purge(publisher: str = "herald") -> Purge:
    now = CAPTURED + timedelta(hours=1)
    return asked(publisher=publisher, reason="by letter", requested_by="legal", now=now)


def findings(*folders: Path, of: str = "herald") -> list[Finding]:
    return list(look(folders, Concerned(purge(of)), PARTITIONS))


def test_what_is_there_is_looked_into(kept: Path) -> None:
    found = findings(kept)
    assert all(place.seen for place in found)
    assert len(found) == 2 * len(STATEFUL) + 1
    assert {name for name in PLACES for place in found if place.holds and name in place.place} == set(PLACES)
    assert not any(place.holds for place in findings(kept, of="another"))


def test_what_is_not_there_is_not_taken_for_clean(kept: Path, tmp_path: Path) -> None:
    found = findings(tmp_path / "nowhere")
    assert {place.place for place in found} == {str(tmp_path / "nowhere" / name) for name in PLACES}
    assert not any(place.seen or place.found for place in found)

    half = tmp_path / "half"
    (half / "cluster").mkdir(parents=True)
    (half / "cluster" / "1.sqlite").write_bytes((kept / "cluster" / "1.sqlite").read_bytes())
    [cluster] = [place for place in findings(half) if place.place == str(half / "cluster")]
    assert not cluster.seen
    assert "no copy of partition 0 is here" in cluster.note
    # Several folders are one pipeline's, as with a volume for each stage.
    assert all(place.seen for place in findings(half, kept))


def test_lanes_keep_state_of_their_own_which_is_looked_into_too(kept: Path, tmp_path: Path) -> None:
    lane = Settings(state_dir=tmp_path, lane="backfill").stages_dir
    assert lane == tmp_path / "lane-backfill"
    lane.symlink_to(kept)
    assert any(place.holds for place in findings(lane))
    # From the live pipeline: its own copies are not here, those of the lane beside it are found.
    found = findings(tmp_path)
    assert any(place.holds and "lane-backfill" in place.place for place in found)
    assert {place.place for place in found if not place.seen} == {str(tmp_path / name) for name in PLACES}


def test_a_data_folder_of_its_own_has_the_state_of_its_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSWIRE_STATE_DIR", raising=False)
    kept = Settings().kept_in(tmp_path)
    assert (kept.data_dir, kept.stages_dir) == (tmp_path, tmp_path / "state")
    monkeypatch.setenv("NEWSWIRE_STATE_DIR", str(tmp_path / "elsewhere"))
    assert Settings().kept_in(tmp_path).stages_dir == tmp_path / "elsewhere"
    assert Settings().kept_in(None).data_dir is None


def test_the_help_of_the_group_has_the_options_that_need_no_command() -> None:
    from newswire.cli.purge import app

    said = CliRunner().invoke(app, ["--help"]).stdout
    assert all(f"  {option} " in said for option in ("--publisher", "--url", "--id", "--reason"))
    assert all(f"\n  {name} " in said for name in ("list", "check"))
