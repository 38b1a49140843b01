"""What is said of copies passes through, behind the article that it speaks of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import schemas
from consumers.enrich import Enrich
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef

EXAMPLES = sorted((Path(schemas.__file__).parent / "carried" / "examples").glob("*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_is_what_it_was_but_for_its_lineage(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    ref = RecordRef(topic="news.unique.v1", partition=1, offset=7)
    event = Event("carried", "id", data["original_id"], data, ref, 0, partition_key="en")
    (emit,) = Enrich().handle(event, MemoryState())
    assert (emit.event, emit.key) == ("carried", data["original_id"])
    assert emit.data is not None
    made = emit.data.to_data()
    *before, last = made["lineage"].pop("was_generated_by")
    assert before == data["lineage"].pop("was_generated_by")
    assert (last["stage"], last["used"]) == ("enrich", ref.to_data())
    assert made == data
