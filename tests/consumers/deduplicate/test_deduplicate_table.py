"""The packed table against a dictionary that does the same."""

from __future__ import annotations

import uuid
from collections import Counter

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from consumers.deduplicate import table as table_module
from consumers.deduplicate.table import MOST_HOLDERS, MOST_NAMESAKES, Row, Table

IDS = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))) for number in range(12)]
KEYS = st.sets(st.integers(0, 40).map(lambda key: key * 65_536 % 4_194_301), max_size=8)  # many in one chain


def ask(table, keys, least):
    """Return (how many it has, article) of each holder, and the boilerplate."""
    found = table.holders(np.array(keys, np.uint32), least)
    return list(zip(found.shared.tolist(), table.ids(found.slots), strict=True)), found.boilerplate


class Against(RuleBasedStateMachine):
    """Any order of calls: the table says what the dictionary says."""

    @initialize(few=st.sampled_from([1, 3, 1024]))
    def start(self, few):
        table_module._FEW_DEAD = few
        self.table = Table()
        self.rows: dict[str, Row] = {}
        self.step = 1

    @rule(article=st.sampled_from(IDS), keys=KEYS, content=st.integers(0, 3), later=st.integers(0, 2))
    def enter(self, article, keys, content, later):
        self.step += later
        self.table.leave(article)
        self.rows[article] = Row(
            article, self.step, tuple(sorted(keys)), content, 7 * self.step, content, content
        )
        self.table.enter(self.rows[article])

    @rule(article=st.sampled_from(IDS))
    def leave(self, article):
        self.table.leave(article)
        self.rows.pop(article, None)

    @rule(back=st.integers(0, 3))
    def expire(self, back):
        self.table.expire(self.step - back)
        self.rows = {key: row for key, row in self.rows.items() if row.step > self.step - back}

    @rule()
    def build_anew(self):
        self.table = Table.build(self.rows.values())

    @rule(keys=KEYS, least=st.integers(1, 3))
    def look(self, keys, least):
        held = Counter({article: len(keys.intersection(row.shingles)) for article, row in self.rows.items()})
        found, boilerplate = ask(self.table, sorted(keys), least)
        assert sorted(found) == sorted((n, article) for article, n in held.items() if n >= least)
        assert not boilerplate
        holders = self.table.holders(np.array(sorted(keys), np.uint32), least)
        for article, size, limit in zip(
            self.table.ids(holders.slots), holders.sizes, holders.limits, strict=True
        ):
            assert (size, limit) == (len(self.rows[article].shingles), self.rows[article].limit)

    @invariant()
    def contents(self):
        if not hasattr(self, "rows"):
            return
        assert len(self.table) == len(self.rows)
        for content in range(4):
            wanted = sorted(article for article, row in self.rows.items() if row.content == content)
            assert self.table.with_content(content) == wanted
            few = wanted if len(wanted) <= MOST_NAMESAKES else []
            assert not content or self.table.with_guid(content) == few
            assert not content or self.table.with_headline(content) == few


TestAgainst = Against.TestCase
TestAgainst.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.fixture(autouse=True)
def few_dead():
    before = table_module._FEW_DEAD
    yield
    table_module._FEW_DEAD = before


@pytest.mark.parametrize("built", [False, True])
def test_boilerplate_is_named_and_not_counted(built):
    rows = [
        Row(str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))), 1, (7, 1_000 + number), number, 9)
        for number in range(MOST_HOLDERS + 1)
    ]
    table = Table()
    if built:
        table = Table.build(rows)
    else:
        for row in rows:
            table.enter(row)
    found, boilerplate = ask(table, [7, 1_003], 1)
    assert (found, boilerplate) == ([(1, rows[3].article_id)], {7})
    table.leave(rows[0].article_id)
    found, boilerplate = ask(table, [7], 1)
    assert (len(found), boilerplate) == (MOST_HOLDERS, set())


def test_a_table_grows():
    rng = np.random.default_rng(1)
    table = Table()
    rows = [
        Row(str(uuid.UUID(int=number)), number // 10, tuple(rng.integers(0, 1 << 22, 20).tolist()), number, 9)
        for number in range(8_000)
    ]
    for row in rows:
        table.enter(row)
    assert len(table) == len(rows)
    for row in rows[::500]:
        found, _ = ask(table, row.shingles, 10)
        assert [article for _, article in found] == [row.article_id]
    table.expire(699)
    assert len(table) == 1_000
    found, _ = ask(table, rows[-1].shingles, 10)
    assert [article for _, article in found] == [rows[-1].article_id]
