"""Titles without the site's name: what is cut, and what looks like it and stays."""

from __future__ import annotations

import pytest

from consumers.normalize import extract
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
        ("重建海堤-Tarnmail", "重建海堤-Tarnmail"),
        ("重建海堤！-塔恩网", "重建海堤！"),
        ("重建海堤_新闻频道_塔恩网", "重建海堤"),
        ("重建海堤-北堤-塔恩日报", "重建海堤-北堤"),
        ("重建海堤 - 塔恩网", "重建海堤 - 塔恩网"),
        ("重建海堤-北堤", "重建海堤-北堤"),
        ("速報：港の壁を再建", "速報：港の壁を再建"),
        ("Tarnmailboat sinks", "Tarnmailboat sinks"),
        ("Why the Lower Tarn Record was broken", "Why the Lower Tarn Record was broken"),
        ("Tarn-Mail", "Tarn-Mail"),
        ("Tarnmail", "Tarnmail"),
        ("", ""),
    ],
)
def test_only_the_name_of_the_site_is_cut(given: str, title: str) -> None:
    assert without_site(given, SITES) == title


def test_unspaced_scripts_write_the_name_behind_a_bare_dash_or_colon() -> None:
    sites = site_names({"og:site_name": ["塔恩新聞デジタル"]}, [], None)
    assert without_site("港の壁を再建：塔恩新聞デジタル", sites) == "港の壁を再建"
    assert without_site("港の壁-再建—塔恩新聞デジタル", sites) == "港の壁-再建"


def headline(head: str, heading: str) -> str:
    html = f"<html><head>{head}</head><body><article>{heading}<p>{'It was long. ' * 30}</p></article></body></html>"
    found = extract(html, "https://www.tarn.example/news/wall-7")
    return next(each.value for each in found.of("headline") if not each.refused)


SITE = '<meta property="og:site_name" content="Tarn Record">'
OTHER = '<h1><a href="https://media.example/press/7">Weekly Tarn</a></h1>'


@pytest.mark.parametrize(
    ("head", "heading", "expected"),
    [
        (
            f'{SITE}<meta property="og:title" content="Tarn Record"><title>The wall falls</title>',
            "<h1>The wall falls</h1>",
            "The wall falls",
        ),
        (
            f'{SITE}<meta property="og:title" content="Tarn Record"><title>The wall falls</title>',
            "",
            "The wall falls",
        ),
        (f'{SITE}<meta property="og:title" content="Tarn Record">', "", "Tarn Record"),
        (
            f'{SITE}<meta property="og:title" content="Tarn Record"><title>Tarn Record</title>',
            "<h1>The wall falls</h1>",
            "The wall falls",
        ),
        ("<title>[Weekly Tarn] The wall falls down</title>", OTHER, "[Weekly Tarn] The wall falls down"),
        ("<title>Weekly Tarn</title>", OTHER, "Weekly Tarn"),
        (
            "<title>The wall falls down</title>",
            '<h1><a href="https://silt.example/7">The wall falls down again</a></h1>',
            "The wall falls down again",
        ),
        ("", "<h1>The wall<br>falls</h1>", "The wall falls"),
        (
            f'{SITE}<meta property="og:title" content="The wall falls and…"><title>The wall falls and rises | Tarn Record</title>',
            "",
            "The wall falls and rises",
        ),
        (
            '<meta property="og:title" content="And then..."><title>And then... - Sailors of Silt</title>',
            "",
            "And then...",
        ),
        ("", "<h1><span>T</span>he wall</h1>", "The wall"),
        ("<title>Wall: it falls</title>", "<h1><b>Wall:</b><span>it falls</span></h1>", "Wall: it falls"),
        (
            "<title>The wall falls</title>",
            "<h1>The wall falls<small>Subscribers</small></h1>",
            "The wall falls",
        ),
        (
            "<title>The wall falls</title>",
            "<h1><i>Live</i> <b>The wall falls</b> <i>Video</i></h1>",
            "The wall falls",
        ),
    ],
)
def test_a_headline_is_neither_the_site_nor_a_logo_and_has_no_badge(
    head: str, heading: str, expected: str
) -> None:
    assert headline(head, heading) == expected


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
