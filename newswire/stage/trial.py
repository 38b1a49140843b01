"""One record through a stage's handler, and what its errors mean."""

from __future__ import annotations

import sqlite3
import traceback
from datetime import datetime

import structlog

from newswire import topology
from newswire.envelope import Encoder, decode
from newswire.errors import Drop, Reject, Retry, StageStoppedError
from newswire.event import Event, Handler
from newswire.log.contract import Outgoing, Record
from newswire.stage.deadletter import Refusal
from newswire.stage.journal import Journal
from newswire.state.memory import MemoryState
from newswire.state.partition import PartitionState

_LOG = structlog.get_logger("newswire.stage")


class GivenUpError(Exception):
    """A record that ended the process too often."""


class Trial:
    """Puts records through a handler; `journal` knows those over which the process has ended."""

    def __init__(self, handler: Handler, encoder: Encoder, journal: Journal) -> None:
        self._handler = handler
        self._stage = topology.stage(handler.name)
        self._encoder = encoder
        self._journal = journal

    def outputs(self, record: Record, state: PartitionState | MemoryState, now: datetime) -> list[Outgoing]:
        """Return a record's outputs. A bug gets one more try, alone and from a clean state, before it counts.

        Raises what the handler raises, and `GivenUpError`.
        """
        ends = self._journal.deadly(record)
        if ends:
            raise GivenUpError(
                f"the stage's process ended {ends} times over this record; it was not tried again"
            )
        event = decode(record)
        if event.name == "tick" and not self._stage.ticks:
            return self._not_mine(event, "has no timers")
        if event.name == "purge" and not self._stage.stateful:
            return self._not_mine(event, "has no state that anything could be purged from")
        try:
            return self._try(event, state, now)
        except (Reject, Drop, Retry, StageStoppedError, sqlite3.Error):
            raise
        except Exception:  # noqa: BLE001 - the second try raises what it is
            if isinstance(state, PartitionState):
                state.undo_record()
            return self._try(event, state, now)

    def _not_mine(self, event: Event, why: str) -> list[Outgoing]:
        """Pass over what is for another stage that reads the same topic; what is for none does not belong there: Drop."""
        if event.name in topology.control_on(self._stage.reads):
            return []
        raise Drop(event.name, f"{self._handler.name} {why}")

    def _try(self, event: Event, state: PartitionState | MemoryState, now: datetime) -> list[Outgoing]:
        return [
            self._encoder.from_stage(emit, event, index, now)
            for index, emit in enumerate(self._handler.handle(event, state))
        ]

    def refusal(self, error: Exception) -> Refusal:
        """Return why a record is refused; what is no verdict of the handler is a bug in it."""
        match error:
            case Reject():
                return Refusal("reject", error.reason, error.detail, error.path)
            case Drop():
                return Refusal("drop", error.reason, error.detail, keep_original=error.keep_original)
            case GivenUpError():
                return Refusal("internal", "ends-the-process", str(error))
            case _:
                _LOG.error(
                    "bug in a handler; the record becomes a dead letter",
                    stage=self._handler.name,
                    exc_info=error,
                )
                trace = "".join(traceback.format_exception(error))
                return Refusal("internal", "internal", f"{type(error).__name__}: {error}", traceback=trace)
