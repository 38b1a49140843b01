"""Who must be allowed what in Kafka, for the pipeline to run and for nothing else: derived from the topology, never written by hand.

Meant for a broker that refuses what no rule allows. Nobody may change settings, write rules, or delete anything but a replay's side topics:
that is the work of whoever runs the broker, whom rules do not bind.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from newswire import topology
from newswire.replay import names

Resource = Literal["topic", "group", "transactional-id"]

CLOCK: Final = "clock"
SOURCE: Final = "source"
SUBSCRIBER: Final = "subscriber"
OPERATOR: Final = "operator"
OPEN_EVENTS: Final = ("article", "story", "duplicate")
"""What subscribers may read. Raw records, dead letters and embargoed articles are not for them."""
_OFFSETS: Final = "__consumer_offsets"
_INTERNAL: Final = (_OFFSETS, "__transaction_state")
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
        Principal(CLOCK, "writes the time where stages have timers; watches how far committed reads are"),
        Principal(SOURCE, "publishes raw articles (`newswire produce`)"),
        Principal(SUBSCRIBER, "reads events (`newswire.subscribe`, `newswire tail`)"),
        Principal(
            OPERATOR,
            "makes topics; looks at everything (`ledger`, `trace`, `doctor`); retries dead letters, replays, purges",
        ),
    ]


def grants(namespace: str = "", lane: str = "") -> list[Grant]:
    """Return all that has to be allowed, with `namespace` before the names of what is ours (`NEWSWIRE_NAMESPACE`).

    With a `lane` (`NEWSWIRE_LANE`) that is what its pipeline needs; the live one's rules are needed beside it.
    """
    live, namespace = namespace, namespace + (f"{lane}." if lane else "")
    found: list[Grant] = []
    for stage in topology.STAGES:
        found += _of_stage(stage, namespace)
    found += _of_clock(namespace)
    found += _of_source(namespace)
    if lane:
        found += _of_source_to_lane(live, namespace)
    found += _of_subscriber(namespace)
    found += _of_operator(namespace)
    return found


def _topics() -> list[str]:
    return [*(topic.name for topic in topology.TOPICS), *topology.changelogs()]


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
    # A topic that it may not even describe is not there for it: its alarm would say nothing.
    for name in (*(namespace + topic for topic in _topics()), _OFFSETS):
        yield Grant(CLOCK, "topic", name, ("Describe",), "the alarm for committed reads that stand still")
    yield Grant(CLOCK, "transactional-id", f"{namespace}newswire.{CLOCK}", ("Write",), "its transactions")


def _of_source(namespace: str) -> Iterator[Grant]:
    yield Grant(SOURCE, "topic", namespace + topology.topic("raw").name, ("Write",), "what it captured")
    yield Grant(
        SOURCE, "topic", namespace + topology.topic("rejected").name, ("Write",), "what it could not read"
    )
    for kind in topology.SOURCES_WITH_STATE:
        name = namespace + topology.source_changelog(kind)
        yield Grant(SOURCE, "topic", name, ("Read", "Write"), f"what `produce {kind}` remembers")
    ids = f"{namespace}newswire.produce."
    why = "its transactions, one id per run, or per kind where it has state"
    yield Grant(SOURCE, "transactional-id", ids, ("Write",), why, prefixed=True)


def _of_source_to_lane(live: str, namespace: str) -> Iterator[Grant]:
    raw = topology.topic("raw").name
    why = "withdrawals, which it carries over into the lane"
    yield Grant(SOURCE, "topic", live + raw, ("Read",), why)
    yield Grant(SOURCE, "topic", namespace + raw, ("Read",), "those that are there already")
    yield Grant(SOURCE, "transactional-id", f"{namespace}newswire.lane.withdrawals", ("Write",), why)


def _of_subscriber(namespace: str) -> Iterator[Grant]:
    for event in OPEN_EVENTS:
        yield Grant(SUBSCRIBER, "topic", namespace + topology.topic(event).name, ("Read",), "what it follows")
    why = "its position, in groups that are named after it"
    yield Grant(SUBSCRIBER, "group", namespace + SUBSCRIBER, ("Read",), why, prefixed=True)


def _of_operator(namespace: str) -> Iterator[Grant]:
    everything = ("Create", "Read", "DescribeConfigs")
    looks = "`topics create`, `ledger`, `trace`, `tail`, `doctor`"
    # Retried dead letters and purges go to the inputs of stages, a swap to what a stage without state writes.
    written = {topology.topic(stage.reads).name for stage in topology.STAGES}
    swapped = {
        topology.topic(e).name for stage in topology.STAGES if not stage.stateful for e in stage.writes
    }
    for topic in _topics():
        whys = [looks, *(["`rejected retry`, `purge`"] if topic in written else [])]
        whys += ["`replay swap`"] if topic in swapped else []
        more = ("Write",) if topic in written | swapped else ()
        yield Grant(OPERATOR, "topic", namespace + topic, (*everything, *more), ", ".join(whys))
    aside = (*everything, "Write", "Delete")
    yield Grant(OPERATOR, "topic", namespace + names.PREFIX, aside, "side topics of `replay`", prefixed=True)
    for name in _INTERNAL:
        yield Grant(OPERATOR, "topic", name, ("Read",), "`doctor`: transactions that a crash left open")
    mine = namespace + _EVERY_PREFIX
    yield Grant(OPERATOR, "group", mine, ("Describe",), "how far stages are", prefixed=True)
    ids: Resource = "transactional-id"
    yield Grant(OPERATOR, ids, mine, ("Describe",), "`doctor`: transactions that do not end", prefixed=True)
    yield Grant(OPERATOR, ids, f"{mine}rejected.", ("Write",), "`rejected retry`", prefixed=True)
    yield Grant(OPERATOR, ids, f"{mine}replay.", ("Write",), "`replay`", prefixed=True)
    yield Grant(OPERATOR, ids, f"{mine}purge", ("Write",), "`purge`")


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
