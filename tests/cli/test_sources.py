"""`newswire sources`: the real command line against real servers; nothing is asked without saying who asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_server import Web, page, web_server

from newswire.source_list import read_list

RSS = b"""<rss version="2.0"><channel><title>The Coastal Herald</title><language>en-GB</language><link>/</link>
<item><title>Tide &amp; storm</title><link>/2024/tide</link><guid>1</guid><pubDate>Thu, 01 Feb 2024 10:00:00 GMT</pubDate></item>
<item><title>Ferry</title><link>/2024/ferry</link><guid>2</guid></item></channel></rss>"""
COMMENTS = b"<rss version='2.0'><channel><title>Comments on: Herald</title><item><title>c</title><link>/c</link></item></channel></rss>"
FRONT = b"""<!doctype html><html><head><title>Herald</title>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">
<link rel="alternate" type="application/rss+xml" title="All articles" href="feed.xml">
<link rel="stylesheet" href="/s.css"><link rel="alternate" hreflang="de" href="/de"></head><body></body></html>"""
NEWS = b"""<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://herald.example/2024/tide</loc><news:news>
<news:publication><news:name>Herald</news:name><news:language>en</news:language></news:publication></news:news></url></urlset>"""
OPML = """<opml version="2.0"><body><outline text="Coast">
<outline text="The Coastal Herald" xmlUrl="https://herald.example.org/feed.xml" language="en"/>
<outline text="Herald again" xmlUrl="http://HERALD.example.org/feed.xml"/></outline>
<outline text="Tide &#x1b;[31m" xmlUrl="https://tide.example.org/f"/>
<outline text="Inside" xmlUrl="http://192.168.1.1/feed"/><outline text="Script" xmlUrl="javascript:alert(1)"/></body></opml>"""


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


@pytest.fixture
def listed(lonely: Any, web: Web, tmp_path: Path) -> Any:
    """Commands with a list of their own, that may fetch from the test's server."""
    return type(lonely)(
        lonely.environment
        | {
            "NEWSWIRE_SOURCES": str(tmp_path / "sources.toml"),
            "NEWSWIRE_CONTACT_URL": "https://example.org/bot",
            "NEWSWIRE_LOOPBACK_PORTS": str(web.port),
            "NEWSWIRE_FETCH_INTERVAL": "0",
        }
    )


@pytest.mark.parametrize(
    "address", ["http://localhost:8765/", "http://127.0.0.1:8765/", "http://[::1]:8765/"]
)
def test_who_tries_a_server_of_this_machine_is_told_how(lonely: Any, tmp_path: Path, address: str) -> None:
    given = {
        "NEWSWIRE_SOURCES": str(tmp_path / "sources.toml"),
        "NEWSWIRE_CONTACT_URL": "https://example.org/bot",
    }
    alone = type(lonely)(lonely.environment | given)
    for command in ("add", "check"):
        assert "NEWSWIRE_LOOPBACK_PORTS=8765" in alone.error("sources", command, address, status=2)
    # Of an address inside somebody's network nothing of the kind is said.
    assert "LOOPBACK" not in alone.error("sources", "add", "http://192.168.1.1:8765/", status=2)


def test_import_says_what_became_of_each_feed(listed: Any, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML)
    listed.run("sources", "import", tmp_path / "feeds.opml", "--dry-run", status=3)
    assert not (tmp_path / "sources.toml").exists()
    outcomes = listed.lines("sources", "import", tmp_path / "feeds.opml", "--json", status=3)
    assert [(each["status"], each["name"]) for each in outcomes] == [
        ("added", "the-coastal-herald"), ("known", "the-coastal-herald"), ("added", "tide-31m"), ("refused", None), ("refused", None)
    ]  # fmt: skip
    assert "192.168.1.1 is not a public address" in outcomes[3]["why"]
    first, _ = read_list(tmp_path / "sources.toml").source
    assert (first.publisher, first.language, first.tags) == ("The Coastal Herald", "en", ("Coast",))
    assert "\x1b" not in listed.text("sources", "list")


def test_import_names_feeds_without_an_address_and_a_list_that_breaks_off(
    listed: Any, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(OPML.replace("javascript:alert(1)", "").replace("&#x1b;[31m", "31m"))
    whole = listed.run("sources", "import", file, "--dry-run", "--json", status=3)
    assert "breaks off" not in whole.stderr.decode()
    assert '"why":"its address is empty: Script"' in whole.stdout.decode()
    file.write_text(OPML[: OPML.index('<outline text="Inside"')])
    broken = listed.run("sources", "import", file, "--dry-run", status=3)
    assert "the list breaks off or is broken XML" in broken.stderr.decode()


def test_a_password_in_an_address_is_not_shown(listed: Any, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    urls = ("https://me:hunter2@herald.example.org/f", "ftp://me:hunter2@herald.example.org/f")
    outlines = "".join(f'<outline type="rss" text="Feed" xmlUrl="{url}"/>' for url in urls)
    file.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    for command in (("import", file), ("import", file, "--json"), ("add", urls[0]), ("check", urls[0])):
        done = listed.run("sources", *command, status=3 if command[0] == "import" else 2)
        assert "hunter2" not in done.stdout.decode() + done.stderr.decode()
        assert "herald.example.org" in done.stdout.decode() + done.stderr.decode()


def test_import_counts_every_outline(listed: Any, tmp_path: Path) -> None:
    """An address that stands in the list twice is known the second time, or refused as often as it stands there."""
    file = tmp_path / "feeds.opml"
    urls = (
        "https://a.example.org/f",
        "https://b.example.org/f",
        "https://a.example.org/f",
        "http://10.0.0.1/f",
        "http://10.0.0.1/f",
        "ftp://c.example/",
    )
    outlines = "".join(f'<outline type="rss" text="Feed" xmlUrl="{url}"/>' for url in urls)
    file.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    done = listed.run("sources", "import", file, status=3)
    assert "2 added to" in (said := done.stderr.decode())
    assert "1 known, 3 refused" in said


def test_check_shows_an_endless_link_cut(listed: Any, web: Web) -> None:
    endless = "https://herald.example/" + "x" * 5_000
    items = "".join(
        f"<item><title>Tide {n}</title><link>{link}</link></item>"
        for n, link in enumerate(("https://herald.example/1", endless, "https://herald.example/&#x9b;31m"))
    )
    web.pages = {"/feed.xml": page(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())}
    text = listed.text("sources", "check", web.url("/feed.xml"))
    assert "x" * 90 + "…" in text
    assert max(map(len, text.splitlines())) < 400
    assert "\x9b" not in text
    (whole,) = listed.lines("sources", "check", web.url("/feed.xml"), "--json")
    assert endless in [each["url"] for each in whole["articles"]]


def test_a_kind_that_nobody_reads_is_named_with_what_was_meant(listed: Any, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text('[[source]]\nname = "herald"\nurl = "https://a.example/"\nkind = "feeds"\n')
    says = "no producer here reads sources of kind 'feeds' (herald): there are feed and sitemap. Did you mean 'feed'?"
    assert says in listed.run("sources", "list").stderr.decode()
    assert says in listed.error("produce", "feeds", "--once", status=2)
    file.write_text(file.read_text().replace('"feeds"', '"sitemap"'))
    assert "no producer" not in listed.run("sources", "list").stderr.decode()


def test_a_source_that_cannot_be_fetched_has_no_items_to_count(listed: Any, web: Web) -> None:
    web.pages = {"/feed.xml": page(body=RSS)}
    assert "would be published" in listed.run("sources", "check", web.url("/feed.xml")).stderr.decode()
    failed = listed.run("sources", "check", web.url("/gone.xml"), status=3)
    assert "failure" in failed.stdout.decode()
    assert "would be" not in failed.stderr.decode()


def test_a_request_that_was_sent_is_not_said_to_be_unsent(listed: Any, web: Web) -> None:
    web.pages = {
        "/broken.xml": page(body=RSS, Content_Encoding="gzip"),
        "/moved.xml": page(302, Location="/broken.xml"),
        "/robots.txt": page(body=b"User-agent: *\nDisallow: /private\n"),
    }

    def requests(path: str) -> list[str]:
        lines = listed.text("sources", "check", web.url(path), status=3).splitlines()
        begin = next(n for n, line in enumerate(lines) if line.startswith("request"))
        end = next(n for n, line in enumerate(lines) if line.startswith("robots.txt"))
        return [" ".join(line.removeprefix("request").split()) for line in lines[begin:end]]

    assert requests("/broken.xml") == [f"failed {web.url('/broken.xml')}"]
    assert requests("/moved.xml") == [f"302 {web.url('/moved.xml')}", f"failed {web.url('/broken.xml')}"]
    assert requests("/private/feed.xml") == [f"not sent {web.url('/private/feed.xml')}"]


def test_check_reads_dates_in_the_time_zone_of_the_source(listed: Any, web: Web, tmp_path: Path) -> None:
    """As the pipeline does: with a zone a local time is one in UTC, without one it is its day."""
    dated = RSS.replace(b"Thu, 01 Feb 2024 10:00:00 GMT", b"2024-02-01 22:30")
    web.pages = {"/feed.xml": page(body=dated)}
    zones = {"here": 'timezone = "America/New_York"\n', "nowhere": ""}
    (tmp_path / "sources.toml").write_text(
        "".join(
            f'[[source]]\nname = "{name}"\nurl = "{web.url(f"/feed.xml?{name}")}"\n{zone}'
            for name, zone in zones.items()
        )
    )
    found = {name: listed.lines("sources", "check", name, "--json")[0]["articles"][0] for name in zones}
    assert {name: (each["published"], each["precision"]) for name, each in found.items()} == {
        "here": ("2024-02-02T03:30:00+00:00", "minute"),
        "nowhere": ("2024-02-01T00:00:00+00:00", "day"),
    }


def test_what_is_no_list_is_refused(listed: Any, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(RSS)
    assert "not a list of feeds" in listed.error("sources", "import", tmp_path / "feed.xml", status=3)


def test_add_finds_the_feed_of_a_page_and_what_robots_txt_names(
    listed: Any, web: Web, tmp_path: Path
) -> None:
    web.pages = {
        "/": page(body=FRONT, Content_Type="text/html"),
        "/feed.xml": page(body=RSS),
        "/comments.xml": page(body=COMMENTS),
        "/robots.txt": page(body=b"Sitemap: /news.xml\n"),
        "/news.xml": page(body=NEWS),
    }
    found = listed.lines("sources", "add", web.url("/"), "--json")
    assert [(each["status"], each["kind"], each["url"], each["why"]) for each in found] == [
        ("found", "feed", web.url("/comments.xml"), "named by the page"),
        ("added", "feed", web.url("/feed.xml"), "named by the page"),
        ("found", "sitemap", web.url("/news.xml"), "named by robots.txt"),
    ]
    (source,) = read_list(tmp_path / "sources.toml").source
    assert (source.name, source.language, source.publisher) == (
        "the-coastal-herald",
        "en-GB",
        "The Coastal Herald",
    )
    assert all(seen["user-agent"] == "Newswire/0.1 (+https://example.org/bot)" for _, seen in web.seen)
    assert "is in" in listed.error("sources", "add", web.url("/feed.xml"), status=0)


def test_add_takes_what_stands_in_usual_places(listed: Any, web: Web, tmp_path: Path) -> None:
    web.pages = {
        "/": page(body=b"<html><body>no links</body></html>", Content_Type="text/html"),
        "/sitemap.xml": page(body=NEWS),
        "/feed": page(body=RSS),
    }
    listed.run("sources", "add", web.url("/"), "--all")
    assert [(each.name, each.kind) for each in read_list(tmp_path / "sources.toml").source] == [
        ("the-coastal-herald", "feed"), ("herald", "sitemap")
    ]  # fmt: skip


def test_add_says_why_it_adds_nothing(listed: Any, web: Web, tmp_path: Path) -> None:
    assert "status 404" in listed.error("sources", "add", web.url("/none"), status=3)
    web.pages["/private"] = page(body=RSS)
    web.pages["/robots.txt"] = page(body=b"User-agent: *\nDisallow: /private\n")
    assert "robots.txt" in listed.error("sources", "add", web.url("/private"), status=3)
    assert "not a public address" in listed.error("sources", "add", "http://169.254.169.254/", status=2)
    assert "is no name for a source" in listed.error(
        "sources", "add", web.url("/"), "--name", "../x", status=2
    )
    nobody = type(listed)(
        {name: value for name, value in listed.environment.items() if name != "NEWSWIRE_CONTACT_URL"}
    )
    assert "NEWSWIRE_CONTACT_URL" in nobody.error("sources", "add", web.url("/"), status=2)
    assert not (tmp_path / "sources.toml").exists()


def test_list_names_what_is_wrong_with_the_file(listed: Any, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "a"\nurl = "https://a.example/"\nkindd = "feed"\n'
    )
    assert "sources.toml is not right:\n  line 4, source 1 ('a'), kindd" in listed.error(
        "sources", "list", status=2
    )


def test_check_shows_request_robots_rights_items_and_next_poll(listed: Any, web: Web, tmp_path: Path) -> None:
    items = """<item><title>Tide</title><link>/2024/tide?utm_source=rss</link><guid>1</guid>
<pubDate>Thu, 01 Feb 2024 10:00:00 GMT</pubDate></item><item><title>Tide again</title><link>/2024/tide</link><guid>2</guid></item>
<item><title>Members</title><link>/private/1</link><guid>3</guid><pubDate>03/04/2024</pubDate></item>
<item><title>Nowhere</title><link>javascript:alert(1)</link><guid>x</guid></item><item><title>Inside</title><link>http://10.0.0.1/</link></item>"""
    skips = "<skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    web.pages = {
        "/old.xml": page(301, Location="/feed.xml"),
        "/feed.xml": page(
            body=f"<rss version='2.0'><channel><title>H</title><ttl>90</ttl>{skips}{items}</channel>".encode(),
            TDM_Reservation="1",
        ),
        "/robots.txt": page(body=b"User-agent: *\nDisallow: /private\nCrawl-delay: 0.1\n"),
    }
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "herald"\nurl = "{web.url("/old.xml")}"\nkind = "feed"\n'
    )
    (found,) = listed.lines("sources", "check", "herald", "--json")
    assert [(hop["url"], hop["status"]) for hop in found["request"]["hops"]] == [
        (web.url("/old.xml"), 301),
        (web.url("/feed.xml"), 200),
    ]
    assert found["request"]["moved_to"] == web.url("/feed.xml")
    assert found["robots"] == {"decision": "allows it", "crawl_delay": 0.1}
    assert found["rights"]["text_and_data_mining"] == "reserved"
    assert (found["asks_for_seconds"], found["failure"], len(found["problems"])) == (5400, None, 1)
    assert (found["skip_hours"], found["skip_days"]) == ([3], ["Sunday"])
    shown = [(each["title"], each["published_as"], each["why"]) for each in found["articles"]]
    assert shown == [
        ("Tide", "page", None),
        ("Tide again", "nothing", "the same as 'Tide' in this list"),
        ("Members", "feed", f"the robots.txt of 127.0.0.1:{web.port} does not allow its page"),
        ("Nowhere", "feed", "it has no address of http or https"),
        ("Inside", "feed", "10.0.0.1 is not a public address: private"),
    ]
    assert found["articles"][0]["canonical_url"] == web.url("/2024/tide")
    assert (found["articles"][2]["published"], found["articles"][2]["published_text"]) == (None, "03/04/2024")
    text = listed.text("sources", "check", "herald")
    assert "robots.txt allows it, 0.1 s between requests" in text
    assert "skips      the hours from 3:00, Sunday (UTC)" in text
    assert "? 03/04/2024" in text
    assert not [path for path in web.paths() if path.startswith("/2024")]


def test_check_of_an_address_says_what_is_wrong(listed: Any, web: Web) -> None:
    web.pages = {
        "/news.xml": page(body=NEWS),
        "/page": page(body=b"<html><body>Consent</body></html>", Content_Type="text/html"),
    }
    (sitemap,) = listed.lines("sources", "check", web.url("/news.xml"), "--json")
    assert (sitemap["kind"], sitemap["articles"][0]["canonical_url"]) == (
        "sitemap",
        "https://herald.example/2024/tide",
    )
    assert web.paths().count("/news.xml") == 1
    assert "sources add URL" in listed.run("sources", "check", web.url("/page"), status=3).stderr.decode()
    (wrong,) = listed.lines("sources", "check", web.url("/page"), "--json", status=3)
    assert (wrong["failure"]["reason"], wrong["articles"]) == ("not-a-feed-html", [])
