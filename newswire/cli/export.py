"""`newswire export`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from newswire.cli import options
from newswire.cli.group import group

app = group("Write out what was captured.")


@app.callback()
def export() -> None:
    """Write out what was captured, in a form that others read."""


@app.command()
def warc(
    since: options.Since = None,
    until: options.Until = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="A new file, e.g. captured.warc.gz. Default: standard output.",
            show_default=False,
        ),
    ] = None,
    lane: options.Lane = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Write what producers have captured as a web archive: WARC 1.1, each record packed with gzip, with digests.

    One record for each raw event that is kept, in the order of partitions: an HTTP response with its headers where it came over HTTP,
    otherwise a resource; before it a metadata record with what its source said beside the body. --since and --until are times of
    publication. `newswire produce warc` reads both back: the same captures, of the same sources, byte for byte.
    """
    from datetime import UTC, datetime

    from newswire.captured_export import captures
    from newswire.cli.output import note, on_terminal
    from newswire.cli.session import begin, connected, enter
    from newswire.errors import BadInputError, UsageError
    from newswire.sources import room

    if out is None and on_terminal():
        raise UsageError("an archive is no text for a terminal: name a file with --out, or pipe it")
    enter(lane)
    settings = begin()
    count = unread = 0
    writing = room("warc")
    with connected(bootstrap_servers, settings) as log, _target(out) as write:
        write(writing.warcinfo("newswire", datetime.now(UTC)))
        for record, raw in captures(log, options.instant(since), options.instant(until)):
            if raw is None:
                unread += 1
            else:
                where = f"{record.topic}/{record.partition}/{record.offset}"
                write(writing.as_metadata(raw, where))
                write(writing.as_warc(raw, where))
                count += 1
    note(
        f"newswire: {count:,} captures written"
        + ("" if out is None else f" to {out}")
        + (f"; {unread:,} records on the topic hold no capture" if unread else "")
    )
    return BadInputError.exit_code if unread else 0


@contextmanager
def _target(out: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Give what writes: to a new file, which is there under its name only once it is whole, or to standard output."""
    from newswire.cli.output import write
    from newswire.errors import UsageError

    if out is None:
        yield write
        return
    partly = out.with_name(f".{out.name}.part")
    if out.exists():
        raise UsageError(f"{out} exists: name a new file, so that nothing is overwritten")
    try:
        with partly.open("xb") as file:
            yield file.write
        partly.rename(out)
    except FileExistsError:
        raise UsageError(
            f"{partly} exists: another export writes it, or one was killed; delete it then"
        ) from None
    except OSError as error:
        partly.unlink(missing_ok=True)
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None
    except BaseException:
        partly.unlink(missing_ok=True)
        raise
