"""This machine: Python, Java, the broker's jars, folders, and which stages run here."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from newswire.broker.docker import docker_answers
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.jars import cache_dir, ensure_jars
from newswire.broker.jars_lock import KAFKA_VERSION, read_lock
from newswire.broker.java import find_java
from newswire.broker.lifecycle import default_data_dir
from newswire.broker.storage import check_could_write
from newswire.config import Settings
from newswire.doctor.finding import Finding, fail, ok, warn
from newswire.ended import Ended, ends, running
from newswire.errors import StageStoppedError

_GIB: Final = 1 << 30
_LITTLE: Final = 2 * _GIB
"""Below this much free disk the doctor warns: a broker that fills its disk stops."""


def look_at_machine(settings: Settings) -> Iterator[Finding]:
    """Yield what this machine has to say."""
    yield ok("python", f"{platform.python_version()}, {sys.executable}")
    yield _java()
    yield _jars()
    yield ok(
        "docker",
        "an engine answers" if docker_answers() else "no engine answers; the embedded broker needs none",
    )
    yield _folder("broker's data", settings.data_dir or default_data_dir())
    yield _folder("stages' state", settings.state_dir.absolute())
    yield from _slots(settings.stages_dir)


def _java() -> Finding:
    try:
        java = find_java()
    except EmbeddedBrokerError as error:
        return fail("java", error.what, error.todo)
    return ok("java", f"{java.version}, {java.path} (from {java.source})")


def _jars() -> Finding:
    folder = cache_dir() / f"kafka-{KAFKA_VERSION}"
    locked = read_lock()
    missing = [jar for jar in locked if not (folder / jar.file_name).is_file()]
    if missing:
        return warn(
            "kafka's jars",
            f"{len(missing)} of {len(locked)} are not on this machine yet",
            "nothing, with a network: they are downloaded at the first start of a broker (45 MB), and then kept",
        )
    try:
        ensure_jars()
    except EmbeddedBrokerError as error:
        return fail("kafka's jars", error.what, error.todo)
    return ok("kafka's jars", f"{len(locked)} of Kafka {KAFKA_VERSION}, each as its SHA-256 in the lock says")


def _folder(what: str, folder: Path) -> Finding:
    try:
        there = check_could_write(folder)
    except EmbeddedBrokerError as error:
        return fail(what, f"{folder}: {error.what}", error.todo)
    free = shutil.disk_usage(there).free
    shown = f"{folder}{'' if there == folder else ' (made when it is needed)'}, {free / _GIB:.1f} GiB free"
    if free < _LITTLE:
        return warn(what, shown, "free some space: a broker whose disk is full stops")
    return ok(what, shown)


def _slots(stages_dir: Path) -> Iterator[Finding]:
    """Tell which stages run on this machine, and why those ended that do not."""
    from newswire.live import PARTS

    runs = {part: running(stages_dir, part) for part in PARTS}
    shown = ", ".join(f"{part} (slot {', '.join(slots)})" for part, slots in runs.items() if slots)
    if shown:
        yield ok("run here", shown)
    yield from (_end(*found) for found in ends(stages_dir, runs))
    idle = [part for part, slots in runs.items() if not slots]
    if idle:
        yield warn(
            "do not run here",
            ", ".join(idle),
            "nothing, if they run elsewhere or with another state folder; otherwise `newswire up`",
        )


def _end(part: str, slot: str, end: Ended) -> Finding:
    again = f"`newswire run {part}{'' if slot == '0' else f' --slot {slot}'}`, or stop `newswire up` and start it again"
    shown = f"slot {slot} ended at {end.at} with {end.exit_code}: {end.error}"
    if end.exit_code == StageStoppedError.exit_code:
        return fail(part, shown, f"it is not started again by itself: mend what it says, then {again}")
    return warn(part, shown, f"nothing where it is supervised: it is started again; otherwise {again}")
