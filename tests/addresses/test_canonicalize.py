"""One address for one article: what is the same, what is not, what is none; and that the form is stable."""

from __future__ import annotations

import can_ada
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.normalize import Hints, canonicalize
from newswire.addresses.trackers import MAYBE, NAMES


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://www.a.example/News/1/?utm_source=x&id=2#top", "https://a.example/News/1?id=2"),
        ("https://a.example/?b=1&a=%7e", "https://a.example/?a=~&b=1"),
        ("http://a.example:8080", "http://a.example:8080/"),
        ("http://www.a.example:8080/news/", "http://www.a.example:8080/news"),
        ("https://www.192.0.2.7.example/", "https://192.0.2.7.example/"),
        ("https://a.example/#!/article/caf%c3%a9", "https://a.example/#!/article/caf%C3%A9"),
    ],
)
def test_the_form(url: str, canonical: str) -> None:
    assert canonicalize(url) == canonical


def test_what_is_known_of_a_site_goes_before_the_names() -> None:
    hints = Hints(meaningful=frozenset({"utm_id", "ref"}), trackers=frozenset({"x"}))
    url = "https://a.example/?utm_id=7&REF=rss&x=1&utm_source=y"
    assert canonicalize(url, hints=hints) == "https://a.example/?REF=rss&utm_id=7"
    assert canonicalize(canonicalize(url, hints=hints), hints=hints) == canonicalize(url, hints=hints)
    assert canonicalize(url) == "https://a.example/?x=1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "news/1",
        "news/a.html",
        "index.php",
        "a.example",
        "localhost/news",
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@a.example",
        "https://",
        "https://user:secret@a.example/",
        "https://user@a.example/",
        "https://./",
        "https://a b.example/",
        "https://[::1/",
        "https://a.example:99999/",
        "https://a.example/" + "x" * 2048,
        "https://a.example/?utm_source=" + "x" * 20_000,
        "https://href.li/?" * 11 + "https://a.example/",
    ],
)
def test_what_is_no_address_of_an_article(url: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        canonicalize(url)


def test_an_error_never_repeats_a_password() -> None:
    with pytest.raises(ValueError, match="user name or password") as error:
        canonicalize("https://user:secret@a.example/")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/b?x=1", "https://a.example/b?x=1"),
        ("c", "https://a.example/news/c"),
        ("../d", "https://a.example/d"),
        ("//b.example/e", "https://b.example/e"),
        ("http://c.example/", "https://c.example/"),
    ],
)
def test_relative_addresses(href: str, expected: str) -> None:
    assert canonicalize(href, "https://a.example/news/1") == expected


@pytest.mark.processor_seconds(30)  # milliseconds; where a rule takes the square of the length it is minutes
@pytest.mark.parametrize(
    ("begin", "repeated", "end"),
    [
        ("https://a.example", "/amp", ""),
        ("https://a.example/x", ".amp", ""),
        ("https://a.example", "/index.html", "/x"),
        ("https://a.example/", "print/", "1"),
        ("https://a.example/e", "%cc%81", ""),
        ("https://a.example/(", "S(aaaaaaaaaaaa)", ")/x"),
        ("https://a.example/?", "&amp;", ""),
        ("https://a.example/?source=", "share-", ""),
        ("https://a.example/", "20240102030405/", "http://x.example/"),
        ("https://", "m.", "a.example/"),
        ("", "a.", "/"),
        ("", "http://", "a.example/"),
        ("https://archive.ph/", "o/a/", "http://x.example/"),
        ("https://urldefense.com/v3/__", "http://x", "__;"),
        ("https://www.bing.com/ck/a?", "u=a1&", ""),
    ],
)
def test_a_hostile_address_costs_little(begin: str, repeated: str, end: str) -> None:
    address = begin + repeated * ((16_000 - len(begin) - len(end)) // len(repeated)) + end
    try:
        canonical = canonicalize(address)
    except ValueError:
        return
    assert canonicalize(canonical) == canonical


PARAMETERS = st.lists(
    st.tuples(
        st.sampled_from(
            [*sorted(NAMES)[:9], *sorted(MAYBE)[:5], "utm_x", "id", "q", "v", "amp", "amp;b", "url", ""]
        ),
        st.sampled_from(["1", "rss", "amp", "https://b.example/amp", "https%3A%2F%2Fb.example%2F%3Fa%3D1"])
        | st.text(max_size=6),
    ),
    max_size=5,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
HOSTS = [
    "a.example", "A.Example.", "bücher.example", "192.0.2.1", "[2001:db8::1]", "www.m.amp.a.example", "de.m.amp.a.example", "m.co.uk",
    "youtu.be",
    "www.google.com", "web.archive.org", "archive.ph", "x.cdn.ampproject.org", "amp.cnn.com", "a.blogspot.de", "href.li", "urldefense.com",
]  # fmt: skip
SEGMENTS = st.sampled_from(
    [
        "amp", "print", "index.html", "index.php", "1.amp.html", "a-b-c.amp.amp", "..", "", "https:", "20240102030405", "web", "s", "c",
        "url",
        "redirect", "cnn", "dQw4w9WgXcQ", "%41%cc%81", "%2e", "%", "e%CC%81", ";jsessionid=1", "(S(abcdefghijkl))", "b.example",
        "http%3A%2F%2Fb.example",
        "__https:", "__;", "2020", "v3", "amp_articleshow", "x-12345-amp-amp", "|\"", "~amp",
    ]
) | st.text(max_size=8)  # fmt: skip
URLS = st.builds(
    "{}{}{}/{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP:/", "//", "", "http://https://", "feed:https://"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.lists(SEGMENTS, max_size=7).map("/".join),
    PARAMETERS.map(lambda text: f"?{text}" if text else ""),
    st.sampled_from(["", "#top", "#!/route/1", "#!", "#/", "#!!/a", "#/%7e", '#!"']),
)


@settings(max_examples=200)
@given(URLS | st.text(max_size=60))
def test_the_form_is_stable(url: str) -> None:
    try:
        canonical = canonicalize(url)
    except ValueError:
        return
    assert canonicalize(canonical) == canonical
    assert canonical.startswith(("https://", "http://"))
    assert canonical.isascii()
    assert not {*' "<>\\^`{|}'} & {*canonical}
    assert can_ada.parse(canonical).href == canonical


@pytest.mark.parametrize("given", ["https://a.example/\ud800", "https://\ud800.example/", "\udfff"])
def test_a_lone_surrogate_is_a_value_error(given: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        canonicalize(given)
    with pytest.raises(ValueError, match="not an address"):
        canonicalize("/a", base=given)
