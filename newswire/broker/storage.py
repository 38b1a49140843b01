"""A node's folder on disk: made new by Kafka's own tool, or recognized, or refused with the reason."""

from __future__ import annotations

import base64
import errno
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from newswire.broker.errors import EmbeddedBrokerError

META = "meta.properties"
FORMATTED = "formatted"
"""A file beside a node's log folder: the folder has been in use, so that an empty one is a loss and no beginning."""
_FORMAT_TIMEOUT = 120.0  # seconds
_LEAST_FREE = 64 << 20  # bytes; Kafka halts when a write fails, in the middle of whatever it did
_FAILURE = re.compile(
    r" (?:ERROR|FATAL) |^(?:Caused by: |Exception in thread |[\w.$]+(?:Exception|Error)\b)|^Error: "
)
_NEVER_DELETED = "newswire never deletes data by itself: "


def new_cluster_id() -> str:
    """Return a random cluster id as Kafka writes it: a UUID in URL-safe base64, not beginning with a dash."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode("ascii")
        if not text.startswith("-"):
            return text


def check_writable(folder: Path, *, least_free: int = _LEAST_FREE) -> None:
    """Raise EmbeddedBrokerError unless files can be made in `folder` (made if need be) and its disk has that many bytes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(folder, 0, least_free) from error
        raise _unwritable(folder, error.strerror) from error
    if free < least_free:
        raise _full(folder, free, least_free)


def check_could_write(folder: Path, *, least_free: int = _LEAST_FREE) -> Path:
    """Raise as `check_writable` does, by what the system says of permissions and space: nothing is made, nothing is written.

    Return `folder`, or, where it is not there yet, the folder that it would be made in.
    """
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not there.is_dir():
        raise _unwritable(folder, f"{there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise _unwritable(folder, f"{there} may not be written to")
    free = shutil.disk_usage(there).free
    if free < least_free:
        raise _full(folder, free, least_free)
    return there


def _unwritable(folder: Path, why: str | None) -> EmbeddedBrokerError:
    return EmbeddedBrokerError(
        f"the broker's data folder cannot be written: {why}",
        where=folder,
        todo="make it a folder that you may write, or give another with --data-dir",
    )


def _full(folder: Path, free: int, needed: int) -> EmbeddedBrokerError:
    return EmbeddedBrokerError(
        f"the disk of the broker's data folder is full: {free >> 20} MiB free, at least {needed >> 20} needed",
        where=folder,
        todo="free some space, or give a folder on another disk with --data-dir",
    )


def check_node(log_dir: Path, node_id: int, cluster_id: str) -> bool:
    """Return whether the node's log folder was formatted (False: it is new) and belongs to this cluster and node.

    Raises EmbeddedBrokerError when it holds data that Kafka would not accept or that is another cluster's.
    """
    meta = log_dir / META
    if not log_dir.exists() or not any(log_dir.iterdir()):
        if (log_dir.parent / FORMATTED).exists():
            raise EmbeddedBrokerError(
                "the broker's data folder is broken: it had data, and now it is empty",
                where=log_dir,
                todo=f"{_NEVER_DELETED}restore the folder from a backup, or remove {log_dir.parent / FORMATTED} to begin anew",
            )
        return False
    if not meta.is_file():
        raise EmbeddedBrokerError(
            f"the broker's data folder is broken: it has data but no {META}",
            where=meta,
            todo=_NEVER_DELETED
            + f"restore {META} from a backup, or move the folder {log_dir} away to begin anew",
        )
    values = _read_meta(meta)
    expected = {"version": "1", "cluster.id": cluster_id, "node.id": str(node_id)}
    for name, value in expected.items():
        if values.get(name) != value:
            raise EmbeddedBrokerError(
                f"the broker's data folder is broken: {name} is {values.get(name)!r} where {value!r} belongs",
                where=meta,
                todo=_NEVER_DELETED
                + f"restore {META} from a backup, or, if the folder is another cluster's, move it to where it belongs",
            )
    return True


def check_known(log_dir: Path) -> None:
    """Raise EmbeddedBrokerError when Kafka has set topics aside at its start because its metadata does not know them."""
    strays = sorted(folder.name for folder in log_dir.glob("*-stray"))
    if strays:
        raise EmbeddedBrokerError(
            f"the broker's data folder is broken: its metadata knows nothing of {len(strays)} partitions in it, "
            f"{strays[0].removesuffix('-stray')} among them",
            where=log_dir,
            todo=_NEVER_DELETED
            + f"restore {log_dir} from a backup, or move it away to begin anew; the folders that end in -stray hold the records",
        )


def _read_meta(meta: Path) -> dict[str, str]:
    try:
        text = meta.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def tail_of(log: str, lines: int) -> str:
    """Return what a Java log says of its end, for an error message: its last errors and exceptions, else its last lines."""
    kept = [line for line in log.splitlines() if line.strip() and not line.startswith("\tat ")]
    # A broker that fails goes on to shut down, in hundreds of lines.
    failures = [line for line in kept if _FAILURE.search(line)]
    return "\n".join(f"    {line[:400]}" for line in (failures or kept)[-lines:])


def format_node(java: Sequence[str], properties: Path, cluster_id: str) -> None:
    """Format a node's new log folder with Kafka's StorageTool. `java` is the command up to the class name.

    Raises EmbeddedBrokerError with the tool's own words when it fails.
    """
    command = [*java, "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(properties)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_FORMAT_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedBrokerError(
            f"the broker's data folder could not be formatted: {error}",
            where=properties.parent,
            todo="try again; if it stays so, try another Java (NEWSWIRE_JAVA)",
        ) from error
    if done.returncode != 0:
        raise EmbeddedBrokerError(
            f"the broker's data folder could not be formatted; Kafka's tool says:\n{tail_of(done.stdout, 8)}",
            where=properties.parent,
            todo="check that the folder can be written and the disk has room, then try again",
        )
