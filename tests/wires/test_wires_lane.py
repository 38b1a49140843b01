"""A kill of the live pipeline holds in an archive's lane, and in a replay of what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from seeded import copied, run_stage_on
from wire import everything, payloads
from wire_cases import CAPTURED_AT

from newswire.capture import Captured
from newswire.captured import raw_record
from newswire.envelope import Encoder
from newswire.lane import carry_withdrawals
from newswire.log.memory import MemoryLog
from newswire.replay.selection import is_withdrawal
from producers.wires.capture import captures_of

NITF = (
    '<nitf><head><docdata management-doc-idref="NPA:n1" management-idref-status="canceled"><doc-id id-string="notice"/></docdata></head>'
    "<body><body.content><p>Kill it.</p></body.content></body></nitf>"
)
ITEM = (
    '<nitf><head><docdata><doc-id regsrc="NPA" id-string="n1"/></docdata></head><body><body.head><hedline><hl1>A headline</hl1></hedline>'
    "</body.head><body.content><p>The harbour authority closed two of its five piers on Monday.</p></body.content></body></nitf>"
)


def send(log: MemoryLog, *documents: str) -> None:
    encoder = Encoder("wires", log.topics())
    for document in documents:
        (item,) = captures_of(
            document.encode(), source="npa", language="en", captured_at=CAPTURED_AT, path="wire.xml"
        )
        assert isinstance(item, Captured)
        log.writer("test").write([raw_record(encoder, item)])


def run(log: MemoryLog, folder: Path) -> None:
    for stage in ("normalize", "deduplicate"):
        run_stage_on(log, stage, folder)


@pytest.mark.parametrize("documents", [(NITF, ITEM), (ITEM, NITF), (ITEM, NITF, ITEM)])
def test_a_kill_by_another_document_holds(tmp_path: Path, documents: tuple[str, ...]) -> None:
    log = copied([])
    send(log, *documents)
    run(log, tmp_path)
    assert payloads(log, "unique")[-1]["revision"]["change"] == "withdrawn"
    assert {each["wire"]["uri"] for each in payloads(log, "unique")} == {"NPA:n1"}


def test_a_kill_is_carried_into_a_lane(tmp_path: Path) -> None:
    live, lane = copied([]), copied([])
    send(live, ITEM, NITF)
    assert [is_withdrawal(record) for record in everything(live, "raw")] == [False, True]
    assert carry_withdrawals(live, lane) == 1
    send(lane, ITEM)
    run(lane, tmp_path)
    assert [each["revision"]["change"] for each in payloads(lane, "unique")] == ["withdrawn"]
    assert [letter["reason"] for letter in payloads(lane, "rejected")] == ["withdrawn"]


def test_a_replay_of_what_is_kept_ends_the_same(tmp_path: Path) -> None:
    log = copied([])
    send(log, ITEM, NITF, ITEM)
    run(log, tmp_path / "first")
    again = copied(everything(log, "raw"))
    run(again, tmp_path / "second")
    assert payloads(again, "unique") == payloads(log, "unique")
