"""Captions are fields of pictures, and no text."""

from __future__ import annotations

from collections.abc import Iterable

from consumers.normalize.picture_credits import is_picture_credit
from consumers.normalize.site_names import fold
from schemas.normalized.model import Image, Section


def without_captions(sections: tuple[Section, ...], images: Iterable[Image]) -> tuple[Section, ...]:
    """Return the sections without paragraphs that are nothing but a picture's caption, with or without its credit, or the credit alone.

    As they are when nothing else would be left, and the posts of a live blog in any case: one may be a picture.
    """
    captions = {
        fold(words)
        for image in images
        for words in (image.caption or "", f"{image.caption or ''}{image.credit or ''}")
    } - {""}
    if any(section.post_id for section in sections):
        return sections
    kept = [
        section.model_copy(update={"paragraphs": own})
        for section in sections
        if (
            own := tuple(
                text for text in section.paragraphs if not (fold(text) in captions or is_picture_credit(text))
            )
        )
        or not section.paragraphs
    ]
    return tuple(kept) if any(section.paragraphs for section in kept) else sections
