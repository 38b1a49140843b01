"""Pages made to hurt: each ends in an article or a verdict, within bounds, and none in an exception."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.normalize import extract
from consumers.normalize.extraction import Extraction
from consumers.normalize.page_tree import MAX_ATTRIBUTES, parse_page, without_hidden
from newswire.errors import Reject

P = (
    "<p>The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand.</p>"
    * 2
)
MIB = 1024 * 1024
LD = '<script type="application/ld+json">'
LIVE = LD + '{"@type":"LiveBlogPosting","liveBlogUpdate":['
PAGES = {
    "nesting": "<div>" * (8 * MIB // 5) + P,
    "inline-nesting": "<a><b><i><u>" * 20_000 + P,
    "attributes": "<p " + " ".join(f'a{i}="x"' for i in range(100_000)) + ">" + P,
    "attributes-without-values": "<p " + " ".join(f"a{i}" for i in range(100_000)) + ">" + P,
    "attributes-behind-brackets": "<p " + " ".join(f"a{i}='>'" for i in range(100_000)) + ">" + P,
    "attributes-behind-a-quote": '<p " ' + " ".join(f"a{i}" for i in range(100_000)) + ">" + P,
    "attributes-after-slashes": "<p " + "/".join(f"a{i}" for i in range(100_000)) + ">" + P,
    "attributes-hidden-in-a-script": '<script>x<y z="</script><p ' + " ".join(f"a{i}" for i in range(100_000)) + '>">' + P,
    "attributes-hidden-in-a-comment": '<!-- <p z="--><p ' + " ".join(f"a{i}" for i in range(100_000)) + '>">' + P,
    "attributes-everywhere": ("<p " + " ".join(f"a{i}=x" for i in range(60)) + ">x") * 20_000,
    "elements": "<p>x</p>" * MIB,
    "one-text": "<p>" + "word " * (8 * MIB // 5),
    "entities": "<p>" + "&amp;" * (8 * MIB // 5),
    "broken-entities": "<p>" + "&#" * MIB,
    "brackets": "<" * (2 * MIB),
    "open-quotes": '<a "' * (2 * MIB),
    "open-comments": "<!--" * (2 * MIB),
    "billion-laughs": '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><html><body>&b;' + P,
    "external-entity": '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>&x;' + P,
    "deep-json-ld": '<script type="application/ld+json">' + "[" * MIB + "</script>" + P,
    "wide-json-ld": '<script type="application/ld+json">[' + ",".join(['{"@type":"x"}'] * 100_000) + "]</script>" + P,
    "many-nodes-json-ld": LD + "[" + "{}," * MIB + "{}]</script>" + P,
    "deep-objects-json-ld": LD + '{"a":' * MIB + "</script>" + P,
    "deep-broken-json-ld": LD + '{"b":NaN,"a":' * 90 + "1" + "}" * 90 + "</script>" + P,
    "huge-string-json-ld": LD + '{"@type":"NewsArticle","headline":"' + "x" * (3 * MIB) + '"}</script>' + P,
    "quotes-json-ld": LD + '{"@type":"NewsArticle","headline":"' + '" ' * (MIB // 3) + '"}</script>' + P,
    "quotes-and-comments-json-ld": LD + '{"headline":"' + '"/*' * MIB + "</script>" + P,
    "commas-json-ld": LD + '{"headline":"' + '","' * (MIB // 4) + "</script>" + P,
    "backslashes-json-ld": LD + '{"headline":"' + "\\" * (3 * MIB) + "</script>" + P,
    "many-blocks-json-ld": (LD + '{"@type":"NewsArticle","url":"https://x.example/y"}</script>') * 5_000 + P,
    "circular-json-ld": LD + '{"@type":"NewsArticle","@id":"a","author":{"@id":"a"},"b":[' + '{"@id":"a"},' * 10_000 + "]}</script>" + P,
    "every-article-json-ld": LD + "[" + '{"@type":"NewsArticle","url":"https://x.example/y","headline":"x"},' * 4_000 + "]</script>" + P,
    "title-of-the-site-again-and-again": "<meta property='og:site_name' content='a'><title>" + "a | " * 100_000 + "</title>" + P,
    "title-of-the-site-often": "<meta property='og:site_name' content='a'><title>" + "a|" * 999 + "</title>" + P,
    "live-blog-of-lists": LIVE + "[" * 900 + "]" * 900 + "]}</script>" + P,
    "live-blog-of-100000": LIVE + ",".join(['{"headline":"x","articleBody":"y"}'] * 100_000) + "]}</script>" + P,
    "live-blog-of-4000": LIVE + ",".join(['{"headline":"x","articleBody":"<p>y</p>"}'] * 4_000) + "]}</script>" + P,
    "live-blog-of-one-id": LIVE
    + ",".join(f'{{"@id":"#a","headline":"{n}","articleBody":"y"}}' for n in range(4_000))
    + "]}</script>"
    + P,
    "live-blog-of-nested-markup": LIVE + '{"headline":"x","articleBody":"' + "<div>" * 500_000 + 'y"}]}</script>' + P,
    "live-blog-in-itself": LIVE + '{"@id":"#a","author":{"@id":"#a"},"headline":"x","liveBlogUpdate":[{"@id":"#a"}]}]}</script>' + P,
    "dates-in-dates": "<h1>x</h1>" + "<div class=date>" * 50_000 + "2024-01-0" + P,
    "dates-beside-dates": "<h1>x</h1>" + "<p class=date><b></b>32 Foobar 2024</p>" * 9_000 + P,
    "dates-half-written": "<h1>x</h1><p class=date>" + "1 de January de 2024 at 1" * 100_000 + "</p>" + P,
    "times": "<time datetime=2024>" * 50_000 + P,
    "properties": '<p itemprop="datePublished">x</p>' * 20_000 + P,
    "title-of-tags": "<title>" + "<script " * 100_000 + "</title>" + P,
    "metas": "<meta name=author content='x y'>" * 20_000 + P,
    "keywords-of-spaces": "<meta name=keywords content='x" + " " * MIB + "x'>" + P,
    "links-in-every-language": "<link rel=alternate hreflang=de href='https://x.example/y'>" * 60_000 + P,
    "anchors-in-every-language": "<a rel=alternate hreflang=de href=/y>x</a>" * 50_000 + P,
    "translations-json-ld": LD
    + '{"@type":"NewsArticle","headline":"x","translationOfWork":['
    + '{"url":"/y","inLanguage":"de"},' * 90_000
    + "]}</script>"
    + P,
    "surrogates": "\ud800" * MIB + P,
    "nul": "\0" * (8 * MIB) + P,
}  # fmt: skip


def read(page: str | bytes) -> Extraction | None:
    try:
        return extract(page)
    except Reject as verdict:
        if verdict.reason not in ("empty-body", "not-an-article", "undecodable"):
            raise
        return None


@pytest.mark.processor_seconds(120)  # without its bounds each of these takes minutes, and some all memory
@pytest.mark.parametrize("name", PAGES)
def test_bounded(name: str) -> None:
    found = read(PAGES[name])
    assert found is None or all(found.text())
    assert found is None or "lol" not in "".join(found.text())


TAGS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<h1>",
            "</h1>",
            "<h2>",
            "<title>",
            "</title>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
        ),
        *(
            "<ul>",
            "<li>",
            "<table>",
            "<tr>",
            "<td>",
            "<br>",
            "<a href=x>",
            "<time datetime=2024>",
            "<meta name=author content=",
            ">",
        ),
        *(
            "<article>",
            "&lt;",
            "&#0;",
            "&amp;",
            "<![CDATA[",
            "]]>",
            "<svg>",
            "</body>",
            "<head>",
            "\0",
            "\x0b",
        ),
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TAGS | st.text(max_size=20) | st.just(P), max_size=40))
def test_any_soup_is_read_or_refused(parts: list[str]) -> None:
    read("".join(parts))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data + P.encode())


def test_no_character_of_a_page_stops_its_reading() -> None:
    """Where a script is taken out its neighbours' text moves, and lxml moves no text with a character that XML has not."""
    for code in (*range(0x100), 0x2028, 0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0xFFFF, 0x10FFFF):
        # A space: `<` alone opens a tag.
        for form in (chr(code) + " ", f"&#{code};", f"&#x{code:x};", f"&#&#0;{code};"):
            tree = parse_page(f"<body><p>a</p>x<script>y</script>{form}moved<p>b {form} c</p></body>")
            without_hidden(tree)
            assert "moved" in tree.text_content()


@pytest.mark.parametrize(
    "before",
    [
        "", '<!-- <p z="-->', '<script>x<y z="</script>', "<SCRIPT a='>'>x</script x</SCRIPT\n>", "<p title='<script>'>", '<p title=">">',
        "a < b <", "<title>x</titles></title>", "<scripts>", "<!x>", "</p a='>'>", "<span a=/b/c>", "<!-- - -- -> -->", "<xmp/></xmp>",
    ],
)  # fmt: skip
def test_a_tag_loses_its_attributes_when_they_are_too_many_wherever_it_stands(before: str) -> None:
    for many, kept in ((MAX_ATTRIBUTES, MAX_ATTRIBUTES), (MAX_ATTRIBUTES + 1, 0)):
        tag = f"<div {' '.join(f'a{number}' for number in range(many))}>"
        tree = parse_page(f"{before}{tag}<p>{P}")
        assert [len(element.attrib) for element in tree.iter("div")] == [kept]
