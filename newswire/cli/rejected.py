"""`newswire rejected`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options
from newswire.cli.group import group
from newswire.text.plural import plural

if TYPE_CHECKING:
    from newswire.log.kafka import KafkaLog
    from newswire.rejected import DeadLetter
    from newswire.rejected_filter import Filter

app = group("Look at what was rejected, and try it again.")

Reason = Annotated[
    str | None, typer.Option("--reason", metavar="NAME", help="Only with this reason.", show_default=False)
]
Stage = Annotated[
    str | None,
    typer.Option("--stage", metavar="NAME", help="Only refused by this stage or source.", show_default=False),
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only from this source.", show_default=False)
]
_ORIGINAL_SHOWN = 2_000


@contextmanager
def _log(bootstrap_servers: str | None) -> Iterator[KafkaLog]:
    from newswire.cli.session import begin, connected

    with connected(bootstrap_servers, begin()) as log:
        yield log


@app.command("list")
def list_letters(
    reason: Reason = None,
    stage: Stage = None,
    source: Source = None,
    since: options.Since = None,
    until: options.Until = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """List the dead letters, the last refused at the end: where each stands, who refused it, and why; how many there are of a reason."""
    from newswire.cli.letters import as_data, by_reason, row
    from newswire.cli.output import json_line, note, table
    from newswire.rejected import find_in_time

    wanted = _filter(reason, stage, source, since, until)
    with _log(bootstrap_servers) as log:
        letters = wanted.of(find_in_time(log))
        if as_json:
            for letter in letters:
                json_line(as_data(letter))
        else:
            heads = ("letter", "refused (UTC)", "by", "source", "reason", "what is wrong")
            table(heads, (row(letter) for letter in letters))
    if not as_json or not wanted.matched:
        note(f"newswire: {_count(wanted)}{by_reason(wanted)}")
        note("newswire: `newswire rejected show LETTER` tells all of one")
    _explain_none(wanted)
    return 0


@app.command()
def show(
    letter: Annotated[
        str,
        typer.Argument(metavar="LETTER", help="partition/offset, as `list` shows it.", show_default=False),
    ],
    original: Annotated[
        bool, typer.Option("--original", help="Write the bytes of the original record, and nothing else.")
    ] = False,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Show one dead letter: what was wrong, what to do, and the original.

    With --original, an original of which the letter holds only the beginning is fetched from where it was read; ends with 3 where it is no
    longer kept there, after writing what there is.
    """
    from newswire.cli.letters import again, as_data, facts, whole_is
    from newswire.cli.output import json_line, line, note, write
    from newswire.cli.safe import safe, safe_lines
    from newswire.errors import BadInputError
    from newswire.rejected import whole_original

    with _log(bootstrap_servers) as log:
        found = _get(log, letter)
        whole = whole_original(log, found) if original and found.letter.original.truncated else None
    if original:
        write((found.value if whole is None else whole.value) or b"")
        if found.letter.original.truncated and whole is None:
            note(
                f"newswire: {found.name}: not the whole original: of {found.letter.original.size:,} bytes the letter holds "
                f"{len(found.value or b''):,}, and {whole_is(found)}"
            )
            return BadInputError.exit_code
    elif as_json:
        json_line(
            as_data(found)
            | {"original": found.letter.original.to_data(), "traceback": found.letter.traceback}
        )
    else:
        for name, value in facts(found):
            if value:
                line(f"{name:<13} {safe(value)}")
        if found.letter.traceback:
            line(f"\n{safe_lines(found.letter.traceback)}")
        shown = (found.value or b"")[:_ORIGINAL_SHOWN].decode(errors="replace")
        line(f"\nThe original begins:\n{safe(shown)}" if shown else "\nThe original is empty.")
        line(f"\n{again(found)}")
    return 0


@app.command()
def retry(
    letters: Annotated[
        list[str] | None,
        typer.Argument(metavar="LETTER", help="partition/offset, as `list` shows it.", show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that the options below select.")] = False,
    reason: Reason = None,
    stage: Stage = None,
    source: Source = None,
    since: options.Since = None,
    until: options.Until = None,
    force: Annotated[bool, typer.Option("--force", help="Also what was retried before.")] = False,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Publish originals again where they were read from, after the cause has been mended.

    Ends with 3 when some could not be retried, or are not there; each is named with the reason on standard error.
    """
    from newswire.cli.output import line, note
    from newswire.errors import BadInputError, UsageError
    from newswire.rejected import NoSuchLetterError, find, get, place_of
    from newswire.rejected_retry import Retried
    from newswire.rejected_retry import retry as publish_again

    selected = every or any((reason, stage, source, since, until))
    if selected == bool(letters):
        raise UsageError(
            "name the letters to retry, or select them with --reason, --stage, --source, --since, --until or --all"
        )
    wanted = _filter(reason, stage, source, since, until)
    retried = refused = 0
    with _log(bootstrap_servers) as log:
        # Whatever is misspelt is told before anything is published.
        places = [place_of(name, log.connection.namespace) for name in letters or ()]

        def named() -> Iterator[DeadLetter]:
            nonlocal refused
            for place in places:
                try:
                    yield get(log, *place)
                except NoSuchLetterError as error:
                    refused += 1
                    note(f"newswire: {place[0]}/{place[1]} not retried: {error}")

        try:
            for done in publish_again(log, wanted.of(find(log)) if selected else named(), force=force):
                name = f"{done.letter.partition}/{done.letter.offset}"
                if isinstance(done, Retried):
                    retried += 1
                    line(f"{name} -> {done.to.topic}/{done.to.partition}/{done.to.offset}")
                else:
                    refused += 1
                    note(f"newswire: {name} not retried: {done.why}")
        finally:
            # Also where an error ends it: what is written stays written.
            note(f"newswire: {retried} retried, {refused} not")
    if selected:
        _explain_none(wanted)
    return BadInputError.exit_code if refused else 0


@app.command()
def export(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="A new or empty folder for the originals and an index. Without: JSON lines on standard output, originals in base64.",
            show_default=False,
        ),
    ] = None,
    reason: Reason = None,
    stage: Stage = None,
    source: Source = None,
    since: options.Since = None,
    until: options.Until = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Write the originals of dead letters, byte for byte, each checked against its SHA-256.

    Files are named by the letter's partition and offset; `index.jsonl` tells reason, stage, source, time and sum of each. An original of
    which only the beginning is left is marked as truncated. Ends with 3 when one does not have the sum that its letter names.
    """
    from newswire.cli.output import json_line, note
    from newswire.errors import BadInputError
    from newswire.rejected import find
    from newswire.rejected_export import described, export_to

    wanted = _filter(reason, stage, source, since, until)
    with _log(bootstrap_servers) as log:
        letters = wanted.of(find(log))
        entries = described(log, letters) if folder is None else export_to(folder, log, letters)
        truncated = changed = 0
        for entry in entries:
            truncated += entry["truncated"]
            if entry["intact"] is False:
                changed += 1
                note(f"newswire: {entry['letter']}: its bytes do not have the SHA-256 that the letter names")
            if folder is None:
                json_line(entry)
    note(f"newswire: {_count(wanted)}" + (f", {truncated} truncated" if truncated else ""))
    _explain_none(wanted)
    return BadInputError.exit_code if changed else 0


def _filter(
    reason: str | None, stage: str | None, source: str | None, since: str | None, until: str | None
) -> Filter:
    from newswire.rejected_filter import Filter

    return Filter(
        reason=reason,
        stage=stage,
        source=source,
        since=options.instant(since),
        until=options.instant(until),
    )


def _count(wanted: Filter) -> str:
    return f"{wanted.matched} {plural('dead letter', wanted.matched)}"


def _explain_none(wanted: Filter) -> None:
    from newswire.cli.output import note
    from newswire.cli.safe import safe

    for hint in wanted.hints():
        note(f"newswire: {safe(hint)}")


def _get(log: KafkaLog, name: str) -> DeadLetter:
    from newswire.rejected import get, place_of

    return get(log, *place_of(name, log.connection.namespace))
