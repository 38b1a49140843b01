"""`newswire demo`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import threading

    from newswire.broker.locate import Located
    from newswire.cli.demo.outcome import Item
    from newswire.config import Settings
    from newswire.ledger import Ledger
    from newswire.live import Pipeline

Say = Callable[[str], None]


def demo(
    seeds: Annotated[
        Path | None,
        typer.Option(
            "--seeds",
            metavar="FOLDER",
            help="What goes in. Default: seeds/ of the project.",
            show_default=False,
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            "--data-dir",
            metavar="FOLDER",
            help="Keep the broker's data here. Default: a temporary folder, deleted at the end.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Run the whole pipeline on the seeds with a broker of its own, show what came out, and stop everything.

    Ends with 0 when every record has exactly one fate. Without --data-dir everything it made is deleted at the end; with it, the data
    stays, and a later run adds to it.
    """
    import tempfile

    from newswire.cli.output import report
    from newswire.errors import UsageError

    folder = seeds or _seeds()
    if not folder.exists():
        raise UsageError(f"there is no {folder}: name a folder of articles with --seeds")
    with _progress() as say:
        if data_dir is None:
            with tempfile.TemporaryDirectory(prefix="newswire-demo-", ignore_cleanup_errors=True) as made:
                items, ledger = _run(folder, Path(made) / "broker", say, keep=False)
        else:
            items, ledger = _run(folder, data_dir, say, keep=True)
    from newswire.cli.demo.report import WIDTH, show

    report(lambda screen: show(screen, items, ledger), WIDTH)
    return 0 if ledger.balanced and not ledger.total.in_flight else 1


def _seeds() -> Path:
    import newswire

    return Path(newswire.__file__).parents[1] / "seeds"


def _run(seeds: Path, data_dir: Path, say: Say, *, keep: bool) -> tuple[list[Item], Ledger]:
    """Run everything once; return what came out. The stages' log lines go to a file, whose end is shown when something fails."""
    from newswire import config
    from newswire.cli.logs import configure_logs
    from newswire.cli.output import note
    from newswire.cli.stopping import stopping
    from newswire.errors import NewswireError

    data_dir = data_dir.expanduser().absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    settings = config.load().model_copy(update={"state_dir": data_dir / "state"})
    log_file = data_dir / "demo.log"
    with log_file.open("w", encoding="utf-8") as log_lines:
        configure_logs(settings, to=log_lines)
        try:
            with stopping() as stop:
                return _through(seeds, data_dir, settings, log_lines.fileno(), say, stop, keep=keep)
        except NewswireError:
            log_lines.flush()
            last = log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
            note("\n".join(("the last log lines:", *last)))
            raise


def _through(
    seeds: Path,
    data_dir: Path,
    settings: Settings,
    stderr: int,
    say: Say,
    stop: threading.Event,
    *,
    keep: bool,
) -> tuple[list[Item], Ledger]:
    from newswire.cli.demo.outcome import gather
    from newswire.cli.demo.prefetch import prefetched
    from newswire.ledger import ledger
    from newswire.live import Pipeline

    def start() -> Located:
        from newswire.broker.locate import start_local

        return start_local(data_dir)

    say("starting a Kafka broker of its own (the first time its parts are downloaded: 45 MB)")
    pipeline = Pipeline(start, settings, stderr=stderr, say=say)
    try:
        with pipeline:
            _publish(pipeline, seeds, say, stop)
            pipeline.settle(stop)
            if stop.is_set():
                raise KeyboardInterrupt
            say("everything is taken: counting what came out")
            read = prefetched(pipeline.log)
            counted = gather(read), ledger(read)
            say("stopping the stages and the broker")
            return counted
    finally:
        started = getattr(pipeline, "broker", None)
        if started is not None and started.started is not None and not keep:
            started.started.erase()


def _publish(pipeline: Pipeline, seeds: Path, say: Say, stop: threading.Event) -> None:
    from newswire.source import SourceLoop
    from newswire.sources import source_class

    writer = pipeline.log.writer("newswire.demo")
    report = SourceLoop(source_class("files")([seeds], stop=stop), pipeline.log, writer).run()
    writer.close()
    say(f"published {report.published} records from {seeds}; {report.unreadable.total()} could not be read")


@contextmanager
def _progress() -> Iterator[Say]:
    """Give what tells how far it is: one line that changes on a terminal, line after line otherwise."""
    import sys
    import time

    from newswire.cli.output import console, note, on_terminal

    began = time.monotonic()
    if on_terminal(sys.stderr):
        with console(stderr=True).status("newswire demo", spinner="dots") as status:
            yield lambda text: status.update(f"demo: {text}")
    else:
        yield lambda text: note(f"demo: {time.monotonic() - began:4.1f} s  {text}")
