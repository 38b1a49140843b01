"""One slot of one stage as a process: `newswire run normalize`."""

from __future__ import annotations

import importlib
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from newswire import metrics, topology
from newswire.config import Settings
from newswire.event import Handler
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.process import run_process
from newswire.stage.checks import check
from newswire.stage.loop import StageLoop
from newswire.stage.rejects import RejectLimit
from newswire.stage.selfcheck import self_check


def load_handler(stage: str) -> Handler:
    """Return the handler of a stage: by convention `consumers.<stage>` has a class of that name, `Normalize` for `normalize`."""
    topology.stage(stage)
    handler: Handler = getattr(importlib.import_module(f"consumers.{stage}"), stage.capitalize())()
    return handler


def run_stage(stage: str, bootstrap_servers: str, settings: Settings) -> None:
    """Run one slot of a stage until asked to end. Does not return after an error: the process ends with the error's exit code."""

    def work(log: KafkaLog, folder: Path, stop: threading.Event) -> None:
        limits = WindowLimits()
        if settings.lane:
            # A second's worth at most: the stage sleeps after its windows, and must poll in between.
            limits = replace(limits, records=max(1, min(limits.records, int(settings.lane_rate))))
        handler = load_handler(stage)
        self_check(handler)
        check(log, topology.stage(stage), limits)
        loop = _loop(handler, log, folder, limits, settings)
        metrics.UP.labels(stage, settings.slot).set(1)
        loop.run(stop)

    needs = topology.topic(topology.stage(stage).reads).name
    run_process(
        stage,
        work,
        slot=settings.slot,
        needs=needs,
        bootstrap_servers=bootstrap_servers,
        settings=settings,
    )


def _loop(
    handler: Handler, log: KafkaLog, folder: Path, limits: WindowLimits, settings: Settings
) -> StageLoop:
    stage = handler.name

    def on_window(counts: Counter[str], seconds: float) -> None:
        metrics.count_window(stage, counts, seconds)
        if settings.lane:
            # `counts` has at least one entry for each record that was taken, but for those that came to nothing.
            time.sleep(max(0.0, counts.total() / settings.lane_rate - seconds))

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
        standby=settings.standby,
    )
