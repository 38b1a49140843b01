"""The verdict: everything read back from the first record to the last, and compared with what went in.

* lost: an acknowledged article that has not been published, or is in no story; a record that a committed reader does not get although the
  log says that its transaction was committed; a raw record without a fate.
* duplicated: an article published more than once; two records that come of the same input (their `ce_id` says which).
* aborted reads: a record that a committed reader gets although its transaction was aborted or left open; a record made of one that is not
  there for committed readers.
* disagreements: a state file that is not what its changelog says up to its offset; an article that was published and is unknown to the
  state, or the other way round.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import orjson

from consumers.deduplicate import record as known
from faults import segments
from faults.observer import guid_of_letter
from newswire import topology
from newswire.envelope import is_control
from newswire.ledger import Ledger, ledger
from newswire.log.contract import Log, Record

Place = tuple[str, int, int]
_NAMED = 5


@dataclass
class Verdict:
    """What was found. `entered` counts different articles that were acknowledged, `out` those that were published."""

    entered: int = 0
    out: int = 0
    refused: int = 0
    redelivered: int = 0
    """Raw records that are a second delivery of an article, and were recognized as that."""
    records: int = 0
    """Records read back, over all topics."""
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    aborted_reads: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    balanced: bool = False
    book: str = ""

    @property
    def good(self) -> bool:
        """Whether there is nothing to object."""
        wrong = (self.lost, self.duplicated, self.aborted_reads, self.disagreements)
        return self.balanced and not any(wrong)

    def __str__(self) -> str:
        found = {
            "lost": self.lost,
            "duplicated": self.duplicated,
            "aborted reads": self.aborted_reads,
            "disagreements": self.disagreements,
        }
        named = [
            f"{name} {len(what)}" + (f" ({'; '.join(what[:_NAMED])})" if what else "")
            for name, what in found.items()
        ]
        return f"in {self.entered}, out {self.out}, {', '.join(named)}, ledger: {self.book}"


def examine(
    log: Log,
    *,
    acknowledged: int,
    extra: set[str],
    refused: set[str],
    state: Path,
    segments_of: Callable[[str, int], Path] | None = None,
) -> Verdict:
    """Return the verdict on a pipeline that has nothing in flight and whose stages have ended.

    `acknowledged` articles of the traffic, and those with the guids `extra`, must be published; those of `refused` must be dead letters.
    `state` is the folder of the stages; `segments_of` tells the folder of a topic's partition on a broker's disk, for a log that has one.
    """
    found = Verdict()
    events = {topic.event: list(_everything(log, topic.name)) for topic in topology.TOPICS}
    found.records = sum(map(len, events.values()))
    _articles(events, {*(f"chaos-{n}" for n in range(acknowledged)), *extra}, refused, found)
    _identities(events, found)
    if segments_of is not None:
        _against_the_log(log, events, segments_of, found)
    _states(log, state, found)
    _known_articles(log, events, found)
    book = ledger(log)
    found.balanced = book.balanced and book.total.in_flight == 0
    found.book = _told(book)
    return found


def _everything(log: Log, topic: str) -> Iterator[Record]:
    ends = log.end_offsets(topic, committed=False)
    return chain.from_iterable(log.read(topic, partition, 0, end) for partition, end in ends.items())


def _articles(
    events: Mapping[str, list[Record]], expected: set[str], refused: set[str], found: Verdict
) -> None:
    articles = [orjson.loads(record.value or b"{}") for record in events["article"] if not is_control(record)]
    times = Counter(article["guid"] for article in articles)
    letters = Counter(guid_of_letter(orjson.loads(record.value or b"{}")) for record in events["rejected"])
    raws = Counter(orjson.loads(record.value or b"{}").get("guid") for record in events["raw"])
    found.entered, found.out, found.refused = len(expected), len(times), letters.total()
    found.redelivered = sum(count - 1 for guid, count in raws.items() if guid not in refused)
    found.lost += [f"{guid} was not published" for guid in sorted(expected - times.keys())]
    found.lost += [f"{guid} is no dead letter" for guid in sorted(refused - letters.keys())]
    found.duplicated += [f"{guid} was published {count} times" for guid, count in times.items() if count > 1]
    found.duplicated += [f"{guid} is {letters[guid]} dead letters" for guid in refused if letters[guid] > 1]
    # A traffic process that was ended between writing and noting it: more may be there than was acknowledged, never something else.
    found.disagreements += [f"{guid} was rejected" for guid in sorted(letters.keys() - refused)]
    in_stories = {
        member["article_id"]
        for record in events["story"]
        for member in orjson.loads(record.value or b'{"members":[]}')["members"]
    }
    found.lost += [f"{a['guid']} is in no story" for a in articles if a["article_id"] not in in_stories]


def _identities(events: Mapping[str, list[Record]], found: Verdict) -> None:
    """Every record is made of one input, once; and that input is there."""
    places: dict[str, set[tuple[int, int]]] = {
        topology.topic(event).name: {(record.partition, record.offset) for record in records}
        for event, records in events.items()
    }
    for event, records in events.items():
        if event == "raw":
            continue
        seen: set[bytes] = set()
        for record in records:
            if is_control(record):
                continue  # of the clock's or a person's making
            made = dict(record.headers)["ce_id"]
            if made in seen:
                found.duplicated.append(f"{made.decode()} is on {record.topic} twice")
            seen.add(made)
            _, topic, partition, offset, *_ = made.decode().split(":")
            if (int(partition), int(offset)) not in places[topic]:
                found.aborted_reads.append(f"{made.decode()} is made of a record that is not there")


def _against_the_log(
    log: Log, events: Mapping[str, list[Record]], segments_of: Callable[[str, int], Path], found: Verdict
) -> None:
    """What a committed reader gets is what the files of the broker say is committed: control records decide, read here without Kafka."""
    for event, records in events.items():
        name = topology.topic(event).name
        read: dict[int, set[int]] = {}
        for record in records:
            read.setdefault(record.partition, set()).add(record.offset)
        for partition in range(log.topics()[name]):
            committed, rest = segments.offsets(segments_of(name, partition))
            got = read.get(partition, set())
            found.lost += [
                f"{name}-{partition}@{offset} is committed and not read" for offset in sorted(committed - got)
            ]
            found.aborted_reads += [
                f"{name}-{partition}@{offset} is {'aborted or open' if offset in rest else 'nowhere'} and was read"
                for offset in sorted(got - committed)
            ]


def _states(log: Log, state: Path, found: Verdict) -> None:
    for stage in topology.STAGES:
        if not stage.stateful:
            continue
        name = topology.changelog(stage.name)
        history: dict[int, list[Record]] = {}
        for record in _everything(log, name):
            history.setdefault(record.partition, []).append(record)
        for path in sorted(state.glob(f"{stage.name}/*/*.sqlite")):
            partition = int(path.stem)
            up_to, has = _held(path)
            should: dict[str, bytes] = {}
            for record in history.get(partition, []):
                key = (record.key or b"").decode()
                if record.offset >= up_to:
                    break
                if record.value is None:
                    should.pop(key, None)
                else:
                    should[key] = record.value
            differ = {key for key in has.keys() | should.keys() if has.get(key) != should.get(key)}
            if differ:
                found.disagreements.append(
                    f"{path.relative_to(state)} differs from {name}-{partition} before offset {up_to} in {len(differ)} keys, "
                    f"{min(differ)!r} among them"
                )


def _held(path: Path) -> tuple[int, dict[str, bytes]]:
    """Return what a state file holds, and up to which offset of its changelog; nothing when its process ended while it was making it."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        heads = db.execute("SELECT text FROM head").fetchall() if {"head", "kv"} <= tables else []
        if not heads:
            return 0, {}
        pairs = {key.decode(): value for key, value in db.execute("SELECT key, value FROM kv")}
        return int(orjson.loads(heads[0][0])["next_offset"]), pairs
    finally:
        db.close()


def _known_articles(log: Log, events: Mapping[str, list[Record]], found: Verdict) -> None:
    """What deduplicate remembers of articles is what it was given."""
    remembered = {
        known.article_id_of((record.key or b"").decode())
        for record in _everything(log, topology.changelog("deduplicate"))
        if (record.key or b"").startswith(known.PREFIX.encode()) and record.value is not None
    }
    given = {
        orjson.loads(record.value or b"{}")["article_id"]
        for event in ("unique", "duplicate")
        for record in events[event]
    }
    found.disagreements += [
        f"{one} was decided on and is not in the changelog" for one in sorted(given - remembered)
    ]
    found.disagreements += [
        f"{one} is in the changelog and nowhere else" for one in sorted(remembered - given)
    ]


def _told(book: Ledger) -> str:
    total = book.total
    return (
        f"{total.entered} in = {total.published} published + {total.duplicate} duplicate + {total.rejected} rejected"
        + (f" + {total.revised} revised" if total.revised else "")
        + (f" + {total.in_flight} in flight" if total.in_flight else "")
        + (f"; {total.lost} lost, {total.twice} twice" if total.lost or total.twice else "")
    )
