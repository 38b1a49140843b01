"""The stage loop: records in, through a pure handler, events, state and input offsets out, in one transaction per window.

The same loop runs on Kafka and on the log in memory. What it promises: every record read ends in exactly one of: the events that the
handler returned; a dead letter; a later try. Nothing of a window is visible before all of it is.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from newswire import topology
from newswire.envelope import Encoder, event_in
from newswire.errors import Retry, StageStoppedError
from newswire.event import Handler
from newswire.log.contract import Log, Moved, Outgoing, Record, Slot, Window, WindowLimits
from newswire.log.transaction import Watchdog
from newswire.stage.deadletter import Refusal, dead_letter
from newswire.stage.journal import Journal
from newswire.stage.order import in_time_order
from newswire.stage.rejects import RejectLimit, Rejects
from newswire.stage.retries import ATTEMPTS, Retries
from newswire.stage.stores import Stores
from newswire.stage.trial import Trial
from newswire.state.memory import MemoryState
from newswire.state.partition import PartitionState
from newswire.state.trouble import on_disk, unusable

_LOG = structlog.get_logger("newswire.stage")
IDLE_SECONDS: Final = 0.5
_NO_STATE: Final = MemoryState()
_FIRST_WINDOW: Final = 100
_WINDOW_TAKES: Final = 2.0
"""Seconds a window should take at most."""


class _StoppingError(Exception):
    """The stage was asked to stop while it was catching up with its state."""


@dataclass
class _Step:
    """What one window has come to so far."""

    outputs: list[Outgoing] = field(default_factory=list)
    offsets: dict[int, int] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    rejections: list[bool] = field(default_factory=list)
    handled: int = 0
    """Records that were tried; the rest of the window was given back."""


class StageLoop:
    """One slot of one stage. `folder` holds its local state and its journal; deleting it loses nothing."""

    def __init__(
        self,
        handler: Handler,
        log: Log,
        slot: Slot,
        folder: Path,
        *,
        limits: WindowLimits | None = None,
        reject_limit: RejectLimit | None = None,
        on_window: Callable[[Counter[str], float], None] | None = None,
        standby: bool = False,
    ) -> None:
        self._handler = handler
        self._log = log
        self._slot = slot
        self._limits = limits or WindowLimits()
        self._size = min(_FIRST_WINDOW, self._limits.records)
        self._rejects = Rejects(handler.name, reject_limit or RejectLimit())
        self._on_window = on_window
        self._encoder = Encoder(handler.name, log.topics())
        self._folder = folder
        with on_disk(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._journal = Journal(folder / "journal.json")
        self._trial = Trial(handler, self._encoder, self._journal)
        self._retries = Retries()
        self._stop = threading.Event()
        self._stores = (
            Stores(log, topology.changelog(handler.name), folder, self._keep_alive, standby=standby)
            if topology.stage(handler.name).stateful
            else None
        )

    def run(self, stop: threading.Event) -> None:
        """Handle windows until `stop` is set. The record at hand is finished and its window committed up to there. Then leave the group."""
        self._stop = stop
        while not stop.is_set():
            self.step(IDLE_SECONDS)
        self.close()

    def close(self) -> None:
        """Leave the group and close the local state."""
        self._slot.close()
        if self._stores is not None:
            self._stores.close()

    def step(self, idle_seconds: float) -> int:
        """Handle one window; return the number of records that were handled, 0 when nothing came."""
        began = time.monotonic()
        for partition in self._retries.due(began):
            self._slot.resume(partition)
            self._retries.started(partition)
        try:
            size = 1 if self._journal.careful else self._size
            window = self._slot.poll(replace(self._limits, records=size), idle_seconds)
            self._follow()
            if window is None:
                return 0
            began = time.monotonic()
            with on_disk(self._folder):
                self._journal.begin(window.records)
            # A record that hangs would be tried again by whoever gets its partition: here its process ends, and the journal counts that.
            with Watchdog(self._limits.hangs_after_seconds, f"a window of {self._handler.name}"):
                step = self._handle(window)
            # From here on no record can be to blame for an end of the process.
            with on_disk(self._folder):
                self._journal.done()
            self._commit(window, step)
        except Moved:
            self._undo()
            self._slot.rewind()
            return 0
        except _StoppingError:
            return 0
        seconds = time.monotonic() - began
        # A slow handler gets small windows, so that its slot polls often enough not to be expelled from the group.
        self._size = max(1, min(self._limits.records, int(_WINDOW_TAKES * step.handled / max(seconds, 1e-6))))
        if self._on_window is not None:
            self._on_window(step.counts, seconds)
        return step.handled

    def _follow(self) -> None:
        if self._stores is None:
            return
        with on_disk(self._folder):
            self._stores.follow(self._slot.partitions(), self._slot.membership())
            self._stores.keep_warm()

    def _keep_alive(self) -> None:
        if self._stop.is_set():
            raise _StoppingError
        self._slot.keep_alive()

    def _undo(self) -> None:
        if self._stores is not None:
            self._stores.undo()

    def _handle(self, window: Window) -> _Step:
        step = _Step()
        now = datetime.now(UTC)
        ends_at = time.monotonic() + self._limits.handling_seconds
        for record in in_time_order(window.records):
            if record.partition in step.blocked:
                continue
            if step.handled and (time.monotonic() > ends_at or self._stop.is_set()):
                self._give_back(record, step)
                continue
            step.handled += 1
            self._handle_one(record, step, now)
            if record.partition not in step.blocked:
                step.offsets[record.partition] = record.offset + 1
                step.times[record.partition] = record.timestamp_ms
        if self._stores is not None:
            step.outputs += self._stores.changelog(step.times)
        self._rejects.add(step.rejections)
        return step

    def _give_back(self, record: Record, step: _Step) -> None:
        """Read the record, and what follows it in its partition, again in the next window."""
        self._slot.hold(record.partition, record.offset)
        self._slot.resume(record.partition)
        step.blocked.add(record.partition)

    def _handle_one(self, record: Record, step: _Step, now: datetime) -> None:
        state = _NO_STATE if self._stores is None else self._stores.state(record.partition)
        attempt = self._retries.attempts(record) + 1
        try:
            outputs = self._trial.outputs(record, state, now)
        except Retry as verdict:
            refused = self._wait(record, verdict, step)
        except sqlite3.Error as error:
            raise unusable(error, self._folder) from error
        except StageStoppedError:  # no record's fault
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it becomes a dead letter with its reason
            refused = self._trial.refusal(error)
        else:
            if isinstance(state, PartitionState):
                state.keep_record()
            step.outputs += outputs
            step.rejections.append(False)
            step.counts.update(map(event_in, outputs))
            self._retries.forget(record.partition)
            return
        if isinstance(state, PartitionState):
            state.undo_record()
        if refused is not None:
            step.outputs.append(
                dead_letter(
                    record,
                    refused,
                    stage=self._handler.name,
                    rule_version=self._handler.rule_version,
                    attempt=attempt,
                    encoder=self._encoder,
                    now=now,
                )
            )
            step.counts[refused.verdict] += 1
            step.rejections.append(refused.verdict != "drop")
            self._retries.forget(record.partition)

    def _wait(self, record: Record, verdict: Retry, step: _Step) -> Refusal | None:
        """Pause the record's partition; return a refusal instead when that was its last try."""
        delay = self._retries.wait(record, verdict.after, time.monotonic())
        if delay is None:
            return Refusal(
                "retries-exhausted", "retries-exhausted", f"failed {ATTEMPTS} times, last: {verdict.why}"
            )
        step.blocked.add(record.partition)
        step.counts["retry"] += 1
        self._slot.hold(record.partition, record.offset)
        where = f"{record.topic}/{record.partition}/{record.offset}"
        _LOG.warning(
            "a record has to wait",
            stage=self._handler.name,
            record=where,
            why=verdict.why,
            seconds=round(delay, 3),
        )
        return None

    def _commit(self, window: Window, step: _Step) -> None:
        if not step.offsets:
            # All of it waits: there is nothing to write.
            self._undo()
            return
        offsets = self._slot.commit(window, step.outputs, step.offsets)
        if self._stores is not None:
            with on_disk(self._folder):
                self._stores.committed(step.outputs, offsets)
