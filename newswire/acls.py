"""Who must be allowed what in Kafka, for the pipeline to run and for nothing else: derived from the topology, never written by hand.

Meant for a broker that refuses what no rule allows. Nobody may change settings, delete topics or write rules: that is the work of whoever
runs the broker, whom rules do not bind.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from newswire import topology

Resource = Literal["topic", "group", "transactional-id"]

CLOCK: Final = "clock"
SOURCE: Final = "source"
SUBSCRIBER: Final = "subscriber"
OPERATOR: Final = "operator"
OPEN_EVENTS: Final = ("article", "story", "duplicate")
"""What subscribers may read. Raw records, dead letters and embargoed articles are not for them."""
_INTERNAL: Final = ("__consumer_offsets", "__transaction_state")
_EVERY_PREFIX: Final = "newswire."


@dataclass(frozen=True, slots=True)
class Principal:
    """One kind of process that logs in under a name of its own."""

    name: str
    does: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that one principal may do."""

    principal: str
    resource: Resource
    name: str
    """Of the topic, group or transactional id; what it begins with where `prefixed`."""
    operations: tuple[str, ...]
    """As Kafka calls them. `Read` and `Write` let one describe as well."""
    why: str
    prefixed: bool = False


def principals() -> list[Principal]:
    """Return who logs in: one for every stage, and the rest by what they do."""
    return [
        *(Principal(stage.name, f"the stage: {stage.does}") for stage in topology.STAGES),
        Principal(CLOCK, "writes the time where stages have timers"),
        Principal(SOURCE, "publishes raw articles (`newswire produce`)"),
        Principal(SUBSCRIBER, "reads events (`newswire.subscribe`, `newswire tail`)"),
        Principal(
            OPERATOR, "makes topics; looks at everything (`ledger`, `trace`, `doctor`); retries dead letters"
        ),
    ]


def grants(namespace: str = "") -> list[Grant]:
    """Return all that has to be allowed, with `namespace` before the names of what is ours (`NEWSWIRE_NAMESPACE`)."""
    found: list[Grant] = []
    for stage in topology.STAGES:
        found += _of_stage(stage, namespace)
    found += _of_clock(namespace)
    found += _of_source(namespace)
    found += _of_subscriber(namespace)
    found += _of_operator(namespace)
    return found


def _of_stage(stage: topology.Stage, namespace: str) -> Iterator[Grant]:
    who = stage.name
    settings = "DescribeConfigs"  # it does not start before sizes and policies are as it needs them
    yield Grant(who, "topic", namespace + topology.topic(stage.reads).name, ("Read", settings), "its input")
    for event in (*stage.writes, "rejected"):
        why = "dead letters" if event == "rejected" else "its output"
        yield Grant(who, "topic", namespace + topology.topic(event).name, ("Write", settings), why)
    if stage.stateful:
        name = namespace + topology.changelog(who)
        yield Grant(who, "topic", name, ("Read", "Write", settings), "its state")
    yield Grant(who, "group", namespace + topology.group(who), ("Read",), "its position in its input")
    slots = namespace + topology.slot_id(who, 0).removesuffix("0")
    yield Grant(
        who, "transactional-id", slots, ("Write",), "its transactions, one id per slot", prefixed=True
    )


def _of_clock(namespace: str) -> Iterator[Grant]:
    for stage in topology.STAGES:
        if stage.ticks:
            name = namespace + topology.topic(stage.reads).name
            yield Grant(CLOCK, "topic", name, ("Write",), f"ticks for {stage.name}")
    yield Grant(CLOCK, "transactional-id", f"{namespace}newswire.{CLOCK}", ("Write",), "its transactions")


def _of_source(namespace: str) -> Iterator[Grant]:
    yield Grant(SOURCE, "topic", namespace + topology.topic("raw").name, ("Write",), "what it captured")
    yield Grant(
        SOURCE, "topic", namespace + topology.topic("rejected").name, ("Write",), "what it could not read"
    )
    ids = f"{namespace}newswire.produce."
    yield Grant(
        SOURCE, "transactional-id", ids, ("Write",), "its transactions, one id per run", prefixed=True
    )


def _of_subscriber(namespace: str) -> Iterator[Grant]:
    for event in OPEN_EVENTS:
        yield Grant(SUBSCRIBER, "topic", namespace + topology.topic(event).name, ("Read",), "what it follows")
    why = "its position, in groups that are named after it"
    yield Grant(SUBSCRIBER, "group", namespace + SUBSCRIBER, ("Read",), why, prefixed=True)


def _of_operator(namespace: str) -> Iterator[Grant]:
    everything = ("Create", "Read", "DescribeConfigs")
    why = "`topics create`, `ledger`, `trace`, `tail`, `doctor`"
    for topic in topology.TOPICS:
        # Retried dead letters are written to where they came from: the input of a stage.
        retried = topic.event in {stage.reads for stage in topology.STAGES}
        operations = (*everything, "Write") if retried else everything
        reason = f"{why}, `rejected retry`, `purge`" if retried else why
        yield Grant(OPERATOR, "topic", namespace + topic.name, operations, reason)
    for stage in topology.STAGES:
        if stage.stateful:
            yield Grant(OPERATOR, "topic", namespace + topology.changelog(stage.name), everything, why)
    for name in _INTERNAL:
        yield Grant(OPERATOR, "topic", name, ("Read",), "`doctor`: transactions that a crash left open")
    mine = namespace + _EVERY_PREFIX
    yield Grant(OPERATOR, "group", mine, ("Describe",), "how far stages are", prefixed=True)
    why = "`doctor`: transactions that do not end"
    yield Grant(OPERATOR, "transactional-id", mine, ("Describe",), why, prefixed=True)
    yield Grant(
        OPERATOR, "transactional-id", f"{mine}rejected.", ("Write",), "`rejected retry`", prefixed=True
    )
    yield Grant(OPERATOR, "transactional-id", f"{mine}purge", ("Write",), "`purge`")


def commands(rules: list[Grant], pattern: str = "User:{name}") -> Iterator[str]:
    """Yield the commands of Kafka's own `kafka-acls.sh` that allow all this; `pattern` makes a Kafka principal of our name for it."""
    for rule in rules:
        parts = [
            "kafka-acls.sh", "--bootstrap-server", "$KAFKA_BOOTSTRAP_SERVERS", "--command-config", "admin.properties", "--add",
            "--allow-principal", shlex.quote(pattern.replace("{name}", rule.principal)),
            *(part for operation in rule.operations for part in ("--operation", operation)),
            f"--{rule.resource}", shlex.quote(rule.name),
            "--resource-pattern-type", "prefixed" if rule.prefixed else "literal",
        ]  # fmt: skip
        yield " ".join(parts)
