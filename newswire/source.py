"""The source loop: what a source captures, published in transactions, with receipts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from newswire import metrics
from newswire.capture import Captured, Source, Unreadable
from newswire.captured import dead_letter, raw_record
from newswire.envelope import Encoder
from newswire.errors import ContractError, Reject
from newswire.keeping import SourceState
from newswire.log.contract import Log, Outgoing, Writer
from schemas.core.lineage import RecordRef

BATCH_SECONDS: Final = 0.1
BATCH_RECORDS: Final = 500
BATCH_BYTES: Final = 4 * 1024 * 1024
_KEPT_BYTES: Final = 1024 * 1024
"""Of a capture that is too large for its topic, in its dead letter."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one thing that a source gave, after the broker acknowledged it."""

    what: Captured | Unreadable
    """The capture, or what could not be read."""
    ref: RecordRef
    """The record it became: on the raw topic, or among the dead letters."""


@dataclass
class Report:
    """What a run of a source has come to."""

    published: int = 0
    """Raw records."""
    unreadable: Counter[str] = field(default_factory=Counter)
    """Dead letters, by reason."""

    def __add__(self, other: Report) -> Report:
        """Return what two runs have come to."""
        return Report(self.published + other.published, self.unreadable + other.unreadable)


@dataclass
class _Batch:
    """What is to be written next."""

    outputs: list[Outgoing] = field(default_factory=list)
    items: list[Captured | Unreadable] = field(default_factory=list)
    size: int = 0
    began: float = 0.0


class SourceLoop:
    """Publishes what a source yields. `on_receipt` is called for each item once the broker has acknowledged its transaction.

    A source with state is given `kept.state` when it is made, and the loop `kept`. What the source has changed before it yields an item is
    written in the transaction of that item; what it changes without one, in that of the next `None`. Nothing is ever undone: after an
    error the process ends, and the next begins with what was committed.
    """

    def __init__(
        self,
        source: Source,
        log: Log,
        writer: Writer,
        *,
        kept: SourceState | None = None,
        on_receipt: Callable[[Receipt], None] | None = None,
    ) -> None:
        self._source = source
        self._writer = writer
        self._kept = kept
        self._encoder = Encoder(source.name, log.topics())
        self._on_receipt = on_receipt
        self._report = Report()

    def run(self) -> Report:
        """Publish all that the source yields; return what came of it. An error of the broker ends it, with the rest not published."""
        batch = _Batch()
        for item in self._source.captures():
            if item is not None:
                self._add(batch, item)
            if self._kept is not None:
                self._kept.keep()
            waited = bool(batch.items) and time.monotonic() - batch.began > BATCH_SECONDS
            full = len(batch.items) >= BATCH_RECORDS or batch.size >= BATCH_BYTES
            if item is None or waited or full:
                batch = self._write(batch)
        if self._kept is not None:
            self._kept.keep()
        self._write(batch)
        return self._report

    def _add(self, batch: _Batch, item: Captured | Unreadable) -> None:
        if isinstance(item, Captured):
            try:
                output = raw_record(self._encoder, item)
            except (Reject, ContractError) as error:
                # What comes from outside may be odd in ways that a source did not see: the rest goes on.
                reason, detail = (
                    (error.reason, error.detail) if isinstance(error, Reject) else ("contract", str(error))
                )
                body = item.raw.body.encode(errors="replace")
                what = item.raw.path or item.raw.url or item.key
                item = Unreadable(what, reason, detail, body[:_KEPT_BYTES], len(body))
        if isinstance(item, Unreadable):
            output = dead_letter(self._encoder, item, self._source.name, self._source.rule_version)
        if not batch.items:
            batch.began = time.monotonic()
        batch.items.append(item)
        batch.outputs.append(output)
        batch.size += output.size

    def _write(self, batch: _Batch) -> _Batch:
        changes = self._kept.changes() if self._kept is not None else []
        if batch.items or changes:
            outputs = [*batch.outputs, *changes]
            offsets = self._writer.write(outputs)
            if self._kept is not None:
                self._kept.committed(outputs, offsets)
            for item, output, offset in zip(batch.items, batch.outputs, offsets, strict=False):
                self._count(item)
                if self._on_receipt is not None:
                    ref = RecordRef(topic=output.topic, partition=output.partition, offset=offset)
                    self._on_receipt(Receipt(item, ref))
        return _Batch()

    def _count(self, item: Captured | Unreadable) -> None:
        if isinstance(item, Captured):
            self._report.published += 1
            metrics.CAPTURED.labels(item.raw.source.name).inc()
        else:
            self._report.unreadable[item.reason] += 1
            metrics.UNREADABLE.labels(self._source.name, item.reason).inc()
