"""What is asked of the broker outside of reading and writing: topics, offsets, groups."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any, Final

from newswire.errors import BrokerError
from newswire.log.client import (
    Connection,
    KafkaConnectionError,
    KafkaError,
    NodeNotReadyError,
    NotCoordinatorError,
    admin,
)
from newswire.log.door import knock

_PATIENCE_SECONDS: Final = 15.0
_ASK_AGAIN_SECONDS: Final = 0.1


class Administration:
    """One administration connection, made at first use, and again after it was closed."""

    def __init__(self, to: Connection, on_loss: Callable[[], None]) -> None:
        """Take where the broker is, and what to call when the connection was lost: other clients may have lost it too."""
        self._to = to
        self._on_loss = on_loss
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The client itself. Raises BrokerError where no broker answers, AccessError where it does not let us in."""
        if self._client is None:
            self.knock()
            try:
                self._client = admin(self._to)
            except KafkaError as error:
                self.knock(always=True)
                raise BrokerError(
                    f"no Kafka broker answers at {self._to.bootstrap_servers} ({error}): start one with `newswire broker start`, "
                    "or say where one is with --bootstrap-servers or KAFKA_BOOTSTRAP_SERVERS"
                ) from error
        return self._client

    def knock(self, *, always: bool = False) -> None:
        """Raise AccessError when the broker does not let us in: where that is to be expected before the client tries, else `always`."""
        if always or self._to.guarded:
            # Nobody there: the client has the patience for that, and says so.
            with contextlib.suppress(OSError):
                knock(self._to)

    def ask(self, question: Callable[[Any], Any]) -> Any:
        """Ask the broker, again while the failure is a passing one: its first group has no coordinator yet, or it is starting."""
        gives_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return question(self.client)
            except KafkaError as error:
                if not error.retriable:
                    raise
                if time.monotonic() > gives_up_at:
                    raise BrokerError(
                        f"the broker at {self._to.bootstrap_servers} does not answer "
                        f"({type(error).__name__}: {error}); is it up? `newswire broker status` tells"
                    ) from error
                if isinstance(error, KafkaConnectionError | NodeNotReadyError | NotCoordinatorError):
                    # A client that has lost every node it knew does not look for the broker again by itself, and one that has once
                    # found a group's coordinator asks that one for ever, also when another broker has taken over (D21).
                    self.close()
                    self._on_loss()
            time.sleep(_ASK_AGAIN_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None
