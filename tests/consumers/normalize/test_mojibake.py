"""Text whose UTF-8 was read as another encoding: mended where that is certain, and nothing else touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.text.mojibake import is_suspect, mended


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("Der SchlÃ¼ssel fÃ¼r die Schleuse", "Der Schlüssel für die Schleuse"),
        (
            "â€œNobody has asked us,â€\x9d said Ada Quillâ€™s aide.",
            "“Nobody has asked us,” said Ada Quill’s aide.",
        ),
        ("It wonâ€™t open", "It won’t open"),
        ("RÃ©union Ã\xa0 lâ€™Ã©cluse", "Réunion à l’écluse"),
        ("Ð¨Ð»ÑŽÐ· Ð·Ð°ÐºÑ€Ñ‹Ñ‚", "Шлюз закрыт"),
        ("РЁР»СЋР· Р·Р°РєСЂС‹С‚", "Шлюз закрыт"),
        ("æ°´é–€ã\x81¯é–‰ã\x81˜ã\x81Ÿ", "水門は閉じた"),
        ("SchlÃƒÂ¼ssel fÃƒÂ¼r alle", "Schlüssel für alle"),
        ("ðŸ˜€", "😀"),
        ("SchlÃƒÆ’Ã‚Â¼ssel fÃƒÆ’Ã‚Â¼r alle", "Schlüssel für alle"),
    ],
)
def test_what_is_certain_is_mended(broken: str, meant: str) -> None:
    assert mended(broken) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "Der Schlüssel für die Schleuse",
        "AMANHÃ\xa0de manhã",
        "CORAÇÃO DE MÃE",
        "Â",
        "Шлюз закрыт, РСФСР и СССР",
        "Срочно: РЖД",
        "水門は閉じた",
        "The letters Ã© stand for é",
        "Une écluse, dâ€™abord",
        "«Â»",
    ],
)
def test_nothing_else_is_touched(text: str) -> None:
    assert mended(text) is None


def test_what_is_broken_in_part_is_suspect() -> None:
    assert is_suspect("Der Schlüssel fÃ¼r die TÃ¼r, fÃ¼r die SchleuseÃ¼")
    assert not is_suspect("Der Schlüssel für die Tür")
    assert not is_suspect("The letters Ã© stand for é")


@given(
    st.text(st.characters(min_codepoint=0xA0, max_codepoint=0x24F, categories=["L"]), min_size=4, max_size=30)
)
def test_every_text_that_is_broken_whole_is_mended(text: str) -> None:
    assert (
        mended(text.encode().decode("cp1252", "replace").replace("\ufffd", "")) is None
        or mended(_broken(text)) == text
    )


@given(
    st.lists(
        st.sampled_from(
            ("zażółć", "gęślą", "jaźń", "über", "größe", "écluse", "corazón", "não", "maçã", "açaí")
        ),
        max_size=12,
    ).map(" ".join)
)
def test_no_text_of_latin_languages_is_mended(text: str) -> None:
    assert mended(text) is None


def _broken(text: str) -> str:
    return "".join(
        bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in text.encode()
    )
