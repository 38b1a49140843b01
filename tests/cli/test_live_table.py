"""The table of `produce feeds` on a terminal: what is logged meanwhile stands above it, whole."""

from __future__ import annotations

import logging
import os
import re
import sys
from pathlib import Path

import pytest
from rich.file_proxy import FileProxy

from newswire.cli import polled
from newswire.cli.logs import configure_logs
from newswire.cli.output import note
from newswire.config import Settings


@pytest.mark.parametrize("errors_to_terminal", [True, False])
def test_log_lines_do_not_tear_the_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, errors_to_terminal: bool
) -> None:
    master, slave = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
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
        drawn = os.read(master, 1 << 16).decode()
    for path in (tmp_path / "errors",) if not errors_to_terminal else ():
        drawn += path.read_text()
    os.close(slave)
    os.close(master)
    lines = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", drawn).replace("\r", "\n").split("\n")
    assert "newswire: a word" in lines
    assert [line for line in lines if "a source has failed" in line and line.startswith("{")]
