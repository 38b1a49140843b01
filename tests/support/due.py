"""Sources that are due again, as time would make them."""

from __future__ import annotations

import json
from pathlib import Path

from newswire.keeping import SourceState
from newswire.log.kafka import KafkaLog
from producers.polling import standings


def make_due(log: KafkaLog, kind: str, state_dir: Path) -> None:
    """Make all sources of a kind due; no process of that kind may run."""
    kept = SourceState(log, kind, state_dir / "produce" / kind)
    for name, standing in standings(kept.state).items():
        plan = json.loads(standing.to_json())
        plan["plan"]["due"] = 0
        kept.state.put(f"source {name}", json.dumps(plan).encode())
    kept.keep()
    changes = kept.changes()
    if changes:
        kept.committed(changes, kept.writer.write(changes))
    kept.close()
