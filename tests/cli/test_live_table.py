"""The table of `produce feeds` on a terminal: what is logged meanwhile stands above it, whole."""

from __future__ import annotations

import logging
import os
import re
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from rich.file_proxy import FileProxy

from newswire.cli import polled
from newswire.cli.logs import configure_logs
from newswire.cli.output import note
from newswire.config import Settings


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """Other tests of this process have the logs as they were."""
    names = ("", "newswire", "kafka", "kafka.net")
    levels = {name: logging.getLogger(name).level for name in names}
    handlers, configured, config = (
        logging.getLogger().handlers,
        structlog.is_configured(),
        structlog.get_config(),
    )
    yield
    logging.getLogger().handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    if configured:
        structlog.configure(**config)
    else:
        structlog.reset_defaults()


def written(terminal: int) -> str:
    """Return all that was written to a terminal so far: a read gives a part of it only."""
    found = b""
    while select.select([terminal], [], [], 0.2)[0]:
        found += os.read(terminal, 1 << 16)
    return found.decode()


@pytest.mark.usefixtures("logs_as_before")
@pytest.mark.parametrize("errors_to_terminal", [True, False])
def test_log_lines_do_not_tear_the_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, errors_to_terminal: bool
) -> None:
    master, slave = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "400")
    with (
        open(slave, "w", closefd=False) as terminal,
        terminal if errors_to_terminal else (tmp_path / "errors").open("w") as errors,
    ):
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", errors)
        monkeypatch.setattr(sys, "__stderr__", errors)
        configure_logs(Settings(log_format="json"))
        [handler] = logging.getLogger().handlers
        assert isinstance(handler, logging.StreamHandler)
        with polled._shown({}):
            assert isinstance(handler.stream, FileProxy) is errors_to_terminal
            logging.getLogger("newswire.polling").warning("a source has failed")
            note("newswire: a word")
        assert handler.stream is errors
        errors.flush()
        drawn = written(master)
    for path in (tmp_path / "errors",) if not errors_to_terminal else ():
        drawn += path.read_text()
    os.close(slave)
    os.close(master)
    lines = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", drawn).replace("\r", "\n").split("\n")
    assert "newswire: a word" in lines
    assert [line for line in lines if "a source has failed" in line and line.startswith("{")]
