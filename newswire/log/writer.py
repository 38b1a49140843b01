"""Publishing on Kafka, for sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from newswire.errors import BrokerError
from newswire.log.client import Connection, KafkaError
from newswire.log.contract import Outgoing
from newswire.log.transaction import TransactionalProducer

_TAKEN: Final = re.compile("ProducerFenced|InvalidProducerEpoch")
"""Whichever of the two the broker says: the client names them also in the text of other errors."""


class KafkaWriter:
    """`Writer` on Kafka. After an error it must not be used again."""

    def __init__(self, to: Connection, writer_id: str) -> None:
        self._where = to.bootstrap_servers
        self._producer = TransactionalProducer(to, writer_id)

    def write(
        self,
        outputs: Sequence[Outgoing],
        then: Callable[[list[int]], Sequence[Outgoing]] | None = None,
    ) -> list[int]:
        """Write all or none."""
        try:
            return self._producer.write(outputs, then=then)
        except KafkaError as error:
            self._producer.abandon()
            if _TAKEN.search(f"{type(error).__name__} {error}"):
                raise BrokerError(
                    f"another process has taken {self._producer.transactional_id} at {self._where}, and publishes in place of this "
                    "one; or a transaction of it took longer than the broker waits. If two were started by mistake, stop one of them. "
                    "If there is no other, publish again what was not acknowledged: should it be there after all, it is recognized"
                ) from error
            raise BrokerError(
                f"publishing to the broker at {self._where} failed ({type(error).__name__}: {error}). Look whether it runs and its disk "
                "has room (`newswire doctor`), then publish again what was not acknowledged: should it be there after all, it is recognized"
            ) from error

    def close(self) -> None:
        """Close the producer."""
        self._producer.close()
