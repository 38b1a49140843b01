"""Notices: a publisher takes an article of its own back, or corrects it, in another article."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from schemas.core.wire import Wire
from schemas.ids import article_id

HOUR = timedelta(hours=1)
CASES = Path(__file__).parents[1] / "normalize" / "cases"
HEADLINE = "Norvik Lines to cut the morning ferry to the outer islands from Monday"
TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
Mara Lindqvist, who speaks for the port, hopes that two pilots from Saltby will begin their work there in early summer."""
SORRY = """It did not meet our standards. The quotes in it could not be confirmed by the people to whom they were ascribed,
and we regret that very much. Whoever has passed it on is asked to pass this on as well, and to take it down wherever it stands."""


def only(emits):
    (emit,) = emits
    return emit.data


def links(data):
    return [(each.article_id, each.says, each.known_by) for each in data.notice_of or ()]


@pytest.fixture
def original(partition):
    partition.send("choir", "Something else.", headline="A choir sings in the old theatre tonight")
    return only(partition.send("ferry", TEXT, headline=HEADLINE))


@pytest.mark.parametrize(
    ("headline", "text", "says", "known_by"),
    [
        (f"Retraction: {HEADLINE}", SORRY, "retracted", "headline"),
        (f"RETRACTED — {HEADLINE.upper()}", SORRY, "retracted", "headline"),
        (f"CORRECTION: “{HEADLINE}”", "The price is 42.50 crowns.", "corrected", "headline"),
        (f"{HEADLINE} (corrected)", "The price is 42.50 crowns.", "corrected", "headline"),
        (f"Editor's note on {HEADLINE}", "The reporter is married to a pilot.", "noted", "headline"),
        (f"Berichtigung: {HEADLINE}", "Der Preis ist 42,50 Kronen.", "corrected", "headline"),
        ("We have removed an article", f"The article “{HEADLINE}” is gone. {SORRY}", "retracted", "headline"),
        ("Editors' note", f"The article ‘{HEADLINE}’ is under review.", "noted", "headline"),
        ("To our readers", f'We have retracted our report "{HEADLINE}". {SORRY}', "retracted", "headline"),
        ("In eigener Sache", f"Wir haben den Artikel „{HEADLINE}“ gelöscht.", "retracted", "headline"),
        ("À nos lecteurs", f"Nous avons retiré de notre site l’article « {HEADLINE} ».", "retracted", "headline"),
        ("A los lectores", f"Hemos retirado de la web el artículo «{HEADLINE}».", "retracted", "headline"),
        (
            "We have removed an article about ferries",
            f"It stood at https://www.news.example/ferry?utm_source=x. {SORRY} The article is not kept.",
            "retracted",
            "link",
        ),
        ("Correction", "In our story (https://news.example/ferry) the price was wrong.", "corrected", "link"),
    ],
)  # fmt: skip
def test_a_notice_is_linked_to_what_it_is_about(partition, original, headline, text, says, known_by):
    notice = only(partition.send("notice", text, headline=headline, after=5 * HOUR))
    assert notice.revision.change == "new"
    assert links(notice) == [(original.article_id, says, known_by)]
    assert says == "noted" or says in notice.revision.signals


def test_what_comes_of_the_article_later_names_the_notice(partition, original):
    notice = only(partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}", after=HOUR))
    copy = only(partition.send("copied", TEXT + " By our desk.", headline="No ferry", source="other"))
    assert [(each.article_id, each.says) for each in copy.original.noticed_by] == [
        (notice.article_id, "retracted")
    ]
    same = only(partition.send("copied-2", TEXT, headline=HEADLINE, source="third"))
    assert (same.verdict, same.original.noticed_by) == ("exact", copy.original.noticed_by)
    partition.forget_views()
    revised = only(partition.send("ferry", TEXT + "\nIt is the last ferry.", headline=HEADLINE, after=HOUR))
    assert revised.revision.change == "revised", "the notice is no kill"
    assert [(each.article_id, each.says, each.known_by) for each in revised.noticed_by] == [
        (notice.article_id, "retracted", "headline")
    ]


def test_the_gravest_notice_stays_until_it_is_withdrawn_itself(partition, original):
    gravest = only(partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}"))
    partition.send("note", "The price is 42.50.", headline=f"Correction: {HEADLINE}")
    revised = only(partition.send("ferry", TEXT + "\nMore of it.", headline=HEADLINE))
    assert [each.article_id for each in revised.noticed_by] == [gravest.article_id]
    partition.send("notice", status="canceled", headline="Gone")
    assert only(partition.send("ferry", TEXT + "\nEven more.", headline=HEADLINE)).noticed_by is None


@pytest.mark.parametrize(
    ("headline", "text", "fields"),
    [
        (f"Retraction: {HEADLINE}", SORRY, {"source": "other", "url": "https://other.example/x"}),
        ("Correction in ferry prices continues", f"The talk is of “{HEADLINE}”.", {}),
        (HEADLINE, SORRY, {}),
        ("Lancet retracts ferry study", "The journal has removed the article. See https://news.example/ferry.", {}),
        ("Retraction: a study of ferries", "More at https://news.example/ferry", {}),
        ("Correction", "This was changed: https://news.example/never-seen in an article.", {}),
        (
            "We have removed an article",
            "An article at https://news.example/ferry is gone.",
            {"url": "https://elsewhere.example/notice", "source": "elsewhere"},
        ),
        ("We have removed an article", "It was about a ferry.", {}),
        ("A long report", f"We have retracted an article, “{HEADLINE}”.\n" + "It is a long story, they say. " * 200, {}),
    ],
    ids=["another-source", "another-sense", "no-notice", "another's-act", "only-mentioned", "unknown", "another-site", "no-evidence",
         "long"],
)  # fmt: skip
def test_without_evidence_nothing_is_linked(partition, original, headline, text, fields):
    if "url" in fields:
        fields = fields | {"article_id": article_id(url=fields["url"])}
    assert links(only(partition.send("x", text, headline=headline, **fields))) == []


def test_of_two_articles_with_the_headline_neither_is_meant(partition, original):
    partition.send("ferry-2", "Quite another text of the same house.", headline=HEADLINE)
    assert links(only(partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}"))) == []


def test_a_headline_is_looked_for_in_the_window_and_an_address_as_long_as_it_is_known(partition, original):
    text = "We have removed this article's sister, an article at https://news.example/ferry."
    late = only(partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}", after=100 * HOUR))
    assert links(late) == []
    linked = only(partition.send("notice-2", text, headline="Retraction", after=100 * HOUR))
    assert links(linked) == [(original.article_id, "retracted", "link")]


def test_a_retraction_with_the_whole_text_is_a_revision(partition, original):
    again = only(partition.send("ferry-retracted", TEXT, headline=f"RETRACTED: {HEADLINE}", after=HOUR))
    assert (again.article_id, again.revision.number) == (original.article_id, 2)
    assert (again.revision.known_by, again.revision.signals) == ("notice", ("retracted",))
    assert again.notice_of is None


def test_a_guid_leads_to_the_article(partition):
    first = only(partition.send("ferry", TEXT, headline=HEADLINE, guid="n-17"))
    data = only(partition.send("gone", SORRY, headline="Retraction notice", guid="n-17"))
    assert links(data) == [(first.article_id, "retracted", "guid")]
    assert data.article_id != first.article_id


def test_an_item_that_corrects_another_is_linked_to_it(partition):
    def item(uri, **fields):
        wire = Wire(format="newsml-g2", uri=uri, version="1", **fields)
        return {
            "wire": wire.to_data(),
            "guid": uri,
            "article_id": article_id(source="norvik", guid=uri),
            "source": "norvik",
            "url": None,
        }

    first = only(partition.send("x", TEXT, headline=HEADLINE, **item("urn:1")))
    text = "The price is 42.50 crowns, and not as was said."
    second = only(partition.send("x", text, headline="Ferry price", **item("urn:2", corrects="urn:1")))
    assert links(second) == [(first.article_id, "corrected", "item")]


def test_two_notices_with_the_same_words_are_two(partition, original):
    other = only(
        partition.send("storm", "A storm took the roof.", headline="Storm takes the roof of the school")
    )
    first = only(partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}"))
    second = only(
        partition.send("notice-2", SORRY, headline="Retraction: Storm takes the roof of the school")
    )
    assert [links(each)[0][0] for each in (first, second)] == [original.article_id, other.article_id]
    partition.send("notice-3", SORRY, headline=f"Retraction: {HEADLINE}")
    assert [each.revision.change for each in (first, second)] == ["new", "new"]
    assert partition.emitted[-1].data.verdict == "exact", (
        "but the same notice under another address is a copy"
    )


def test_a_notice_of_something_unknown_is_no_revision_of_another_notice(partition, original):
    partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}")
    for number, headline in enumerate(["Retraction: The mayor's cat", "Retraction: Bells of the valley"]):
        assert only(partition.send(f"other-{number}", SORRY, headline=headline)).revision.change == "new"


def test_notices_are_forgotten_with_what_they_are_about(partition, original):
    partition.send("notice", SORRY, headline=f"Retraction: {HEADLINE}")
    assert [key for key in partition.state.data if key.startswith("n")]
    for _ in range(70):
        partition.tick(after=20 * HOUR)
    for _ in range(140):
        partition.tick(after=HOUR)
    assert not [key for key in partition.state.data if key[0] in "dn"]


@pytest.mark.parametrize(
    "junk", ["we have removed the ", "“", "wir haben den artikel ", "correction: ", "https://"]
)
@pytest.mark.parametrize("size", [2_400, 400_000])
def test_hostile_texts_take_no_time_that_grows_with_them(partition, original, junk, size):
    junk *= size // len(junk)
    assert links(only(partition.send("x", junk, headline=junk[:100_000]))) == []


def test_what_a_notice_links_to_is_found(partition, original):
    there = ["https://news.example/about/corrections", original.url, "https://other.example/ferry"]
    text = "We have removed an article about a ferry, and regret it."
    assert links(only(partition.send("notice", text, headline="To our readers", links=there))) == [
        (original.article_id, "retracted", "link")
    ]
    assert links(only(partition.send("no-notice", "It is on the quay.", headline="Ferry", links=there))) == []


def test_the_page_of_a_retraction_leads_to_its_article(partition):
    case = CASES / "retraction-that-links-to-its-article"
    url = "https://coastal-herald.example/news/2024/01/ferry-to-leave-early"
    first = only(partition.send("x", TEXT, headline=HEADLINE, url=url, article_id=article_id(url=url)))
    notice = orjson.loads((case / "expected.json").read_bytes())
    data = only(partition.put("normalized", notice, partition.now))
    assert links(data) == [(first.article_id, "retracted", "link")]
