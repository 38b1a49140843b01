"""The contract as files for subscribers in other languages."""

from __future__ import annotations

import json
from pathlib import Path

import schemas
from newswire import topology
from newswire.errors import UsageError


def export(folder: Path) -> list[Path]:
    """Write every event's schema, `asyncapi.yaml` and `index.json` into a folder, which is made; return the files.

    A schema file holds all of its parts: it needs no other. `index.json` tells each event's file, `$id`, `ce_type` and topic. UsageError
    when the folder cannot be made or written.
    """
    from newswire.contracts import asyncapi
    from newswire.envelope import event_type

    names = {event: f"{event}.v{schemas.version(event)}.json" for event in schemas.EVENTS}
    topics = {topic.event: topic.name for topic in topology.TOPICS}
    index = {
        event: {
            "file": name,
            "id": schemas.schema_id(event),
            "type": event_type(event),
            **({"topic": topics[event]} if event in topics else {}),
        }
        for event, name in names.items()
    }
    texts = {name: _json(schemas.schema(event)) for event, name in names.items()}
    texts |= {"index.json": _json(index), "asyncapi.yaml": asyncapi.render()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write schemas to {folder}: {error.strerror}; name a folder that can be written"
        ) from error
    return [folder / name for name in texts]


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
