"""JSON-LD: mended where it is certain, its references resolved, and the node taken that is this page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from consumers.normalize.jsonld_graph import Own, own_nodes, read_graph
from consumers.normalize.jsonld_text import read_json

PAGE = "https://lowertarn.example/news/lock-gates"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a":1}', [{"a": 1}]),
        ('\ufeff {"a":1}', [{"a": 1}]),
        ('<!-- {"a":1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a":1}\n//]]>', [{"a": 1}]),
        ('/*<![CDATA[*/{"a":1}/*]]>*/', [{"a": 1}]),
        ('{"a":1};', [{"a": 1}]),
        ('{"a":[1,2,],}', [{"a": [1, 2]}]),
        ('{"a":[1,,2]}', [{"a": [1, 2]}]),
        ('{"a":"one\ntwo\tthree"}', [{"a": "one\ntwo\tthree"}]),
        ('{"a":"no\x00bell\x07"}', [{"a": "nobell"}]),
        ('{"a":"x", /* who */ // and why\n"b":"http://x//y"}', [{"a": "x", "b": "http://x//y"}]),
        ('{"a":"She said "no" to it","b":["the "best" one","c"]}', [{"a": 'She said "no" to it', "b": ['the "best" one', "c"]}]),
        ('{"a":"so \\"it\\" is "it"","b":1}', [{"a": 'so "it" is "it"', "b": 1}]),
        (r'{"a":"it\'s \x"}', [{"a": "it's x"}]),
        (r'{"a":"lone \ud83d, pair \ud83d\ude00"}', [{"a": "lone , pair 😀"}]),
        ('{"a":, "b":}', [{"a": None, "b": None}]),
        ('{"a":NaN,"b":undefined,"c":-Infinity}', [{"a": None, "b": None, "c": None}]),
        ('{"a":"x"\n"b":"y"}', [{"a": "x", "b": "y"}]),
        ('{"a":1}{"b":2}', [{"a": 1}, {"b": 2}]),
        ('{"a":1},\n{"b":2},', [{"a": 1}, {"b": 2}]),
        ('[{"a":1} {"b":2}]', [[{"a": 1}, {"b": 2}]]),
        ('{"a":1}}', [{"a": 1}]),
        ('{"a":1} var x = 1;', [{"a": 1}]),
        ("{&quot;a&quot;:&quot;b&quot;}", [{"a": "b"}]),
        ('"{\\"a\\":1}"', [{"a": 1}]),
        # What was whole before it was cut off, or before it is not certain any more, is kept.
        ('{"a":"b","c":"cut of', [{"a": "b"}]),
        ('{"a":{"b":1},"c":{"d":[2', [{"a": {"b": 1}, "c": {"d": [2]}}]),
        ("{\"a\":\"b\",\"c\":'d',\"e\":\"f\"}", [{"a": "b"}]),
        ('{"a":"b","c":"forgotten,\n"d":"e"}', [{"a": "b"}]),
        ("{a:1}", []), ("{'a':1}", []), ("null", []), ("", []), (" \n", []), ("nonsense", []), ("]", []),
    ],
)  # fmt: skip
def test_what_a_block_holds(text: str, values: list[Any]) -> None:
    assert read_json(text) == values


@settings(max_examples=50, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    ).filter(lambda value: value is not None and not isinstance(value, str))
)  # fmt: skip
def test_json_is_what_json_says(value: Any) -> None:
    assert read_json(json.dumps(value)) == read_json(json.dumps(value, ensure_ascii=False)) == [value]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='{}[]",:\\/* \nau1&<', max_size=60))
def test_anything_is_read_or_nothing(text: str) -> None:
    assert isinstance(read_json(text), list)


def own(*blocks: Any, titles: tuple[str, ...] = ()) -> Own:
    scripts = "".join(
        f'<script type="application/ld+json">{block if isinstance(block, str) else json.dumps(block)}</script>'
        for block in blocks
    )
    tree = document_fromstring(f"<html><head>{scripts}</head><body>x</body></html>")
    return own_nodes(read_graph(tree.iter("script")), [PAGE], titles)


def article(headline: str, **more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": headline, **more}


def headline(found: Own) -> str | None:
    return found.article["headline"] if found.article else None


@pytest.mark.parametrize(
    "naming",
    [
        {"url": PAGE},
        {"@id": f"{PAGE}#article"},
        {"url": "http://www.lowertarn.example/news/lock-gates/?utm_source=x"},
        {"mainEntityOfPage": PAGE},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": PAGE}},
        {"mainEntityOfPage": {"@id": "#page"}},
    ],
)
def test_the_node_that_names_the_page_is_taken(naming: dict[str, Any]) -> None:
    page = {"@type": "WebPage", "@id": "#page", "url": PAGE}
    other = article("Another", url="https://lowertarn.example/news/another")
    assert headline(own(other, {"@graph": [page, other, article("This one", **naming)]})) == "This one"


def test_without_an_address_the_title_says_which_it_is() -> None:
    blocks = [article("Wind turns in Ashwell"), [article("Lock gates stuck in Lower Tarn")]]
    assert (
        headline(own(blocks, titles=("Lock gates stuck in Lower Tarn | Gazette",)))
        == blocks[1][0]["headline"]
    )


def test_what_a_page_lists_is_not_the_page() -> None:
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": article("Listed")}]}
    assert own(listed, titles=("News",)).article is None
    assert headline(own(listed, article("Own"), titles=("News",))) == "Own"


def test_an_article_of_another_address_and_another_title_is_not_the_page() -> None:
    other = article("Wind turns", url="https://lowertarn.example/news/wind")
    assert own(other, titles=("Lock gates stuck",)).article is None
    assert headline(own(other, titles=("Where the wind comes from",))) == "Wind turns"


def test_what_names_the_address_of_the_article_that_is_the_page_is_the_page_too() -> None:
    elsewhere = (
        "https://lowertarn.example/live/gates"  # the page was captured under an address that leads there
    )
    found = own(
        article("Lock gates stuck", url=elsewhere),
        {"@type": "LiveBlogPosting", "url": elsewhere, "headline": "Lock gates stuck"},
        article("Wind", url="https://lowertarn.example/wind"),
        titles=("Lock gates stuck",),
    )
    assert headline(found) == "Lock gates stuck"
    assert [node["@type"] for node in found.more] == ["LiveBlogPosting"]


def test_references_are_resolved_between_blocks() -> None:
    found = own(
        {"@graph": [{"@type": "Person", "@id": "#ada", "name": "Ada Quill", "worksFor": {"@id": "#paper"}}]},
        {"@type": "Organization", "@id": "#paper", "name": "Gazette", "employee": {"@id": "#ada"}},
        article(
            "Lock gates",
            url=PAGE,
            author=[{"@id": "#ada"}, {"@id": "#nobody"}],
            publisher={"@type": "Organization", "@id": "#paper"},
        ),
    )
    assert found.article is not None
    assert [each.get("name") for each in found.article["author"]] == ["Ada Quill", None]
    assert found.article["author"][0]["worksFor"]["name"] == "Gazette"
    assert found.article["publisher"]["name"] == "Gazette"


def test_further_nodes_that_are_the_page_come_after_the_article() -> None:
    found = own(
        article("A", url=PAGE),
        {"@type": "WebPage", "url": PAGE, "name": "W"},
        {"@type": "WebPage", "url": "https://x.example/y"},
    )
    assert headline(found) == "A"
    assert [node["name"] for node in found.more] == ["W"]


@pytest.mark.parametrize(
    "type_", ["NewsArticle", "http://schema.org/NewsArticle", "schema:NewsArticle", ["Thing", "NewsArticle"]]
)
def test_types_are_read_in_all_their_forms(type_: Any) -> None:
    assert headline(own({"@type": type_, "headline": "A"})) == "A"
