"""The classifier of blocks: cutting, scoring, choosing, and the weights that are shipped."""

from __future__ import annotations

import random
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from block_examples import site_of
from hypothesis import given
from hypothesis import strategies as st
from label_blocks import coverage
from lxml.html import document_fromstring
from train_blocks import forest, token_buckets

import consumers.normalize.blocks.read
from consumers.normalize import Normalize, extract
from consumers.normalize.blocks.choose import choose
from consumers.normalize.blocks.context import context
from consumers.normalize.blocks.cut import Page, cut
from consumers.normalize.blocks.forest import CERTAIN, probabilities
from consumers.normalize.blocks.measure import NAMES
from consumers.normalize.blocks.model import STEP, Scorer, Weights, weights
from consumers.normalize.blocks.read import measures
from consumers.normalize.blocks.reading_tips import without_tips
from consumers.normalize.blocks.second import second
from consumers.normalize.blocks.tokens import BITS, buckets, text_buckets, text_tokens
from consumers.normalize.blocks.view import View
from consumers.normalize.page_body import sections_of
from newswire.errors import StageStoppedError

P = "The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand."
PAGE = (
    "<body><nav class='menu'><ul><li><a href=1>News</a><li><a href=2>Sport</a><li><a href=3>Weather</a></ul></nav>"
    f"<article class='story'><h1>Lock gates stuck</h1><p>{P}</p><h2>Nobody <em>asked</em></h2><p>{P.replace('Monday', 'Tuesday')}</p>"
    f"<p>{P.replace('Monday', 'Friday')}</p></article><footer class='site-footer'><p>© The Tarn Mail</p></footer></body>"
)


def page_of(markup: str) -> Page:
    return cut(document_fromstring(markup))


def texts(markup: str) -> list[str]:
    return [" ".join(block.text.split()) for block in page_of(markup).blocks]


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("<p>The l<b>o</b>ck <a href=x>gate</a>s</p><p>stuck</p>", ["The lock gates", "stuck"]),
        ("<div>Before<p>inside</p>after</div>", ["Before", "inside", "after"]),
        ("<p>one<br>line<br><br>two</p>", ["one line", "two"]),
        ("<table><tr><td>Lock</td><td>shut</td></tr><tr><td>Weir</td><td>open</td></tr></table>", ["Lock | shut", "Weir | open"]),
        ("<table><tr><td><p>Lock</p><td><p>shut</p></table>", ["Lock", "shut"]),
        ("<p>seen</p><p hidden>no</p><p style='display: none'>no</p><script>no</script><button>no</button>", ["seen"]),
        ("<form><p>seen</p></form>", ["seen"]),
        ("<div hidden id='S:1a'><p>streamed</p></div><div class=paywall style='display:none'>walled</div>", ["streamed", "walled"]),
        ("<x-story><x-line>one</x-line><x-line>two</x-line></x-story>", ["one", "two"]),
        ("<p> \n </p>", []),
    ],
)  # fmt: skip
def test_blocks_end_where_block_level_elements_do(markup: str, blocks: list[str]) -> None:
    assert texts(markup) == blocks


def test_elements_know_their_blocks_and_what_is_around_them() -> None:
    page = page_of("<p>a</p><div><p>b <a href=x>link</a></p><p>c</p></div><p>d</p>")
    around = [key[0] for key in page.keys].index("div")
    assert [block.text.strip() for block in page.blocks[page.first[around] : page.last[around]]] == [
        "b link",
        "c",
    ]
    assert page.parents[page.blocks[1].node] == around
    assert (page.blocks[1].links, page.blocks[1].linked, page.blocks[2].linked) == (1, 4, 0)


def test_what_the_linear_model_sums_is_what_it_is_trained_on() -> None:
    page = page_of(PAGE)
    measured = measures(page, "Lock gates stuck", "")
    table = np.array(random.Random(4).choices(range(-127, 128), k=1 << BITS), dtype=np.int8)
    path, text = Scorer(Weights(table, 0)).linear(page, measured)
    assert (path + text).tolist() == [
        STEP * int(table[buckets].sum()) for buckets in token_buckets(page, measured)
    ]


def feature_names(page: Page) -> tuple[tuple[str, ...], tuple[str, ...]]:
    nothing = np.zeros(len(page.blocks), dtype=np.int64)
    view = View(page, np.zeros((len(page.blocks), len(NAMES)), dtype=np.int64), nothing)
    return context(view, nothing, nothing)[1], second(view, nothing)[1]


def tree(rng: random.Random, depth: int) -> dict[str, Any]:
    if not depth or rng.random() < 0.2:
        return {"leaf_value": rng.randrange(-900, 900) / 1000}
    return {
        "split_feature": rng.randrange(6),
        "threshold": rng.randrange(10) + 1e-35,
        "left_child": tree(rng, depth - 1),
        "right_child": tree(rng, depth - 1),
    }


def walk(node: dict[str, Any], row: list[int]) -> float:
    while "leaf_value" not in node:
        node = node["left_child" if row[node["split_feature"]] <= node["threshold"] else "right_child"]
    return float(node["leaf_value"])


def test_trees_asked_at_once_answer_as_one_by_one() -> None:
    rng = random.Random(7)
    trees = [
        {"split_feature": 0, "threshold": 4.5, "left_child": tree(rng, 4), "right_child": tree(rng, 4)}
        for _ in range(9)
    ]
    by = forest({"tree_info": [{"tree_structure": each} for each in trees]}, ())
    rows = [[rng.randrange(11) for _ in range(6)] for _ in range(1100)]
    table = probabilities()
    expected = [
        table[
            min(
                2048,
                max(0, int(round(sum(walk(each, row) for each in trees) * 10_000) * 128 // 10_000) + 1024),
            )
        ]
        for row in rows
    ]
    assert by.likelihoods(np.array(rows)).tolist() == [int(each) for each in expected]


def test_as_much_is_taken_as_promises_the_best_f1() -> None:
    taken, expected = choose(np.array([CERTAIN, 0, CERTAIN // 2, CERTAIN // 10]), np.array([50, 80, 10, 10]))
    assert taken.tolist() == [True, False, True, False]
    assert expected == pytest.approx(2 * 55 / (60 + 56), abs=1e-3)
    assert choose(np.array([3, 9]), np.array([4, 0]))[0].any()  # never nothing at all


def test_shipped_weights_are_numbers_for_the_features_of_this_code() -> None:
    by = weights()
    assert by is not None
    assert by.first is not None
    assert by.second is not None
    first, more = feature_names(page_of(PAGE))
    assert list(by.first.features) == [zlib.crc32(name.encode()) for name in first]
    assert list(by.second.features) == [zlib.crc32(name.encode()) for name in first + more]
    path = Path(str(consumers.normalize.blocks.read.__file__)).parent / "weights.npz"
    assert path.stat().st_size < 500_000
    with np.load(path, allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} <= {"i", "u"}


def test_a_page_is_read_the_same_by_a_fresh_process_and_a_busy_one() -> None:
    by = weights()
    assert by is not None
    page = page_of(PAGE)
    measured = measures(page, "Lock gates stuck", "")
    busy = Scorer(by)
    for at in range(40):
        busy.likelihoods(page_of(PAGE.replace("story", f"story{at}")), measured)
    assert busy.likelihoods(page, measured).tolist() == Scorer(by).likelihoods(page, measured).tolist()


def test_text_is_told_from_what_stands_around_it() -> None:
    found = extract(PAGE)
    assert [section.heading for section in found.sections] == [None, "Nobody asked"]
    assert len(list(found.text())) == 4
    assert 0.5 < found.sections_confidence <= 1


def test_the_text_is_to_be_had_as_small_html() -> None:
    found = extract(PAGE.replace("by hand.</p><h2>", "by &lt;hand&gt;.</p><h2>"))
    assert found.html().startswith("<p>The wardens")
    assert "by &lt;hand&gt;.</p>\n<h2>Nobody asked</h2>\n<p>" in found.html()


def test_without_weights_a_library_reads_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.normalize.blocks.read.scorer", lambda: None)
    found = extract(PAGE)
    assert P in found.sections[0].paragraphs
    assert found.sections_confidence == 1.0


def test_headings_without_text_stay_as_paragraphs() -> None:
    blocks = [(True, "One"), (True, "Two"), (False, "text"), (True, "Last")]
    sections = sections_of(blocks, ())
    assert [(each.heading, each.paragraphs) for each in sections] == [
        (None, ("One",)),
        ("Two", ("text", "Last")),
    ]


def test_labels_cover_what_the_gold_text_has() -> None:
    blocks = ["Share", P, "Silt", P.replace("Monday", "Friday"), "Read more", P]
    assert coverage(blocks, f"{P}\n\nSilt\n\n{P.replace('Monday', 'Friday')}") == [0, 1, 1, 1, 0, 0]


def test_sites_are_told_by_their_name() -> None:
    assert [site_of(f"https://{host}/a") for host in ("www.bbc.co.uk", "bbc.com", "news.orf.at")] == [
        "bbc",
        "bbc",
        "orf",
    ]


def test_readme_names_every_module() -> None:
    room = Path(str(consumers.normalize.blocks.read.__file__)).parent
    readme = (room / "README.md").read_text(encoding="utf-8")
    assert {path.stem for path in room.glob("*.py")} - {"__init__"} <= set(re.findall(r"`([a-z_]+)`", readme))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_damaged_weights_stop_the_stage_at_its_start(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights.npz").write_bytes(content)
    monkeypatch.setattr("consumers.normalize.blocks.model.files", lambda _: tmp_path)
    weights.cache_clear()
    try:
        with pytest.raises(StageStoppedError, match=r"weights\.npz.*Install the package again"):
            Normalize()
    finally:
        weights.cache_clear()


def test_weights_of_another_shape_are_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(str(consumers.normalize.blocks.read.__file__)).parent / "weights.npz"
    with np.load(path, allow_pickle=False) as stored:
        np.savez(tmp_path / "weights.npz", **{**stored, "table": stored["table"][:100]})
    monkeypatch.setattr("consumers.normalize.blocks.model.files", lambda _: tmp_path)
    weights.cache_clear()
    try:
        with pytest.raises(StageStoppedError, match="its table is"):
            Normalize()
    finally:
        weights.cache_clear()


@given(st.lists(st.text(alphabet="aé0漢\ud800", min_size=1, max_size=4), max_size=16))
def test_buckets_of_a_text_are_those_of_its_tokens(words: list[str]) -> None:
    assert text_buckets(words, len(words)) == buckets(text_tokens(words, len(words)))


@pytest.mark.parametrize(
    "tips",
    [
        "<p>READ MORE: <a href=/b>Ferry to Silt stops</a></p>",
        "<p>Lire aussi : le bac s’arrête</p>",
        "<p><a href=/b>Les også Fergen stopper</a></p>",
        "<p><b>Baca juga:</b> <a href=/b>Feri berhenti</a></p>",
        "<h3>Read more:</h3><ul><li><a href=/b>Ferry stops</a></li><li><a href=/c>Lorries go</a></li></ul>",
    ],
)
def test_tips_what_else_to_read_are_no_text(tips: str) -> None:
    page = cut(document_fromstring(f"<body><p>First.</p>{tips}<p>Last.</p></body>"))
    left = without_tips(list(range(len(page.blocks))), page)
    assert [page.blocks[at].text for at in left] == ["First.", "Last."]
    assert without_tips([1], page) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "Read more books, she said.",
        "See also chapter two of it.",
        "Related: silt",
        "Les mer enn før, sa hun.",
    ],
)
def test_sentences_may_begin_like_a_tip(line: str) -> None:
    page = cut(document_fromstring(f"<body><p>First.</p><p>{line}</p><p><a href=/b>Linked</a></p></body>"))
    assert without_tips([0, 1, 2], page) == [0, 1, 2]
