"""The four stages in one process: the real `deduplicate`, and tiny handlers whose behaviour is told by the body, on any log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import wire

from consumers.deduplicate import Deduplicate
from newswire import topology
from newswire.envelope import Encoder
from newswire.errors import Reject
from newswire.event import Emit, Event, Handler
from newswire.log.contract import Log, Outgoing
from newswire.log.memory import MemoryLog
from newswire.stage.loop import StageLoop
from newswire.state.contract import State
from schemas.article.model import Article
from schemas.core.rights import Rights
from schemas.story.model import Member, Story
from schemas.tick.model import Tick
from schemas.unique.model import Unique


class TinyEnrich:
    """Rejects what says `unenrichable` until it is `mended`."""

    name = "enrich"
    rule_version = "tiny-1"
    mended = False

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        if event.name == "carried":
            return
        unique = Unique.from_data(event.data)
        text = " ".join(p for s in unique.sections for p in s.paragraphs)
        if "unenrichable" in text and not self.mended:
            raise Reject("told-to", "the text says so", "/sections/0")
        fields = {name: getattr(unique, name) for name in Unique.model_fields}
        fields["lineage"] = unique.lineage.then(event.used_by(self.name, self.rule_version))
        article = Article(**fields, word_count=len(text.split()), reading_time_seconds=1)
        yield Emit("article", article.article_id, article, article.language)


class TinyCluster:
    """One story for each article; rejects what says `alone`."""

    name = "cluster"
    rule_version = "tiny-1"

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        if event.name == "carried":
            return
        article = Article.from_data(event.data)
        if any("alone" in p for s in article.sections for p in s.paragraphs):
            raise Reject("told-to", "the text says so")
        member = Member(
            article_id=article.article_id,
            revision=article.revision.number,
            headline=article.headline,
            source=article.source.name,
            score=1.0,
        )
        story = Story(
            story_id=article.article_id,
            version=article.revision.number,
            change="created" if article.revision.number == 1 else "updated",
            article_id=article.article_id,
            headline=article.headline,
            language=article.language,
            members=(member,),
            source_count=1,
            lineage=article.lineage.then(event.used_by(self.name, self.rule_version)),
        )
        yield Emit("story", story.story_id, story)


class SmallPipeline:
    """Topics, stages and a way to publish. Stages take records only when told to."""

    def __init__(self, folder: Path, log: Log | None = None, *, partitions: int = 2) -> None:
        self.log = log or MemoryLog()
        wire.make_topics(self.log, partitions)
        self.enrich = TinyEnrich()
        handlers: tuple[Handler, ...] = (wire.TinyNormalize(), Deduplicate(), self.enrich, TinyCluster())
        self._loops = {
            handler.name: StageLoop(
                handler,
                self.log,
                self.log.slot(
                    topic=topology.topic(topology.stage(handler.name).reads).name,
                    group=topology.group(handler.name),
                    slot_id=topology.slot_id(handler.name, 0),
                ),
                folder / handler.name,
            )
            for handler in handlers
        }

    def publish(
        self,
        guid: str,
        body: str = "One plain sentence.",
        *,
        source: str = "herald",
        url: str | None = None,
        status: str = "usable",
        embargoed_until: datetime | None = None,
        later_ms: int = 0,
    ) -> tuple[str, int, int]:
        """Publish a capture; return its coordinates."""
        rights = Rights.model_validate({"status": status, "embargoed_until": embargoed_until})
        event = wire.raw(guid, body, source).model_copy(update={"rights": rights, "url": url})
        made = Encoder("files", self.log.topics()).record(
            Emit("raw", guid, event),
            event.to_data(),
            event_id=f"raw-{guid}-{body}",
            timestamp_ms=int(wire.CAPTURED.timestamp() * 1000) + later_ms,
            now=wire.CAPTURED,
        )
        return self.write(made)

    def write(self, made: Outgoing) -> tuple[str, int, int]:
        """Write one record; return its coordinates."""
        [offset] = wire.publish(self.log, made)
        return made.topic, made.partition, offset

    def tick(self, at: datetime) -> None:
        """Write the time into every partition that has timers."""
        encoder = Encoder("clock", self.log.topics())
        topic = topology.topic("normalized").name
        wire.publish(
            self.log,
            *(
                encoder.record(
                    Emit("tick", "", Tick(at=at)),
                    Tick(at=at).to_data(),
                    event_id=f"tick-{at}-{partition}",
                    timestamp_ms=int(at.timestamp() * 1000),
                    now=at,
                    topic=topic,
                    partition=partition,
                )
                for partition in range(self.log.topics()[topic])
            ),
        )

    def run(self, *stages: str) -> None:
        """Let the stages (all, unless some are named) take all that is there."""
        for name in stages or self._loops:
            while self._loops[name].step(0.01):
                pass

    def close(self) -> None:
        for loop in self._loops.values():
            loop.close()
