"""What an address looks like, and which hosts only lead to others."""

from __future__ import annotations

import pytest

from newswire.addresses.leads import leads_elsewhere
from newswire.addresses.looks import looks_like


@pytest.mark.parametrize(
    ("path", "looks"),
    [
        ("/", "home"),
        ("/en", "home"),
        ("/de-at", "home"),
        ("/home.html", "home"),
        ("/?lang=de", "home"),
        ("/sport", "section"),
        ("/sport/football", "section"),
        ("/news/world/europe", "section"),
        ("/tag/quay-bridge-shut-again", "section"),
        ("/author/ann-lee", "section"),
        ("/news/page/2", "section"),
        ("/2024/05/01", "section"),
        ("/2024/05", "section"),
        ("/2024/05/01/quay", "article"),
        ("/news/lime-quay-bridge-closed", "article"),
        ("/news/world-55555555", "article"),
        ("/artikel/123456", "article"),
        ("/oKyFAMiZMbU", "article"),
        ("/p/aB3dE9xYz01", "article"),
        ("/?p=10", "article"),
        ("/story.php?id=5", "article"),
        ("/news/quay-bridge-shut.html", "article"),
        ("/#!/article/5", "article"),
        ("/news_info.php?SerialNo=83141", "article"),
        ("/?title=Quay", "unknown"),
        ("/quay", "section"),
        ("/quay-bridge-shut", "unknown"),
        ("/story.php", "unknown"),
    ],
)
def test_looks(path: str, looks: str) -> None:
    assert looks_like(f"https://a.example{path}") == looks


@pytest.mark.parametrize(
    ("host", "leads"),
    [
        ("bit.ly", True),
        ("archive.ph", True),
        ("news.google.com", True),
        ("google.de", True),
        ("eur01.safelinks.protection.outlook.com", True),
        ("rssfeeds.a.example", True),
        ("feeds.example", False),
        ("medium.com", False),
        ("a.medium.com", False),
        ("youtube.com", False),
        ("a.example", False),
    ],
)
def test_hosts_that_lead_elsewhere(host: str, leads: bool) -> None:
    assert leads_elsewhere(host) is leads
