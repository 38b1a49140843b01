"""What publishers write cannot forge log lines, nor move the cursor of whoever reads them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from newswire.cli.logs import configure_logs
from newswire.config import Settings

HOSTILE = (
    "a headline\n2026-01-01T00:00:00Z [error] forged line\r\x1b[2J\x1b]0;title\x07\u202eover\u2028next\x9b31m"
)
DANGEROUS = ("\x1b", "\r", "\x07", "\u202e", "\u2028", "\x9b")


class Failing(json.JSONDecoder):
    """Says what it could not read, as many libraries do."""

    def decode(self, s: str, *_: object) -> object:
        raise ValueError(s)


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = before
    structlog.reset_defaults()


def say(logs: io.StringIO, form: Literal["json", "text"]) -> list[str]:
    """Log a hostile value, a hostile message of another library, and a hostile exception; return the lines."""
    configure_logs(Settings(log_format=form), to=logs)
    structlog.get_logger("newswire.stage").warning("refused", why=HOSTILE)
    logging.getLogger("another.library").warning("it says %s", HOSTILE)
    try:
        json.loads(HOSTILE, cls=Failing)
    except ValueError as error:
        structlog.get_logger("newswire.stage").error("ends", exc_info=error)
    return logs.getvalue().split("\n")


def test_as_text_nothing_begins_a_line_or_moves_the_cursor(logs: io.StringIO) -> None:
    lines = say(logs, "text")
    assert not [line for line in lines if line.startswith("2026-01-01")]
    assert not [character for character in DANGEROUS if character in logs.getvalue()]
    # Nothing is hidden either: the text is there, where it belongs.
    assert "forged line" in lines[0]
    assert "forged line" in lines[1]
    assert any(line.startswith("  ") and "forged line" in line for line in lines[2:])


def test_as_json_each_line_is_one_entry_with_the_text_unchanged(logs: io.StringIO) -> None:
    entries = [json.loads(line) for line in say(logs, "json") if line]
    assert len(entries) == 3
    assert entries[0]["why"] == HOSTILE
    assert HOSTILE in entries[2]["exception"]
    assert logs.getvalue().isascii()


def test_a_table_cell_stays_in_its_cell(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from newswire.cli.output import table

    table(("source", "count"), [(HOSTILE, 1)])
    written = capfdbinary.readouterr().out.decode()
    assert len(written.splitlines()) == 2
    assert not [character for character in DANGEROUS if character in written]
