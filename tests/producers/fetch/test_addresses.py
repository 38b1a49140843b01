"""What must never be asked: each line is a way to reach a place that is not public."""

from __future__ import annotations

import pytest

from producers.fetch.addresses import refusal
from producers.fetch.errors import Refused
from producers.fetch.target import target

PORTS = frozenset({80, 443})

REFUSED_URLS = """
http://127.0.0.1/
http://127.1/
http://127.0.1/
http://127.255.255.254/
http://2130706433/
http://0x7f000001/
http://0x7f.1/
http://0X7F.0.0.1/
http://017700000001/
http://0177.0.0.1/
http://0177.0.0.01/
http://127.0.0.1./
http://127.0.0.1%2E/
http://%31%32%37.0.0.1/
http://１２７.0.0.1/
http://127。0。0。1/
http://①②⑦.0.0.1/
http://0.0.0.0/
http://0/
http://0.1.2.3/
http://10.0.0.1/
http://167772161/
http://012.0.0.1/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.1.1/
http://3232235777/
http://100.64.0.1/
http://100.127.255.254/
http://169.254.169.254/latest/meta-data/
http://2852039166/
http://0xa9fea9fe/
http://0xa9.0xfe.0xa9.0xfe/
http://0251.0376.0251.0376/
http://168.63.129.16/
http://100.100.100.200/
http://192.0.0.192/
http://192.0.0.1/
http://192.0.2.1/
http://192.88.99.1/
http://198.18.0.1/
http://198.51.100.1/
http://203.0.113.1/
http://224.0.0.1/
http://239.255.255.255/
http://240.0.0.1/
http://255.255.255.255/
http://[::]/
http://[::1]/
http://[0:0:0:0:0:0:0:1]/
http://[::127.0.0.1]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[0:0:0:0:0:ffff:169.254.169.254]/
http://[::ffff:8.8.8.8]/
http://[::ffff:0:127.0.0.1]/
http://[64:ff9b::127.0.0.1]/
http://[64:ff9b::a00:1]/
http://[64:ff9b:1::1]/
http://[2002:7f00:1::1]/
http://[2002:a9fe:a9fe::]/
http://[2001::1]/
http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/
http://[2001:10::1]/
http://[2001:db8::1]/
http://[3fff::1]/
http://[100::1]/
http://[5f00::1]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[febf::1]/
http://[fec0::1]/
http://[fc00::1]/
http://[fd00:ec2::254]/
http://[ff02::1]/
http://[4000::1]/
http://[2606:4700::5efe:10.0.0.1]/
http://localhost/
http://LOCALHOST/
http://localhost./
http://sub.localhost/
http://localhost.localdomain/
http://metadata.google.internal/
http://metadata.google.internal./
http://printer.local/
http://router.lan/
http://host.home.arpa/
http://1.0.0.127.in-addr.arpa/
http://hidden.onion/
http://intranet/
http://metadata/
http://example.com../
http://a..b/
http://../
http:///
http://256.1.1.1/
http://1.2.3.4.5/
http://example.com:22/
http://example.com:25/
http://example.com:6379/
http://example.com:8080/
http://example.com:0/
http://example.com:65536/
http://user@example.com/
http://user:secret@example.com/
http://@example.com/
http://:@example.com/
http://8.8.8.8@127.0.0.1/
http://127.0.0.1\\@example.com/
http://exa mple.com/
ftp://example.com/
file:///etc/passwd
gopher://127.0.0.1:6379/_INFO
data:text/html,x
javascript:alert(1)
unix:/var/run/docker.sock
//example.com/
example.com
""".strip().splitlines()

PUBLIC_URLS = {
    "http://example.com/": ("example.com", 80),
    "https://EXAMPLE.com/": ("example.com", 443),
    "https://example.com:443/a?b=1#c": ("example.com", 443),
    "http://example.com./": ("example.com", 80),
    "https://münchen.de/": ("xn--mnchen-3ya.de", 443),
    "http://8.8.8.8/": ("8.8.8.8", 80),
    "http://134744072/": ("8.8.8.8", 80),
    "http://172.15.255.255/": ("172.15.255.255", 80),
    "http://172.32.0.1/": ("172.32.0.1", 80),
    "http://100.63.255.255/": ("100.63.255.255", 80),
    "http://192.167.255.255/": ("192.167.255.255", 80),
    "https://[2606:4700:4700::1111]/": ("2606:4700:4700::1111", 443),
    "https://[2a00:1450:4001::2004]/": ("2a00:1450:4001::2004", 443),
    "https://localhost.example.org/": ("localhost.example.org", 443),
    "http://example.com\\@127.0.0.1/": ("example.com", 80),
    "https://news.example.com//a@b": ("news.example.com", 443),
    "https://news.example.com/@author/1": ("news.example.com", 443),
}


def test_the_table_is_as_long_as_was_asked() -> None:
    assert len(set(REFUSED_URLS)) == len(REFUSED_URLS)
    assert len(REFUSED_URLS) >= 76


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_place_that_is_not_public_is_refused_by_its_address(url: str) -> None:
    with pytest.raises(Refused):
        target(url, ports=PORTS)


@pytest.mark.parametrize("url", PUBLIC_URLS)
def test_a_public_place_passes(url: str) -> None:
    host, port = PUBLIC_URLS[url]
    found = target(url, ports=PORTS)
    assert (found.host, found.port) == (host, port)
    assert "#" not in found.url


def test_an_address_is_refused_in_whatever_way_a_resolver_writes_it() -> None:
    for literal in (
        "127.0.0.1",
        "::1",
        "fe80::1%lo",
        "fe80::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "",
        "x",
    ):
        assert refusal(literal), literal


def test_loopback_passes_only_where_it_is_allowed_and_nothing_with_it() -> None:
    assert refusal("127.0.0.1", loopback=True) is None
    assert refusal("::1", loopback=True) is None
    for literal in (
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::",
        "fe80::1",
        "2002:7f00:1::",
    ):
        assert refusal(literal, loopback=True), literal
    assert target("http://localhost/", ports=PORTS, loopback=True).host == "localhost"


def test_a_relative_address_is_judged_after_it_is_resolved() -> None:
    base = "https://example.com/a/"
    assert target("../b", base=base, ports=PORTS).url == "https://example.com/b"
    assert target("//news.example.com/b", base=base, ports=PORTS).host == "news.example.com"
    for bad in (
        "//127.0.0.1/b",
        "http://0x7f.1/",
        "//user@example.com/",
        "file:///etc/passwd",
        "//example.com:22/",
    ):
        with pytest.raises(Refused):
            target(bad, base=base, ports=PORTS)


def test_an_address_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="url-length"):
        target("https://example.com/" + "a" * 2048, ports=PORTS)
