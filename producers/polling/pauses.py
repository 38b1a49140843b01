"""Pauses that whole hosts have asked for, kept over the end of the process: what a run from cron is told holds for the next one."""

from __future__ import annotations

from typing import Final

import orjson

from newswire.state.contract import State
from producers.fetch import Client, Failure, FailureClass

_PREFIX: Final = "alone "


class Pauses:
    """Belongs to the thread that has the state. Key `alone HOST`, value the Unix time at which the pause ends."""

    def __init__(self, state: State, client: Client) -> None:
        self._state = state
        self._client = client
        self._kept: dict[str, float] = {}

    def resume(self, now: float) -> None:
        """Have the client keep the pauses that go on, and forget the others."""
        for key, value in list(self._state.scan(_PREFIX)):
            host, until = key.removeprefix(_PREFIX), float(orjson.loads(value))
            if until > now:
                self._kept[host] = until
                self._client.leave_alone(host, until)
            else:
                self._state.delete(key)

    def note(self, failure: Failure | None) -> None:
        """Remember what hosts have asked for, after an answer: only one that failed for now can have brought a pause."""
        if failure is None or failure.kind is not FailureClass.SOFT:
            return
        for host, until in self._client.alone().items():
            if self._kept.get(host) != until:
                self._kept[host] = until
                self._state.put(f"{_PREFIX}{host}", orjson.dumps(until))
