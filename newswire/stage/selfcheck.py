"""Tries a handler on the contract's own examples before it is let near real records.

A handler that cannot even be imported whole, or that breaks its output's schema, would turn every record into a dead letter. It also loads
what handlers load at first use, so that the first window is not the slow one.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources.abc import Traversable

import orjson

from newswire import topology
from newswire.envelope import Encoder
from newswire.errors import StageStoppedError, Verdict
from newswire.event import Event, Handler
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef


def self_check(handler: Handler) -> None:
    """Raise StageStoppedError when the handler fails on an example of the event that it reads. A verdict is a proper answer."""
    stage = topology.stage(handler.name)
    encoder = Encoder(handler.name, {topic.name: 1 for topic in topology.TOPICS})
    for name, file in _examples(stage):
        event = Event(
            name=name,
            id="self-check",
            key="self-check",
            data=orjson.loads(file.read_bytes()),
            ref=RecordRef(topic=topology.topic(stage.reads).name, partition=0, offset=0),
            timestamp_ms=0,
        )
        try:
            for index, emit in enumerate(handler.handle(event, MemoryState())):
                encoder.from_stage(emit, event, index, datetime.fromtimestamp(0, UTC))
        except Verdict:
            continue
        except Exception as error:
            raise StageStoppedError(
                f"{handler.name} fails on the contract's example {file.name} ({type(error).__name__}: {error}): its code or its "
                "installation is broken. Nothing was read. Mend it, then start the stage again"
            ) from error


def _examples(stage: topology.Stage) -> Iterator[tuple[str, Traversable]]:
    """Yield the examples of what a stage reads, and of what the stage before it tells it beside."""
    told = [name for before in topology.STAGES if before.writes[0] == stage.reads for name in before.beside]
    for event in (stage.reads, *told):
        folder = importlib.resources.files(f"schemas.{event}").joinpath("examples")
        for file in sorted(folder.iterdir(), key=lambda found: found.name):
            yield event, file
