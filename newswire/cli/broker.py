"""`newswire broker`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from newswire.cli import options
from newswire.cli.group import group

if TYPE_CHECKING:
    from newswire.broker.running import Running
    from newswire.config import Settings

app = group("Start, stop and look at a broker of your own.")


@app.command()
def start(
    brokers: options.Brokers = 1,
    data_dir: options.DataDir = None,
    port: options.Port = None,
    settle: Annotated[
        str | None,
        typer.Option(
            "--settle",
            metavar="commit|abort",
            help="Your decision for transactions that a crash left open and of which the broker's log does not tell the end.",
            show_default=False,
        ),
    ] = None,
    secure: Annotated[
        bool,
        typer.Option(
            "--secure",
            help="With TLS, a user and rules for each part of the pipeline, and nobody else let in. Remembered for the data folder.",
        ),
    ] = False,
) -> int:
    """Start a broker that goes on running after this command, and print its address.

    With --secure, the folder `security/clients` in the data folder has a file of settings for each principal of `newswire acls`:
    `(set -a; . …/clients/normalize.env; newswire run normalize)`. Needs `pip install 'newswire[secure]'`.
    """
    from newswire.broker.locate import start_local
    from newswire.broker.running import status as running_on
    from newswire.cli.output import line, note
    from newswire.cli.session import begin
    from newswire.errors import UsageError

    if brokers not in {1, 3}:
        raise UsageError(f"--brokers is 1 or 3, not {brokers}: two have no more safety than one")
    if settle not in {None, "commit", "abort"}:
        raise UsageError(f"--settle is commit or abort, not {settle}")
    settings = begin()
    folder = _folder(data_dir, settings)
    running = running_on(folder)
    if running is None:
        decision = cast("Literal['commit', 'abort'] | None", settle)
        start_local(
            folder,
            port=port,
            brokers=brokers,
            detached=True,
            settle=decision,
            secure=secure,
            namespace=settings.namespace,
        )
        running = running_on(folder)
        assert running is not None
    else:
        note(f"newswire: it runs already, on {folder}")
    clients = folder / "security" / "clients"
    if clients.is_dir():
        note(f"newswire: it lets in who is known to it; settings for each: {clients}/*.env")
    elif secure:
        raise UsageError(
            f"the broker that runs on {folder} is not a secure one: stop it (`newswire broker stop`), then start it anew"
        )
    line(running.bootstrap)
    return 0


@app.command()
def stop(data_dir: options.DataDir = None) -> int:
    """Stop the broker on the data folder, in order; its data stays. Ends with 4 when none runs."""
    from newswire.broker.running import stop as stop_on
    from newswire.cli.output import note
    from newswire.cli.session import begin
    from newswire.errors import BrokerError

    folder = _folder(data_dir, begin())
    if not stop_on(folder):
        raise BrokerError(f"no broker runs on {folder}")
    note(f"newswire: stopped; the data stays in {folder}")
    return 0


@app.command()
def status(data_dir: options.DataDir = None, as_json: options.AsJson = False) -> int:
    """Say whether a broker runs on the data folder, and where. Ends with 4 when none runs."""
    from newswire.broker.running import status as running_on
    from newswire.cli.output import json_line, line
    from newswire.cli.session import begin
    from newswire.errors import BrokerError

    folder = _folder(data_dir, begin())
    running = running_on(folder)
    if as_json:
        json_line(_as_data(folder, running))
    elif running is not None:
        line(f"bootstrap servers  {running.bootstrap}")
        line(f"process ids        {', '.join(map(str, running.pids))}")
        line(
            f"ends with          {'nothing: it is detached' if running.detached else 'the process that started it'}"
        )
        line(f"data folder        {folder}")
    elif running is None:
        raise BrokerError(
            f"no broker runs on {folder}: start one with `newswire broker start` or `newswire up`"
        )
    return 0 if running is not None else BrokerError.exit_code


def _folder(data_dir: Path | None, settings: Settings) -> Path:
    from newswire.broker.lifecycle import default_data_dir

    return (data_dir or settings.data_dir or default_data_dir()).expanduser().absolute()


def _as_data(folder: Path, running: Running | None) -> dict[str, object]:
    if running is None:
        return {"running": False, "data_dir": str(folder)}
    return {
        "running": True,
        "bootstrap_servers": running.bootstrap,
        "pids": running.pids,
        "detached": running.detached,
        "data_dir": str(folder),
    }
