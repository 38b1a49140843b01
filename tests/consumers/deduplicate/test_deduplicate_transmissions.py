"""What is known by the number of a message, not of an item: what corrects or updates a text comes under another one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.ids import article_id

MINUTE = timedelta(minutes=1)
TEXT = """The harbour authority of Port Ellery closed two of its five piers on Monday after divers found cracks in the concrete
pillars that carry them, an official said at a news conference in the town hall.
Repairs will take at least {0} weeks and cost about 3.4 million crowns, said Mara Lindqvist, who heads the authority."""


def send(partition: Any, number: int, weeks: int, *signals: str, kind: str = "iptc7901", **more: Any) -> Any:
    uri = f"{kind}:NPA{number:04}:2026-03-02"
    wire = {
        "format": kind,
        "uri": uri,
        "signals": signals,
        "version_created": f"2026-03-02T12:{number:02}:00Z",
    } | more.pop("wire", {})
    (emit,) = partition.send(
        "piers",
        TEXT.format(weeks).replace("\n", " "),
        after=MINUTE,
        wire=wire,
        guid=uri,
        article_id=article_id(source="npa", guid=uri),
        source="npa",
        url=None,
        headline="Port Ellery closes two piers",
        **more,
    )
    return emit.data


@pytest.mark.parametrize("kind", ["iptc7901", "anpa1312", "mail"])
@pytest.mark.parametrize("signal", ["correction", "refile", "update"])
def test_a_correction_under_another_number_is_a_revision(partition: Any, kind: str, signal: str) -> None:
    first = send(partition, 1, 8, kind=kind)
    again = send(partition, 7, 9, signal, kind=kind)
    assert (again.article_id, again.revision.number, again.revision.change) == (
        first.article_id,
        2,
        "revised",
    )
    assert again.revision.known_by == "notice"
    assert send(partition, 7, 9, signal, kind=kind).evidence.rule == "content-hash"
    last = send(partition, 9, 10, signal, kind=kind)
    assert (last.article_id, last.revision.number) == (first.article_id, 3)


def test_an_earlier_one_that_comes_late_changes_nothing(partition: Any) -> None:
    first = send(partition, 5, 9, "correction")
    late = send(partition, 1, 8, "correction")
    assert (late.original.article_id, late.evidence.rule) == (first.article_id, "older-version")


def test_the_kill_of_a_correction_is_of_the_article(partition: Any) -> None:
    first = send(partition, 1, 8)
    send(partition, 7, 9, "correction")
    killed = send(
        partition,
        7,
        9,
        "kill",
        rights={"status": "canceled"},
        wire={"version_created": "2026-03-02T12:30:00Z"},
    )
    assert (killed.article_id, killed.revision.change) == (first.article_id, "withdrawn")


def test_without_a_word_of_it_the_same_text_is_a_copy(partition: Any) -> None:
    first = send(partition, 1, 8)
    copy = send(partition, 7, 8)
    assert copy.original.article_id == first.article_id
    assert copy.article_id != first.article_id


def test_an_item_with_a_uri_of_its_own_stays_one(partition: Any) -> None:
    first = send(partition, 1, 8, kind="ninjs")
    other = send(partition, 7, 9, "correction", kind="ninjs")
    assert other.article_id != first.article_id
