"""The identity layer: redeliveries, revisions, withdrawals, embargoes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from consumers.deduplicate import fields, waiting, words
from consumers.normalize.content_hash import content_hash
from schemas.normalized.model import Normalized

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HARBOUR = """The harbour authority of Port Ellery closed two of its five piers on Monday after divers found cracks in the
concrete pillars that carry them, an official said at a news conference in the town hall.
Repairs will take at least eight weeks and cost about 3.4 million crowns, said Mara Lindqvist, who heads the authority. Ferries to
the islands will leave from the northern pier until then, and fishing boats have been asked to unload in Saltby, 14 kilometres away.
The pillars were last inspected in 2019, when no damage was recorded."""
GROWN = (
    HARBOUR
    + "\nThe town council will meet on Wednesday evening to decide on a loan for the repairs, the mayor said later."
)
CORRECTED = HARBOUR.replace("3.4 million", "4.3 million")
OTHER = """A museum in the old customs house has bought a collection of nine hundred hand drawn maps of the northern coast from the
heirs of a surveyor who mapped every bay between two wars. Visitors can see a first part of them from the beginning of May."""


def only(emits):
    (emit,) = emits
    return emit.data


def test_first_capture_is_published_as_revision_1(partition):
    event = only(partition.send("a", HARBOUR))
    assert (event.revision.number, event.revision.change, event.revision.relation) == (1, "new", None)
    assert event.first_seen_at == event.captured_at
    assert [activity.stage for activity in event.lineage.was_generated_by] == ["normalize", "deduplicate"]
    assert event.lineage.was_generated_by[-1].used.topic == "news.normalized.v1"


def test_same_content_again_is_a_redelivery(partition):
    partition.send("a", HARBOUR)
    event = only(partition.send("a", HARBOUR, after=HOUR))
    assert event.verdict == "exact"
    assert event.original.article_id == event.article_id
    assert event.original.revision == 1
    assert event.original.raw.offset == 0
    assert (event.evidence.rule, event.evidence.score) == ("content-hash", 1)


def test_other_content_is_a_revision_that_names_what_changed(partition):
    first = only(partition.send("a", HARBOUR))
    event = only(partition.send("a", CORRECTED, after=HOUR, headline="Another headline"))
    assert (event.revision.number, event.revision.change, event.revision.relation) == (
        2,
        "revised",
        "correct",
    )
    assert event.revision.changed_fields == ("headline", "sections")
    assert event.revision.previous_content_hash == first.content_hash
    assert event.first_seen_at == first.first_seen_at < event.captured_at


def test_pictures_are_a_field_that_a_revision_may_change(partition):
    picture = {"url": "https://news.example/silt.jpg", "caption": "Silt at the lower lock"}
    (first,) = partition.send("one", HARBOUR, images=(picture,))
    (revised,) = partition.send("one", GROWN, images=())
    assert (first.event, revised.event) == ("unique", "unique")
    assert set(revised.data.revision.changed_fields) == {"sections", "images"}


def test_every_field_has_a_place_of_its_own_in_the_mask():
    names = [name for name, _, _ in fields._FIELDS]
    assert len(names) == len(set(names))
    taken = list(range(len(names)))
    for _, first, bits, _ in fields._BITS:
        taken += range(first, first + bits)
    assert len(taken) == len(set(taken))
    assert fields._HASHED_ONLY.bit_length() - 1 > max(taken)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("paywalled", None, True),
        ("paywalled", True, False),
        ("paywalled", False, None),
        ("published_precision", "day", "second"),
        ("guid", None, "n-17"),
        ("guid", "n-17", "n-18"),
    ],
)
def test_a_field_of_few_values_and_the_guid_are_named_when_they_change(partition, name, before, after):
    partition.send("a", HARBOUR, **{name: before})
    (emit,) = partition.send("a", CORRECTED, **{name: after})
    assert emit.data.revision.changed_fields == ("sections", name)


def test_every_field_of_an_article_is_compared_or_known_not_to_be():
    compared = {name for name, *_ in (*fields._FIELDS, *fields._BITS)} | {"guid"}
    not_compared = {
        "article_id", "source", "published_offset", "date_notes", "captured_at", "content_hash", "provenance", "lineage",
        "links", "translations", "translated_from",
    }  # fmt: skip
    assert compared.isdisjoint(not_compared)
    assert compared | not_compared == set(Normalized.model_fields), (
        "decide about a new field in consumers/deduplicate/fields.py"
    )


def test_the_same_content_seen_in_more_sources_is_a_revision_that_says_so(partition):
    partition.send("a", HARBOUR)
    sport = [{"source": "sport", "url": "https://news.example/a?from=sport"}]
    event = only(partition.send("a", HARBOUR, after=HOUR, references=sport))
    assert (event.revision.number, event.revision.relation) == (2, "cosmetic")
    assert event.revision.changed_fields == ("references",)
    assert [each.source for each in event.references] == ["sport"]
    # Not for another address in the same source, not for fewer.
    for references in ([{"source": "sport"}], None, sport):
        assert only(partition.send("a", HARBOUR, after=HOUR, references=references)).verdict == "exact"
    more = [{"source": "culture"}, *sport]
    assert only(partition.send("a", HARBOUR, after=HOUR, references=more)).revision.number == 3
    # A copy of another article is one wherever it is seen.
    assert only(partition.send("b", HARBOUR, after=HOUR, references=more)).verdict == "exact"


def test_relations(partition):
    partition.send("a", HARBOUR)
    found = [
        only(partition.send("a", text, after=HOUR)).revision.relation
        for text in (GROWN, GROWN.upper(), CORRECTED, OTHER, "Short.", "Short. Though longer.")
    ]
    assert found == ["append", "cosmetic", "correct", "rewrite", "rewrite", "append"]


def test_a_text_that_goes_back_to_what_it_was_is_a_revision(partition):
    partition.send("a", HARBOUR)
    partition.send("a", CORRECTED, after=HOUR)
    event = only(partition.send("a", HARBOUR, after=HOUR))
    assert (event.revision.number, event.revision.change) == (3, "revised")


def test_a_late_capture_of_an_earlier_revision_is_an_older_version(partition):
    """It has not the content of the revision that is named as its original, so that it is no `content-hash`."""
    partition.send("a", HARBOUR)
    partition.send("a", CORRECTED, after=HOUR)
    for late in (HOUR / 2, timedelta(seconds=1)):
        event = only(partition.send("a", HARBOUR, at=partition.now - late))
        assert (event.verdict, event.evidence.rule) == ("exact", "older-version")
    assert only(partition.send("a", CORRECTED, after=HOUR)).verdict == "exact", (
        "the present content has not changed"
    )


def test_a_late_capture_of_an_unknown_version_is_an_older_one_and_overwrites_nothing(partition):
    """As when captures of one article came on two partitions of `raw`, or an archive is read after the live page."""
    partition.send("a", GROWN, after=HOUR)
    late = only(partition.send("a", HARBOUR, at=partition.now - HOUR / 2))
    assert (late.verdict, late.evidence.rule) == ("exact", "older-version")
    assert late.original.article_id == late.article_id
    assert only(partition.send("a", GROWN, after=HOUR)).evidence.rule == "content-hash"
    event = only(partition.send("a", HARBOUR, after=HOUR))
    assert (event.revision.number, event.revision.relation) == (2, "correct"), "now it shows this"


def test_a_late_capture_under_another_address_is_an_older_one_too(partition):
    address = "https://news.example/2026/{}-100200"
    partition.send("a", GROWN, after=HOUR, url=address.format("piers-closed-and-council-meets"))
    late = only(partition.send("b", HARBOUR, at=partition.now - HOUR / 2, url=address.format("piers-closed")))
    assert (late.evidence.rule, late.captured_as is not None) == ("older-version", True)


def test_clocks_of_two_machines_may_differ_by_a_minute(partition):
    partition.send("a", HARBOUR, after=HOUR)
    event = only(partition.send("a", GROWN, at=partition.now - timedelta(seconds=60)))
    assert (event.revision.number, event.revision.relation) == (2, "append")


def test_what_says_that_it_was_captured_in_the_future_overtakes_nothing(partition):
    """The record's own time is when it came; what the capture says may be wrong by years."""
    wrong = {"captured_at": partition.now + 900 * DAY}
    partition.send("a", HARBOUR, **wrong)
    event = only(partition.send("a", GROWN, after=HOUR))
    assert (event.revision.number, event.revision.relation) == (2, "append")


def test_captures_of_a_growing_live_blog_are_revisions(partition):
    updates = [
        HARBOUR,
        OTHER,
        "Third update: the ferry company expects delays of up to half an hour on the island route.",
    ]
    for size in (1, 2, 3):
        event = only(partition.send("live", updates[:size], after=HOUR, kind="live_blog"))
        assert event.revision.number == size
        assert event.revision.relation == (None if size == 1 else "append")


TICKER = (
    "09:05 The polls have opened in all 400 districts of Valdern.",
    "09:40 Opposition leader Signe Aaland votes in Hammervik. She says that she slept badly and is confident.",
    "10:30 Turnout by ten is 14 percent, four points more than at the last election, the commission says.",
    "11:15 A power cut stops voting in two schools in Skarn; ballots are counted by candlelight later, an official jokes.",
    "12:20 Prime Minister Leif Storhaug votes with his two daughters in Nordby and takes no questions.",
    "13:50 Long queues are reported from the university town of Lunden, where polling stations ran out of pencils.",
)


def ticker(lines):
    return "\n".join(("Valdern elects a new parliament today. We report live.", *reversed(lines)))


def test_a_ticker_with_the_newest_line_on_top_grows(partition):
    """The time of the newest line stands where that of the one before stood: it has changed nothing."""
    partition.send("live", ticker(TICKER[:2]))
    for size in range(3, 7):
        event = only(partition.send("live", ticker(TICKER[:size]), after=HOUR))
        assert event.revision.relation == "append"


def test_a_ticker_that_grows_and_corrects_a_number_corrects(partition):
    partition.send("live", ticker(TICKER[:5]))
    lines = ticker(TICKER).replace("14 percent", "17 percent")
    assert only(partition.send("live", lines, after=HOUR)).revision.relation == "correct"


def test_a_withdrawal_of_a_published_article_empties_it(partition):
    partition.send("a", HARBOUR, summary="Piers closed.")
    (emit,) = partition.send(
        "a", HARBOUR, status="canceled", summary="Piers closed.", after=HOUR, authors=("Jo Berg",)
    )
    assert (emit.data.revision.number, emit.data.revision.change) == (2, "withdrawn")
    assert (emit.data.sections, emit.data.summary, emit.data.authors) == ((), None, ())
    assert emit.data.content_hash == content_hash("A headline", None, ())


def test_a_withdrawal_of_an_unknown_article_is_told_and_remembered(partition):
    event = only(partition.send("a", HARBOUR, status="canceled"))
    assert (event.revision.number, event.revision.change) == (1, "withdrawn")
    assert partition.send("a", HARBOUR, after=HOUR) == []
    assert partition.refused == [(1, "withdrawn")]


def test_a_withdrawal_twice_is_a_redelivery(partition):
    partition.send("a", HARBOUR)
    partition.send("a", "", headline="KILL: A headline", status="canceled", after=HOUR)
    event = only(partition.send("a", "", headline="KILL again", status="canceled", after=HOUR))
    assert (event.verdict, event.evidence.rule) == ("exact", "withdrawal-repeated")


def test_a_withdrawal_outlives_the_memory_of_articles(partition):
    partition.send("a", HARBOUR)
    partition.send("b", OTHER, status="canceled")
    for _ in range(40):
        partition.tick(after=DAY)
    assert only(partition.send("a", HARBOUR)).revision.number == 1
    partition.send("b", OTHER)
    assert [reason for _, reason in partition.refused] == ["withdrawn"]


def test_copies_of_a_withdrawn_article_stand_on_their_own(partition):
    partition.send("a", HARBOUR)
    partition.send("a", HARBOUR, status="canceled", after=HOUR)
    assert only(partition.send("b", HARBOUR, after=HOUR)).revision.change == "new"


def test_withheld(partition):
    partition.send("a", HARBOUR, status="withheld")
    assert partition.refused == [(0, "withheld")]
    assert only(partition.send("a", HARBOUR, after=HOUR)).revision.number == 1
    assert only(partition.send("a", HARBOUR, status="withheld", after=HOUR)).revision.change == "withdrawn"
    event = only(partition.send("a", HARBOUR, after=HOUR))
    assert (event.revision.number, event.revision.change) == (3, "revised")
    assert event.sections
    partition.send("a", GROWN, status="withheld", after=HOUR)
    partition.send("a", CORRECTED, at=partition.now - HOUR / 2)
    assert [reason for _, reason in partition.refused] == ["withheld", "withheld"], (
        "captured before it was withheld"
    )


def test_an_embargoed_article_is_held_and_published_once_at_its_time(partition):
    until = partition.now + 3 * HOUR
    (held,) = partition.send("a", HARBOUR, embargo=until)
    assert (held.event, held.data.until, held.data.why) == ("held", until, "embargo")
    assert partition.tick(after=2 * HOUR) == []
    unique, tombstone = partition.tick(after=HOUR)
    assert (unique.event, unique.data.revision.number) == ("unique", 1)
    assert unique.data.lineage.was_derived_from.offset == 0
    assert unique.data.lineage.was_generated_by[-1].used.offset == 0
    assert (tombstone.event, tombstone.key, tombstone.data) == ("held", unique.key, None)
    assert partition.tick(after=HOUR) == []
    assert only(partition.send("a", HARBOUR, embargo=until)).verdict == "exact"


def test_another_record_releases_too(partition):
    partition.send("a", HARBOUR, embargo=partition.now + HOUR)
    emits = partition.send("b", OTHER, after=HOUR)
    assert [(e.event, e.data is None) for e in emits] == [
        ("unique", False),
        ("held", True),
        ("unique", False),
    ]


def test_captures_during_an_embargo_wait_too_and_come_out_in_order(partition):
    until = partition.now + 3 * HOUR
    for text in (HARBOUR, HARBOUR, CORRECTED):
        assert partition.send("a", text, embargo=until, after=HOUR / 2)[0].event == "held"
    first, again, second, _ = partition.tick(after=3 * HOUR)
    assert (first.data.revision.number, first.data.revision.change) == (1, "new")
    assert again.data.verdict == "exact"
    assert (second.data.revision.number, second.data.revision.change) == (2, "revised")
    offsets = [e.data.lineage.was_derived_from.offset for e in (first, again, second)]
    assert offsets == [0, 1, 2]


def test_an_embargo_that_is_moved(partition):
    start = partition.now
    partition.send("a", HARBOUR, embargo=start + HOUR)
    partition.send("a", HARBOUR, embargo=start + 3 * HOUR)
    assert partition.tick(after=2 * HOUR) == []
    assert len(partition.tick(after=HOUR)) == 3


def test_an_embargo_that_is_lifted(partition):
    partition.send("a", HARBOUR, embargo=partition.now + 9 * HOUR)
    emits = partition.send("a", GROWN, after=HOUR)
    assert [e.event for e in emits] == ["unique", "held", "unique"]
    assert [e.data.revision.number for e in emits if e.data] == [1, 2]
    assert partition.tick(after=9 * HOUR) == []


def test_an_embargo_of_a_revision_is_not_lifted_by_what_is_public(partition):
    """The page as it stands came again, and with that the embargoed text was published hours before its time."""
    partition.send("a", HARBOUR)
    partition.send("a", GROWN, embargo=partition.now + 9 * HOUR, after=HOUR)
    assert only(partition.send("a", HARBOUR, after=HOUR)).evidence.rule == "content-hash"
    corrected = only(partition.send("a", CORRECTED, after=HOUR))
    assert (corrected.revision.number, corrected.revision.relation) == (2, "correct")
    late, held = partition.tick(after=9 * HOUR)
    assert (late.event, late.data.evidence.rule, held.data) == ("duplicate", "older-version", None)


def test_an_embargo_of_a_revision_is_lifted_by_its_text(partition):
    partition.send("a", HARBOUR)
    partition.send("a", GROWN, embargo=partition.now + 9 * HOUR, after=HOUR)
    released, held, again = partition.send("a", GROWN, after=HOUR)
    assert (released.data.revision.number, held.data, again.data.evidence.rule) == (2, None, "content-hash")


def test_an_embargo_is_not_lifted_by_what_was_captured_before_it(partition):
    partition.send("a", GROWN, embargo=partition.now + 9 * HOUR)
    early = only(partition.send("a", HARBOUR, at=partition.now - HOUR))
    assert (early.revision.number, early.revision.change) == (1, "new")
    released, held = partition.tick(after=9 * HOUR)
    assert (released.data.revision.number, released.data.revision.relation, held.data) == (2, "append", None)


def test_a_withdrawal_during_an_embargo_publishes_nothing(partition):
    partition.send("a", HARBOUR, embargo=partition.now + HOUR)
    emits = partition.send("a", "", headline="KILL", status="canceled", after=HOUR / 2)
    assert [(e.event, e.data and e.data.revision.change) for e in emits] == [
        ("unique", "withdrawn"),
        ("unique", "withdrawn"),
        ("held", None),
    ]
    assert all(e.data is None or (e.data.sections, e.data.summary) == ((), None) for e in emits)
    assert partition.tick(after=9 * HOUR) == []
    assert HARBOUR.split("\n", maxsplit=1)[0][:40].encode() not in partition.log()


def test_of_a_text_that_is_killed_during_its_embargo_the_headline_is_not_told(partition):
    """What is killed before it was public may be what nobody was to read: the headline first of all."""
    partition.send("a", HARBOUR, headline="Mayor arrested", embargo=partition.now + HOUR)
    emits = partition.send("a", "", headline="KILL", status="canceled", after=HOUR / 2)
    waited, kill = (e.data for e in emits if e.data)
    assert (waited.headline, kill.headline) == ("KILL", "KILL")
    assert waited.article_id == kill.article_id
    assert waited.lineage.was_derived_from.offset < kill.lineage.was_derived_from.offset


def test_of_a_version_that_is_withheld_the_headline_is_not_told(partition):
    partition.send("a", HARBOUR, headline="Mayor speaks")
    (emit,) = partition.send("a", GROWN, headline="Mayor arrested", status="withheld", after=HOUR)
    assert (emit.data.revision.change, emit.data.headline) == ("withdrawn", "(withheld)")


def test_an_embargoed_text_is_no_original_before_its_time(partition):
    partition.send("a", HARBOUR, embargo=partition.now + 2 * HOUR)
    assert only(partition.send("b", HARBOUR, after=HOUR)).revision.change == "new"
    copy, _ = partition.tick(after=HOUR)
    assert (copy.data.verdict, copy.data.original.headline) == ("exact", "A headline")


def test_nothing_of_an_embargoed_article_is_told(partition):
    partition.send("a", HARBOUR, headline="Secret", embargo=partition.now + HOUR)
    partition.send("a", HARBOUR, headline="Secret", embargo=partition.now + HOUR)
    assert b"Secret" not in partition.log()
    assert b"harbour" not in partition.log()


def test_an_embargo_in_the_past_holds_nothing(partition):
    assert only(partition.send("a", HARBOUR, embargo=partition.now)).revision.number == 1


def test_memory_of_articles_ends(partition):
    for number in range(50):
        partition.send(f"a{number}", f"{OTHER} Number {number}.", after=HOUR)
    for _ in range(34):
        partition.tick(after=DAY)
    assert [key for key in partition.state.data if key.startswith("d")] == []
    assert len(partition.state.data) == 2, "the clock and one source"


@pytest.mark.parametrize("year", [1, 1900, 1969, 1970, 2100, 9999])
def test_a_clock_that_is_wrong_by_centuries_stops_nothing(partition, year):
    partition.send("before", HARBOUR)
    at = datetime(year, 1, 2, tzinfo=UTC)
    capture = {"at": at, "published_at": at, "published_precision": "second", "modified_at": at}
    (emit,) = partition.send(
        "a", "Another text about choirs, bells and the price of organ pipes in the north.", **capture
    )
    assert (emit.event, emit.data.captured_at) == ("unique", at)
    partition.forget_views()
    (emit,) = partition.send("a", "The choirs have sung.", **capture)
    assert (emit.data.revision.number, emit.data.captured_at) == (2, at)


def test_so_many_embargoes_end_with_one_record_and_the_rest_with_the_next(partition, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_AT_ONCE", 3)
    for number in range(7):
        partition.send(f"n{number}", f"Text {number}", embargo=partition.now + (1 + number % 2) * HOUR)
    ended = [
        [emit.key for emit in partition.tick(after=3 * HOUR) if emit.event == "unique"] for _ in range(4)
    ]
    assert [len(each) for each in ended] == [3, 3, 1, 0]
    assert len({key for each in ended for key in each}) == 7


def test_of_a_very_long_text_the_beginning_is_compared(partition, monkeypatch):
    monkeypatch.setattr(words, "MOST_CHARACTERS", len(HARBOUR) + 100)
    rest = " ".join(f"word{number}" for number in range(200))
    partition.send("a", f"{HARBOUR}\n{rest}")
    (copy,) = partition.send("b", f"{HARBOUR}\n{rest.replace('1', 'one')}")
    assert copy.data.verdict == "near"
    (revised,) = partition.send("a", f"{HARBOUR}\n{rest} and a last one.")
    assert revised.data.revision.relation == "correct", "what is not read may have changed"


def test_an_article_is_not_forgotten_while_a_revision_of_it_waits(partition):
    partition.send("a", HARBOUR)
    partition.send("a", GROWN, embargo=partition.now + 40 * DAY)
    for _ in range(39):
        partition.tick(after=DAY)
    revised = partition.tick(after=2 * DAY)[0].data
    assert (revised.revision.number, revised.revision.relation) == (2, "append")
