"""A desk as a process: `newswire produce push`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from newswire import topology
from newswire.config import Settings
from newswire.intake.desk import Desk
from newswire.log.kafka import KafkaLog
from newswire.process import run_process

CLOSING_SECONDS: Final = 3.0
"""How long what was handed in may take to be written, once nobody hands in any more."""


def run_desk(kind: str, serve: Callable[[Desk], None], bootstrap_servers: str, settings: Settings) -> None:
    """Serve until asked to end. `serve` hands in what comes and returns on SIGTERM or SIGINT. One process a machine and `kind`.

    Does not return after an error: the process ends with the error's exit code.
    """

    def work(log: KafkaLog, folder: Path, stop: threading.Event) -> None:
        del stop
        connection = log.connection
        log.close()
        desk = Desk(kind, lambda: KafkaLog(connection), folder / "state")
        desk.start()
        try:
            serve(desk)
        finally:
            desk.close(CLOSING_SECONDS)

    run_process(
        f"produce-{kind}",
        work,
        slot=0,
        needs=topology.source_changelog(kind),
        bootstrap_servers=bootstrap_servers,
        settings=settings,
    )
