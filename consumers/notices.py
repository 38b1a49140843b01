"""Articles that speak of another one of the same publisher: retractions, corrections, editors' notes. Shared by the stages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from consumers import notice_words

SAYS: Final = ("noted", "corrected", "retracted")
"""What a notice may say of an article, the gravest last."""
SHORT: Final = 2_500
"""Characters of a notice: a longer text links to much, and quotes much, that it only mentions."""
_HEADLINE_CHARACTERS: Final = 400
_PARAGRAPHS: Final = 5
_PARAGRAPH_CHARACTERS: Final = 700


@dataclass(frozen=True, slots=True)
class Worded:
    """A notice, by its words."""

    says: str
    """One of `SAYS`."""
    rest: str | None
    """What is left of the headline without the words of the notice, where it begins or ends with such."""
    texts: tuple[str, ...]
    """Headline and first paragraphs, cut: where it says what it is about. The headline alone of a text that is not short."""
    of_articles: bool
    """Whether it speaks of an article at all, beyond its headline."""


def worded(headline: str, paragraphs: Sequence[str]) -> Worded | None:
    """Return what an article says of others; None for one that is no notice."""
    headline = headline[:_HEADLINE_CHARACTERS]
    texts = [text[:_PARAGRAPH_CHARACTERS] for text in paragraphs[:_PARAGRAPHS]]
    short = sum(map(len, paragraphs)) <= SHORT
    said, rest = in_headline(headline)
    own = _own([headline, *texts]) if short else None
    if said is None and own is None:
        return None
    return Worded(
        says=max(filter(None, (said, own)), key=SAYS.index),
        rest=rest,
        texts=(headline, *texts) if short else (headline,),
        of_articles=short and (own is not None or any(map(notice_words.MENTIONS.search, texts))),
    )


def in_headline(headline: str) -> tuple[str | None, str | None]:
    """Return what the headline of a notice says, and of what; (None, None) for another headline."""
    headline = headline[:_HEADLINE_CHARACTERS]
    for says in reversed(SAYS):
        for form in (notice_words.BEGINS[says], notice_words.ENDS[says]):
            if match := form.match(headline):
                return says, match["rest"]
    return None, None


def _own(texts: Iterable[str]) -> str | None:
    """Return what the publisher says in its own name that it did with an article."""
    verbs = (
        next(filter(None, match.groups()))
        for text in texts
        if notice_words.SPEAKS.search(text)
        for form in notice_words.OWN
        for match in form.finditer(text)
    )
    said = (says for verb in verbs for says, words in notice_words.DONE.items() if words.match(verb))
    return next(said, None)
