"""Plain text: repairs, paragraphs, headings, live markers, agencies and bylines."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.normalize.agency import credited_agency
from consumers.normalize.bylines import read_bylines
from consumers.normalize.declared_language import read_language
from consumers.normalize.headings import headings, looks_like_heading
from consumers.normalize.live import without_live_marker
from consumers.normalize.paragraphs import paragraphs
from consumers.normalize.plain import read_plain
from newswire.text import hygiene

ANY = st.text(st.characters(), max_size=60)  # also lone surrogates, controls and noncharacters


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("a\r\nb\rc\u2028d\u0085e", "a b c d e"),
        ("a\xa0b\u2003c\u3000d\u202fe", "a b c d e"),
        ("Cafe\u0301", "Café"),
        ("\ufeffso\xadft\u200b\0\x07\x1b\x7f\x81", "soft"),
        ("don\x92t \x93stop\x94\x97now\x85", "don’t “stop”—now"),
        ("\u202eevil\u202c \u2067x\u2069 \u202ay\u202c", "evil x y"),
        ("\ud83d\ude00 \ud800", ""),
        ("می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧", "می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧"),
        ("Ã¤ stays", "Ã¤ stays"),
    ],
)
def test_repairs(given: str, line: str) -> None:
    assert hygiene.line(given) == line


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Fish</b> &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("&lt;i&gt;Fish&lt;/i&gt;", "Fish"),
        ("a<script>alert(1)</script>b<style>c{}</style>", "a b"),
        ("a<script>alert(1)", "a"),
        ("Rates < 2 % & falling > 1", "Rates < 2 % & falling > 1"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("one<br>two<p>three", "one two three"),
        ("&#0;&#xD800;x", "\ufffd\ufffdx"),
        ("<a href='>'>x</a>", "'>x"),
        ("x" * 30_000, "x" * 20_000),
    ],
)
def test_titles_are_text(markup: str, text: str) -> None:
    assert hygiene.title(markup) == text


@given(ANY)
def test_repaired_text_is_clean_and_stays_so(text: str) -> None:
    for repair in (hygiene.clean, hygiene.line, hygiene.paragraph):
        repaired = repair(text)
        assert not re.search(
            "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u202d\u202e\ufeff\ufffe\uffff\ud800-\udfff]", repaired
        )
        assert unicodedata.is_normalized("NFC", repaired)
        assert repair(repaired) == repaired
        repaired.encode("utf-8")


@pytest.mark.parametrize(
    ("headline", "rest", "marker"),
    [
        ("Gates stuck: Live", "Gates stuck", ": Live"),
        ("Gates stuck – live", "Gates stuck", "– live"),
        ("Gates stuck - as it happened", "Gates stuck", "- as it happened"),
        ("Gates stuck | Live updates", "Gates stuck", "| Live updates"),
        ("Gates stuck — LIVE BLOG", "Gates stuck", "— LIVE BLOG"),
        ("LIVE: Gates stuck", "Gates stuck", "LIVE:"),
        ("Live updates: Gates stuck", "Gates stuck", "Live updates:"),
        ("Gates stuck (live)", "Gates stuck", "(live)"),
        ("[LIVE] Gates stuck", "Gates stuck", "[LIVE]"),
        ("Gates stuck: Live - as it happened", "Gates stuck", ": Live - as it happened"),
        ("Gates stuck: the sequel – live updates (live)", "Gates stuck: the sequel", "– live updates (live)"),
        ("LIVE: Gates stuck – as it happened", "Gates stuck", "LIVE: – as it happened"),
        ("Live: Live", "Live", ": Live"),
        ("EN DIRECT - Gates stuck", "Gates stuck", "EN DIRECT -"),
        ("下塔恩船闸：直播", "下塔恩船闸", "：直播"),
        ("How the other half live", "How the other half live", None),
        ("Where we live: a guide", "Where we live: a guide", None),
        ("Live", "Live", None),
        ("Long live: the queen of soups", "Long live: the queen of soups", None),
        ("Liverpool: a city", "Liverpool: a city", None),
        ("Cost-of-live", "Cost-of-live", None),
    ],
)
def test_live_markers(headline: str, rest: str, marker: str | None) -> None:
    assert without_live_marker(headline) == (rest, marker)


@pytest.mark.parametrize(
    "text",
    [
        "Boats turned back at the weir",
        "Will the gates open before Sunday?",
        "‘We are doing what we can’",
        "“Not one boat”: keeper on the closed gates",
        "What we know about the U.S. barge",
        "Mayor Dr. Quill asks for calm",
        "3 boats wait",
        "¿Cuándo se abrirán las compuertas?",
        "Ворота откроют в пятницу",
        "船只在堰前掉头",
        "قوارب تعود أدراجها",
    ],
)
def test_lines_that_look_like_headings(text: str) -> None:
    assert looks_like_heading(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "It rained.",
        "“It rained.”",
        "“It rained.” (translated)",
        "It rained!",
        "The keeper asked: “Is that all?”",
        "This is what we know:",
        "which is why the boats wait",
        "- a list item",
        "• A list item",
        "1. A list item",
        "It rained. The boats wait",
        "下雨了。",
        "बारिश हुई।",
        "أمطرت؛",
        "The boats " * 20,
        "Word " * 30,
        "It began with rain, with wind and with a gate that nobody could close, so that by noon the water stood in the street and rose",
    ],
)
def test_lines_that_do_not(text: str) -> None:
    assert not looks_like_heading(text)


def test_a_heading_needs_its_paragraph() -> None:
    assert headings(["It rained.", "A heading", "It rained."]) == [False, True, False]
    assert headings(["It rained.", "Not a heading"]) == [False, False]
    assert headings(["Milk", "Bread", "A heading", "It rained."]) == [False, False, True, False]
    assert headings(["He put it like this:", "“Rain and rain”", "It rained."]) == [False, False, False]
    assert headings([]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        ("One.\n \t\n\n\nTwo.\r\n\r\nThree.", ["One.", "Two.", "Three."]),
        (
            "The wardens of the lower lock said on Monday that\nthe gates would stay shut until the silt had been\ncleared by hand.",
            [
                "The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand."
            ],
        ),
        (
            "Council approves a new wall for the harbour of Tarn\nVote ends a dispute of nine years over cost and views",
            [
                "Council approves a new wall for the harbour of Tarn",
                "Vote ends a dispute of nine years over cost and views",
            ],
        ),
        (
            "The keeper of the lower lock has a well-\nknown dog, which barks at every boat that has no\nbell.",
            None,
        ),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_paragraphs(text: str, expected: list[str] | None) -> None:
    if expected is None:
        (only,) = paragraphs(text)
        assert "well-known dog" in only
    else:
        assert paragraphs(text) == expected


@given(st.lists(st.text(alphabet=" ab.AB“”:-\t", max_size=50), max_size=12).map("\n".join))
def test_no_word_is_lost_between_the_lines(text: str) -> None:
    def letters(texts: list[str]) -> str:
        return re.sub(r"\s", "", "".join(texts))

    assert letters(paragraphs(text)) == letters([text])
    found = read_plain(text, headline="Headline")
    assert letters([*(c.value for c in found.of("summary")), *found.text()]) == letters([text])


@pytest.mark.parametrize(
    ("texts", "agency"),
    [
        (["LOWER TARN (AP) — The gates"], "AP"),
        (["Lower Tarn, Valdria (Reuters) - The gates"], "Reuters"),
        (["(AFP) – The gates"], "AFP"),
        (["TARN (NPA) — The gates"], "NPA"),
        (["BERLIN (dpa) - Die Tore"], "dpa"),
        (["The gates are shut.", "— Reuters"], "Reuters"),
        (["The gates are shut.", "(AP)"], "AP"),
        (["The gates are shut. (AP)"], "AP"),
        (["The gates are shut – AFP"], "AFP"),
        (["The gates (which are shut) — as ever"], None),
        (["The Tarn Lock Authority (TLA) — which runs the gates"], None),
        (["Mr Quill (Green) - who was late"], None),
        (["The gates are shut. (TLA)"], None),
        (["— Ada Quill"], None),
        (["The gates.", "— Ada Quill"], None),
        ([], None),
    ],
)
def test_agencies(texts: list[str], agency: str | None) -> None:
    found = credited_agency(texts)
    assert (found.agency if found else None) == agency


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["By Ada Quill"], ("Ada Quill",)),
        (["by Ada Quill and Bo Reed"], ("Ada Quill", "Bo Reed")),
        (["Ada Quill, Bo Reed & Cy Dunn"], ("Ada Quill", "Bo Reed", "Cy Dunn")),
        (["Ada Quill, Chief Reporter"], ("Ada Quill",)),
        (["Von Jörg Häuser und Ida Öl"], ("Jörg Häuser", "Ida Öl")),
        (["Par Noémie Castagnet"], ("Noémie Castagnet",)),
        (["Ada Quill", "ADA@a.example", "https://a.example/ada", "Ada Quill"], ("Ada Quill",)),
        (["<a href='/ada'>Ada Quill</a>"], ("Ada Quill",)),
        (["Byron Ash"], ("Byron Ash",)),
        (["Ada Quill (aqu)", "Bo Reed og Cy Dunn"], ("Ada Quill", "Bo Reed", "Cy Dunn")),
        (["View all posts by Ada Quill"], ("Ada Quill",)),
        (["di Marco Tarn", "Da Weir"], ("Marco Tarn", "Da Weir")),
        (["Quill, Ada"], ("Ada Quill",)),
        (["José Volta e Pinto", "Ada Quill y Bo Reed"], ("José Volta e Pinto", "Ada Quill", "Bo Reed")),
        (["Ada Quill for The Tarn Mail", "Institute of Silt"], ("Ada Quill", "Institute of Silt")),
        (["Recueilli par Noémie Castagnet", "Harbour Court Reporter", "tarn.com"], ("Noémie Castagnet",)),
        (["Ada Quill | TBC"], ("Ada Quill",)),
        (["Web Desk", "TM-Redaktion", "admin", "105092", "ada-quill", "@ada"], ()),
        (["신현주 기자", "牛镛、岳弘彬"], ("신현주", "牛镛", "岳弘彬")),
        (["محمد وليد"], ("محمد وليد",)),
        (["x" * 200], ()),
        (["", " , ; & "], ()),
    ],
)
def test_bylines(given: list[str], names: tuple[str, ...]) -> None:
    assert read_bylines(given) == names


@pytest.mark.processor_seconds(
    30
)  # each letter was tried as the beginning of an address: half a second a byline
def test_bylines_of_one_endless_word_are_read_once() -> None:
    assert read_bylines(["(" * 20_000, *["x" * 20_000] * 199]) == ()


@pytest.mark.parametrize(
    ("declared", "tag"),
    [("en", "en"), ("EN-gb", "en-GB"), ("en_US", "en-US"), ("zh-hant-tw", "zh-Hant-TW"), ("English", "en"), ("iw", "he"), ("de, en", "de"),
     ("und", None), ("", None), ("klingonese", None), ("e", None), ("en-", None), ("../etc", None)],
)  # fmt: skip
def test_declared_languages(declared: str, tag: str | None) -> None:
    assert read_language(declared) == tag
