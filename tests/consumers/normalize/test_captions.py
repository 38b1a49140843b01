"""Captions leave the text, and nothing else does."""

from __future__ import annotations

import pytest

from consumers.normalize.captions import without_captions
from schemas.normalized.model import Image, Section

IMAGE = Image(
    url="https://a.example/1.jpg", caption="The gates, seen from the weir.", credit="Ada Quill / TM"
)


@pytest.mark.parametrize(
    ("paragraphs", "left"),
    [
        (["The gates, seen from the weir.", "A."], ("A.",)),
        (["A.", "The gates, seen from the weir. Ada Quill / TM", "B."], ("A.", "B.")),
        (
            ["A.", "The gates, seen from the weir, are shut."],
            ("A.", "The gates, seen from the weir, are shut."),
        ),
        (["Ada Quill / TM", "A."], ("Ada Quill / TM", "A.")),
        (["A.", "Image: Bo Reed", "Main image: Tarnwire/iStock", "B."], ("A.", "B.")),
        (["Foto: Bo Reed"], ("Foto: Bo Reed",)),
        (["A.", "Images of the gates were sold."], ("A.", "Images of the gates were sold.")),
        (["BILD: Herr Holm, warum?", "A."], ("BILD: Herr Holm, warum?", "A.")),
        (["Images by Tarn Lab show a crack.", "A."], ("Images by Tarn Lab show a crack.", "A.")),
        (["Photo by Ada Quill for The Herald", "Image via Tarn Lab", "A."], ("A.",)),
        (["The gates, seen from the weir."], ("The gates, seen from the weir.",)),
    ],
)
def test_only_whole_captions_go(paragraphs: list[str], left: tuple[str, ...]) -> None:
    (section,) = without_captions((Section(paragraphs=tuple(paragraphs)),), [IMAGE])
    assert section.paragraphs == left


def test_a_section_of_nothing_but_captions_goes_and_a_post_stays() -> None:
    text, pictures = (
        Section(paragraphs=("A.",)),
        Section(heading="Pictures", paragraphs=(IMAGE.caption or "",)),
    )
    assert without_captions((text, pictures), [IMAGE]) == (text,)
    post = pictures.model_copy(update={"post_id": "1"})
    assert without_captions((text, post), [IMAGE]) == (text, post)
