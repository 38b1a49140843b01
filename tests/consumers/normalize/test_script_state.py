"""What scripts hold of an article: literals as scripts write them, references, rich text, and bounds. The cases have whole pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from consumers.normalize import extract
from consumers.normalize.script_state.calls import read_call
from consumers.normalize.script_state.literals import read_literal
from consumers.normalize.script_state.prose import Prose
from consumers.normalize.script_state.references import containers, flat, linked, streamed
from consumers.normalize.script_state.scripts import states
from newswire.errors import Reject

TITLE = "Lock gates stuck in Lower Tarn"
TEXT = (
    "The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand. "
    * 3
)


def texts(value: Any) -> list[tuple[bool, str]]:
    return Prose().read(value)


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('{"a": [1, 2.5, "x", true, null]}', {"a": [1, 2.5, "x", True, None]}),
        (
            "{a: 'x', $b_1: `y`, 'c': !0, d: !1, e: void 0, f: undefined, 7: .5,}",
            {"a": "x", "$b_1": "y", "c": True, "d": False, "e": None, "f": None, "7": 0.5},
        ),
        ("[,1,/* two */ 2, // three\n 3,]", [None, 1, 2, 3]),
        (
            r"{a: 'it\'s \x41\u0042\u{43}\
D\u002F\q'}",
            {"a": "it's ABCD/q"},
        ),
        (r'"\ud83d\ude00"', "😀"),
        (
            "{a: new Date('2024-02-01'), b: Object.freeze({c: [1]}), d: some.name}",
            {"a": None, "b": None, "d": None},
        ),
        ("('x', {a: 1})", ["x", {"a": 1}]),
        ("{a: -0x1f, b: 1e3, c: 007}", {"a": -31, "b": 1000.0, "c": None}),
    ],
)
def test_literals_of_scripts_are_read(script: str, value: Any) -> None:
    read = read_literal(f"x={script};y=1", 2)
    assert (read.is_whole, read.value, read.end) == (True, value, 2 + len(script))


@pytest.mark.parametrize(
    "script",
    [
        "",
        "x",
        "{",
        "{a",
        "{a:",
        "{a:1",
        "[1",
        "[1}",
        "{a:1]",
        "{a b}",
        "{[a]: 1}",
        "{...a}",
        "function(){}",
        "[" * 1000,
        "[a+b]",
        "{a: x(}",
        "`${x}`",
    ],
)
def test_what_is_no_literal_is_none(script: str) -> None:
    read = read_literal(script, 0)
    assert not read.is_whole
    assert read.value is None
    assert read.end <= len(script)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_is_read_as_it_is_with_and_without_what_scripts_allow(value: Any) -> None:
    written = json.dumps([value])
    assert read_literal(written, 0).value == [value]
    assert read_literal(f"{written[:-1]},]", 0).value == [value]  # the comma makes it a script's


@given(st.text(alphabet="{}[]():,'\"\\/*abc019!. \n", max_size=60))
def test_any_script_is_read_or_not(script: str) -> None:
    assert read_literal(script, 0).end <= len(script)


def test_a_function_that_is_called_at_once_gives_back_its_arguments() -> None:
    script = 'f=(function(a,b,c){c.x=a;c["y"]=[b];c.z=!0;return {p:a,q:[b,{r:c}],s:"t"}}("A",{n:1},Array(1)));next()'
    read = read_call(script, script.index("c.x"), "a,b,c")
    assert read.value == {"p": "A", "q": [{"n": 1}, {"r": {"x": "A", "y": [{"n": 1}], "z": None}}], "s": "t"}
    assert not read_call("f=(function(a){while(1){}return {}}(1))", 15, "a").is_whole


def test_references_lead_to_records() -> None:
    value = linked(
        {
            "ROOT_QUERY": {
                "a": {"__ref": "S:1"},
                "b": {"__refs": ["S:1", "S:9"]},
                "c": {"type": "id", "id": "S:1"},
            },
            "S:1": {"x": 1, "self": {"__ref": "S:1"}},
        }
    )
    record = value["S:1"]
    root = value["ROOT_QUERY"]
    assert root["a"] is root["c"] is root["b"][0] is record
    assert len(root["b"]) == 1
    assert record["self"] is record
    assert len(list(containers(value))) == 4


def test_a_flat_list_is_what_its_places_say() -> None:
    assert flat([{"a": 1, "b": 2}, ["Ref", 3], [3, 4], "x", ["Date", "2024-02-01"]]) == {
        "a": ["x"],
        "b": ["x", []],
    }
    assert flat([[0]])[0] is not None  # in itself
    assert flat([{"a": 99, "b": "c", "d": -1}]) == {"a": None, "b": None, "d": None}


def test_rows_of_a_stream_refer_to_one_another() -> None:
    found = streamed(
        ':HL["x"]\n1:I[1]\n2:{"a":"$3","b":"$L4","c":"$9"}\n3:T5,äö\n4:[1]\nbroken\n5:{"never":1}'
    )
    assert found == [{"a": "äö\n", "b": [1], "c": "$9"}, "äö\n", [1]]


RICH_TEXT = Path(__file__).parent / "rich_text"
"""One sentence, a heading and another sentence, as editors keep them: adding a form is adding a file."""


@pytest.mark.parametrize("form", sorted(path.name for path in RICH_TEXT.iterdir()))
def test_rich_text_is_read_in_any_form(form: str) -> None:
    assert texts(json.loads((RICH_TEXT / form).read_text(encoding="utf-8"))) == [
        (False, "A first sentence."),
        (True, "Below"),
        (False, "A second sentence."),
    ]


def test_what_stands_beside_a_text_is_not_read() -> None:
    beside = {
        "author": {"bio": TEXT * 2},
        "related": [{"text": TEXT * 2}],
        "comments": [TEXT * 9],
        "text": "A sentence.",
    }
    assert texts(beside) == [(False, "A sentence.")]
    assert texts([{"title": "Another", "url": "/x", "text": TEXT}, "A sentence."]) == [(False, "A sentence.")]


def test_a_text_that_comes_twice_is_read_once() -> None:
    assert texts([TEXT, {"text": TEXT}]) == [(False, TEXT.strip())]


def test_lines_of_a_text_are_paragraphs() -> None:
    assert texts("One &amp; two.\n\nThree.") == [(False, "One & two."), (False, "Three.")]


def script(text: str, kind: str = "") -> Any:
    element = fragment_fromstring("<script></script>")
    element.text = text
    if kind:
        element.set("type", kind)
    return element


def test_only_what_is_long_enough_is_a_state() -> None:
    long = json.dumps({"text": TEXT})
    found = states(
        [
            script(f"a={{b:1}};window['c d']={long};let e = {long}"),
            script(long, "application/json"),
            script(long, "application/ld+json"),
            script(long, "text/template"),
        ]
    )
    assert [each.name for each in found] == ["window['c d']", "e", "script"]
    assert all(each.value == {"text": TEXT} for each in found)


NEXT = '<script id="__NEXT_DATA__" type="application/json">'
NUXT = '<script type="application/json" id="__NUXT_DATA__">'
HOSTILE = {
    "nesting": NEXT + "[" * 4_000_000,
    "nested-objects": NEXT + f'{{"title":"{TITLE}","body":' * 100_000,
    "empty-objects": NEXT + f'{{"title":"{TITLE}","body":[' + "{}," * 140_000 + "{}]}",
    "too-many-objects": NEXT + f'{{"title":"{TITLE}","body":[' + "{}," * 2_000_000 + "{}]}",
    "articles": NEXT + json.dumps([{"title": TITLE, "body": "x" * 40}] * 40_000),
    "assignments": "<script>" + "a={b:1,c:'x'};" * 200_000,
    "assignments-in-assignments": "<script>" + "a={" * 1_000_000,
    "assignments-of-strings": "<script>" + 'a="' * 1_000_000,
    "names": "<script>" + "window.a.b.c.d" * 300_000,
    "one-name": "<script>" + "a" * 4_000_000,
    "indexed-names": "<script>" + "a['b']" * 600_000,
    "functions": "<script>" + "a=(function(b){" * 200_000,
    "parameters": "<script>a=(function(" + "b," * 1_000_000,
    "comments": "<script>a={" + "/*" * 1_000_000,
    "records-in-themselves": NEXT
    + json.dumps(
        {"ROOT_QUERY": {"title": TITLE, "body": {"__ref": "A"}}, "A": {"body": [{"__ref": "A"}] * 500}}
    ),
    "doubling": NUXT
    + json.dumps([{"title": 61, "body": 1}, *([n + 1, n + 1] for n in range(1, 60)), "x", TITLE]),
    "stream": "".join(
        f'<script>self.__next_f.push([1,"{n:x}:[\\"${n + 1:x}\\",\\"${n + 1:x}\\"]\\n"])</script>'
        for n in range(1, 5_000)
    ),
    "stream-beyond-its-end": '<script>self.__next_f.push([1,"1:Tffffff,x"])',
    "markup": NEXT + json.dumps({"title": TITLE, "body": ["<p>x</p>"] * 100_000}),
    "nested-markup": NEXT + json.dumps({"title": TITLE, "body": "<div>" * 500_000}),
    "json-in-json": NEXT + json.dumps({"title": TITLE, "body": ["[" + "[]," * 2_000 + '""]'] * 300}),
    "titles": NEXT + json.dumps([{"title": TITLE + "<" * 900}] * 4_000),
    "one-string": NEXT + json.dumps({"title": TITLE, "a": "." * 3_000_000, "b": "a " * 1_000_000}),
    "text-in-json-ld": '<script type="application/ld+json">'
    + json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": "<p>" * 500_000 + "x"}),
}


@pytest.mark.timeout(120)  # without its bounds each of these takes minutes, and some all memory
@pytest.mark.parametrize("name", HOSTILE)
def test_bounded(name: str) -> None:
    with pytest.raises(Reject) as verdict:
        extract(f"<title>{TITLE}</title><body>{HOSTILE[name]}</script></body>")
    assert verdict.value.reason in ("empty-body", "not-an-article")


@pytest.mark.timeout(120)
def test_an_endless_word_is_looked_at_once() -> None:
    assert [key for _, key in Prose().keys({"body": "_" * 1_000_000 + "!", "id": "_" * 1_000_000})] == [
        "body"
    ]


def test_a_text_behind_doubling_references_is_found_all_the_same() -> None:
    places = [{"title": 62, "body": 1}, *([n + 1, n + 1] for n in range(1, 60)), 0, TEXT, TITLE]
    places[59] = [61]
    found = extract(f"<title>{TITLE}</title><body>{NUXT}{json.dumps(places)}</script></body>")
    assert list(found.text()) == [TEXT.strip()]


def test_scripts_without_a_word_of_the_title_are_passed_over() -> None:
    long = json.dumps({"text": TEXT})
    assert [each.name for each in states([script(f"a={long}")], ["wardens"])] == ["a"]
    assert states([script(f"a={long}")], ["weather"]) == []
