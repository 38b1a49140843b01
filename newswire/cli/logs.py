"""Log lines: on standard error, for people on a terminal, as JSON otherwise."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, ExcInfo

    from newswire.config import Settings


def _safe_values(_: object, __: str, event: EventDict) -> EventDict:
    """Make what is in a log line fit for a terminal: much of it was written by publishers. JSON escapes it by itself."""
    from newswire.cli.safe import safe

    return {name: safe(value) if isinstance(value, str) else value for name, value in event.items()}


def _indented_traceback(stream: TextIO, error: ExcInfo) -> None:
    """Write a traceback of which no line can be taken for a log line, whatever the exception's message is."""
    from io import StringIO

    import structlog

    from newswire.cli.safe import safe_lines

    written = StringIO()
    structlog.dev.plain_traceback(written, error)
    stream.write(
        "\n" + "\n".join(f"  {line}" for line in safe_lines(written.getvalue()).strip("\n").split("\n"))
    )


@contextmanager
def to_present_stderr() -> Iterator[None]:
    """Send log lines to what `sys.stderr` is now, while the block runs: a table that is drawn over and over puts itself in its place."""
    moved = [
        (each, each.stream)
        for each in logging.getLogger().handlers
        if isinstance(each, logging.StreamHandler) and each.stream is sys.__stderr__
    ]
    for handler, _ in moved:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler, stream in moved:
            handler.setStream(stream)


def configure_logs(settings: Settings, *, to: TextIO | None = None) -> None:
    """Send our log lines and those of libraries to `to` (default: standard error), from the level in the settings on.

    Libraries speak from `warning` on, kafka-python from `error` on, and of its connections not at all but with `debug`: that each of many
    attempts failed is no news; what follows from it, our own lines say.
    """
    import structlog

    stream = to or sys.stderr
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and stream.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if as_text:
        shared.append(_safe_values)
        colors = stream.isatty() and not os.environ.get("NO_COLOR")
        last: list[structlog.typing.Processor] = [
            structlog.dev.ConsoleRenderer(
                colors=colors, pad_event_to=0, exception_formatter=_indented_traceback
            )
        ]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("newswire").setLevel(level)
    if level > logging.DEBUG:
        logging.getLogger("kafka").setLevel(logging.ERROR)
        logging.getLogger("kafka.net").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
