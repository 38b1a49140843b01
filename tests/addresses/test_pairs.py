"""The table of pairs, and the examples of the rules: what is one article and what is two; and that every form is stable."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from newswire.addresses.rules import RULES
from newswire.text.canonicalize import canonicalize

TABLE: dict[str, dict[str, list[list[str]]]] = tomllib.loads(
    (Path(__file__).parent / "pairs.toml").read_text(encoding="utf-8")
)
SAME = [(name, *pair) for name, group in TABLE.items() for pair in group["same"]]
APART = [(name, *pair) for name, group in TABLE.items() for pair in group["apart"]]


def test_the_table_is_large_and_says_nothing_twice() -> None:
    assert len(SAME) >= 150
    assert len(APART) >= 60
    for rows in (SAME, APART):
        assert len({frozenset(row[1:]) for row in rows}) == len(rows)


@pytest.mark.parametrize(("group", "one", "other"), SAME)
def test_one_article(group: str, one: str, other: str) -> None:
    assert canonicalize(one) == canonicalize(other)


@pytest.mark.parametrize(("group", "one", "other"), APART)
def test_two_articles(group: str, one: str, other: str) -> None:
    assert canonicalize(one) != canonicalize(other)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples_of_the_rules(rule) -> None:
    for variant, canonical in rule.same:
        assert canonicalize(variant) == canonical
    for one, other in rule.apart:
        assert canonicalize(one) != canonicalize(other)


def test_every_form_is_stable() -> None:
    examples = [url for rule in RULES for pair in (*rule.same, *rule.apart) for url in pair]
    for url in [*examples, *(url for row in (*SAME, *APART) for url in row[1:])]:
        canonical = canonicalize(url)
        assert canonicalize(canonical) == canonical
        assert canonical.isascii()


def test_names_of_rules_are_told_apart() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
