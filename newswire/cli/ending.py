"""How a command ends: what is said, and with which exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

EXIT_STATUSES: Final[tuple[tuple[int, str], ...]] = (
    (0, "done"),
    (
        1,
        "a check found something wrong (`doctor`, `ledger`, `demo`, `purge`), nothing was found (`trace`), or a bug of ours",
    ),
    (2, "the command line or the configuration is wrong"),
    (3, "some of the input could not be taken; the rest was"),
    (4, "Kafka cannot be started, found or used"),
    (5, "an event or a schema breaks the contract"),
    (6, "a stage had to stop; starting it again is safe"),
    (7, "a stage stopped on purpose; what is named has to be mended first"),
    (
        130,
        "interrupted (Ctrl-C, SIGTERM) before it was done; what goes on until it is stopped (`run`, `up`, `produce feeds`) ends with 0",
    ),
)
"""Exit status -> what it means, for the command reference."""
_INTERRUPTED: Final = 130


class ReaderGoneError(Exception):
    """Whoever read standard output has closed it (`newswire tail … | head`). No error: the reader has what it wanted."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status. Errors for people go to standard error, without a traceback."""
    from newswire.cli.app import command

    try:
        return _status(command().main(list(arguments), prog_name="newswire", standalone_mode=False))
    except ReaderGoneError:
        # Python flushes standard output once more at exit, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place that can still say something
        return _explained(error)


def _status(result: Any) -> int:
    # What a command returns is its exit status; a typer.Exit comes back the same way.
    return result if isinstance(result, int) else 0


def _explained(error: Exception) -> int:
    import traceback

    import typer

    from newswire.cli.safe import safe_lines
    from newswire.errors import NewswireError

    if isinstance(error, typer.Abort):
        print("newswire: aborted", file=sys.stderr)  # noqa: T201 - the message for the person at the terminal
        return _INTERRUPTED
    show = getattr(error, "show", None)
    if show is not None:  # a usage error of the command line parser, which prints itself with a hint
        show()
        return int(getattr(error, "exit_code", 2))
    if isinstance(error, NewswireError):
        if os.environ.get("NEWSWIRE_LOG_LEVEL") == "debug":
            traceback.print_exception(error)
        print(safe_lines(f"newswire: {error}"), file=sys.stderr)  # noqa: T201
        return error.exit_code
    traceback.print_exception(error)
    print(  # noqa: T201
        f"newswire: this is a bug ({type(error).__name__}: {error}); please report it with the lines above",
        file=sys.stderr,
    )
    return 1
