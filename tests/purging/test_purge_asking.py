"""What may be asked to be purged, and what is refused before anything is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.errors import UsageError
from newswire.purging.asking import asked
from schemas.ids import article_id
from schemas.purge.model import Purge

CANONICAL = "https://www.herald.example/a?page=2"


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
