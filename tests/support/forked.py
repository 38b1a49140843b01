"""`newswire` commands that start at once: forked from a process that has loaded them and has not begun anything.

What a command costs is nearly all imports: a third of a second of processor time for each, and more than a second for a stage. Where a
test is about what a command does, not about how it starts, it takes one of these: a process of its own, with settings and standard streams
of its own; only `exec` is left out. That commands start as they are installed is shown by the tests that use `subprocess`.
"""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from nursery import Nursery, serve

from newswire.supervisor import Supervisor

PYTHON = [sys.executable, "-m", "newswire"]
OURS = ("NEWSWIRE_", "KAFKA_")
"""What the names of settings begin with."""
PATHS = [str(Path(__file__).parents[up]) for up in (0, 2)]


def run(
    arguments: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    stdin: bytes | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end. Raises `subprocess.TimeoutExpired`, as `subprocess.run` does.

    Where more than settings is different in the environment (TMPDIR, HOME) it is started anew: that may have been read already.
    """
    command = [*PYTHON, *map(str, arguments)]
    settings = _settings(environment)
    if settings is None:
        return subprocess.run(
            command, input=stdin or b"", capture_output=True, env=environment, timeout=timeout, check=False
        )
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin or b"")
        given.seek(0)
        born = _nursery().start(command, settings, [given.fileno(), out.fileno(), err.fileno()])
        try:
            code = born.wait(timeout)
        except subprocess.TimeoutExpired:
            born.kill()
            born.wait()
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, code, out.read(), err.read())


class ForkingSupervisor(Supervisor):
    """A supervisor of `newswire` commands that are forked."""

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        settings = _settings({**os.environ, **self.environment})
        assert settings is not None, "a forked process can have settings of its own, and nothing else"
        with Path(os.devnull).open("r+b") as null:
            streams = [null.fileno(), 1, 2 if self.stderr is None else self.stderr]
            return cast("subprocess.Popen[bytes]", _nursery().start(command, settings, streams))


@functools.cache
def _nursery() -> Nursery:
    """Return the one of this process; it ends with it."""
    begin = f"import sys; sys.path[:0] = {PATHS!r}; from forked import main; main()"
    made = Nursery(("-c", begin), {})
    atexit.register(made.stop)
    return made


def _settings(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return the settings of an environment, None where something else in it is not as it is here."""

    def others(values: Mapping[str, str]) -> dict[str, str]:
        # What pytest says of itself is another for each test.
        return {k: v for k, v in values.items() if not k.startswith(OURS) and k != "PYTEST_CURRENT_TEST"}

    if others(environment) != others(os.environ):
        return None
    return {name: value for name, value in environment.items() if name.startswith(OURS)}


def _be(asked: dict[str, Any]) -> None:
    from newswire import cli

    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ.update(asked["environment"])
    sys.argv[:] = ["newswire", *asked["arguments"]]
    cli.main()


@functools.cache
def _load(command: str, what: str) -> None:
    """Load what a stage loads at its start and at its first event."""
    from newswire import topology
    from newswire.stage.runner import load_handler
    from newswire.stage.selfcheck import self_check

    if command == "run" and what in {stage.name for stage in topology.STAGES}:
        self_check(load_handler(what))


def main() -> None:
    """Load what commands load at their start, and fork what is asked for."""
    from newswire import live
    from newswire.cli import app

    del live
    app.command()
    serve(int(sys.argv[1]), _be, lambda asked: _load(*(*asked["arguments"], "", "")[:2]))
