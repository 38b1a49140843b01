"""Tries a handler on the contract's own examples before it is let near real records.

A handler that cannot even be imported whole, or that breaks its output's schema, would turn every record into a dead letter. It also loads
what handlers load at first use, so that the first window is not the slow one.
"""

from __future__ import annotations

import importlib.resources
from datetime import UTC, datetime

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
    examples = importlib.resources.files(f"schemas.{stage.reads}").joinpath("examples")
    for file in sorted(examples.iterdir(), key=lambda found: found.name):
        event = Event(
            name=stage.reads,
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
