"""`newswire run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.config import Settings


def run(
    stages: Annotated[
        list[str],
        typer.Argument(
            metavar="STAGE", help="Stages (see `newswire topology`), or `clock`.", show_default=False
        ),
    ],
    slot: Annotated[
        int | None,
        typer.Option(
            "--slot",
            min=0,
            metavar="N",
            help="Which place of its stage this process takes. Default: NEWSWIRE_SLOT, 0.",
            show_default=False,
        ),
    ] = None,
    max_reject_share: Annotated[
        float | None,
        typer.Option(
            "--max-reject-share",
            metavar="SHARE",
            help="Stop when more than this share of the last 1,000 records was rejected; above 1: never. "
            "Default: NEWSWIRE_MAX_REJECT_SHARE, 0.5.",
            show_default=False,
        ),
    ] = None,
    lane: options.Lane = None,
    standby: Annotated[
        bool | None,
        typer.Option(
            "--standby",
            help="Keep the state of partitions warm that other slots hold, to take them over at once. "
            "Default: NEWSWIRE_STANDBY, no.",
            show_default=False,
        ),
    ] = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
    end_with: options.EndWith = None,
) -> int:
    """Run one stage in the foreground, until SIGTERM or Ctrl-C; several are each started again when they end.

    `clock` writes the ticks that timers in stages are driven by. A stage that stops on purpose ends with 7, one that had to stop with 6:
    start it again.
    """
    from newswire import live, process, topology
    from newswire.cli.session import begin, enter, find_broker
    from newswire.errors import UsageError

    enter(lane)
    settings = begin().kept_in(data_dir)
    for name in stages:
        if name not in live.PARTS:
            raise UsageError(f"no stage is called {name!r}; there are: {', '.join(live.PARTS)}")
    given = {"slot": slot, "max_reject_share": max_reject_share, "standby": standby}
    settings = settings.model_copy(update={name: value for name, value in given.items() if value is not None})
    servers = find_broker(bootstrap_servers, settings)
    if end_with is not None:
        process.end_with(end_with)
    if len(stages) > 1:
        return _several(stages, servers, settings)
    if stages[0] == live.CLOCK:
        from newswire.clock import run_clock

        run_clock(servers, settings)
    else:
        from newswire.stage.runner import run_stage

        run_stage(topology.stage(stages[0]).name, servers, settings)
    return 0


def _several(stages: list[str], servers: str, settings: Settings) -> int:
    from newswire.cli.stopping import stopping
    from newswire.errors import StageStoppedError
    from newswire.live import command_of
    from newswire.supervisor import Supervisor

    with stopping() as stop:
        supervisor = Supervisor(
            environment={
                "KAFKA_BOOTSTRAP_SERVERS": servers,
                "NEWSWIRE_STATE_DIR": str(settings.state_dir),
                "NEWSWIRE_SLOT": str(settings.slot),
                "NEWSWIRE_STANDBY": str(settings.standby),
                "NEWSWIRE_MAX_REJECT_SHARE": str(settings.max_reject_share),
            }
        )
        for name in dict.fromkeys(stages):
            supervisor.add(name, command_of(name))
        supervisor.run(stop)
        if supervisor.given_up():
            raise StageStoppedError(f"stopped on purpose: {', '.join(supervisor.given_up())}; see the log")
    return 0
