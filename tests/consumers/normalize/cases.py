"""Cases of the normalize stage as folders, and the command that saves what comes out of them.

A case is a folder with `raw.json` (fields of a raw event; what is missing is filled in), perhaps `body.txt` or `body.html` (the body's
bytes), and `expected.json` (the normalized event) or `rejected.json` (reason, path, detail). To add one, make the folder with its
input and run, from the top of the repository:

    python -m tests.consumers.normalize.cases CASE…      # saves the output; read it before you commit it
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

from consumers.normalize import Normalize
from newswire.errors import Reject
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.contract import Contract
from schemas.core.lineage import RecordRef
from schemas.raw.model import Raw

CASES = Path(__file__).parent / "cases"
REF = RecordRef(topic="news.raw.v1", partition=0, offset=7)
_DEFAULTS = {
    "source": {"name": "desk", "kind": "files"},
    "captured_at": "2024-02-01T12:00:00Z",
    "media_type": "text/plain",
    "body": "",
}


def raw_of(case: Path) -> dict[str, Any]:
    """Return the case's raw payload."""
    given = case / "raw.json"
    payload = {**_DEFAULTS, **(json.loads(given.read_text(encoding="utf-8")) if given.exists() else {})}
    for body in case.glob("body.*"):
        payload["media_type"] = {"txt": "text/plain", "html": "text/html"}[body.suffix[1:]]
        data = body.read_bytes()
        text = data.decode("utf-8", "replace")
        if text.encode() == data and "\0" not in text:
            payload["body"] = text
        else:
            payload |= {"body": base64.b64encode(data).decode(), "body_encoding": "base64"}
    return Raw.from_data(payload).to_data()


def outcome_of(payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return (`expected.json`, the normalized payload) or (`rejected.json`, the verdict)."""
    raw = Raw.from_data(payload)
    event = Event("raw", "id-7", "key", payload, REF, int(raw.captured_at.timestamp() * 1000))
    try:
        (emitted,) = Normalize().handle(event, MemoryState())
    except Reject as reject:
        return "rejected.json", {"reason": reject.reason, "path": reject.path, "detail": reject.detail}
    assert isinstance(emitted.data, Contract)
    return "expected.json", emitted.data.to_data()


def save(case: Path) -> str:
    """Write what comes out of a case beside its input; return the file's name."""
    name, payload = outcome_of(raw_of(case))
    for old in ("expected.json", "rejected.json"):
        (case / old).unlink(missing_ok=True)
    (case / name).write_text(json.dumps(payload, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return name


if __name__ == "__main__":
    for argument in sys.argv[1:] or sorted(path.name for path in CASES.iterdir()):
        print(argument, save(CASES / argument))
