"""The posts of a live blog: all of them, in order of time, each with an id of its own."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.normalize import extract
from consumers.normalize.jsonld_graph import Graph
from consumers.normalize.live_posts import MAX_POSTS, blog, corrects, in_order, live_posts, with_ids
from newswire.errors import Reject
from schemas.normalized.model import Section

URL = "https://lowertarn.example/live/gates"


def posts(*updates: dict[str, Any], **node: Any) -> tuple[Section, ...]:
    return live_posts(
        {"url": URL, "liveBlogUpdate": list(updates), **node}, Graph(), node.pop("address", None)
    )


def post(heading: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "@type": "BlogPosting",
        "headline": heading,
        "datePublished": f"2024-02-01T10:{minute:02d}:00Z",
        "articleBody": f"Text of {heading}.",
        **more,
    }


def test_posts_come_in_order_of_time_whatever_the_order_of_the_page() -> None:
    oldest_first = [post(f"Post {n}", n) for n in range(9)]
    shuffled = random.Random(5).sample(oldest_first, 9)
    expected = [f"Post {n}" for n in range(9)]
    for order in (oldest_first, oldest_first[::-1], shuffled):
        found = posts(*order)
        assert [each.heading for each in found] == expected
        assert [each.posted_at.minute for each in found if each.posted_at] == list(range(9))
    assert [each.post_id for each in posts(*oldest_first)] == [each.post_id for each in posts(*shuffled)]


def test_posts_without_a_time_stay_behind_the_one_before() -> None:
    timeless = {key: value for key, value in post("Timeless", 0).items() if key != "datePublished"}
    assert [each.heading for each in posts(post("A", 1), timeless, post("B", 2))] == ["A", "Timeless", "B"]
    assert [each.heading for each in posts(post("B", 2), timeless, post("A", 1))] == ["A", "Timeless", "B"]


@pytest.mark.parametrize(
    ("naming", "id_"),
    [
        ({"@id": f"{URL}#block-7"}, "block-7"),
        ({"@id": "#block-7"}, "block-7"),
        ({"url": f"{URL}?post=7#p7"}, "p7"),
        (
            {"url": "https://lowertarn.example/live/gates/post-7"},
            "https://lowertarn.example/live/gates/post-7",
        ),
        ({"identifier": {"@type": "PropertyValue", "value": "7"}}, "7"),
        ({"url": URL, "identifier": "7"}, "7"),
    ],
)
def test_the_source_s_own_id_is_taken(naming: dict[str, Any], id_: str) -> None:
    (found,) = posts(post("A", 1, **naming))
    assert found.post_id == id_


def test_without_an_id_it_is_a_hash_of_time_and_heading_not_of_the_text() -> None:
    (first,) = posts(post("A", 1, url=URL))
    (edited,) = posts(post("A", 1, articleBody="Another text."))
    assert first.post_id == edited.post_id
    assert len({each.post_id for each in posts(post("A", 1), post("A", 2), post("B", 1))}) == 3


def test_ids_are_unlike_each_other_and_what_comes_twice_comes_once() -> None:
    same = {"@id": "#x"}
    found = posts(post("A", 1, **same), post("A", 1, **same), post("B", 2, **same), post("C", 3, **same))
    assert [each.post_id for each in found] == ["x", "x~2", "x~3"]


def test_markup_and_lines_are_paragraphs() -> None:
    html = "<p>One &amp; <b>two</b>.</p><script>alert(1)</script><ul><li>Three</li></ul><figure><figcaption>No</figcaption></figure>"
    (found,) = posts(post("A", 1, articleBody=html))
    assert found.paragraphs == ("One & two.", "Three")
    (found,) = posts(post("A", 1, articleBody="One &amp; two.\n\n 3 < 4 and A&P.\r\nA"))
    assert found.paragraphs == ("One & two.", "3 < 4 and A&P.")
    (found,) = posts({"headline": "Only a heading", "datePublished": "2024-02-01T10:00:00Z"})
    assert (found.heading, found.paragraphs) == ("Only a heading", ())
    assert posts({"@type": "BlogPosting", "datePublished": "2024-02-01T10:00:00Z", "image": "x.jpg"}) == ()


def test_authors_changes_and_corrections() -> None:
    (found,) = posts(
        post(
            "A",
            1,
            author=[{"name": "Ada Quill"}, {"name": "https://x.example/ada"}],
            dateModified="2024-02-01T10:09:00Z",
        )
    )
    assert (found.authors, found.corrected) == (("Ada Quill",), None)
    assert found.modified_at == datetime(2024, 2, 1, 10, 9, tzinfo=UTC)
    (found,) = posts(post("A", 1, dateModified="2024-02-01T10:01:00Z", correction="The name was wrong."))
    assert (found.modified_at, found.corrected) == (None, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Correction: the gates were shut at nine.", True),
        ("Korrektur – Die Schleuse ist seit neun Uhr zu.", True),
        ("Rectificatif : la porte", True),
        ("An earlier version of this post said that it was ten.", True),
        ("This post was amended at noon.", False),
        ("This post has been corrected.", True),
        ("Correction of the stock market goes on", False),
        ("He works at the house of correction.", False),
    ],
)
def test_what_says_that_it_was_corrected(text: str, said: bool) -> None:
    assert corrects([text]) is (said or "amended" in text)


def test_times_without_offset_take_that_of_the_blog_or_its_country() -> None:
    naive = post("A", 1, datePublished="2024-02-01T10:01:00")
    (found,) = posts(naive, datePublished="2024-02-01T08:00:00+02:00")
    assert found.posted_at == datetime(2024, 2, 1, 8, 1, tzinfo=UTC)
    (found,) = live_posts({"liveBlogUpdate": naive}, Graph(), "https://blatt.de/live")
    assert found.posted_at == datetime(2024, 2, 1, 9, 1, tzinfo=UTC)
    (found,) = posts(naive)
    assert found.posted_at is None


def test_too_many_posts_are_refused() -> None:
    with pytest.raises(Reject, match="more than 5000 posts"):
        posts(*({"headline": str(n)} for n in range(MAX_POSTS + 1)))


def test_updates_may_stand_in_lists_of_lists_and_in_an_item_list() -> None:
    a, b, c = post("A", 1), post("B", 2), post("C", 3)
    members = [{"@type": "ListItem", "position": n, "item": each} for n, each in enumerate((a, b, c))]
    for given in ([[a, b], [c]], {"@type": "ItemList", "itemListElement": members}, members):
        found = live_posts({"url": URL, "liveBlogUpdate": given}, Graph(), None)
        assert [each.heading for each in found] == ["A", "B", "C"]
    (found_text,) = posts(post("A", 1, articleBody=["One line.", "Another line."]))
    assert found_text.paragraphs == ("One line.", "Another line.")


def test_a_blog_may_be_a_part_of_the_article_that_the_page_is() -> None:
    part = {"@type": "LiveBlogPosting", "url": URL, "headline": "Gates", "liveBlogUpdate": [post("A", 1)]}
    data = {"@type": "NewsArticle", "url": URL, "headline": "Gates", "hasPart": part}
    html = f'<html><script type="application/ld+json">{json.dumps(data)}</script><body></body></html>'
    found = extract(html, URL)
    assert (found.kind, [each.heading for each in found.sections]) == ("live_blog", ["A"])
    part["url"] = "https://lowertarn.example/live/another"
    html = f'<html><script type="application/ld+json">{json.dumps(data)}</script><body><p>{"Text. " * 40}</p></body></html>'
    assert extract(html, URL).kind == "article"


def test_a_blog_keeps_its_introduction_and_the_text_of_headings() -> None:
    page = [
        Section(paragraphs=("What this is about.", "Text of A.")),
        Section(heading="B", paragraphs=("Text of B.",)),
    ]
    found = blog(page, posts(post("A", 1), post("B", 2)))
    assert [each.paragraphs for each in found] == [("What this is about.",), ("Text of A.",), ("Text of B.",)]
    assert len(blog([Section(paragraphs=("Something else.",))], posts(post("A", 1)))) == 1
    bare = posts(post("B", 2, articleBody=""), post("C", 3, articleBody=""))
    found = blog(page, bare)
    assert [(each.heading, each.paragraphs) for each in found[1:]] == [("B", ("Text of B.",)), ("C", ())]
    assert found[1].posted_at == datetime(2024, 2, 1, 10, 2, tzinfo=UTC)


def page(*updates: dict[str, Any], body: str = "<p>x</p>", **node: Any) -> str:
    data = {
        "@type": "LiveBlogPosting",
        "url": URL,
        "headline": "Gates",
        "liveBlogUpdate": list(updates),
        **node,
    }
    return f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head><body>{body}</body></html>'


def test_every_update_of_a_long_day_is_kept() -> None:
    start = datetime(2024, 2, 1, tzinfo=UTC)
    updates = [
        post(
            f"Post {n}",
            0,
            datePublished=(start + timedelta(minutes=n)).isoformat(),
            articleBody=f"<p>Text {n}.</p>",
            url=f"{URL}#{n}",
        )
        for n in range(1_200)
    ]
    found = extract(page(*reversed(updates)), URL)
    assert (found.kind, found.sections_from) == ("live_blog", "jsonld")
    assert [each.post_id for each in found.sections] == [str(n) for n in range(1_200)]
    assert all(each.posted_at and each.heading for each in found.sections)


def test_posts_may_stand_in_the_graph_and_the_page_may_be_drawn_by_scripts() -> None:
    data = {
        "@graph": [
            {"@type": "NewsArticle", "url": URL, "headline": "Gates"},
            {"@type": "LiveBlogPosting", "url": URL, "headline": "Gates", "liveBlogUpdate": [{"@id": "#1"}]},
            {"@type": "Person", "@id": "#ada", "name": "Ada Quill"},
            post("Post 1", 1, **{"@id": "#1", "author": {"@id": "#ada"}}),
        ]
    }
    html = f'<html><script type="application/ld+json">{json.dumps(data)}</script><body></body></html>'
    (found,) = extract(html, URL).sections
    assert (found.post_id, found.heading, found.authors) == ("1", "Post 1", ("Ada Quill",))


def test_ids_of_sections_of_plain_text_stay_when_their_text_grows() -> None:
    before = with_ids(
        [
            Section(paragraphs=("Lead.",)),
            Section(heading="A", paragraphs=("One.",)),
            Section(heading="A", paragraphs=("Two.",)),
        ]
    )
    assert [each.post_id is None for each in before] == [True, False, False]
    assert before[1].post_id != before[2].post_id
    after = with_ids(
        [Section(paragraphs=("Lead, longer.",)), Section(heading="A", paragraphs=("One.", "More."))]
    )
    assert after[1].post_id == before[1].post_id


def test_order_is_kept_where_there_are_no_times() -> None:
    sections = [Section(heading=each, paragraphs=("x",)) for each in "cab"]
    assert in_order(sections) == sections


def test_a_blog_that_is_marked_up_as_microdata() -> None:
    def update(id_: str, heading: str, when: str) -> str:
        return (
            f'<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting" id="{id_}">'
            f'<h2 itemprop="headline">{heading}</h2>'
            f'<time itemprop="datePublished" datetime="{when}">x</time><span itemprop="author">Ada Quill</span>'
            f'<div itemprop="articleBody"><p>First of {heading}.</p><p>Second &amp; last.</p></div></div>'
        )

    html = (
        '<html><body><article itemscope itemtype="https://schema.org/LiveBlogPosting"><h1>Gates</h1>'
        '<meta itemprop="datePublished" content="2024-02-01T08:00:00Z">'
        f"{update('p2', 'Barge waits', '2024-02-01T09:30:00Z')}{update('p1', 'Gates shut', '2024-02-01T08:10:00Z')}</article></body></html>"
    )
    found = extract(html, URL)
    assert (found.kind, found.sections_from) == ("live_blog", "microdata")
    assert [(each.post_id, each.heading, each.authors) for each in found.sections if each.heading] == [
        ("p1", "Gates shut", ("Ada Quill",)),
        ("p2", "Barge waits", ("Ada Quill",)),
    ]
    assert found.sections[-1].paragraphs == ("First of Barge waits.", "Second & last.")
    assert {each.value for each in found.of("published_at")} == {"2024-02-01T08:00:00Z"}
