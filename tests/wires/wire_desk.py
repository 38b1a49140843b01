"""A folder that wires are dropped into, and the runs of a producer that takes them."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from wire import make_topics, payloads

from newswire.errors import BrokerError
from newswire.keeping import SourceState
from newswire.log.memory import MemoryLog
from newswire.source import SourceLoop
from producers.wires import WiresSource


def item(number: int, **more: Any) -> dict[str, Any]:
    return {
        "uri": f"urn:npa:{number}",
        "version": "1",
        "versioncreated": "2026-03-02T10:00:00Z",
        "headline": f"Item number {number}",
        "body_text": "Text.",
    } | more


def put(folder: Path, name: str, content: Any, *, age: float = 3600) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    os.utime(path, (time.time() - age,) * 2)
    return path


class Broken:
    """A writer whose nth transaction fails: before it was committed, or after, when the process dies before it hears of it."""

    def __init__(self, writer: Any, nth: int, *, committed: bool) -> None:
        self._writer, self._left, self._committed = writer, nth, committed

    def write(self, outputs: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            if self._committed:
                self._writer.write(outputs)
            raise BrokerError("the broker went away")
        return self._writer.write(outputs)


class Desk:
    """A log, a state and a folder, through runs of the producer that end or die."""

    def __init__(self, tmp_path: Path) -> None:
        self.log = MemoryLog()
        make_topics(self.log)
        self.tmp_path = tmp_path
        self.folder = tmp_path / "in"
        self.folder.mkdir()
        self.runs = 0

    def run(self, *, fail_at: int = 0, committed: bool = False, **options: Any) -> WiresSource:
        self.runs += 1
        kept = SourceState(
            self.log, "wires", self.tmp_path / f"state-{self.runs}"
        )  # the folder is only a copy
        try:
            source = WiresSource({"npa": self.folder}, kept.state, once=True, **options)
            writer = Broken(kept.writer, fail_at, committed=committed) if fail_at else kept.writer
            SourceLoop(source, self.log, writer, kept=kept).run()
        finally:
            kept.close()
        return source

    def uris(self) -> list[str]:
        return sorted(raw["guid"] for raw in payloads(self.log, "raw"))

    def files(self) -> list[str]:
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file())

    def reasons(self) -> list[str]:
        return [letter["reason"] for letter in payloads(self.log, "rejected")]
