"""sources.toml: what it may say, what an error says, and that adding leaves the rest as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from waiting import PATIENCE

from newswire.errors import UsageError
from newswire.source_list import ListedSource, SourceList, read_list
from newswire.source_list.reading import parse
from newswire.source_list.writing import add_sources
from producers.polling.listed import polled_source

WHOLE = """# ours
[[source]]   # the first
name = "coastal-herald"
url = "https://herald.example/feed.xml"
kind = "feed"
publisher = "The Coastal Herald"
language = "en"
country = "GB"
timezone = "Europe/London"
articles = "feed"
interval_least = "15m"   # they asked for it
interval_most = "6h"
license = "CC-BY-4.0"
usage_terms = "with the author's name"
tags = ["coast", "local"]
paused = true

[[source]]
name = "tide"
url = "https://tide.example/sitemap.xml"
kind = "sitemap"
"""


def wrong(text: str | bytes) -> str:
    with pytest.raises(UsageError) as caught:
        parse(text.encode() if isinstance(text, str) else text, "sources.toml")
    return str(caught.value)


def source(**settings: object) -> ListedSource:
    return ListedSource.model_validate({"name": "a", "url": "https://a.example/"} | settings)


def test_all_settings() -> None:
    first, second = parse(WHOLE.encode(), "x").source
    assert (first.interval_least, first.interval_most, first.tags, first.paused) == (
        900,
        21600,
        ("coast", "local"),
        True,
    )
    assert (second.kind, second.articles, second.interval_least, second.interval_most) == (
        "sitemap",
        "page",
        300,
        86400,
    )
    assert polled_source(first).timezone == "Europe/London"
    assert parse(b"", "x") == SourceList()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('language = "en"', 'langauge = "en"'),
            "line 7, source 1 ('coastal-herald'), langauge: there is no such setting",
        ),
        (
            ('url = "https://tide.example/sitemap.xml"', ""),
            "line 18, source 2 ('tide'), url: it must be there",
        ),
        (
            ('"15m"', '"15 minutes"'),
            "line 11, source 1 ('coastal-herald'), interval_least: write it as 90s, 15m, 6h or 1d",
        ),
        (('"15m"', '"7h"'), "source 1 ('coastal-herald'): interval_least is longer than interval_most"),
        (('"15m"', "true"), "interval_least"),
        (
            ("paused = true", 'paused = "yes"'),
            "line 16, source 1 ('coastal-herald'), paused: it must be true or false, without quotes",
        ),
        (
            ('"GB"', '"England"'),
            "line 8, source 1 ('coastal-herald'), country: a country is two capital letters",
        ),
        (('"en"', '"English!"'), "language: a language is written as in BCP 47: en, en-GB"),
        (('"15m"', '"30s"'), "interval_least: it must be 60s at least"),
        (('"15m"', '"31d"'), "interval_least: it must be 30d at most"),
        (("paused = true", "paused = true\nnote = 5"), "note: it must be a text in quotes"),
        (('kind = "sitemap"', 'kind = "site map"'), "kind: a kind is feed or sitemap"),
        (
            ('"Europe/London"', '"GMT or so"'),
            "line 9, source 1 ('coastal-herald'), timezone: a time zone is written as",
        ),
        (
            ('"tide"', '"The Tide"'),
            "line 19, source 2 ('The Tide'), name: a name has lower-case letters, digits",
        ),
        (('"tide"', '"../../x"'), "line 19"),
        (
            ('"tide"', '"coastal-herald"'),
            "line 19, source 2 ('coastal-herald'): it has the name of line 3, source 1 ('coastal-herald')",
        ),
        (("https://tide.example/sitemap.xml", "http://HERALD.example/feed.xml"), "it has the url of line 4"),
        (
            ("https://tide.example/sitemap.xml", "https://herald.example.:443/feed.xml"),
            "it has the url of line 4",
        ),
        (("https://tide", "https://me:secret@tide"), "an address must hold no user or password"),
        (
            ("https://tide.example/sitemap.xml", "file:///etc/passwd"),
            "an address must be http:// or https://",
        ),
        (("https://tide.example/sitemap.xml", "https://tide.example:99999/"), "not an address"),
        (('kind = "sitemap"', 'kind = "sitemap"\narticles = "feed"'), "a sitemap holds no articles"),
        (
            ("[[source]]   # the first", "[[sources]]"),
            "sources: there is no such setting here: sources are written as",
        ),
        (('name = "tide"', "name = tide"), "is no valid TOML"),
        (('name = "tide"', 'name = "tide'), "line 19"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: tuple[str, str], says: str) -> None:
    assert change[0] in WHOLE
    assert says in wrong(WHOLE.replace(*change))


def test_an_error_never_repeats_a_password() -> None:
    assert "hunter2" not in wrong(WHOLE.replace("https://tide", "https://me:hunter2@tide"))


def test_other_wrong_files() -> None:
    assert "line 2: not UTF-8" in wrong(b"# ok\nname = '\xff'")
    assert "[[source]]" in wrong('source = "x"')
    assert "[[source]]" in wrong('name = "herald"\nurl = "https://herald.example/"')
    assert 'tags: it must be a list of texts: ["one", "two"]' in wrong(WHOLE + 'tags = "news"\n')
    assert "is no valid TOML" in wrong("a = " + "[" * 10_000)
    assert "is no valid TOML" in wrong("a = " + "9" * 5_000)
    many = wrong("".join(f'[[source]]\nname = "{n}"\n' for n in range(100)))
    assert "… and 90 more" in many


def test_a_list_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="newswire sources add"):
        read_list(tmp_path / "sources.toml")
    assert read_list(tmp_path / "sources.toml", missing_is_empty=True) == SourceList()


def test_adding_leaves_what_is_there_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "lists" / "sources.toml"
    add_sources(path, [source()])
    assert path.read_text().startswith("# The sources of Newswire")
    path.write_bytes((WHOLE + "# the end").replace("\n", "\r\n").encode())
    path.chmod(0o600)
    awkward = source(
        name="b",
        url="https://b.example/?a=1&b=[2]",
        publisher='The "Tide" \\ ü\n',
        tags=("x", "y"),
        interval_least=900,
    )
    add_sources(path, [awkward, source(name="c", url="https://c.example/")])
    assert path.read_bytes().startswith((WHOLE + "# the end").replace("\n", "\r\n").encode())
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_list(path).source[2:] == (awkward, source(name="c", url="https://c.example/"))
    assert sorted(each.name for each in path.parent.iterdir()) == [".sources.toml.lock", "sources.toml"]


def test_adding_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(WHOLE)
    with pytest.raises(UsageError, match="it has the name of"):
        add_sources(path, [source(name="new"), source(name="tide", url="https://b.example/")])
    path.write_text("nonsense")
    with pytest.raises(UsageError, match="no valid TOML"):
        add_sources(path, [source()])
    assert path.read_text() == "nonsense"


def test_a_link_stays_a_link_and_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text(WHOLE)
    link = tmp_path / "sources.toml"
    link.symlink_to(real)
    add_sources(link, [source()])
    assert link.is_symlink()
    assert len(read_list(real).source) == 3
    with pytest.raises(UsageError, match="cannot be written"):
        add_sources(real / "x" / "sources.toml", [source()])


ADD = """
import sys; from pathlib import Path
from producers.polling.listed import polled_source
from newswire.source_list import ListedSource
from newswire.source_list.writing import add_sources
for n in range(5):
    add_sources(Path(sys.argv[1]), [ListedSource(name=f"s{sys.argv[2]}-{n}", url=f"https://e.example/{sys.argv[2]}/{n}")])
"""


def test_several_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    running = [subprocess.Popen([sys.executable, "-c", ADD, str(path), str(n)]) for n in range(3)]
    assert [each.wait(PATIENCE) for each in running] == [0, 0, 0]
    assert len(read_list(path).source) == 15
