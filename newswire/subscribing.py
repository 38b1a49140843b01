"""Reading events in an application: `from newswire import subscribe`."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from newswire import topology
from newswire.config import load
from newswire.errors import BrokerError, UsageError
from newswire.log.client import KafkaError
from newswire.log.kafka import KafkaLog
from newswire.subscriber import Options, Subscriber
from schemas.article.model import Article
from schemas.core.contract import Contract
from schemas.duplicate.model import Duplicate
from schemas.held.model import Held
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw
from schemas.rejected.model import Rejected
from schemas.story.model import Story
from schemas.unique.model import Unique


@overload
def subscribe(
    topic: Literal["articles", "article", "news.articles.v1"], **options: Unpack[Options]
) -> Subscriber[Article]: ...
@overload
def subscribe(
    topic: Literal["stories", "story", "news.stories.v1"], **options: Unpack[Options]
) -> Subscriber[Story]: ...
@overload
def subscribe(
    topic: Literal["duplicates", "duplicate", "news.duplicates.v1"], **options: Unpack[Options]
) -> Subscriber[Duplicate]: ...
@overload
def subscribe(
    topic: Literal["unique", "news.unique.v1"], **options: Unpack[Options]
) -> Subscriber[Unique]: ...
@overload
def subscribe(
    topic: Literal["normalized", "news.normalized.v1"], **options: Unpack[Options]
) -> Subscriber[Normalized]: ...
@overload
def subscribe(topic: Literal["raw", "news.raw.v1"], **options: Unpack[Options]) -> Subscriber[Raw]: ...
@overload
def subscribe(
    topic: Literal["rejected", "news.rejected.v1"], **options: Unpack[Options]
) -> Subscriber[Rejected]: ...
@overload
def subscribe(
    topic: Literal["held", "news.held.v1"], **options: Unpack[Options]
) -> Subscriber[Held | None]: ...
@overload
def subscribe(topic: str, **options: Unpack[Options]) -> Subscriber[Contract | None]: ...
def subscribe(topic: str, **options: Unpack[Options]) -> Subscriber[Any]:
    """Return the events of a topic, by its name (`articles`, `news.articles.v1`) or its event's (`article`). See `Options`.

    Fields that this version does not know are ignored, so that readers need not be updated with writers. Raises UsageError for what makes
    no sense, BrokerError when there is no broker or no such topic there.
    """
    try:
        found = topology.topic(topic)
    except ValueError as error:
        raise UsageError(str(error)) from None
    unknown = options.keys() - Options.__annotations__.keys()
    if unknown:
        raise TypeError(f"subscribe() takes no {', '.join(sorted(unknown))}")
    given = options.get("log")
    log = given or _kafka(options.get("bootstrap_servers"))
    try:
        return Subscriber(log, found, options, owns_log=given is None)
    except KafkaError as error:
        raise BrokerError(f"subscribing to {found.name} failed ({type(error).__name__}: {error})") from error


def _kafka(bootstrap_servers: str | None) -> KafkaLog:
    from newswire.broker.locate import locate

    settings = load()
    where = locate(bootstrap_servers, settings.data_dir)
    if where is None:
        raise BrokerError(
            "no Kafka broker is given and none runs here: give bootstrap_servers='host:port', set KAFKA_BOOTSTRAP_SERVERS, or start "
            "one with `newswire up` or `newswire broker start`"
        )
    return KafkaLog(settings.connection(where.bootstrap))
