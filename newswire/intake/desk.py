"""The desk at which requests are taken: one thread gathers them and writes them in transactions, each with the key it came under."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from newswire import metrics, topology
from newswire.captured import raw_record
from newswire.envelope import Encoder
from newswire.errors import NewswireError
from newswire.intake import keys
from newswire.intake.contract import Accepted, KeyReusedError, Receipt, Submission, UnavailableError
from newswire.keeping import SourceState
from newswire.log.client import KafkaError
from newswire.log.contract import Log, Outgoing
from newswire.state.contract import State

_LOG = structlog.get_logger("newswire.intake")
BATCH_SECONDS: Final = 0.02
"""How long the first request of a transaction waits for others: short, because somebody waits for the answer."""
BATCH_RECORDS: Final = 500
BATCH_BYTES: Final = 4 * topology.MIB
WAITING_BYTES: Final = 64 * topology.MIB
"""Records that wait to be written; what would go beyond is sent away."""
_IDLE_SECONDS: Final = 0.2
_FORGET_SECONDS: Final = 1.0
_PAUSES: Final = (1.0, 2.0, 5.0)
"""Between attempts to reach the broker again, in seconds; the last one from then on."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """A submission that is not written yet."""

    submission: Submission
    outputs: list[Outgoing]
    answer: Future[Accepted] = field(default_factory=Future)
    repeats: list[_Waiting] = field(default_factory=list)
    """Others in the same transaction with the same key."""

    @property
    def size(self) -> int:
        return sum(output.size for output in self.outputs)


@dataclass(slots=True)
class _Open:
    """What is needed to write, while the broker is there."""

    log: Log
    kept: SourceState


class Desk:
    """Takes submissions from any thread, and writes them from one of its own.

    A transaction that fails leaves it open whether it was committed. The answer is then `UnavailableError`, all connections are given up,
    and new ones are made: taking the transactional id over ends what is open, and the state is read up to the last record written, so
    that the same key then finds what was committed. `folder` is locked while it is open.
    """

    def __init__(self, kind: str, connect: Callable[[], Log], folder: Path) -> None:
        self._kind = kind
        self._connect = connect
        self._folder = folder
        self._queue: queue.Queue[_Waiting] = queue.Queue()
        self._bytes = 0
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._open: _Open | None = None
        self._why = "the broker has not been reached yet"
        self._failures = 0
        self._again_at = 0.0
        self._forget_at = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether submissions can be taken now, as far as is known."""
        return self._open is not None

    def submit(self, submission: Submission) -> Future[Accepted]:
        """Take a submission. The future gives what became of it, or raises KeyReusedError or UnavailableError.

        Raises ContractError or Reject at once for an article that cannot be published, and UnavailableError.
        """
        encoder = self._encoder
        if encoder is None or self._stop.is_set():
            raise UnavailableError(self._why, _PAUSES[0])
        waiting = _Waiting(submission, [raw_record(encoder, article) for article in submission.articles])
        with self._lock:
            if self._bytes + waiting.size > WAITING_BYTES:
                raise UnavailableError("more is handed in than can be written", _PAUSES[0])
            self._bytes += waiting.size
        self._queue.put(waiting)
        return waiting.answer

    def close(self, seconds: float) -> None:
        """Write what was taken, and end, in at most that many seconds."""
        self._stop.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not (self._stop.is_set() and self._queue.empty()):
            if self._open is None:
                self._reach()
            batch = self._gather()
            if batch:
                self._take(batch)
            elif self._open is not None and time.monotonic() > self._forget_at:
                self._forget_at = time.monotonic() + _FORGET_SECONDS
                self._take([])
        self._give_up()

    def _gather(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        records = size = 0
        closes_at = time.monotonic() + _IDLE_SECONDS
        while records < BATCH_RECORDS and size < BATCH_BYTES:
            try:
                waiting = self._queue.get(timeout=max(closes_at - time.monotonic(), 0.001))
            except queue.Empty:
                break
            with self._lock:
                self._bytes -= waiting.size
            if not batch:
                closes_at = time.monotonic() + BATCH_SECONDS
            # False where nobody waits for the answer any more: then it is not written either.
            if waiting.answer.set_running_or_notify_cancel():
                batch.append(waiting)
                records, size = records + len(waiting.outputs), size + waiting.size
        return batch

    def _take(self, batch: Sequence[_Waiting]) -> None:
        here = self._open
        if here is None:
            self._send_away(batch, self._why)
            return
        try:
            self._write(here, batch)
        except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits is told, and nothing of it is used again
            self._failed(error)
            self._send_away([each for each in batch if not each.answer.done()], self._why)

    def _write(self, here: _Open, batch: Sequence[_Waiting]) -> None:
        now, kept = datetime.now(UTC), here.kept
        new = self._new(kept.state, batch, now)
        keys.forget(kept.state, now)
        kept.keep()
        outputs = [output for each in new for output in each.outputs]
        receipts: dict[int, list[Receipt]] = {}
        noted: list[Outgoing] = []

        def note(offsets: list[int]) -> list[Outgoing]:
            place = iter(zip(outputs, offsets, strict=True))
            for each in new:
                receipts[id(each)] = [_receipt(*next(place)) for _ in each.outputs]
                keys.note(kept.state, each.submission, receipts[id(each)], now)
            kept.keep()
            noted.extend(kept.changes())
            return noted

        if not outputs and not kept.changes():
            return
        offsets = kept.writer.write(outputs, note)
        kept.committed([*outputs, *noted], offsets)
        for each in new:
            accepted = Accepted(receipts[id(each)])
            for article in each.submission.articles:
                metrics.CAPTURED.labels(article.raw.source.name).inc()
            each.answer.set_result(accepted)
            for repeat in each.repeats:
                repeat.answer.set_result(Accepted(accepted.receipts, repeated=True))

    def _new(self, state: State, batch: Sequence[_Waiting], now: datetime) -> list[_Waiting]:
        """Answer what was there before; return the rest, repeats within the batch under the first of them."""
        new: list[_Waiting] = []
        by_key: dict[tuple[str, str], _Waiting] = {}
        for each in batch:
            submission = each.submission
            name = None if submission.key is None else (submission.sender, submission.key)
            first = None if name is None else by_key.get(name)
            try:
                known = keys.find(state, submission, now)
            except KeyReusedError as error:
                each.answer.set_exception(error)
                continue
            if known is not None:
                each.answer.set_result(known)
            elif first is None:
                new.append(each)
                if name is not None:
                    by_key[name] = each
            elif first.submission.digest == submission.digest:
                first.repeats.append(each)
            else:
                each.answer.set_exception(KeyReusedError())
        return new

    def _reach(self) -> None:
        """Connect to the broker, where it is time to try."""
        if time.monotonic() < self._again_at or self._stop.is_set():
            return
        log: Log | None = None
        try:
            log = self._connect()
            encoder = Encoder(self._kind, log.topics())
            kept = SourceState(log, self._kind, self._folder)
        except Exception as error:  # noqa: BLE001 - it is tried again, and said each time
            if log is not None:
                log.close()
            self._failed(error)
            return
        self._encoder, self._open = encoder, _Open(log, kept)
        self._failures = 0
        _LOG.info("takes articles", source=self._kind)

    def _failed(self, error: Exception) -> None:
        """Give all connections up: what failed once is not used again (defects D1, D3, D15)."""
        pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        self._again_at = time.monotonic() + pause
        self._why = "the log cannot be written to just now"
        known = isinstance(error, (NewswireError, KafkaError))
        _LOG.error(
            "takes no articles until the broker can be reached again",
            source=self._kind,
            error=str(error),
            exc_info=None if known else error,
        )
        self._give_up()

    def _give_up(self) -> None:
        here, self._open = self._open, None
        if here is not None:
            here.kept.close()
            here.log.close()

    @staticmethod
    def _send_away(batch: Sequence[_Waiting], why: str) -> None:
        for each in batch:
            for one in (each, *each.repeats):
                if not one.answer.done():
                    one.answer.set_exception(UnavailableError(why, _PAUSES[-1]))


def _receipt(output: Outgoing, offset: int) -> Receipt:
    return Receipt(output.topic, output.partition, offset, (output.key or b"").decode())
