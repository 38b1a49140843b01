"""Half a surrogate pair costs one character of a JSON document, and nothing else is mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from newswire.text.json_document import read_json, without_half_pairs

HALF = [rb"\ud800", rb"\uDFFF", rb"\uDBFF", rb"\udc00"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (rb'"\ud800"', "\ufffd"),
        (rb'"\udc00\ud800"', "\ufffd\ufffd"),
        (rb'"\ud800\ud83d\ude00\ude00"', "\ufffd\U0001f600\ufffd"),
        (rb'"\\ud800 \ud800"', "\\ud800 \ufffd"),
        (rb'"\\ud83d\ude00"', "\\ud83d\ufffd"),
        (rb'"\\\ud800\n"', "\\\ufffd\n"),
        (rb'"\ud83d\ude00"', "\U0001f600"),
    ],
)
def test_half_a_pair_is_one_character(written: bytes, value: str) -> None:
    assert read_json(written) == value


@given(
    st.lists(
        st.one_of(st.sampled_from(HALF), st.text(st.characters(exclude_categories=["Cs"]), max_size=5)),
        max_size=8,
    )
)
def test_the_rest_stays(parts: list[bytes | str]) -> None:
    document = (
        b'["begin",'
        + b",".join(
            b'"' + part + b' x"' if isinstance(part, bytes) else to_json(part) for part in [*parts, "end"]
        )
        + b"]"
    )
    assert read_json(document) == [
        "begin",
        *("\ufffd x" if isinstance(p, bytes) else p for p in parts),
        "end",
    ]
    assert len(without_half_pairs(document)) == len(document)


@pytest.mark.parametrize("broken", [b"{", b"NaN", b'"\xff"', rb'["\ud800"', rb'"\ud8"', b"[" * 1000])
def test_what_is_broken_otherwise_is_refused_with_its_place(broken: bytes) -> None:
    with pytest.raises(ValueError, match="line 1 column"):
        read_json(broken)
