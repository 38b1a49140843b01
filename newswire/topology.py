"""The whole pipeline in one literal. Every topic, group, transactional id, changelog and schema name is derived from it here.

The flow table of the README, `newswire topology`, the AsyncAPI document and the topics that are created all come from `STAGES` and
`TOPICS`. This module imports nothing heavy: the command line reads it at every start.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024
MAX_BODY_BYTES: Final = 8 * MIB
"""Largest raw body, before base64. What is larger is a dead letter with the beginning of its original."""
PARTITIONS: Final = 3
"""Partitions per topic, unless `NEWSWIRE_PARTITIONS` says otherwise when topics are created."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One consumer: reads one event, writes others."""

    name: str
    """A verb; also the room under `consumers/`."""
    reads: str
    """The event it reads."""
    writes: tuple[str, ...]
    """The events it writes, besides `rejected`, which every stage may write."""
    does: str
    """What it does, in one line, for the README's table."""
    stateful: bool = False
    """Whether it keeps state, and so has a changelog."""
    beside: tuple[str, ...] = ()
    """Events that it writes beside the first of `writes`, on the same topic: they tell the stage that reads that something."""
    ticks: bool = False
    """Whether time matters to it: ticks are written into its input topic."""
    decides_fate: bool = True
    """Whether a rejection here is the fate of the raw record; false after `articles`, where the article is already published."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of events."""

    event: str
    """The event on it."""
    name: str
    """Its name in Kafka."""
    holds: str
    """What is on it, in one line."""
    max_bytes: int
    """`max.message.bytes`: the largest record."""
    compacted: bool = False
    """Whether only the last record of each key is kept."""
    partition_by: str = "key"
    """`key`, or `language`: duplicates do not cross languages, so identity and near-duplicate state are local to a partition."""


STAGES: Final[tuple[Stage, ...]] = (
    Stage(
        name="normalize",
        reads="raw",
        writes=("normalized",),
        does="reads each captured format into one clean article",
        stateful=True,
    ),
    Stage(
        name="deduplicate",
        reads="normalized",
        writes=("unique", "duplicate", "held"),
        does="tells new articles, revisions, copies and withdrawals apart; holds embargoed ones",
        beside=("carried",),
        stateful=True,
        ticks=True,
    ),
    Stage(
        name="enrich",
        reads="unique",
        writes=("article",),
        does="adds language, dates, quotes, people, organisations, places, countries and keywords",
        beside=("carried",),
    ),
    Stage(
        name="cluster",
        reads="article",
        writes=("story",),
        does="puts articles about the same event into one story, and counts who carries them",
        stateful=True,
        ticks=True,
        decides_fate=False,
    ),
)

TOPICS: Final[tuple[Topic, ...]] = (
    Topic("raw", "news.raw.v1", "what producers captured, unchanged", 12 * MIB),
    Topic(
        "normalized", "news.normalized.v1", "one clean article per capture", 16 * MIB, partition_by="language"
    ),
    Topic("unique", "news.unique.v1", "new articles and revisions, without copies", 16 * MIB),
    Topic("duplicate", "news.duplicates.v1", "copies, linked to their originals, with the evidence", 4 * MIB),
    Topic(
        "article",
        "news.articles.v1",
        "enriched articles: what most subscribers read",
        18 * MIB,
        partition_by="language",
    ),
    Topic("story", "news.stories.v1", "stories as they form and grow", 4 * MIB, compacted=True),
    Topic(
        "held", "news.held.v1", "embargoed articles that wait, without their content", 1 * MIB, compacted=True
    ),
    Topic("rejected", "news.rejected.v1", "dead letters: the original bytes and why", 18 * MIB),
)

_EVENT_BY_TOPIC: Final = {topic.name: topic.event for topic in TOPICS}
_STAGE_BY_NAME: Final = {stage.name: stage for stage in STAGES}


def stage(name: str) -> Stage:
    """Return a stage by name; ValueError names the stages there are."""
    try:
        return _STAGE_BY_NAME[name]
    except KeyError:
        raise ValueError(f"no stage is called {name!r}; there are: {', '.join(_STAGE_BY_NAME)}") from None


def topic(event: str) -> Topic:
    """Return a topic by its event's name (`article`), its own (`news.articles.v1`) or its short one (`articles`)."""
    for found in TOPICS:
        if event in (found.event, found.name, short_name(found)):
            return found
    raise ValueError(
        f"no topic or event is called {event!r}; there are: {', '.join(short_name(t) for t in TOPICS)}"
    )


def short_name(of: Topic) -> str:
    """Return the word people use for a topic: `articles` for `news.articles.v1`."""
    return of.name.split(".")[1]


def control_on(event: str) -> list[str]:
    """Return the events that stand beside an event on its topic: they tell the stage that reads it something."""
    readers = [found for found in STAGES if found.reads == event]
    ticks = any(found.ticks for found in readers)
    purges = any(found.stateful for found in readers)
    told = [name for found in STAGES if readers and found.writes[0] == event for name in found.beside]
    return ["tick"] * ticks + ["purge"] * purges + told


def written_to(stage_name: str, event: str) -> Topic:
    """Return the topic that a stage, or a source, writes an event to."""
    writer = _STAGE_BY_NAME.get(stage_name)
    return topic(writer.writes[0] if writer is not None and event in writer.beside else event)


def purged_topics() -> list[str]:
    """Return the topics that purges are written into: what stages with state read."""
    return [topic(found.reads).name for found in STAGES if found.stateful]


def event_on(topic_name: str) -> str:
    """Return the event that a topic carries."""
    return _EVENT_BY_TOPIC[topic_name]


def group(stage_name: str) -> str:
    """Return the consumer group of a stage."""
    return f"newswire.{stage_name}"


def slot_id(stage_name: str, slot: int) -> str:
    """Return the `group.instance.id` and `transactional.id` of one slot of a stage. One process at a time may hold it."""
    return f"newswire.{stage_name}.{slot}"


def changelog(stage_name: str) -> str:
    """Return the compacted topic that a stage's state is rebuilt from; partition n belongs to input partition n."""
    return f"newswire.{stage_name}.changelog"


CHANGELOG_MAX_BYTES: Final = 16 * MIB
SOURCES_WITH_STATE: Final = ("push", "feeds", "sitemaps", "wires", "warc")
"""Kinds of sources that remember something, such as what they have published: each has a changelog, as a stage has."""
SOURCES_IN_ONE_PIECE: Final = ("push", "feeds", "sitemaps", "wires", "warc")
"""Those of which one process does all, so that the state is in one piece: their changelogs have one partition."""


def source_id(kind: str) -> str:
    """Return the `transactional.id` of a kind of source of which one process does all."""
    return f"newswire.produce.{kind}"


def source_changelog(kind: str) -> str:
    """Return the compacted topic that the state of a kind of source is rebuilt from."""
    return changelog(f"produce.{kind}")


def single_changelogs() -> list[str]:
    """Return the changelogs that have one partition, however many other topics have."""
    return [source_changelog(kind) for kind in SOURCES_IN_ONE_PIECE]


def changelogs() -> list[str]:
    """Return all changelogs: of stages, then of sources."""
    return [
        *(changelog(stage.name) for stage in STAGES if stage.stateful),
        *(source_changelog(kind) for kind in SOURCES_WITH_STATE),
    ]


def partition_for(key: str, partitions: int) -> int:
    """Return the partition of a key: CRC-32 modulo the count, the `consistent` partitioner of librdkafka."""
    return zlib.crc32(key.encode()) % partitions
