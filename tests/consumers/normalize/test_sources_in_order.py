"""The order in which the sources of a page's fields are believed: each is taken as soon as those before it are gone."""

from __future__ import annotations

import pytest

from consumers.normalize.assemble import assemble
from consumers.normalize.reading import read
from schemas.core.lineage import Lineage, RecordRef
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw

ITEM = {
    "headline": "Gates item",
    "summary": "Summary item",
    "authors": ["Ida Item"],
    "section": "Section item",
    "keywords": ["item"],
}
PARTS = {
    "jsonld": """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Gates jsonld", "description": "Summary jsonld",
        "author": {"name": "Jo Json"}, "articleSection": "Section jsonld", "keywords": "jsonld", "isAccessibleForFree": true,
        "image": "https://a.example/jsonld.jpg"}</script>""",
    "microdata": """<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="headline" content="Gates microdata"><meta
        itemprop="articleSection" content="Section microdata"><b itemprop="author"
        itemscope><b itemprop="name">Mo Micro</b></b><i itemprop="description">Summary microdata</i>
        <i itemprop="keywords">microdata</i><i itemprop="isAccessibleForFree">false</i><img itemprop="image" src="/microdata.jpg"></div>""",
    "opengraph": """<meta content="Gates opengraph" property="og:title"><meta content='Summary opengraph' property='og:description'><meta
        property=article:section content="Section opengraph"><meta property="article:author" content="Oli Open"><meta
        property="article:tag" content="opengraph"><meta property="article:content_tier" content="locked"><meta property="og:image"
        content="https://a.example/opengraph.jpg">""",
    "meta": """<meta name="twitter:title" content="Gates meta"><meta name="description" content="Summary meta"><meta name="author"
        content="Mia Meta"><meta name="parsely-section" content="Section meta"><meta name="keywords" content="meta">""",
    "html": """<article><p class="byline">By Hal Html</p><p
        class="article-standfirst">Summary html: the harbour waits for the silt.</p><figure><img src="/html.jpg"></figure></article>""",
}  # fmt: skip
TEXT = "".join(
    f"<p>The wardens of the lower lock said on day {day} that the gates would stay shut.</p>"
    for day in "12345"
)


def page(*gone: str) -> Normalized:
    parts = "".join(markup for origin, markup in PARTS.items() if origin not in gone)
    body = (
        f"<html lang=en><head><title>Gates html</title></head><body>{parts}<main>{TEXT}</main></body></html>"
    )
    raw = Raw.from_data(
        {
            "source": {"name": "desk", "kind": "files"}, "captured_at": "2024-02-01T12:00:00Z", "media_type": "text/html", "body": body,
            "url": "https://a.example/news/gates", "item": {} if "item" in gone else ITEM,
        }
    )  # fmt: skip
    ref = RecordRef(topic="news.raw.v1", partition=0, offset=0)
    return assemble(raw, read(raw), Lineage(was_derived_from=ref, was_generated_by=()))


@pytest.mark.parametrize(
    ("field", "order"),
    [
        ("headline", ["item", "jsonld", "microdata", "opengraph", "meta", "html"]),
        ("summary", ["item", "jsonld", "microdata", "opengraph", "meta", "html"]),
        ("authors", ["item", "jsonld", "microdata", "opengraph", "meta", "html"]),
        ("article_section", ["item", "jsonld", "microdata", "opengraph", "meta"]),
        ("keywords", ["item", "jsonld", "microdata", "opengraph", "meta"]),
        ("paywalled", ["jsonld", "microdata", "opengraph"]),
        ("images", ["jsonld", "microdata", "opengraph", "html"]),
    ],
)
def test_each_source_is_taken_when_those_before_it_are_gone(field: str, order: list[str]) -> None:
    seen = [page(*order[:gone]).provenance[field].origin for gone in range(len(order))]
    assert seen == order


def test_what_is_not_taken_is_kept_with_the_reason() -> None:
    refused = page().provenance["headline"].refused
    assert [each.origin for each in refused] == ["jsonld", "microdata", "opengraph", "meta", "html"]
    assert {each.why for each in refused} == {"item is believed before it"}
