"""Versions of agencies' items: the newest decides, whenever it comes; kills are for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.deduplicate import versions
from consumers.deduplicate.waiting import Room
from schemas.normalized.model import Normalized

HOUR = timedelta(hours=1)
TEXT = """The harbour authority of Port Ellery closed two of its five piers on Monday after divers found cracks in the concrete
pillars that carry them. Repairs will take {0} weeks and cost {0} million crowns, said the head of the authority. Version {0}."""


def text(number: int) -> str:
    return TEXT.format(number).replace("\n", " ")


def wire(number: Any = None, **more: Any) -> dict[str, Any]:
    version = None if number is None else str(number)
    return {"format": "ninjs", "uri": "urn:npa:1", "version": version, **more}


def send(partition: Any, number: int, **fields: Any) -> list[Any]:
    fields.setdefault("wire", wire(number))
    return partition.send("item", text(number), after=timedelta(minutes=1), **fields)


def told(emits: list[Any]) -> list[tuple[str, Any]]:
    """Return what events say, in few words."""
    words = []
    for emit in emits:
        if emit.data is None:
            words.append((emit.event, None))
        elif emit.event == "unique":
            words.append((emit.data.revision.change, emit.data.wire.version))
        elif emit.event == "duplicate":
            words.append((emit.event, emit.data.evidence.rule))
        else:
            words.append((emit.event, emit.data.why))
    return words


def test_version_3_before_2(partition):
    assert told(send(partition, 1)) == [("new", "1")]
    assert told(send(partition, 3)) == [("revised", "3")]
    (late,) = send(partition, 2)
    assert told([late]) == [("duplicate", "older-version")]
    assert (late.data.original.revision, late.data.original.article_id) == (2, late.data.article_id)
    assert told(send(partition, 4)) == [("revised", "4")]


def test_the_same_version_twice_is_routed_once(partition):
    send(partition, 1)
    assert told(send(partition, 1)) == [("duplicate", "content-hash")]


def test_a_new_version_with_the_same_text_is_a_revision_that_says_what_changed(partition):
    partition.send("item", text(1), wire=wire(1, urgency=4))
    (emit,) = partition.send("item", text(1), after=HOUR, wire=wire(2, urgency=1))
    assert (emit.data.revision.change, emit.data.revision.relation) == ("revised", "cosmetic")
    assert emit.data.revision.changed_fields == ("wire",)
    (emit,) = partition.send("item", text(1), after=HOUR, wire=wire(3, urgency=1))
    assert emit.data.revision.changed_fields == ()


def test_another_text_under_the_same_version_counts_by_arrival(partition):
    send(partition, 1, wire=wire(7))
    assert told(send(partition, 2, wire=wire(7))) == [("revised", "7")]


def test_times_decide_between_versions_without_number(partition):
    at = {n: wire(None, version_created=f"2026-03-02T0{n}:00:00Z") for n in (1, 2, 3)}
    assert [told(send(partition, n, wire=at[n])) for n in (2, 1, 3)] == [
        [("new", None)],
        [("duplicate", "older-version")],
        [("revised", None)],
    ]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("1", "2"), ("9", "10"), ("1.2", "1.10"), ("1", "1.1"), (None, "1"), ("draft", "1"), ("007", "8")],
)
def test_order_of_numbers(capture, older, newer):
    def order(version: str | None) -> versions.Order | None:
        return versions.order_of(Normalized.from_data(capture("a", "Text.", wire=wire(version))))

    assert versions.is_before(order(older), order(newer))
    assert not versions.is_before(order(newer), order(older))


def test_versions_that_are_the_same(capture):
    def order(version: str) -> versions.Order | None:
        return versions.order_of(Normalized.from_data(capture("a", "Text.", wire=wire(version))))

    assert order("1") == order("1.0") == order("01")
    assert order("9" * 4000) == order("x") == ((), 0)
    assert not versions.is_before(None, order("1"))
    assert not versions.is_before(order("1"), None)


def test_a_kill_before_the_item(partition):
    kill = partition.send("item", "", status="canceled", headline="KILL", wire=wire(2))
    assert told(kill) == [("withdrawn", "2")]
    assert send(partition, 1) == send(partition, 2) == send(partition, 3) == []
    assert [reason for _, reason in partition.refused] == ["withdrawn"] * 3


def test_a_kill_of_an_older_version_kills_too(partition):
    send(partition, 5)
    kill = partition.send("item", "", status="canceled", headline="KILL", wire=wire(2, ed_note="Libel."))
    assert told(kill) == [("withdrawn", "2")]
    assert kill[0].data.wire.ed_note is None, "of what is withdrawn only the identity is told"
    assert send(partition, 6) == []
    again = partition.send("item", "", status="canceled", headline="KILL", wire=wire(3))
    assert told(again) == [("duplicate", "withdrawal-repeated")]


def test_withheld_is_held_until_a_newer_version_is_usable(partition):
    assert told(send(partition, 2, status="withheld")) == [("held", "withheld")]
    assert told(send(partition, 1)) == [("held", "withheld")], "older than what is withheld"
    partition.forget_views()
    assert partition.tick(after=900 * HOUR) == []
    assert told(send(partition, 3)) == [
        ("new", "3"),
        ("duplicate", "older-version"),
        ("duplicate", "older-version"),
        ("held", None),
    ]
    assert text(2).encode() not in partition.log()


def test_what_is_public_and_then_withheld_is_withdrawn_until_it_is_usable_again(partition):
    send(partition, 1)
    assert told(send(partition, 3, status="withheld")) == [("withdrawn", "3")]
    assert told(send(partition, 5, status="withheld")) == [("duplicate", "withdrawal-repeated")]
    assert told(send(partition, 4)) == [("duplicate", "older-version")]
    assert told(send(partition, 6)) == [("revised", "6")]


def test_the_newest_version_says_how_long_an_embargo_lasts(partition):
    soon, late = partition.now + 2 * HOUR, partition.now + 6 * HOUR
    send(partition, 2, embargo=late)
    (held,) = send(partition, 1, embargo=soon)
    assert held.data.until == late
    assert partition.tick(after=3 * HOUR) == []
    partition.forget_views()
    assert told(partition.tick(after=4 * HOUR)) == [
        ("new", "2"),
        ("duplicate", "older-version"),
        ("held", None),
    ]


def test_an_older_version_does_not_lift_the_embargo_of_a_newer_one(partition):
    send(partition, 2, embargo=partition.now + 6 * HOUR)
    assert told(send(partition, 1)) == [("held", "embargo")]
    assert told(send(partition, 3)) == [
        ("new", "3"),
        ("duplicate", "older-version"),
        ("duplicate", "older-version"),
        ("held", None),
    ]
    assert partition.tick(after=9 * HOUR) == []


def test_a_body_that_waits_twice_is_kept_twice(partition):
    """The older version may be the one that came last; what is published is never the copy without its body."""
    until = partition.now + HOUR
    partition.send("item", text(1), embargo=until, wire=wire(1))
    partition.send("item", text(1), embargo=until, wire=wire(2))
    unique, *_ = partition.tick(after=2 * HOUR)
    assert (unique.data.wire.version, len(unique.data.sections)) == ("2", 1)


def test_what_waits_is_known_after_a_restart(partition):
    send(partition, 2, embargo=partition.now + HOUR)
    built = Room.build(partition.state)
    (article_id,) = built.ids()
    assert built.of(article_id).order == ((2,), 0)


VERSION = st.tuples(
    st.sampled_from(("usable", "usable", "usable", "withheld", "canceled")), st.sampled_from((0, 0, 2, 5))
)


@settings(max_examples=150)
@given(
    st.lists(VERSION, min_size=1, max_size=5).flatmap(
        lambda made: st.tuples(
            st.just(made), st.permutations([*range(len(made)), *range(len(made))][: len(made) + 1])
        )
    )
)
def test_any_order_of_arrival_ends_in_the_same_state(new_partition, case):
    made, arrivals = case
    partition = new_partition()
    opens = {n: partition.now + hours * HOUR for n, (_, hours) in enumerate(made)}
    for n in arrivals:
        status, hours = made[n]
        send(partition, n, status=status, embargo=opens[n] if hours else None)
        if n % 2:
            partition.forget_views()
    partition.tick(after=9 * HOUR)
    assert partition.tick(after=HOUR) == [], "released once"
    shown = [emit.data for emit in partition.emitted if emit.event == "unique"]
    last = shown[-1] if shown else None
    newest = max(set(arrivals))
    if any(made[n][0] == "canceled" for n in set(arrivals)):
        assert last is not None
        assert last.revision.change == "withdrawn"
    elif made[newest][0] == "withheld":
        assert last is None or last.revision.change == "withdrawn"
    else:
        assert last is not None
        assert (last.revision.change != "withdrawn", last.wire.version) == (True, str(newest))
        assert last.sections[0].paragraphs == (text(newest),)
    published = [int(each.wire.version) for each in shown if each.revision.change != "withdrawn"]
    assert published == sorted(set(published)), "an older version never follows a newer one"
    assert all(made[n][0] == "usable" for n in published)
    numbers = [each.revision.number for each in shown]
    assert numbers == list(range(1, len(numbers) + 1))
    ends = [
        emit.data.lineage.was_derived_from.offset
        for emit in partition.emitted
        if emit.event in ("unique", "duplicate")
    ] + [offset for offset, _ in partition.refused]
    waiting = Room.build(partition.state)
    assert len(ends) == len(set(ends)), "every capture has one fate"
    assert len(ends) + sum(waiting.of(each).captures for each in waiting.ids()) == len(arrivals)
