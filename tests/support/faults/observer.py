"""Looks on from outside: which articles have come out so far, read as any subscriber reads them."""

from __future__ import annotations

import base64
import threading
import time
from collections import Counter
from typing import Any

import orjson

from newswire import topology
from newswire.envelope import is_control
from newswire.errors import BrokerError
from newswire.log.client import Connection, KafkaError
from newswire.log.contract import Record
from newswire.log.kafka import KafkaLog


class Observer:
    """Follows articles and stories in threads of its own, through every fault; never from a position that it has not reached itself."""

    def __init__(self, to: Connection) -> None:
        self._to = to
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._guids: dict[str, str] = {}
        self._articles: Counter[str] = Counter()
        self._in_stories: set[str] = set()
        self._rejected: set[str] = set()
        self._reached = 0
        self.lags_behind: str | None = None
        """The last error of the broker, while it has not answered since."""
        self._threads = [
            threading.Thread(target=self._follow, args=(event, take), name=f"observer-{event}", daemon=True)
            for event, take in (
                ("article", self._take_article),
                ("story", self._take_story),
                ("rejected", self._take_letter),
            )
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def through(self) -> int:
        """Return the number up to which all articles have gone through the whole pipeline."""
        with self._lock:
            while (guid := f"chaos-{self._reached}") in self._guids and self._guids[guid] in self._in_stories:
                self._reached += 1
            return self._reached

    def has(self, guid: str) -> bool:
        """Return whether an article has gone through the whole pipeline."""
        with self._lock:
            return guid in self._guids and self._guids[guid] in self._in_stories

    def published(self) -> int:
        """Return how many different articles have been published."""
        with self._lock:
            return len(self._articles)

    def refused(self, guid: str) -> bool:
        """Return whether an article has become a dead letter."""
        with self._lock:
            return guid in self._rejected

    def twice(self) -> list[str]:
        """Return the guids that have been published more than once."""
        with self._lock:
            return [guid for guid, times in self._articles.items() if times > 1]

    def _take_article(self, record: Record, data: dict[str, Any]) -> None:
        self._guids[data["guid"]] = data["article_id"]
        self._articles[data["guid"]] += 1

    def _take_story(self, record: Record, data: dict[str, Any]) -> None:
        self._in_stories.update(member["article_id"] for member in data["members"])

    def _take_letter(self, record: Record, data: dict[str, Any]) -> None:
        self._rejected.add(guid_of_letter(data))

    def _follow(self, event: str, take: Any) -> None:
        topic = topology.topic(event).name
        at: dict[int, int] = {}
        while not self._stop.is_set():
            log = KafkaLog(self._to)
            try:
                subscription = log.subscribe(topic, start=at)
                try:
                    while not self._stop.is_set():
                        for record in subscription.poll(0.3):
                            if record.offset < at.get(record.partition, 0):
                                continue
                            if record.value is not None and not is_control(record):
                                with self._lock:
                                    take(record, orjson.loads(record.value))
                            at[record.partition] = record.offset + 1
                finally:
                    subscription.close()
            except (BrokerError, KafkaError, OSError) as error:
                self.lags_behind = str(error)
                time.sleep(0.3)
            finally:
                log.close()


def guid_of_letter(letter: dict[str, Any]) -> str:
    """Return the guid of the article that a dead letter holds."""
    return str(orjson.loads(base64.b64decode(letter["original"]["value"]))["guid"])
