"""What the commands have in common that publish what a source with state yields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newswire.config import Settings
    from newswire.keeping import SourceState
    from newswire.log.kafka import KafkaLog


@dataclass(frozen=True, slots=True)
class Producing:
    """What a source with state runs on."""

    log: KafkaLog
    kept: SourceState
    stop: Event
    """Set when the command is asked to end."""


@contextmanager
def producing(kind: str, settings: Settings, bootstrap_servers: str | None) -> Iterator[Producing]:
    """Take a kind of source on this machine and give what it runs on; in a lane, carry over first what the live pipeline withdrew."""
    from newswire.cli.session import connected
    from newswire.cli.stopping import stopping
    from newswire.keeping import SourceState

    with stopping() as stop, connected(bootstrap_servers, settings) as log:
        if settings.lane:
            carry_withdrawals_into(log, settings)
        kept = SourceState(log, kind, settings.stages_dir / "produce" / kind)
        try:
            yield Producing(log, kept, stop)
        finally:
            kept.close()


def carry_withdrawals_into(lane: KafkaLog, settings: Settings) -> None:
    """Publish on a lane what the live pipeline has withdrawn, before anything else is published there."""
    from newswire.cli.output import note
    from newswire.lane import carry_withdrawals
    from newswire.log.kafka import KafkaLog
    from newswire.topology import topic

    to = settings.model_copy(update={"lane": ""}).connection(lane.connection.bootstrap_servers)
    live = KafkaLog(to)
    try:
        if live.exists(topic("raw").name):  # not to see it would be to bring withdrawn articles back
            count = carry_withdrawals(live, lane)
            note(f"newswire: {count:,} withdrawals carried over from the live pipeline")
    finally:
        live.close()
