"""What may be asked to be purged, and what is refused before anything is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from purged_wire import capture, text
from seeded import copied, run_stage_on
from wire import everything as every_record
from wire import publish

from consumers import purges
from newswire import topology
from newswire.cli.proof import verdict
from newswire.errors import UsageError
from newswire.log.contract import Outgoing
from newswire.log.memory import MemoryLog
from newswire.purging.asking import asked
from newswire.purging.concerned import Concerned, find
from newswire.purging.known import check_known
from newswire.state.memory import MemoryState
from schemas.ids import article_id
from schemas.purge.model import Purge

CANONICAL = "https://herald.example/a?page=2"


def purge(**named: object) -> Purge:
    given = {"reason": "by letter", "requested_by": "legal", **named}
    return asked(now=datetime(2024, 2, 1, tzinfo=UTC), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        "http://www.herald.example/a?page=2",
        "HTTP://WWW.Herald.Example:80/a?page=2&utm_source=x",
        "  //www.herald.example/a?page=2#comments ",
        "https://http://www.herald.example/a?page=2",
    ],
)
def test_variants_of_an_address_are_one_article(url: str) -> None:
    found = purge(url=url)
    assert (found.name, found.article_ids) == (CANONICAL, (article_id(url=CANONICAL),))


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "exactly one"),
        ({"publisher": "herald", "url": CANONICAL}, "exactly one"),
        ({"publisher": ""}, "empty name"),
        ({"publisher": " \t"}, "empty name"),
        ({"publisher": "*"}, "nothing stands for several"),
        ({"publisher": "%"}, "nothing stands for several"),
        ({"publisher": ".?"}, "nothing stands for several"),
        ({"publisher": "x" * 201}, "1 to 200"),
        ({"url": "*"}, "no article's address"),
        ({"url": "ftp://herald.example/a"}, "no article's address"),
        ({"url": "https://user:secret@herald.example/a"}, "no article's address"),
        ({"url": "https://"}, "no article's address"),
        ({"article": "4711"}, "no article id"),
        ({"article": "00000000-0000-0000-0000-000000000000"}, "no article id"),
        ({"article": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}, "no article id"),
        ({"publisher": "herald", "reason": " "}, "--reason"),
        ({"publisher": "herald", "reason": "x" * 501}, "--reason"),
        ({"publisher": "herald", "requested_by": ""}, "--by"),
    ],
)
def test_what_names_nothing_is_refused(named: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        purge(**named)


def test_an_id_may_be_written_in_capitals() -> None:
    known = article_id(url=CANONICAL)
    assert purge(article=f" {known.upper()} ").name == known


def _log() -> MemoryLog:
    log = copied([], partitions=2)
    publish(log, capture(log, CANONICAL, text(1), source="Herald"))
    return log


def test_a_slip_of_the_pen_is_refused_of_every_kind(tmp_path: Path) -> None:
    log = _log()
    run_stage_on(log, "normalize", tmp_path)
    known = article_id(url=CANONICAL)
    other = known[:-1] + ("0" if known[-1] != "0" else "1")
    for slip in ({"url": "https://unknown.example/typo"}, {"article": other}, {"publisher": "Herold"}):
        with pytest.raises(UsageError, match=r"0 articles, 0 raw records.*--even-if-unknown"):
            check_known(log, find(log, purge(**slip)))
    for right in ({"url": CANONICAL}, {"article": known}, {"publisher": "herald"}):
        check_known(log, find(log, purge(**right)))
    with pytest.raises(UsageError, match="there are: Herald"):
        check_known(log, find(log, purge(publisher="Herold")))


def test_what_only_the_state_remembers_is_known(tmp_path: Path) -> None:
    log = _log()
    run_stage_on(log, "normalize", tmp_path)
    run_stage_on(log, "deduplicate", tmp_path)
    short = copied(every_record(log, topology.changelog("deduplicate")), partitions=2)
    found = find(short, purge(article=article_id(url=CANONICAL)))
    assert not found.seen
    assert not found.raws
    check_known(short, found)


def test_what_was_purged_before_is_known() -> None:
    log = copied([], partitions=2)
    earlier = purge(url=CANONICAL)
    state = MemoryState()
    purges.note(earlier, state)
    name = topology.changelog("deduplicate")
    log.writer("test").write([Outgoing(name, 0, k.encode(), v, 0) for k, v in state.data.items()])
    check_known(log, find(log, purge(url=CANONICAL)))


def test_nothing_found_is_not_called_gone() -> None:
    nothing = Concerned(purge(url=CANONICAL))
    said = verdict(nothing, failed=False, unseen=False, local=True)
    assert "0 articles, 0 raw records" in said
    assert "It is gone" not in said
    some = Concerned(nothing.purge, seen={article_id(url=CANONICAL)}, raws={("news.raw.v1", 0, 1)})
    assert "It is gone. It was 1 article and 1 raw record," in verdict(
        some, failed=False, unseen=False, local=True
    )
