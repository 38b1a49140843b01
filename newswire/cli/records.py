"""How records are shown: a block on a terminal, a JSON payload or kcat's envelope in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from newswire.cli.output import console, json_line, on_terminal, write

if TYPE_CHECKING:
    from newswire.log.contract import Record


def shower(envelope: bool) -> Callable[[Record], None]:
    """Return what shows a record on standard output."""
    if envelope:
        return _show_envelope
    if on_terminal():
        from newswire.cli.blocks import block

        screen = console()
        return lambda record: screen.print(block(record))
    return _show_payload


def _show_payload(record: Record) -> None:
    value = record.value
    if value is None:
        write(b"null\n")
        return
    data = _json_of(value)
    # What is JSON on one line already goes out byte for byte.
    if data is not None and b"\n" not in value:
        write(value + b"\n")
    else:
        json_line(data if data is not None else value.decode(errors="replace"))


def _json_of(value: bytes) -> Any:
    import orjson

    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _show_envelope(record: Record) -> None:
    """Print the fields of kcat's JSON envelope, in its order; headers are names and values in turn."""
    headers = [
        part for name, value in record.headers for part in (name, value.decode("utf-8", errors="replace"))
    ]
    json_line(
        {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "tstype": "create",
            "ts": record.timestamp_ms,
            "headers": headers,
            "key": None if record.key is None else record.key.decode(errors="replace"),
            "payload": None if record.value is None else record.value.decode(errors="replace"),
        }
    )
