"""One Kafka transaction at a time, in the only way that was shown to lose nothing (see `docs/architecture.md`, delivery).

`flush` and *every* future are looked at before the commit, because kafka-python's commit also succeeds when records were lost (D2 to D5);
after any error the producer is not used again, because it cannot be trusted (D1, D3); and since several of its calls can hang without a
timeout (D6, D18), a watchdog ends the process. The numbers are those of our notes on
kafka-python's defects.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import structlog

from newswire import ended
from newswire.errors import StageError, StageStoppedError
from newswire.log.client import (
    NOTHING,
    Connection,
    InvalidTransactionTimeoutError,
    KafkaError,
    OffsetAndMetadata,
    TopicPartition,
    transactional_producer,
)
from newswire.log.contract import Outgoing

_LOG = structlog.get_logger("newswire.log")


class Watchdog:
    """Ends the process when a block takes too long: a hung transaction cannot be left in any other way."""

    def __init__(self, seconds: float, what: str) -> None:
        self._seconds = seconds
        self._what = what

    def __enter__(self) -> None:
        self._timer = threading.Timer(self._seconds, self._bite)
        self._timer.daemon = True
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def _bite(self) -> None:
        _LOG.error(
            "took too long; ending the process, nothing was committed", what=self._what, seconds=self._seconds
        )
        ended.remember(
            f"{self._what} took more than {self._seconds:g} s; nothing was committed", StageError.exit_code
        )
        sys.stderr.flush()
        os._exit(StageError.exit_code)


class TransactionalProducer:
    """A producer that writes batches in transactions, until the first error; from then on it refuses."""

    def __init__(self, to: Connection, transactional_id: str) -> None:
        self.transactional_id = f"{to.namespace}{transactional_id}"
        self._namespace = to.namespace
        self._limits = to.limits
        self._what = (
            f"transaction of {self.transactional_id} with the broker at {to.bootstrap_servers} (`newswire doctor` tells whether that "
            "runs and its disk has room)"
        )
        self._failed = False
        self._producer = transactional_producer(to, self.transactional_id)
        try:
            with Watchdog(self._limits.watchdog_seconds * 4, f"init_transactions of {self.transactional_id}"):
                self._producer.init_transactions()
        except KafkaError as error:
            self.abandon()
            # The client has no class for this one here, only its name in the text.
            if InvalidTransactionTimeoutError.__name__ not in str(error):
                raise
            raise StageStoppedError(
                f"the broker at {to.bootstrap_servers} does not allow transactions of {self._limits.transaction_ms} ms, which "
                f"{self.transactional_id} needs: set its transaction.max.timeout.ms to {self._limits.transaction_ms} or more"
            ) from error

    def write(
        self,
        outputs: Sequence[Outgoing],
        offsets: Mapping[TopicPartition, int] | None = None,
        membership: Any = None,
        then: Callable[[list[int]], Sequence[Outgoing]] | None = None,
    ) -> list[int]:
        """Write outputs and, for a stage, its input offsets under the given group membership; return the outputs' offsets.

        `then` is given these offsets and returns what else belongs into the same transaction, such as a note of where they are.
        Raises KafkaError, or whatever else the client raises: what became of the transaction is then not known. From then on StageError.
        """
        if self._failed:
            raise StageError(
                f"a transaction of {self.transactional_id} has failed, and its producer is not to be used again: end the process"
            )
        try:
            with Watchdog(self._limits.watchdog_seconds, self._what):
                return self._write(outputs, offsets, membership, then)
        except BaseException:
            self._failed = True
            raise

    def _write(
        self,
        outputs: Sequence[Outgoing],
        offsets: Mapping[TopicPartition, int] | None,
        membership: Any,
        then: Callable[[list[int]], Sequence[Outgoing]] | None,
    ) -> list[int]:
        producer = self._producer
        producer.begin_transaction()
        written = self._send(outputs)
        if then is not None:
            written += self._send(then(list(written)))
        if offsets:
            committed = {tp: OffsetAndMetadata(offset, "", -1) for tp, offset in offsets.items()}
            producer.send_offsets_to_transaction(committed, membership)
        producer.commit_transaction()
        return written

    def _send(self, outputs: Sequence[Outgoing]) -> list[int]:
        """Send, and return the offsets once the broker has acknowledged each record."""
        producer, seconds = self._producer, self._limits.flush_seconds
        futures = [
            producer.send(
                self._namespace + out.topic,
                value=NOTHING if out.key is None and out.value is None else out.value,
                key=out.key,
                headers=list(out.headers),
                partition=out.partition,
                timestamp_ms=out.timestamp_ms,
            )
            for out in outputs
        ]
        producer.flush(timeout=seconds)
        return [int(future.get(timeout=seconds).offset) for future in futures]

    def close(self) -> None:
        """Close. After a failed transaction: `abandon`."""
        if self._failed:
            self.abandon()
        else:
            self._producer.close(timeout=self._limits.flush_seconds)

    def abandon(self) -> None:
        """Stop the sender thread without flushing: what is open will be aborted by the next holder of the id, or by its timeout."""
        # close() flushes first, and when that times out leaves the thread running (D15), so the thread is stopped directly.
        sender = getattr(self._producer, "_sender", None)
        if sender is not None:
            sender.force_close()
