"""Lists of feeds."""

from __future__ import annotations

import pytest

from producers.feeds import NotAFeedError
from producers.feeds.opml import Listed, read_opml

LIST = b"""<?xml version="1.0"?><opml version="2.0"><head><title>mine</title></head><body>
<outline text="News"><outline type="rss" text="A &amp; B" xmlUrl="http://a.example/f" htmlUrl="http://a.example/" category="/x/y,z"/>
<outline text="Inner"><outline text="C" xmlurl="feed.xml"/></outline></outline>
<outline text="again" xmlUrl="http://a.example/f"/><outline text="bad" xmlUrl="javascript:alert(1)"/><outline type="link" url="http://n.example/"/>
<outline type="rss" text="D" url="http://d.example/f" language="de"/></body></opml>"""


def test_feeds_with_their_folders_each_once() -> None:
    assert read_opml(LIST, url="http://me.example/list.opml") == (
        Listed("http://a.example/f", "A & B", "http://a.example/", ("News",), ("x/y", "z")),
        Listed("http://me.example/feed.xml", "C", None, ("News", "Inner")),
        Listed("http://d.example/f", "D", language="de"),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("feed://b.example/rss", "http://b.example/rss"),
        ("feed:https://b.example/rss", "https://b.example/rss"),
        ("FEED://https://b.example/rss", "https://b.example/rss"),
        ("http://b.example/rss?of=feed://c.example", "http://b.example/rss?of=feed://c.example"),
    ],
)
def test_the_scheme_of_feed_readers_is_read(written: str, read: str) -> None:
    (listed,) = read_opml(b'<opml><body><outline xmlUrl="%s"/></body></opml>' % written.encode())
    assert listed.url == read


def test_a_broken_list_is_read_as_far_as_it_goes() -> None:
    broken = LIST.replace(b"A &amp; B", b"A & B")[:-60]
    assert next(listed.url for listed in read_opml(broken)) == "http://a.example/f"


def test_a_feed_is_no_list() -> None:
    with pytest.raises(NotAFeedError):
        read_opml(b"<rss><channel/></rss>")
