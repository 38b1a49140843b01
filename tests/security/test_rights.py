"""The pipeline under exactly the generated rules: everybody can do what they are there for, and the broker refuses everything else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ACLFilter, ACLOperation, ACLPermissionType, ConfigResource, ResourcePatternFilter
from kafka.admin import ACLResourcePatternType as PatternType
from kafka.admin import ResourceType as Kind
from secure_pipeline import NAMESPACE, Asker, Secure, secure_broker
from seeded import SEEDS
from waiting import until

from newswire import subscribe, topics, topology
from newswire.acls import Grant, grants
from newswire.errors import BrokerError
from newswire.ledger import ledger
from newswire.log.client import (
    AuthorizationError,
    KafkaError,
    OffsetAndMetadata,
    TopicPartition,
    acl,
    admin,
    error_for_code,
    member_consumer,
    scram_user,
    transactional_producer,
)
from newswire.log.kafka import KafkaLog
from newswire.log.rights import allow

# A broker and five processes are started; each took a minute and more on the busiest machine we have seen.
pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
STAGES = [stage.name for stage in topology.STAGES]
SEED = SEEDS / "000_408d526261db11a3.txt"
HEADLINE = (
    "Plans in place for US strikes against Iran-backed militias after deaths of three American servicemen"
)

# Who has to write and read what, by hand from the flow in the README: the rules are held to this, not to themselves.
RAW, NORMALIZED, UNIQUE = "news.raw.v1", "news.normalized.v1", "news.unique.v1"
DUPLICATES, ARTICLES, STORIES = "news.duplicates.v1", "news.articles.v1", "news.stories.v1"
HELD, REJECTED = "news.held.v1", "news.rejected.v1"
SOURCES = {f"newswire.produce.{kind}.changelog" for kind in topology.SOURCES_WITH_STATE}
CHANGELOGS = [f"newswire.{stage}.changelog" for stage in ("normalize", "deduplicate", "cluster")]
TOPICS = [
    RAW,
    NORMALIZED,
    UNIQUE,
    DUPLICATES,
    ARTICLES,
    STORIES,
    HELD,
    REJECTED,
    *CHANGELOGS,
    *sorted(SOURCES),
]
WRITES: dict[str, set[str]] = {
    "normalize": {NORMALIZED, REJECTED, "newswire.normalize.changelog"},
    "deduplicate": {UNIQUE, DUPLICATES, HELD, REJECTED, "newswire.deduplicate.changelog"},
    "enrich": {ARTICLES, REJECTED},
    "cluster": {STORIES, REJECTED, "newswire.cluster.changelog"},
    "clock": {NORMALIZED, ARTICLES},
    "source": {RAW, REJECTED, *SOURCES},
    "subscriber": set(),
    "operator": {RAW, NORMALIZED, UNIQUE, ARTICLES},
}
READS: dict[str, set[str]] = {
    "normalize": {RAW, "newswire.normalize.changelog"},
    "deduplicate": {NORMALIZED, "newswire.deduplicate.changelog"},
    "enrich": {UNIQUE},
    "cluster": {ARTICLES, "newswire.cluster.changelog"},
    "clock": set(),
    "source": SOURCES,
    "subscriber": {ARTICLES, STORIES, DUPLICATES},
    "operator": set(TOPICS),
}
PRINCIPALS = list(WRITES)
ARTICLES_0 = TopicPartition(NAMESPACE + ARTICLES, 0)
INTERNAL = ["__consumer_offsets", "__transaction_state"]
"""Kafka's own, where positions and transactions of all stand; only the doctor looks there."""
OTHERS = "other.news.articles.v1"
"""A topic of another pipeline on the same Kafka."""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    """A broker with the generated rules, and the topics, which the operator has made."""
    with secure_broker(tmp_path_factory.mktemp("secure")) as broker:
        assert f"{len(TOPICS)} topics made" in broker.run("operator", "topics", "create")
        unbound = KafkaLog(broker.unbound())
        unbound._admin.client.create_topics({OTHERS: {"num_partitions": 1, "replication_factor": -1}})
        unbound.close()
        yield broker


@pytest.fixture(scope="module")
def askers(secure: Secure) -> Iterator[dict[str, Asker]]:
    """A connection to the broker for each principal."""
    found = {name: Asker(secure.connection(name)) for name in PRINCIPALS}
    yield found
    for asker in found.values():
        asker.close()


@pytest.fixture(scope="module")
def pipeline(secure: Secure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaLog]:
    """Everything running under its own login, with a seed and a record that is rejected published and taken; the operator's log."""
    headless = tmp_path_factory.mktemp("inbox") / "headless.json"
    headless.write_text(json.dumps({"source": "gazette", "guid": "g1", "headline": "Only a headline"}))
    log = KafkaLog(secure.connection("operator"))
    with secure.running(*STAGES, "clock") as parts:
        secure.run("source", "produce", "files", SEED, headless)

        def watch() -> None:
            for part in parts:
                part.watch()
                assert not part.given_up()

        until(lambda: _taken(log), "all that was published is taken", 240, meanwhile=watch)
        found = ledger(log).total
        assert (found.published, found.rejected) == (1, 1)
        yield log
    log.close()


def _taken(log: KafkaLog) -> bool:
    found = ledger(log).total
    return found.entered >= 2 and not found.in_flight


def test_the_principals_are_those_that_are_tested() -> None:
    assert {rule.principal for rule in grants()} == set(PRINCIPALS)
    assert {spec.name for spec in topics.specs()} == set(TOPICS)


def test_each_stage_does_its_work_and_the_subscriber_reads_what_comes_out(
    secure: Secure, pipeline: KafkaLog
) -> None:
    log = KafkaLog(secure.connection("subscriber"))
    with subscribe("articles", group="subscriber-app", until_end=True, log=log) as articles:
        assert [event.data.headline for event in articles] == [HEADLINE]
    with subscribe("stories", until_end=True, log=log) as stories:
        assert [event.data.headline for event in stories] == [HEADLINE]
    assert log.group_offsets("subscriber-app", ARTICLES)
    log.close()


def test_the_clock_ticks_and_watches_every_topic(secure: Secure, pipeline: KafkaLog) -> None:
    kinds = {
        dict(record.headers)["ce_type"]
        for partition, end in pipeline.end_offsets(NORMALIZED).items()
        for record in pipeline.read(NORMALIZED, partition, 0, end)
    }
    assert b"newswire.tick.v1" in kinds
    log = KafkaLog(secure.connection("clock"))
    assert set(log.topics()) == set(TOPICS)
    # A transaction that stays open, on a topic that the clock itself has nothing to do with, is seen.
    producer = transactional_producer(secure.unbound(), "stands")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(NAMESPACE + STORIES, key=b"k", value=b"v", partition=0).get(timeout=30)
    assert (STORIES, 0) in log.below_end()
    producer.abort_transaction()
    producer.close()
    log.close()


def test_the_operator_looks_retries_replays_and_purges(secure: Secure, pipeline: KafkaLog) -> None:
    assert "gazette" in secure.run("operator", "rejected", "list")
    assert '"balanced":true' in secure.run("operator", "ledger", "-J")
    assert HEADLINE in secure.run("operator", "tail", "articles", "-e")
    assert NORMALIZED in secure.run("operator", "topics")
    [raw] = [
        record
        for partition, end in pipeline.end_offsets(RAW).items()
        for record in pipeline.read(RAW, partition, 0, end)
        if b"Plans in place" in (record.value or b"")
    ]
    traced = secure.run("operator", "trace", f"{RAW}/{raw.partition}/{raw.offset}")
    assert ARTICLES in traced
    assert " retried, 0 not" in secure.run("operator", "rejected", "retry", "--all")

    assert "nothing live has changed" in secure.run("operator", "replay", "enrich", "--name", "again")
    assert "again" in secure.run("operator", "replay", "list")
    assert "0 written" in secure.run("operator", "replay", "swap", "again")
    assert "deleted" in secure.run("operator", "replay", "drop", "again")

    # The machine under the test is as it is; of the broker nothing may be wrong.
    looked = json.loads("[" + ",".join(secure.run("operator", "doctor", "-J").splitlines()) + "]")
    assert {
        found["what"]: found["level"] for found in looked if found["what"] in {"topics", "transactions"}
    } == {
        "topics": "ok",
        "transactions": "ok",
    }

    assert "normalize" in secure.run("operator", "status")

    assert "It is gone." in secure.run("operator", "purge", "--publisher", "gazette", "--reason", "opt-out")
    assert "opt-out" in secure.run("operator", "purge", "list")


def test_what_may_not_be_seen_is_not_taken_for_missing(secure: Secure) -> None:
    log = KafkaLog(secure.connection("enrich"))
    assert log.exists(UNIQUE)
    with pytest.raises(AuthorizationError):
        log.exists(STORIES)
    log.close()
    unbound = KafkaLog(secure.unbound())
    assert not unbound.exists("nothing")
    unbound.close()


def test_the_broker_itself_says_that_everyone_may_do_just_what_the_rules_say(
    secure: Secure, askers: dict[str, Asker]
) -> None:
    for name, asker in askers.items():
        found = {
            topic["name"]: set(topic["authorized_operations"])
            for topic in asker.admin.describe_topics()
            if topic["name"].startswith((f"{NAMESPACE}news.", f"{NAMESPACE}newswire."))
        }
        assert found == _allowed(name), name
        assert asker.admin.describe_cluster()["authorized_operations"] == [], name


def _allowed(principal: str) -> dict[str, set[str]]:
    """Return what the rules allow a principal on each topic there is; one that is not there it may not even see."""
    found: dict[str, set[str]] = {}
    for rule in grants(NAMESPACE):
        if rule.principal == principal and rule.resource == "topic" and rule.name in _there():
            found.setdefault(rule.name, set()).update(_operations(rule))
    return found


def _there() -> set[str]:
    return {NAMESPACE + topic for topic in TOPICS}


def _operations(rule: Grant) -> set[str]:
    """Return the operations of a rule, with those that Kafka lets follow from them."""
    names = {"DESCRIBE_CONFIGS" if one == "DescribeConfigs" else one.upper() for one in rule.operations}
    return names | {"DESCRIBE"} if names & {"READ", "WRITE", "DELETE", "ALTER"} else names


@pytest.mark.parametrize(
    ("name", "topic"),
    [(name, topic) for name in PRINCIPALS for topic in [*TOPICS, OTHERS] if topic not in WRITES[name]],
)
def test_nobody_writes_where_it_has_nothing_to_write(askers: dict[str, Asker], name: str, topic: str) -> None:
    with pytest.raises(error_for_code(29)):
        askers[name].write(_name(topic))


@pytest.mark.parametrize(
    ("name", "topic"),
    [(name, topic) for name in PRINCIPALS for topic in [*TOPICS, OTHERS] if topic not in READS[name]]
    + [(name, topic) for name in PRINCIPALS if name != "operator" for topic in INTERNAL],
)
def test_nobody_reads_what_it_does_not_need(askers: dict[str, Asker], name: str, topic: str) -> None:
    with pytest.raises(error_for_code(29)):
        askers[name].read(_name(topic))


def _name(topic: str) -> str:
    return topic if topic in (OTHERS, *INTERNAL) else NAMESPACE + topic


def test_an_attempt_that_is_allowed_goes_through(askers: dict[str, Asker]) -> None:
    """The attempts above are refused for want of rights, not because they are wrong."""
    askers["subscriber"].read(NAMESPACE + ARTICLES)
    # Also by the rules of records: on this topic the key decides what is kept, so that one more of them harms nobody.
    askers["cluster"].write(NAMESPACE + "newswire.cluster.changelog")


IDS = {
    **{stage: topology.slot_id(stage, 0) for stage in STAGES},
    "clock": "newswire.clock",
    "source": "newswire.produce.0",
    "operator": "newswire.purge",
}


@pytest.mark.parametrize(
    ("name", "transactional_id"),
    [(name, held) for name in PRINCIPALS for owner, held in IDS.items() if owner != name],
)
def test_nobody_takes_the_transactional_id_of_another(
    secure: Secure, name: str, transactional_id: str
) -> None:
    """To take it is to fence off whoever has it."""
    producer = transactional_producer(secure.connection(name), NAMESPACE + transactional_id)
    try:
        with pytest.raises(error_for_code(53)):
            producer.init_transactions()
    finally:
        producer._sender.force_close()


GROUPS = [*(topology.group(stage) for stage in STAGES), "subscriber-app"]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        (name, group)
        for name in PRINCIPALS
        for group in GROUPS
        if group not in (f"newswire.{name}", f"{name}-app")
    ],
)
def test_nobody_moves_the_position_of_another_group(askers: dict[str, Asker], name: str, group: str) -> None:
    with pytest.raises(AuthorizationError):
        _move(askers[name].admin, NAMESPACE + group)


def _answer(ask: Callable[[], Any]) -> Any:
    """Return what the broker answers, asked again while that is a passing failure: its first group has no coordinator yet."""

    def asked() -> list[Any]:
        try:
            return [ask()]
        except KafkaError as error:
            if not error.retriable:
                raise
            return []

    return until(asked, "an answer")[0]


def _move(client: Any, group: str) -> None:
    answer = _answer(lambda: client.alter_group_offsets(group, {ARTICLES_0: OffsetAndMetadata(0, "", -1)}))
    for refusal in answer.values():
        if refusal.errno:
            raise refusal


@pytest.mark.parametrize("name", ["enrich", "source", "clock"])
def test_nobody_joins_the_group_of_another(secure: Secure, name: str) -> None:
    """A member would be dealt partitions, which nobody else reads then."""
    consumer = member_consumer(secure.connection(name), group=f"{NAMESPACE}newswire.cluster", slot_id=None)
    consumer.subscribe([NAMESPACE + UNIQUE])
    try:
        with pytest.raises(error_for_code(30)):
            _poll(consumer, until=time.monotonic() + 60)
    finally:
        with suppress(AuthorizationError):
            consumer.close(autocommit=False, timeout_ms=2_000)


def _poll(consumer: Any, until: float) -> None:
    while time.monotonic() < until:
        consumer.poll(timeout_ms=100)


OWN = {
    "normalize": NORMALIZED, "deduplicate": UNIQUE, "enrich": ARTICLES, "cluster": STORIES,
    "clock": NORMALIZED, "source": RAW, "subscriber": ARTICLES, "operator": ARTICLES,
}  # fmt: skip
"""A topic that each of them works on: even that it may only write to, or read."""
ANY_RULE = ACLFilter(
    None,
    None,
    ACLOperation.ANY,
    ACLPermissionType.ANY,
    ResourcePatternFilter(Kind.ANY, None, PatternType.ANY),
)


def _rule(name: str) -> Any:
    return acl(f"User:{name}", "topic", NAMESPACE + RAW, "Read", prefixed=False)


def _settings(topic: str) -> Any:
    return ConfigResource("TOPIC", topic, {"retention.ms": "1"})


DEEDS: dict[str, Callable[[Any, str, str], Any]] = {
    "make a topic": lambda ask, _, __: ask.create_topics({f"{NAMESPACE}own": {"num_partitions": 1}}),
    "delete a topic": lambda ask, _, topic: ask.delete_topics([topic]),
    "alter a topic's settings": lambda ask, _, topic: ask.alter_configs(
        [_settings(topic)], raise_on_unknown=False
    ),
    "add partitions": lambda ask, _, topic: ask.create_partitions({topic: 9}),
    "delete records": lambda ask, _, topic: ask.delete_records({TopicPartition(topic, 0): 1}),
    "allow itself more": lambda ask, me, _: ask.create_acls([_rule(me)]),
    "take rights away": lambda ask, _, __: ask.delete_acls([ANY_RULE]),
    "see who has which rights": lambda ask, _, __: ask.describe_acls(ANY_RULE),
    "give another a new password": lambda ask, _, __: ask.alter_user_scram_credentials(
        [scram_user("operator", "SCRAM-SHA-512", "mine")]
    ),
    "delete a group": lambda ask, _, __: ask.delete_groups([f"{NAMESPACE}newswire.cluster"]),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("name", PRINCIPALS)
def test_nobody_changes_topics_rights_or_users(askers: dict[str, Asker], name: str, deed: str) -> None:
    with pytest.raises(AuthorizationError):
        _raise_refusals(_answer(lambda: DEEDS[deed](askers[name].admin, name, NAMESPACE + OWN[name])))


def _raise_refusals(answer: Any) -> None:
    """Raise what an administration client only returns: an error, its name, or the broker's words."""
    match answer:
        case dict():
            _raise_refusals(list(answer.values()))
        case list() | tuple():
            for part in answer:
                _raise_refusals(part)
        case type() if issubclass(answer, AuthorizationError):
            raise answer
        case str() if "AuthorizationFailed" in answer or answer.endswith("needs ALTER permission."):
            raise AuthorizationError(answer)


def test_nothing_has_come_of_all_these_attempts(secure: Secure) -> None:
    # The operator's password is still its own, and so are the rights.
    log = KafkaLog(secure.connection("operator"))
    assert set(log.topics()) == set(TOPICS)
    log.close()
    client = admin(secure.unbound())
    there = {topic["name"] for topic in client.describe_topics() if not topic["is_internal"]}
    assert there == _there() | {OTHERS}
    client.close()


def test_a_command_that_is_refused_says_who_it_is_and_where_the_rules_are(
    secure: Secure, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Anything")
    said = secure.run("subscriber", "produce", "files", tmp_path / "a.txt", status=BrokerError.exit_code)
    assert "does not allow this to subscriber" in said
    assert "`newswire acls`" in said


def test_a_lane_needs_rules_of_its_own(secure: Secure, tmp_path: Path) -> None:
    """The last here: from then on the source may read what it publishes."""
    (tmp_path / "old.json").write_text(json.dumps({"source": "gazette", "guid": "o1", "headline": "Old"}))
    publish = ("produce", "files", "--lane", "backfill", tmp_path / "old.json")
    allow(
        secure.unbound(), [rule for rule in grants(NAMESPACE + "backfill.") if rule.principal == "operator"]
    )
    made = KafkaLog(replace(secure.connection("operator"), namespace=f"{NAMESPACE}backfill."))
    made.create(topics.specs(1))
    made.close()
    allow(secure.unbound(), [rule for rule in grants(NAMESPACE + "backfill.") if rule.principal == "source"])
    # The withdrawals that stand on the live topic it must see: without, what is withdrawn would come out of the lane.
    said = secure.run("source", *publish, status=BrokerError.exit_code)
    assert "does not allow this to source" in said
    allow(secure.unbound(), [rule for rule in grants(NAMESPACE, "backfill") if rule.principal == "source"])
    assert "1 published" in secure.run("source", *publish)
