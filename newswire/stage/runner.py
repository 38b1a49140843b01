"""One slot of one stage as a process: `newswire run normalize`.

It ends in one of two ways. Asked to (SIGTERM, SIGINT), it finishes its window, leaves the group and returns. After an error it says why and
ends the process at once, without closing anything: a producer that failed must not be given the chance to write again (defects D15, D16).
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Final

import structlog

from newswire import metrics, topology
from newswire.config import Settings
from newswire.errors import BrokerError, NewswireError, StageError, StageStoppedError
from newswire.event import Handler
from newswire.log.client import KafkaError
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.stage.checks import check
from newswire.stage.loop import RejectLimit, StageLoop

_LOG = structlog.get_logger("newswire.stage")
_ASK_AGAIN_SECONDS: Final = 1.0
_SAY_AGAIN_SECONDS: Final = 30.0


def load_handler(stage: str) -> Handler:
    """Return the handler of a stage: by convention `consumers.<stage>` has a class of that name, `Normalize` for `normalize`."""
    topology.stage(stage)
    handler: Handler = getattr(importlib.import_module(f"consumers.{stage}"), stage.capitalize())()
    return handler


def run_stage(stage: str, bootstrap_servers: str, settings: Settings) -> None:
    """Run one slot of a stage until asked to end. Does not return after an error: the process ends with the error's exit code."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopper(stop, stage))
    try:
        _run(stage, bootstrap_servers, settings, stop)
    except BaseException as error:  # noqa: BLE001 - every error ends the process here, visibly
        _die(stage, error)


def _run(stage: str, bootstrap_servers: str, settings: Settings, stop: threading.Event) -> None:
    from filelock import FileLock, Timeout

    folder = settings.state_dir / stage / str(settings.slot)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StageStoppedError(
            f"slot {settings.slot} of {stage} runs already on this machine ({folder}): give this process another with --slot"
        ) from None
    if settings.metrics_port:
        metrics.serve(settings.metrics_port)
    log = KafkaLog(settings.connection(bootstrap_servers))
    limits = WindowLimits()
    if not _wait_for_topics(log, stage, stop):
        return
    check(log, topology.stage(stage), limits)
    loop = _loop(stage, log, folder, limits, settings)
    metrics.UP.labels(stage, settings.slot).set(1)
    _LOG.info("stage runs", stage=stage, slot=settings.slot, broker=bootstrap_servers)
    loop.run(stop)
    _LOG.info("stage stopped", stage=stage, slot=settings.slot)


def _loop(stage: str, log: KafkaLog, folder: Path, limits: WindowLimits, settings: Settings) -> StageLoop:
    def on_window(counts: Counter[str], seconds: float) -> None:
        metrics.count_window(stage, counts, seconds)

    handler = load_handler(stage)
    slot = log.slot(
        topic=topology.topic(topology.stage(stage).reads).name,
        group=topology.group(stage),
        slot_id=topology.slot_id(stage, settings.slot),
    )
    return StageLoop(
        handler,
        log,
        slot,
        folder,
        limits=limits,
        reject_limit=RejectLimit(share=settings.max_reject_share),
        on_window=on_window,
    )


def _wait_for_topics(log: KafkaLog, stage: str, stop: threading.Event) -> bool:
    """Wait until the broker answers and has the topics; return False when asked to stop meanwhile."""
    needed = topology.topic(topology.stage(stage).reads).name
    said_at = 0.0
    while not stop.is_set():
        try:
            if needed in log.topics():
                return True
            why = f"there is no topic {needed} yet: `newswire topics create` makes it"
        except (BrokerError, KafkaError) as error:
            log.close()
            why = str(error)
        if time.monotonic() - said_at > _SAY_AGAIN_SECONDS:
            _LOG.warning("waiting", stage=stage, why=why)
            said_at = time.monotonic()
        stop.wait(_ASK_AGAIN_SECONDS)
    return False


def _stopper(stop: threading.Event, stage: str) -> signal.Handlers:
    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        _LOG.info("stopping after this window", stage=stage, signal=signal.Signals(number).name)
        stop.set()

    return on_signal  # type: ignore[return-value] # a plain function is a handler


def _die(stage: str, error: BaseException) -> None:
    known = isinstance(error, NewswireError)
    code = error.exit_code if isinstance(error, NewswireError) else StageError.exit_code
    _LOG.error("stage ends", stage=stage, error=str(error), exit_code=code, exc_info=None if known else error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
