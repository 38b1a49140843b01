"""The hash by which two captures of an article are known to say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from schemas.normalized.model import Section


def content_hash(headline: str, summary: str | None, sections: Sequence[Section]) -> str:
    """Return the SHA-256, in hexadecimal, of the content's normal form.

    The normal form is UTF-8 text: the headline, the summary (or nothing), then for each section its heading (or nothing) followed by
    its paragraphs. Headline, summary and sections end with U+001E, the parts of a section with U+001F; both are removed from all text
    before (`hygiene`), as is every other difference that a reader would not see: composition, kinds of space, line ends.
    """
    parts = [headline, summary or "", *(_section(section) for section in sections)]
    return hashlib.sha256("".join(f"{part}\x1e" for part in parts).encode()).hexdigest()


def _section(section: Section) -> str:
    return "".join(f"{part}\x1f" for part in (section.heading or "", *section.paragraphs))
