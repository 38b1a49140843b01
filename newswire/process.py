"""A long-running part of the pipeline as a process: one at a time per place, stopped by a signal, ended by an error.

It ends in one of two ways. Asked to (SIGTERM, SIGINT), it finishes what it has begun and returns. After an error it says why and ends at
once, without closing anything: a producer that failed must not be given the chance to write again (defects D15, D16).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

import structlog

from newswire import ended, metrics, topology
from newswire.config import Settings
from newswire.errors import BrokerError, NewswireError, StageError, StageStoppedError
from newswire.log.client import AuthorizationError, KafkaError
from newswire.log.kafka import KafkaLog
from newswire.state.trouble import on_disk

_LOG = structlog.get_logger("newswire.stage")
_ASK_AGAIN_SECONDS: Final = 1.0
_SAY_AGAIN_SECONDS: Final = 30.0
_PARENT_SECONDS: Final = 0.5
LANE_NICENESS: Final = 10
"""How much a lane's processes give way to those of the live pipeline."""

Work = Callable[[KafkaLog, Path, threading.Event], None]
"""What the process does: given the log, its folder, and the event that asks it to stop."""


def run_process(
    name: str, work: Work, *, slot: int, needs: str, bootstrap_servers: str, settings: Settings
) -> None:
    """Do `work` as slot `slot` of `name`, once the broker has the topic `needs`, until asked to end.

    Does not return after an error: the process ends with the error's exit code.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopper(stop, name))
    try:
        if settings.lane:
            os.nice(LANE_NICENESS)
        folder = settings.stages_dir / name / str(slot)
        _take(folder, name, slot)
        ended.begins(folder)
        if settings.metrics_port:
            metrics.serve(settings.metrics_port, settings.metrics_host)
        log = KafkaLog(settings.connection(bootstrap_servers))
        if _wait_for_topic(log, needs, name, stop):
            _LOG.info("runs", stage=name, slot=slot, broker=bootstrap_servers)
            work(log, folder, stop)
            _LOG.info("stopped", stage=name, slot=slot)
    except BaseException as error:  # noqa: BLE001 - every error ends the process here, visibly
        _die(name, error)


def end_with(parent: int) -> None:
    """Ask this process to stop as soon as its parent, process `parent`, has ended: a killed supervisor leaves nothing behind.

    The parent names itself, because it may have ended before this process could look who it was.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with", daemon=True).start()


_locks: list[object] = []
"""Keeps the lock on this process's place until the process ends: a lock file that is collected is let go."""


def _take(folder: Path, name: str, slot: int) -> None:
    from filelock import FileLock, Timeout

    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            of_several = name in {stage.name for stage in topology.STAGES}
            raise StageStoppedError(
                f"slot {slot} of {name} runs already on this machine ({folder}): give this process another with --slot"
                if of_several
                else f"{name} runs already on this machine ({folder}): one process does all of it. Stop that one first"
            ) from None
    _locks.append(lock)


def _wait_for_topic(log: KafkaLog, needed: str, name: str, stop: threading.Event) -> bool:
    """Wait until the broker answers and has the topic; return False when asked to stop meanwhile."""
    said_at = 0.0
    while not stop.is_set():
        try:
            if log.exists(needed):
                return True
            why = f"there is no topic {needed} yet: `newswire topics create` makes it"
        except AuthorizationError as error:
            why = f"Kafka tells this login nothing of a topic {error}: make it, or allow what `newswire acls` says"
        except (BrokerError, KafkaError) as error:
            log.close()
            why = str(error)
        if time.monotonic() - said_at > _SAY_AGAIN_SECONDS:
            _LOG.warning("waiting", stage=name, why=why)
            said_at = time.monotonic()
        stop.wait(_ASK_AGAIN_SECONDS)
    return False


def _stopper(stop: threading.Event, name: str) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        _LOG.info("stopping when what was begun is done", stage=name, signal=signal.Signals(number).name)
        stop.set()

    return on_signal


def _die(name: str, error: BaseException) -> None:
    known = isinstance(error, NewswireError)
    code = error.exit_code if isinstance(error, NewswireError) else StageError.exit_code
    _LOG.error("ends", stage=name, error=str(error), exit_code=code, exc_info=None if known else error)
    ended.remember(str(error) if known else f"{type(error).__name__}: {error}", code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
