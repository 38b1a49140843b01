"""What is made of feeds as they are: each documented policy by an example of its own (docs/feeds.md)."""

from __future__ import annotations

import gzip

import pytest

from producers.feeds import Feed, Item, NotAFeedError, read_feed

URL = "http://e.example/feeds/all.xml"
RDF = "xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"


def read(text: str | bytes, **headers: str) -> Feed:
    data = text.encode() if isinstance(text, str) else text
    return read_feed(data, {name.replace("_", "-"): value for name, value in headers.items()}, URL)


def rss(item: str, channel: str = "") -> Item:
    return read(f"<rss version='2.0'><channel>{channel}<item>{item}</item></channel></rss>").items[0]


def atom(entry: str, feed: str = "") -> Item:
    return read(f"<feed xmlns='http://www.w3.org/2005/Atom'>{feed}<entry>{entry}</entry></feed>").items[0]


@pytest.mark.parametrize(
    ("document", "kind", "version"),
    [
        ("<rss version='0.91'><channel><item><title>t</title><link>http://e/1</link></item></channel></rss>", "rss", "0.91"),
        ("<RSS><Channel><Item><Title>t</Title><Link>http://e/1</Link></Item></Channel></RSS>", "rss", None),
        ("<channel><item><title>t</title><link>http://e/1</link></item></channel>", "rss", None),
        (f"<r:RDF {RDF} xmlns='http://purl.org/rss/1.0/'><channel/><item r:about='http://e/1'><title>t</title></item></r:RDF>", "rdf", "1.0"),  # noqa: E501
        (f"<r:RDF {RDF} xmlns='http://my.netscape.com/rdf/simple/0.9/'><item><title>t</title><link>http://e/1</link></item></r:RDF>", "rdf", "1.0"),  # noqa: E501
        ("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>t</title><link rel='alternate' href='http://e/1'/></entry></feed>",
         "atom", "0.3"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>t</a:title><a:link href='http://e/1'/></a:entry></a:feed>", "atom", "1.0"),  # noqa: E501
        ("<feed><entry><title>t</title><link href='http://e/1'/></entry></feed>", "atom", "1.0"),
        ('{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"http://e/1","title":"t"}]}', "json", "1.1"),
    ],
)  # fmt: skip
def test_formats(document: str, kind: str, version: str | None) -> None:
    feed = read(document)
    assert (feed.format, feed.version) == (kind, version)
    assert [(item.title, item.link) for item in feed.items] == [("t", "http://e/1")]


def test_gzip_that_no_header_tells_of_is_unpacked() -> None:
    """`feed.xml.gz`, and servers that keep their files packed and forget to say so."""
    items = "".join(f"<item><title>{n}</title><link>http://e/{n}</link></item>" for n in range(2000))
    packed = gzip.compress(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    assert [item.title for item in read(packed).items] == [str(n) for n in range(2000)]
    half = read(packed[: len(packed) // 2])
    assert 0 < len(half.items) < 2000
    assert any("gzip breaks off" in problem for problem in half.problems)
    for body in (gzip.compress(b""), gzip.compress(b"<html>no feed</html>"), b"\x1f\x8b and no gzip"):
        with pytest.raises(NotAFeedError):
            read(body)


def test_a_title_comes_from_the_body_where_it_is_missing() -> None:
    item = rss(
        "<description>&lt;p&gt;The river rose again. Nobody was hurt.&lt;/p&gt; "
        + "More words. " * 20
        + "</description>"
    )
    assert (item.title, item.title_from_body) == ("The river rose again.", True)
    assert rss("<title>T</title>").title_from_body is False


def test_authors_come_from_the_channel_where_they_are_missing() -> None:
    channel = "<managingEditor>desk@e.example (The Desk)</managingEditor><webMaster>w@e.example</webMaster>"
    assert (rss("<title>t</title>", channel).authors, rss("<title>t</title>", channel).authors_of_feed) == (
        ("The Desk",),
        True,
    )
    assert rss("<author>a@e.example (Ann)</author>", channel).authors == ("Ann",)
    assert rss("<title>t</title>", "<webMaster>w@e.example</webMaster>").authors == ()
    assert atom("<title>t</title>", "<author><name>Ann</name></author>").authors == ("Ann",)


def test_all_creators_are_authors() -> None:
    item = rss("<dc:creator>Ann</dc:creator><dc:creator>Bob &lt;b@e.example&gt;</dc:creator>")
    assert item.authors == ("Ann", "Bob")


def test_the_address_is_the_publishers_own() -> None:
    proxied = "<link>http://proxy.example/~r/1</link>"
    name = "xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'"
    assert rss(f"{proxied}<f:origLink {name}>http://e.example/1</f:origLink>").link == "http://e.example/1"
    assert rss("<link/><guid>http://e.example/2</guid>").link == "http://e.example/2"
    assert rss("<guid isPermaLink='false'>http://e.example/3</guid>").link is None
    assert rss("<guid>tag:3</guid>").link is None
    atom_links = "xmlns:a='http://www.w3.org/2005/Atom'"
    assert (
        rss(
            f"<a:link {atom_links} rel='self' href='http://e.example/s'/><a:link {atom_links} href='http://e.example/4'/>"
        ).link
        == "http://e.example/4"
    )


def test_of_alternate_links_in_several_languages_the_one_of_the_entry_is_its_page() -> None:
    links = "".join(
        f"<link rel='alternate' type='text/html' hreflang='{language}' href='/{language}'/>"
        for language in ("en", "de-AT", "fr")
    )
    title = f"<title>t</title>{links}"
    assert atom(title, "<id>no language is said</id>").link == "http://e.example/en"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de'><entry>{title}</entry><entry xml:lang='fr-CA'>{title}</entry></feed>"
    assert [item.link for item in read(feed).items] == ["http://e.example/de-AT", "http://e.example/fr"]


def test_the_alternate_link_of_several() -> None:
    links = (
        "<link rel='self' href='/self'/><link rel='edit' href='/edit'/><link rel='alternate' type='application/json' href='/j'/>"
        "<link rel='alternate' type='text/html' href='/page'/><link rel='enclosure' href='/a.mp3' length='7' type='audio/mpeg'/>"
    )
    item = atom(links)
    assert item.link == "http://e.example/page"
    assert [(a.url, a.length) for a in item.attachments] == [("http://e.example/a.mp3", 7)]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        (
            "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>x</script></body></html>",
            "html",
        ),
        (
            "<html xmlns='http://www.w3.org/1999/xhtml'><body>We value your privacy <pre>&lt;rss></pre></body></html>",
            "html",
        ),
        ("<opml version='2.0'><body/></opml>", "opml"),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "sitemap"),
        ("<data><x/></data>", "xml"),
        ("Service unavailable", "text"),
        ('{"error": "rate limited"}', "json"),
        ("[1, 2]", "json"),
        ("{{ template }}", "json"),
    ],
)
def test_what_is_no_feed(document: str, reason: str) -> None:
    with pytest.raises(NotAFeedError) as found:
        read(document, content_type="application/rss+xml")
    assert found.value.reason == reason


def test_relative_addresses() -> None:
    based = "<link href='1'/><content type='html'>&lt;a href='2'&gt;x&lt;/a&gt;</content>"
    item = read(
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://b.example/x/'><entry xml:base='y/'>{based}</entry></feed>"
    ).items[0]
    assert (item.link, item.content) == ("http://b.example/x/y/1", '<a href="http://b.example/x/y/2">x</a>')
    assert rss("<link>a/1</link>", "<link>http://site.example/</link>").link == "http://site.example/a/1"
    assert rss("<link>a/1</link>").link == "http://e.example/feeds/a/1"
    located = read(
        b"<rss><channel><item><link>1</link></item></channel></rss>", content_location="http://l.example/f/"
    )
    assert located.items[0].link == "http://l.example/f/1"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>x", "<img src=x onerror=alert(1)>x", "<a href='javascript:alert(1)'>x</a>", "<a href=' java&#10;script:alert(1)'>x</a>",  # noqa: E501
        "<iframe src='http://e/'></iframe>x", "<svg><script>alert(1)</script></svg>x", "<a href='data:text/html,x'>x</a>",
        "<style>x{}</style>x", "<math><a xlink:href='javascript:alert(1)'>y</a></math>x", "<object data='javascript:1'></object>x",
        "<div style='background:url(javascript:1)'>x</div>", "<form action='javascript:1'><button>y</button></form>x",
    ],
)  # fmt: skip
def test_nothing_that_runs_is_in_any_field(markup: str) -> None:
    escaped = markup.replace("&", "&amp;").replace("<", "&lt;")
    runs = "<link>javascript:alert(1)</link><guid>javascript:alert(1)</guid><comments>javascript:alert(1)</comments><enclosure url='javascript:1'/>"  # noqa: E501
    item = rss(
        f"<title>{escaped}</title><description>{escaped}</description><author>{escaped}</author><category>{escaped}</category>{runs}"
    )
    said = repr(item).lower()
    assert not [
        word
        for word in ("script", "onerror", "iframe", "<style", "style=", "data:", "<svg", "<form")
        if word in said
    ], said
    assert item.title
    assert "x" in item.title


def test_titles_are_text_and_bodies_are_html() -> None:
    item = rss("<title>A &amp;amp; B &lt;b&gt;bold&lt;/b&gt;</title><description>A &amp;amp; B</description>")
    assert (item.title, item.summary) == ("A & B bold", "A &amp; B")
    entry = atom(
        "<title type='text'>1 &lt; 2</title><summary>1 &lt; 2</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x<br/>y</p></div></content>"
    )
    assert (entry.title, entry.summary, entry.content) == ("1 < 2", "1 &lt; 2", "<div><p>x<br>y</p></div>")


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (
            b"<?xml version='1.0' encoding='windows-1252'?>{}",
            "text/xml",
        ),  # what is valid UTF-8 is UTF-8
        ("<?xml version='1.0' encoding='windows-1252'?>{}", "text/xml"),
        (
            "<?xml version='1.0' encoding='utf-8'?>{}",
            "application/xml; charset=windows-1252",
        ),  # the header goes first
        ("<?xml version='1.0' encoding='UTF-8'?>{}", "application/rss+xml"),  # nobody is right: guessed
        ("{}", "application/rss+xml; charset=nonsense"),
    ],
)
def test_charsets_that_disagree(data: str | bytes, content_type: str) -> None:
    document = "<rss><channel><item><title>Müller grüßt über Öl</title></item></channel></rss>"
    filled = (
        data.replace(b"{}", document.encode())
        if isinstance(data, bytes)
        else data.replace("{}", document).encode("cp1252")
    )
    assert read(filled, content_type=content_type).items[0].title == "Müller grüßt über Öl"


@pytest.mark.parametrize(
    "charset",
    [
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-be",
        "cp037",
        "koi8-r",
        "shift_jis",
        "gb18030",
    ],
)
def test_charsets(charset: str) -> None:
    title = {"cp037": "Grüße", "koi8-r": "Новости", "shift_jis": "ニュース", "gb18030": "新闻"}.get(
        charset, "Новости"
    )
    document = f"<?xml version='1.0' encoding='{charset}'?><rss><channel><item><title>{title}</title></item></channel></rss>"
    assert read(document.encode(charset)).items[0].title == title


def test_broken_xml_is_read_as_what_it_was_meant_to_be() -> None:
    feed = read(
        "<?xml version='1.0'?><rss version=2.0><channel><title>A & B<item><title>One &nbsp;&copy; two</title><link>http://e/?a=1&b=2&copy=3</link>"
        "<description><p>first<br>second</description><dc:creator>Ann</dc:creator></item><item><title>Two<link>http://e/2</link></item>"
    )
    assert [item.title for item in feed.items] == ["One © two", "Two"]
    assert [item.link for item in feed.items] == ["http://e/?a=1&b=2&copy=3", "http://e/2"]
    assert (feed.items[0].summary, feed.items[0].authors) == ("<p>first<br>second</p>", ("Ann",))
    assert feed.problems


def test_names_of_html_are_known_without_a_document_type() -> None:
    feed = read("<rss><channel><item><title>caf&eacute; &#146;x&#146;</title></item></channel></rss>")
    assert (feed.items[0].title, feed.problems) == ("café ’x’", ())


def test_when_the_feed_wants_to_be_asked() -> None:
    sy = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    feed = read(
        f"<rss><channel {sy}><ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours><skipDays><day>Sunday</day></skipDays></channel></rss>"
    )
    assert (feed.schedule.interval_seconds, feed.schedule.skip_hours, feed.schedule.skip_days) == (
        1800,
        {0, 7},
        {6},
    )
    assert read("<rss><channel><ttl>-5</ttl></channel></rss>").schedule.interval_seconds is None


def test_hubs() -> None:
    feed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='https://hub.example/'/><link rel='self' href='https://e.example/f'/></feed>"
    )
    assert (feed.hubs, feed.self_link) == (("https://hub.example/",), "https://e.example/f")
    headed = read(
        b"<rss><channel/></rss>", link='<https://hub.example/>; rel="hub", <https://e.example/t>; rel=self'
    )
    assert (headed.hubs, headed.self_link) == (("https://hub.example/",), "https://e.example/t")
    json = read(
        '{"version":"https://jsonfeed.org/version/1.1","hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[]}'
    )
    assert json.hubs == ("https://hub.example/",)


def test_what_other_vocabularies_say() -> None:
    item = rss(
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:content url='http://e/a.jpg' type='image/jpeg'/></media:group>"
        "<g:point xmlns:g='http://www.georss.org/georss'>52.5 13.4</g:point><dc:rights>CC BY</dc:rights><dc:language>de</dc:language>"
        "<category>Politics</category><category>Politics</category><dc:subject>Rivers</dc:subject><source url='http://o.example/f'>Other</source>"
        "<itunes:author>Ann</itunes:author><content:encoded>&lt;p&gt;whole&lt;/p&gt;</content:encoded><dc:date>2024-02-01T10:00:00Z</dc:date>"
    )
    assert (item.image, item.location, item.rights, item.language) == (
        "http://e/a.jpg",
        (52.5, 13.4),
        "CC BY",
        "de",
    )
    assert (item.categories, item.source_title, item.source_link) == (
        ("Politics", "Rivers"),
        "Other",
        "http://o.example/f",
    )
    assert (item.authors, item.content) == (("Ann",), "<p>whole</p>")
    assert item.published is not None
    assert item.published.value.isoformat() == "2024-02-01T10:00:00+00:00"


def test_a_json_feed() -> None:
    feed = read(
        '{"version":"https://jsonfeed.org/version/1","title":"F","home_page_url":"https://e.example/","author":{"name":"Desk"},"expired":true,'
        '"items":[{"id":7,"url":"/a","title":"A","content_text":"1 < 2","summary":"s","date_published":"2024-02-01T10:00:00Z","tags":["x","x"],'  # noqa: E501
        '"attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":9}]},{"id":"https://e.example/b","content_html":"<p>B</p>",'
        '"authors":[{"name":"Ann"}]}]}'
    )
    first, second = feed.items
    assert (first.guid, first.link, first.title, first.content, first.summary) == (
        "7",
        "https://e.example/a",
        "A",
        "1 &lt; 2",
        "s",
    )
    assert (first.authors, first.authors_of_feed, first.categories, first.attachments[0].length) == (
        ("Desk",),
        True,
        ("x",),
        9,
    )
    assert (second.link, second.title, second.title_from_body, second.authors) == (
        "https://e.example/b",
        "B",
        True,
        ("Ann",),
    )
    assert feed.expired


@pytest.mark.parametrize(
    ("links", "named"),
    [
        ("<link rel='alternate' hreflang='de' href='/de/1'/>", (("de", "http://e.example/de/1"),)),
        ("<link rel='alternate' hreflang='de' type='application/atom+xml' href='/de/all.xml'/>", ()),
        ("<link rel='enclosure' hreflang='de' href='/de/1.mp3'/><link hreflang='de' href='/de/1'/>", ()),
        ("<link rel='alternate' hreflang='de' href='javascript:x()'/>", ()),
    ],
)
def test_versions_in_other_languages(links: str, named: tuple[tuple[str, str], ...]) -> None:
    assert atom(f"<title>t</title><link href='/1'/>{links}").alternates == named
    prefixed = links.replace("<link", "<a:link xmlns:a='http://www.w3.org/2005/Atom'")
    assert rss(f"<title>t</title><link>http://e.example/1</link>{prefixed}").alternates == named


ATOM = "xmlns:a='http://www.w3.org/2005/Atom'"


def test_atom_says_in_rss_what_it_says_elsewhere() -> None:
    feed = read(
        f"<rss version='2.0' {ATOM}><channel><a:title>F</a:title><a:subtitle>About</a:subtitle><a:rights>R</a:rights>"
        "<a:logo>http://e/l.png</a:logo><item><title>t</title><link>http://e/1</link><a:rights>CC BY</a:rights>"
        "<a:issued>2024-02-01T10:00:00Z</a:issued><a:link rel='enclosure' href='http://e/a.mp3'/><enclosure url='http://e/b.mp3'/>"
        "<a:link rel='enclosure' href='http://e/b.mp3'/><a:source><a:title>Other</a:title><a:link href='http://o/'/></a:source></item>"
        "</channel></rss>"
    )
    assert (feed.title, feed.description, feed.rights, feed.image) == ("F", "About", "R", "http://e/l.png")
    item = feed.items[0]
    assert (item.rights, item.source_title, item.source_link) == ("CC BY", "Other", "http://o/")
    assert item.published is not None
    assert [each.url for each in item.attachments] == ["http://e/b.mp3", "http://e/a.mp3"]


def test_rights_of_atom_are_text_in_any_form() -> None:
    packed = "<rights type='application/octet-stream' mode='base64'>wqkgPGI+RTwvYj4gJmFtcDsgRg==</rights>"
    assert atom(f"<title>t</title>{packed}").rights == "© E & F"
    assert atom("<title>t</title><rights type='html'>&lt;b&gt;E&lt;/b&gt;</rights>").rights == "E"


@pytest.mark.parametrize(
    "element",
    ["body", "fullitem", "fulltext", "content:encoded", "x:body xmlns:x='http://www.w3.org/1999/xhtml'"],
)
def test_the_whole_text_of_an_item(element: str) -> None:
    end = element.partition(" ")[0]
    item = rss(f"<title>t</title><{element}>one <b>two</b> three</{end}><guid>1</guid>")
    assert (item.content, item.guid) == ("one <b>two</b> three", "1")


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("a<iframe src='http://v.example/1' /> <p>b</p>", "a <p>b</p>"),
        ("a<iframe src='http://v.example/1'> <p>b</p>", "a <p>b</p>"),
        ("a<script src='http://v.example/1.js'/> b", "a b"),
        ("<form action='/news'><p>b</p> c", "<p>b</p> c"),
        ("<object data='x'><object data='y'>z</object> b", " b"),
        ("a<textarea> <b>b</b>", "a <b>b</b>"),
        ("a<iframe>x</iframe>b<iframe>y", "aby"),
        ("a<iframe><form></iframe>b", "ab"),
        ("a<script>alert('<form>')</script>b", "ab"),
        ("a<script>alert(1)", "a"),
        ("a<style>p{}", "a"),
        ("a<svg width='1'/>b", "ab"),
        ("a<scr<iframe/>ipt>alert(1)</script>b", "ab"),
    ],
)
def test_what_follows_an_element_that_was_left_open_is_kept(markup: str, kept: str) -> None:
    found = rss(f"<guid>1</guid><description><![CDATA[{markup}]]></description>").summary
    assert found is not None
    assert found.replace("&gt;", ">") == kept.strip()


def test_elements_left_open_cost_no_more_than_their_length() -> None:
    found = rss(f"<guid>1</guid><description><![CDATA[{'<iframe src=x>' * 20_000}b]]></description>")
    assert found.summary == "b"


def test_punctuation_of_windows_1252_in_the_place_of_controls() -> None:
    assert rss("<title>don\x92t \x93stop\x94</title>").title == "don’t “stop”"


def test_a_feed_behind_a_document_type_of_html() -> None:
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://e.example/">'
    feed = read(f"<?xml version='1.0'?>{doctype}<!-- x --><rss><channel><title>F</title></channel></rss>")
    assert feed.title == "F"
    with pytest.raises(NotAFeedError) as page:
        read(f"{doctype}<html><body><rss></rss></body></html>")
    assert page.value.reason == "html"


def test_thai_without_a_declaration() -> None:
    headline = "นายกรัฐมนตรีประกาศมาตรการใหม่ด้านเศรษฐกิจและพลังงานในรัฐสภา"
    feed = read(f"<rss><channel><item><title>{headline}</title></item></channel></rss>".encode("cp874"))
    assert feed.items[0].title == headline


def json_item(fields: str) -> Item:
    return read(f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{{fields}}}]}}').items[0]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("How to use <canvas> and Vec<T>", "How to use <canvas> and Vec<T>"),
        ("Fish &amp; chips &lt;Ltd&gt;", "Fish & chips <Ltd>"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("The <em>real</em> deal", "The real deal"),
        ("x <script src=y>alert(1)</script>", "x"),
        ("x &lt;script src=y&gt;", "x"),
        ("x <img src=y onerror=z>", "x"),
    ],
)
def test_titles_of_json_feed_are_plain_text(written: str, title: str) -> None:
    assert json_item(f'"id":"1","title":"{written}"').title == title


def test_a_title_of_json_feed_from_the_summary_before_the_text() -> None:
    item = json_item('"id":"1","summary":"In short &amp; so","content_text":"At length"')
    assert (item.title, item.title_from_body) == ("In short & so", True)
    assert item.summary == "In short &amp; so"


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("5000000.0", 5_000_000), ('"5000000"', 5_000_000), ("100.5", 100), ("1e300", None), ("true", None), ('"x"', None),
        ("{}", None), ("-1", None),
    ],
)  # fmt: skip
def test_lengths_of_json_feed(written: str, length: int | None) -> None:
    item = json_item(f'"id":"1","attachments":[{{"url":"http://e/a","size_in_bytes":{written}}}]')
    assert item.attachments[0].length == length


@pytest.mark.parametrize(
    ("written", "guid"),
    [
        ("200.0", "200.0"), ("true", "true"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity"), ("NaN", "NaN"), ("null", None),
        ("[1]", None),
    ],
)  # fmt: skip
def test_ids_of_json_feed_are_strings(written: str, guid: str | None) -> None:
    assert json_item(f'"title":"t","id":{written}').guid == guid


def test_a_json_feed_without_a_version_is_told_by_its_items() -> None:
    assert read('{"items":[{"title":"t","content_html":"<p>x</p>"}]}').items[0].title == "t"
    for other in ("{}", '{"items":[]}', '{"items":[{"name":"x"}]}'):
        with pytest.raises(NotAFeedError):
            read(other)
