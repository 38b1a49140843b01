"""Articles with unique numbers, at a steady rate, until asked to stop: what goes into the pipeline while faults happen.

    python -m faults.traffic BOOTSTRAP NAMESPACE RATE ACKNOWLEDGED

ACKNOWLEDGED is a file. Each line is the number up to which all articles are acknowledged; a process that is started again goes on there.
What it had sent without an answer is sent once more: then the raw topic may have it twice, and the pipeline must tell.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path

import structlog
from running import distinct_article

from newswire.envelope import Encoder
from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog

EVERY = 0.5
"""Seconds: the articles of so long are one transaction."""
LANGUAGES = ("en", "de", "fr", "es", "it", "pt")
"""They share out the articles over the partitions of topics that are partitioned by language."""


def acknowledged(path: Path) -> int:
    """Return how many articles, from number 0 on, are acknowledged."""
    # The last line may be half written by a process that was killed.
    whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
    return int(whole.rpartition("\n")[2] or 0)


def main(bootstrap: str, namespace: str, rate: str, path: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log = KafkaLog(Connection(bootstrap, namespace=namespace))
    encoder = Encoder("files", log.topics())
    writer = log.writer("chaos-traffic")
    done = acknowledged(Path(path))
    size = max(1, round(float(rate) * EVERY))
    with Path(path).open("a", encoding="utf-8") as told:
        while not stop.is_set():
            began = time.monotonic()
            writer.write(
                [
                    distinct_article(encoder, number, language=LANGUAGES[number % len(LANGUAGES)])
                    for number in range(done, done + size)
                ]
            )
            done += size
            told.write(f"{done}\n")
            told.flush()
            stop.wait(max(0.0, EVERY - (time.monotonic() - began)))
    writer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
