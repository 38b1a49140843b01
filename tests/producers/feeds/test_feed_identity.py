"""Which items are new: guids are believed until they collide or churn."""

from __future__ import annotations

from producers.feeds.identity import Keys, Trust, judge, keys_of, remembered
from producers.feeds.model import Item


def items(*pairs: tuple[str | None, str | None, str]) -> list[Keys]:
    return [keys_of(Item(guid=guid, link=link, title=title)) for guid, link, title in pairs]


def test_guids_are_believed_and_exact_repeats_are_no_collision() -> None:
    poll = items(("a", "http://e/1", "x"), ("b", "http://e/2", "y"), ("a", "http://e/1", "x"))
    assert judge(Trust(), poll, {}) == Trust()
    assert len({keys.at("guid") for keys in poll}) == 2


def test_one_guid_for_different_addresses_makes_addresses_identify() -> None:
    poll = items(*(("same", f"http://e/{n}", f"t{n}") for n in range(10)))
    trust = judge(Trust(), poll, {})
    assert trust.level == "link"
    assert len({keys.at(trust.level) for keys in poll}) == 10


def test_one_guid_without_addresses_makes_texts_identify() -> None:
    poll = items(("same", None, "x"), ("same", None, "y"))
    trust = judge(Trust(), poll, {})
    assert len({keys.at(trust.level) for keys in poll}) == 2


def test_guid_and_address_both_collide() -> None:
    poll = items(("same", "http://e/", "x"), ("same", "http://e/", "y"), ("same", "http://e/2", "z"))
    trust = judge(Trust(), poll, {})
    assert trust.level == "text"
    assert len({keys.at(trust.level) for keys in poll}) == 3


def test_distinct_guids_with_one_address_are_kept_apart() -> None:
    poll = items(("http://e/#1", "http://e/", "x"), ("http://e/#2", "http://e/", "y"))
    assert judge(Trust(), poll, {}) == Trust()
    assert len({keys.at("guid") for keys in poll}) == 2


def test_guids_that_change_from_poll_to_poll_are_given_up_and_nothing_is_repeated() -> None:
    polls = [items(*((f"{poll}-{n}", f"http://e/{n}", f"t{n}") for n in range(5))) for poll in range(3)]
    trust, seen, before = Trust(), set[str](), dict[str, str]()
    new = []
    for poll in polls:
        trust = judge(trust, poll, before)
        new.append(sum(1 for keys in poll if keys.at(trust.level) not in seen))
        seen.update(key for keys in poll for key in keys.all())
        before = remembered(poll)
    assert trust.level == "link"
    assert new == [5, 5, 0]  # the second poll may be a new content system: believed once
    assert judge(trust, items(("x", "http://e/1", "t")), before).level == "link"


def test_http_and_https_are_one() -> None:
    one, other = items(("http://e/1", "http://e/1", "x"), ("https://e/1", "https://e/1", "x"))
    assert one.at("guid") == other.at("guid")


def test_an_item_that_says_nothing_is_known_by_its_body() -> None:
    one, other = keys_of(Item(content="<p>a</p>")), keys_of(Item(content="<p>b</p>"))
    assert one.at("guid") != other.at("guid")
