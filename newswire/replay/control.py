"""What is noted of a replay, on a small topic of its own: what it is of, whether it is done, and against what it was compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from newswire import topology
from newswire.errors import UsageError
from newswire.log.contract import Log, Outgoing, TopicSpec, Writer
from newswire.replay import names
from newswire.replay.selection import Selection
from newswire.scan import scan

Ends = dict[str, dict[int, int]]
"""Topic -> partition -> offset."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One replay."""

    name: str
    """Its name."""
    stages: tuple[str, ...]
    """The stages, in order of the flow."""
    selection: Selection
    """Which records of the first stage's input are results."""
    inputs: dict[int, int]
    """Up to where the first stage's input is read."""
    whole: bool
    """Whether the input is kept from its first record on: otherwise state cannot be rebuilt in full."""
    done: bool = False
    """Whether all of it has been run."""
    compared: Ends = field(default_factory=dict)
    """Ends of the live topics when the diff report was drawn up; empty before."""
    swapped: int = 0
    """Events written to the live topics."""

    @property
    def reads(self) -> str:
        """The live topic that the first stage reads."""
        return topology.topic(topology.stage(self.stages[0]).reads).name

    @property
    def last(self) -> topology.Stage:
        """The last stage, whose events are compared."""
        return topology.stage(self.stages[-1])

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        data = {**asdict(self), "selection": self.selection.to_data()}
        data["inputs"] = _texts(self.inputs)
        data["compared"] = {topic: _texts(ends) for topic, ends in self.compared.items()}
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Plan:
        """Return what `to_data` gave."""
        return cls(
            **{
                **data,
                "stages": tuple(data["stages"]),
                "selection": Selection.from_data(data["selection"]),
                "inputs": _numbers(data["inputs"]),
                "compared": {topic: _numbers(ends) for topic, ends in data["compared"].items()},
            }
        )


def spec(name: str) -> TopicSpec:
    """Return the topic that a replay is noted on."""
    return TopicSpec(names.control(name), 1, {"cleanup.policy": "compact"})


def note(writer: Writer, plan: Plan) -> None:
    """Write down how things stand."""
    value = orjson.dumps(plan.to_data())
    writer.write([Outgoing(names.control(plan.name), 0, plan.name.encode(), value, 0)])


def find(log: Log, name: str) -> Plan | None:
    """Return a replay; None where there is none of that name."""
    topic = names.control(name)
    if topic not in log.topics():
        return None
    last = None
    for record in scan(log, topic, log.end_offsets(topic, committed=False)):
        last = record.value
    return None if last is None else Plan.from_data(orjson.loads(last))


def get(log: Log, name: str) -> Plan:
    """Return a replay that has been run. Raises UsageError when there is none, or it was interrupted."""
    plan = find(log, name)
    if plan is None:
        raise UsageError(f"there is no replay {name}: `newswire replay list` shows those there are")
    if not plan.done:
        raise UsageError(
            f"replay {name} was interrupted before its end, so nothing is said about it: `newswire replay drop {name}`, then run it again"
        )
    return plan


def every(log: Log) -> list[tuple[str, Plan | None]]:
    """Return the replays whose topics there are, by name; one that was interrupted before it was noted has no plan."""
    found = sorted(name for topic in log.topics() if (name := names.name_of(topic)) is not None)
    return [(name, find(log, name)) for name in found]


def _texts(ends: Mapping[int, int]) -> dict[str, int]:
    return {str(partition): offset for partition, offset in ends.items()}


def _numbers(ends: Mapping[str, int]) -> dict[int, int]:
    return {int(partition): offset for partition, offset in ends.items()}
