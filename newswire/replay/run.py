"""Running today's code of stages over the records that are kept, onto side topics."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from newswire import topics, topology
from newswire.errors import UsageError
from newswire.event import Handler
from newswire.log.contract import Log, Outgoing, Record, TopicSpec, Writer
from newswire.replay import control, names
from newswire.replay.control import Plan
from newswire.replay.selection import Chosen, Selection, is_withdrawal
from newswire.replay.sidelog import ReplaySlot, SideLog
from newswire.stage.loop import StageLoop
from newswire.stage.rejects import RejectLimit

_NEVER: Final = RejectLimit(share=2.0)
"""A replay looks at what the code does: it is not stopped when that is to reject everything."""


def run(
    log: Log,
    name: str,
    stages: Sequence[str],
    selection: Selection,
    *,
    load: Callable[[str], Handler],
    say: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Run stages over the kept records of the first one's input, each on what the one before wrote; return what was done.

    Only side topics are written (`names.side`). With state anywhere among the stages the whole input is read, so that each decision has its
    history; only what follows from selected records counts as a result. Withdrawals are read in any case. Raises UsageError when the name
    is taken, the stages do not follow each other, or nothing is selected by an article that was never captured.
    """
    chain = [topology.stage(stage) for stage in stages]
    for before, after in pairwise(chain):
        if after.reads not in before.writes:
            raise UsageError(
                f"{after.name} does not read what {before.name} writes: name stages that follow each other"
            )
    if names.control(name) in log.topics():
        raise UsageError(
            f"there is a replay {name} already: `newswire replay drop {name}`, or choose another name"
        )
    source = topology.topic(chain[0].reads).name
    if source not in log.topics():
        raise UsageError(f"there is no topic {source} to replay: `newswire topics create` makes the topics")
    chosen = Chosen(log, selection)
    plan = Plan(
        name=name,
        stages=tuple(stages),
        selection=selection,
        inputs=log.end_offsets(source, committed=False),
        whole=not any(log.first_offsets(source).values()),
    )
    log.create([control.spec(name)])
    writer = log.writer(f"newswire.replay.{name}")
    try:
        control.note(writer, plan)
        SideLog(log, name).create(_specs(log, chain))
        everything = any(stage.stateful for stage in chain)
        for number, stage in enumerate(chain):
            say(f"{stage.name}: running")
            takes = partial(_of_input, chosen, everything) if number == 0 else partial(_of_side, everything)
            count = _run_stage(log, plan, load(stage.name), writer, takes, live=number == 0)
            say(f"{stage.name}: {count:,} records")
        done = replace(plan, done=True)
        control.note(writer, done)
    finally:
        writer.close()
    return done


def _of_input(chosen: Chosen, everything: bool, record: Record) -> tuple[bool, bool]:
    result = chosen.result(record)
    return everything or result or is_withdrawal(record), result


def _of_side(everything: bool, record: Record) -> tuple[bool, bool]:
    result = not is_context(record)
    return everything or result or is_withdrawal(record), result


def is_context(record: Record) -> bool:
    """Return whether a side record is no result of its replay."""
    return any(header == names.CONTEXT for header, _ in record.headers)


def _run_stage(
    log: Log,
    plan: Plan,
    handler: Handler,
    writer: Writer,
    takes: Callable[[Record], tuple[bool, bool]],
    *,
    live: bool,
) -> int:
    aside = SideLog(log, plan.name)
    reads = topology.topic(topology.stage(handler.name).reads).name
    ends = plan.inputs if live else aside.end_offsets(reads, committed=False)

    def write(outputs: Sequence[Outgoing]) -> list[int]:
        return writer.write([replace(out, topic=names.side(plan.name, out.topic)) for out in outputs])

    slot = ReplaySlot(log if live else aside, reads, ends, write, takes=takes)
    count = 0
    with tempfile.TemporaryDirectory(prefix="newswire-replay-") as folder:
        loop = StageLoop(handler, aside, slot, Path(folder), reject_limit=_NEVER)
        try:
            while not slot.ended:
                count += loop.step(0.5)
        finally:
            loop.close()
    return count


def _specs(log: Log, chain: Sequence[topology.Stage]) -> list[TopicSpec]:
    """Return the topics that the stages write, with the partitions and settings of the live ones."""
    written = {topology.topic(event).name for stage in chain for event in (*stage.writes, "rejected")}
    written |= {topology.changelog(stage.name) for stage in chain if stage.stateful}
    counts: Mapping[str, int] = log.topics()
    missing = sorted(written - counts.keys())
    if missing:
        raise UsageError(f"there is no topic {', '.join(missing)}: `newswire topics create` makes the topics")
    made = [spec for spec in topics.specs() if spec.name in written]
    return [replace(spec, partitions=counts[spec.name]) for spec in made]
