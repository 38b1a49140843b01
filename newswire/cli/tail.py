"""`newswire tail`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options

if TYPE_CHECKING:
    import threading

    from newswire.log.contract import Log, Record, Subscription
    from newswire.tailing import Place

_POLL_SECONDS = 0.5


def tail(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="TOPIC",
            help="`articles`, `stories`, `duplicates`, `rejected` …, or the full name of any topic.",
            show_default=False,
        ),
    ],
    offset: Annotated[
        list[str] | None,
        typer.Option(
            "--offset",
            "-o",
            metavar="WHERE",
            help="Where to begin: beginning (default), end, N (that offset), -N (the last N of each partition), stored (with --group), "
            "s@T (the first at or after T); and e@T: end before T. T in milliseconds or as 2024-02-01T12:00:00Z.",
            show_default=False,
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            "--count", "-c", min=1, metavar="N", help="End after so many records.", show_default=False
        ),
    ] = None,
    exit_at_end: Annotated[
        bool, typer.Option("--exit", "-e", help="End when the end of the topic is reached.")
    ] = False,
    partition: Annotated[
        int | None,
        typer.Option(
            "--partition", "-p", min=0, metavar="N", help="Only this partition.", show_default=False
        ),
    ] = None,
    envelope: Annotated[
        bool,
        typer.Option(
            "--json", "-J", help="JSON with topic, partition, offset, time, headers, key and payload."
        ),
    ] = False,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            "-G",
            metavar="NAME",
            help="Remember the position under this name; the next time goes on there.",
            show_default=False,
        ),
    ] = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Follow a topic until Ctrl-C: readable on a terminal, one JSON payload a line in a pipe.

    The options mean what they mean in kcat. Only committed records are shown. Ticks, purges and `carried` are left out, except with -J.
    """
    from newswire.cli.records import shower
    from newswire.cli.session import begin, connected
    from newswire.cli.stopping import stopping
    from newswire.envelope import is_control
    from newswire.errors import UsageError
    from newswire.tailing import place_of

    settings = begin()
    place = place_of(offset or (["stored"] if group else ["beginning"]))
    if (place.at == "stored") != (group is not None):
        raise UsageError("-o stored and --group NAME belong together: a position is stored for a group")
    with stopping() as stop, connected(bootstrap_servers, settings) as log:
        name = _topic_name(log, topic, partition)

        def news(record: Record) -> bool:
            return envelope or not is_control(record)

        def wanted(record: Record) -> bool:
            return partition in {None, record.partition} and news(record)

        following = _Following(log, name, place, group, news)
        following.show(stop, shower(envelope), wanted, count, until_end=exit_at_end)
    return 0


def _topic_name(log: Log, given: str, partition: int | None) -> str:
    from newswire import topology
    from newswire.errors import BrokerError, UsageError

    there = log.topics()
    name = given
    if given not in there:
        try:
            name = topology.topic(given).name
        except ValueError as error:
            raise UsageError(f"{error}; or the full name of any topic at this broker") from None
    if name not in there:
        raise BrokerError(f"there is no topic {name} at this broker yet: `newswire topics create` makes it")
    if partition is not None and partition >= there[name]:
        raise UsageError(f"{name} has no partition {partition}; it has {there[name]}, counted from 0")
    return name


class _Following:
    """A topic that is read from a place to another, or for ever."""

    def __init__(
        self, log: Log, topic: str, place: Place, group: str | None, news: Callable[[Record], bool]
    ) -> None:
        from newswire.tailing import beginning, ending

        self._group = group
        self._end = ending(log, topic, place)
        start = None if group else beginning(log, topic, place, news)
        self._subscription: Subscription = log.subscribe(topic, start=start, group=group)

    def show(
        self,
        stop: threading.Event,
        show: Callable[[Record], None],
        wanted: Callable[[Record], bool],
        count: int | None,
        *,
        until_end: bool,
    ) -> None:
        """Show records until something says to end."""
        shown = 0
        try:
            while not stop.is_set():
                records = self._subscription.poll(_POLL_SECONDS)
                if not records and (until_end or self._end is not None) and self._subscription.at_end():
                    return
                for at, record in enumerate(records):
                    if wanted(record) and not self._beyond(record):
                        show(record)
                        shown += 1
                        if shown == count:
                            self._remember(records[: at + 1])
                            return
                self._remember(records)
        finally:
            self._subscription.close()

    def _beyond(self, record: Record) -> bool:
        return self._end is not None and record.offset >= self._end[record.partition]

    def _remember(self, records: Sequence[Record]) -> None:
        if self._group is not None and records:
            self._subscription.commit({record.partition: record.offset + 1 for record in records})
