"""A lane is a pipeline of its own that keeps the archive's times, and brings back nothing that the live one has withdrawn."""

from __future__ import annotations

from pathlib import Path

import wire
from small_pipeline import SmallPipeline

from newswire.config import Settings
from newswire.lane import CARRIED_FROM, carry_withdrawals


def test_a_lane_has_names_of_its_own() -> None:
    assert Settings(namespace="a.", lane="backfill").connection("h:1").namespace == "a.backfill."
    assert Settings(lane="").connection("h:1").namespace == ""


def test_what_is_withdrawn_live_does_not_come_out_of_a_lane(tmp_path: Path) -> None:
    live, lane = SmallPipeline(tmp_path / "live"), SmallPipeline(tmp_path / "lane")
    live.publish("a", "One plain sentence.")
    live.publish("a", "One plain sentence.", status="canceled")
    live.run()
    assert carry_withdrawals(live.log, lane.log) == 1
    assert carry_withdrawals(live.log, lane.log) == 0
    lane.run()
    lane.publish("a", "One plain sentence, from the archive.")
    lane.publish("b", "Another article of the archive, with other words.")
    lane.run()
    [kill] = [r for r in wire.everything(lane.log, "raw") if CARRIED_FROM in dict(r.headers)]
    assert dict(kill.headers)[CARRIED_FROM].startswith(b"news.raw.v1/")
    states = {(data["guid"], data["revision"]["change"]) for data in wire.payloads(lane.log, "article")}
    assert states == {("a", "withdrawn"), ("b", "new")}
    # The archive's own times, not those of the run.
    assert {data["first_seen_at"] for data in wire.payloads(lane.log, "article")} == {"2024-02-01T12:00:00Z"}
    live.close()
    lane.close()
