"""A part of the pipeline as `newswire` runs it, with a hand on its transactions, its clock and its files: for tests only.

    python -m faults.child ORDERS run normalize --slot 0

ORDERS is a folder. What is in it is done by this process to itself; the product has no hook for it:

* `order`, one line `SIGKILL commit before 2`: the signal, sent to itself before or after a step of a transaction (begin, send, flush,
  offsets, commit), after the point has been passed that many times. Taken once: it becomes `taken`, with the process id of who took it,
  and a restarted process finds it gone.
* `clock`, a number of seconds: `time.time` and `datetime.now` are that far off, from the next transaction on (monotonic clocks are not:
  a clock that is set does not move those either).
* `largest-file`, a number of bytes: no file may grow beyond it (RLIMIT_FSIZE), so that writing state fails.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ARTICLE_BYTES = "CHAOS_ARTICLE_BYTES"
"""Environment variable: the largest record of the topic of articles, if it is not the topology's."""
STEPS = ("begin", "send", "flush", "offsets", "commit")


class Orders:
    """What is asked of this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._order: tuple[int, str, str] | None = None
        self._passes_left = 0
        self._shift = 0.0
        self._traveller: Any = None

    def read(self) -> None:
        """Look once for new orders."""
        self._set_clock()
        try:
            sign, step, when, passes = (self._folder / "order").read_text().split()
        except (FileNotFoundError, ValueError):
            self._order = None
            return
        order = (signal.Signals[sign].value, step, when)
        if order != self._order:
            self._order, self._passes_left = order, int(passes)

    def _set_clock(self) -> None:
        shift = float(_read(self._folder / "clock") or 0)
        if shift == self._shift:
            return
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = None
        if shift:
            import time_machine

            self._traveller = time_machine.travel(time.time() + shift, tick=True)
            self._traveller.start()
        self._shift = shift

    def limit_files(self) -> None:
        """Obey `largest-file`."""
        largest = _read(self._folder / "largest-file")
        if largest:
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (int(largest), resource.getrlimit(resource.RLIMIT_FSIZE)[1])
            )

    @contextmanager
    def around(self, step: str) -> Iterator[None]:
        """Pass the points before and after a step."""
        self._at(step, "before")
        yield
        self._at(step, "after")

    def _at(self, step: str, when: str) -> None:
        if self._order is None or self._order[1:] != (step, when):
            return
        if self._passes_left > 0:
            self._passes_left -= 1
            return
        number, self._order = self._order[0], None
        # Who took it stands in the file before it moves: a moment later another process may have this one's place.
        taken = self._folder / "order"
        taken.write_text(str(os.getpid()))
        taken.rename(self._folder / "taken")
        os.kill(os.getpid(), number)


class Handled:
    """A kafka-python producer whose transactions can be ended, or stopped, at any step."""

    def __init__(self, producer: Any, orders: Orders) -> None:
        self._producer = producer
        self._orders = orders

    def __getattr__(self, name: str) -> Any:
        return getattr(self._producer, name)

    def begin_transaction(self) -> None:
        self._orders.read()
        with self._orders.around("begin"):
            self._producer.begin_transaction()

    def send(self, *arguments: Any, **named: Any) -> Any:
        with self._orders.around("send"):
            return self._producer.send(*arguments, **named)

    def flush(self, *arguments: Any, **named: Any) -> None:
        with self._orders.around("flush"):
            self._producer.flush(*arguments, **named)

    def send_offsets_to_transaction(self, *arguments: Any, **named: Any) -> None:
        with self._orders.around("offsets"):
            self._producer.send_offsets_to_transaction(*arguments, **named)

    def commit_transaction(self) -> None:
        with self._orders.around("commit"):
            self._producer.commit_transaction()


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""


def main() -> None:
    orders = Orders(Path(sys.argv[1]))
    orders.limit_files()
    orders.read()
    from newswire import cli, topology
    from newswire.log import transaction

    limit = os.environ.get(ARTICLE_BYTES)
    topology.TOPICS = tuple(  # type: ignore[misc] # before anybody has looked
        replace(topic, max_bytes=int(limit)) if limit and topic.event == "article" else topic
        for topic in topology.TOPICS
    )

    made = transaction.transactional_producer
    transaction.transactional_producer = lambda *arguments, **named: Handled(
        made(*arguments, **named), orders
    )
    sys.argv[:] = ["newswire", *sys.argv[2:]]
    cli.main()


if __name__ == "__main__":
    main()
