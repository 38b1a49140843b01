"""Cases of what agencies send as folders, and the command that saves what comes out of them.

A case is a folder with `wire.json` or `wire.xml`, as an agency sends it, and `expected.json`: a list with what became of each item in it,
`captured` (what the raw event says beside the body) and then `normalized`, `rejected` or `dropped`, or `unreadable` (by the producer). To
add one, make the folder with its wire and run, from the top of the repository:

    python -m tests.wires.wire_cases CASE…      # saves the output; read it before you commit it
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consumers.normalize import Normalize
from newswire.capture import Captured, Unreadable
from newswire.errors import Drop, Reject
from newswire.event import Event
from newswire.state.memory import MemoryState
from producers.wires.capture import captures_of
from schemas.core.contract import Contract
from schemas.core.lineage import RecordRef

CASES = Path(__file__).parent / "cases"
CAPTURED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Outcome = dict[str, Any]


def outcomes_of(case: Path) -> list[Outcome]:
    """Return what becomes of each item of the case's wire."""
    (wire,) = case.glob("wire.*")
    items = captures_of(
        wire.read_bytes(), source="desk", language=None, captured_at=CAPTURED_AT, path=wire.name
    )
    return [outcome_of(item) for item in items]


def outcome_of(item: Captured | Unreadable) -> Outcome:
    """Return what becomes of one item."""
    if isinstance(item, Unreadable):
        return {"unreadable": {"what": item.what, "reason": item.reason, "detail": item.detail}}
    raw = item.raw.to_data()
    captured = {name: value for name, value in raw.items() if name not in ("body", "captured_at")}
    event = Event(
        "raw", "id-7", item.key, raw, RecordRef(topic="news.raw.v1", partition=0, offset=7), 1_772_452_800_000
    )
    try:
        (emitted,) = Normalize().handle(event, MemoryState())
    except Reject as reject:
        end = {"rejected": {"reason": reject.reason, "path": reject.path, "detail": reject.detail}}
    except Drop as drop:
        end = {"dropped": {"reason": drop.reason, "detail": drop.detail}}
    else:
        assert isinstance(emitted.data, Contract)
        # Of the lineage every case would say the same.
        end = {"normalized": {k: v for k, v in emitted.data.to_data().items() if k != "lineage"}}
    return {"key": item.key, "captured": captured, **end}


def save(case: Path) -> int:
    """Write what comes out of a case beside its input; return how many items it had."""
    found = outcomes_of(case)
    (case / "expected.json").write_text(
        json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return len(found)


if __name__ == "__main__":
    for argument in sys.argv[1:] or sorted(path.name for path in CASES.iterdir()):
        print(argument, save(CASES / argument))
