"""One address for one article: what is the same, what is not, what is none; and that the form is stable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.normalize import canonicalize
from newswire.text.canonicalize import TRACKERS

SAME = {
    "https://a.example/News/1?id=2": [
        "http://a.example/News/1?id=2",
        "HTTPS://A.EXAMPLE:443/News/1?id=2#comments",
        "http://a.example:80/News/1?utm_source=x&id=2&utm_medium=y",
        " https://a.example/News/1?id=2&fbclid=z \n",
        "https://a.example./News/1?UTM_Campaign=q&id=2",
        "//a.example/News/1?id=2",
        "http:/a.example/News/1?id=2",
        "https:\\\\a.example\\News\\1?id=2",
        "http://https://a.example/News/1?id=2",
        "https://a.example/News/x/../1?id=2&",
        "https://a.example/News/1;jsessionid=0F?id=2&PHPSESSID=1",
    ],
    "https://xn--mnchen-3ya.example/": [
        "https://münchen.example",
        "http://MÜNCHEN.example/?gclid=1",
        "https://mu\u0308nchen.example/#x",
    ],
    "https://a.example/#!/article/5": ["http://a.example/#!/article/5"],
    "https://a.example/p%20q": ["https://a.example/p q"],
    "https://a.example/?page=2": ["https://a.example?page=2"],
    "https://192.0.2.7/": ["http://192.0.2.7", "http://0xc0000207/"],
    "http://a.example:8080/": ["http://a.example:8080"],
}


@pytest.mark.parametrize(
    ("canonical", "variant"), [(c, v) for c, variants in SAME.items() for v in [c, *variants]]
)
def test_variants_of_one_address(canonical: str, variant: str) -> None:
    assert canonicalize(variant) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?cid=1001", "https://a.example/?cid=1002"),
        ("https://a.example/?sid=1", "https://a.example/?sid=2"),
        ("https://a.example/?id=1", "https://a.example/?id=2"),
        ("https://a.example/?p=10", "https://a.example/?p=11"),
        ("https://a.example/p/aBcD", "https://a.example/p/abcd"),
        ("https://a.example/a", "https://a.example/a/"),
        ("https://a.example/?a=1&b=2", "https://a.example/?b=2&a=1"),
        ("https://a.example/#!/article/5", "https://a.example/#!/article/6"),
        ("https://a.example:8443/", "https://a.example/"),
        ("https://a.example/", "https://b.a.example/"),
        ("https://a.example/?utmost=1", "https://a.example/"),
        ("https://a.example/%2F", "https://a.example//"),
    ],
)
def test_what_is_not_the_same(one: str, other: str) -> None:
    assert canonicalize(one) != canonicalize(other)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "news/1",
        "a.example/news",
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


PARAMETERS = st.lists(
    st.tuples(st.sampled_from([*sorted(TRACKERS)[:9], "utm_x", "id", "q", ""]), st.text(max_size=6)),
    max_size=5,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
URLS = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["a.example", "A.Example.", "bücher.example", "192.0.2.1", "[2001:db8::1]", "xn--bcher-kva.example"]
    ),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(max_size=20),
    PARAMETERS,
    st.sampled_from(["", "top", "!/route/1", "!"]),
)


@given(URLS | st.text(max_size=60))
def test_the_form_is_stable(url: str) -> None:
    try:
        canonical = canonicalize(url)
    except ValueError:
        return
    assert canonicalize(canonical) == canonical
    assert canonical.startswith(("https://", "http://"))
    assert canonical.isascii()
