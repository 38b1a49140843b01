"""Titles without the site's name: what is cut, and what looks like it and stays."""

from __future__ import annotations

import pytest

from consumers.normalize.page_title import without_site
from consumers.normalize.site_names import site_names

SITES = site_names(
    {"og:site_name": ["The Lower Tarn Record"]},
    [{"@type": "WebSite", "name": "LowerTarn.example"}],
    "https://news.tarnmail.co.example/a",
)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("A lock – a weir", "A lock – a weir"),
        ("A lock – a weir | The Lower Tarn Record", "A lock – a weir"),
        ("A lock - LOWER TARN RECORD ONLINE", "A lock"),
        ("The Lower Tarn Record | A lock", "A lock"),
        ("LTR: A lock", "A lock"),
        ("A lock - LTR - Harbour", "A lock"),
        ("A lock | Harbour | LTR", "A lock"),
        ("A lock - Harbour | LTR", "A lock - Harbour"),
        ("Opinion | A lock - Tarnmail", "Opinion | A lock"),
        ("Harbour: A lock", "Harbour: A lock"),
        ("A lock｜Lower Tarn Record", "A lock"),
        ("A lock ㅣ Lower Tarn Record", "A lock"),
        ("A lockㅣLower Tarn Record", "A lock"),
        ("A lock :: lowertarn.example", "A lock"),
        ("Tarnmailboat sinks", "Tarnmailboat sinks"),
        ("Why the Lower Tarn Record was broken", "Why the Lower Tarn Record was broken"),
        ("Tarn-Mail", "Tarn-Mail"),
        ("Tarnmail", "Tarnmail"),
        ("", ""),
    ],
)
def test_only_the_name_of_the_site_is_cut(given: str, title: str) -> None:
    assert without_site(given, SITES) == title


def test_a_section_before_the_name_goes_when_the_page_has_it_as_its_section() -> None:
    assert without_site("A lock - Lock and Harbour - LTR", SITES) == "A lock - Lock and Harbour"
    assert without_site("A lock - Lock and Harbour - LTR", SITES, frozenset(("lockandharbour",))) == "A lock"
    assert without_site("Harbour - LTR - A lock", SITES, frozenset(("harbour",))) == "A lock"


def test_a_page_that_names_no_site_keeps_its_title() -> None:
    assert without_site("A lock - The Mail", site_names({}, [], None)) == "A lock - The Mail"


def test_a_host_has_the_last_word_whole() -> None:
    sites = site_names({}, [], "https://www.dweir.example/a")
    assert sites.have("The Daily Weir")
    assert not sites.have("Daily Weirs")
    assert not sites.have("Weir")
