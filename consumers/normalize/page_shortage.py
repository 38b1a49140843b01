"""Pages whose text, once it was looked for, is too little for an article."""

from __future__ import annotations

import re
from typing import Final, Literal

from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.offer_words import LONGEST_OFFER, OFFER, SUBSCRIBERS_ONLY, is_wall
from consumers.normalize.page_body import said
from consumers.normalize.page_kind_words import NOT_HERE
from consumers.normalize.page_reading import PageReading
from consumers.normalize.weight import weight
from newswire.errors import Reject
from schemas.normalized.model import Section

_FEWEST_LETTERS: Final = 150
"""A page that does not call itself an article and has less text than this is a notice, a wall or an error page."""
_STUB_LETTERS: Final = 60
"""A page behind a paywall that shows less than this shows no lead of its article."""
_OFFERS: Final = 2
_FEW_LETTERS: Final = 1_500
"""A text of more than this is not asked whether it is offers: it may well be about subscriptions."""
_TELLING_LETTERS: Final = 60
"""A summary of fewer may share no word with its article."""
_TERM: Final = re.compile(
    r"(?=([\u0900-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|(?<!\w)[^\W\d_]{5,}))"
)
_VIDEOS: Final = frozenset(("VideoObject", "Clip", "BroadcastEvent", "TVEpisode"))
_GALLERIES: Final = frozenset(("ImageGallery", "MediaGallery", "VideoGallery"))


def refuse_too_little(found: Extraction, reading: PageReading) -> bool:
    """Raise `Reject` when the sections that were found are no article's text; return whether there is much of it.

    `paywall-stub`: the page is marked as not free, or says so in a line that is all but its only text (`found.paywalled` is then set), and
    shows next to nothing but offers. `video-page` and `gallery-page`: it is one by its own word.
    `not-an-article`: anything else with too little text, or without a letter; little that has not one word of what an article's page
    says it is about; a notice that the page is not shown in a country.
    """
    texts = list(found.text())
    letters = 0
    for text in texts:
        letters += _letters(text)
        if letters > _FEW_LETTERS:  # enough, whatever follows
            return True
    letters = _without_offers(found, texts)
    if found.paywalled is not None and found.paywalled.value == "true" and letters < _STUB_LETTERS:
        raise Reject(
            "paywall-stub",
            f"{letters} letters of text, and the page says that its article is not free: capture it with a subscription",
            "/body",
        )
    if not reading.says_article and _is_not_shown_here(texts):
        raise Reject(
            "not-an-article",
            "the page says that it is not shown in the country that it was asked from: capture it from another one",
            "/body",
        )
    if letters >= _FEWEST_LETTERS:
        return False
    if letters and reading.says_article:
        if not reading.posts and _is_of_something_else(found, texts):
            raise Reject(
                "not-an-article",
                f"{letters} letters of text, and not one word of what the page says that it is about: "
                "its article may be drawn by scripts or stand behind a wall; capture it after they ran",
                "/body",
            )
        return False
    other = _other(reading.calls_itself)
    if other:
        raise Reject(
            other,
            f"{letters} letters of text beside {'a video' if other == 'video-page' else 'pictures'}: only texts are articles",
            "/body",
        )
    if reading.says_article and any(map(is_wall, texts)):
        raise Reject(
            "not-an-article",
            "the page shows nothing but a request to register or to sign in: capture it with an account",
            "/body",
        )
    raise Reject(
        "not-an-article",
        f"{letters} letters of running text, and the page does not call itself an article: "
        "a consent or error page, or a list of links; capture the article itself",
        "/body",
    )


def without_walls(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the sections without notices at their end that the article goes on for others only, unless nothing else is there."""
    shorter = list(sections)
    while shorter and (last := shorter[-1]).paragraphs and is_wall(last.paragraphs[-1]) and not last.post_id:
        own = last.paragraphs[:-1]
        shorter[-1:] = [last.model_copy(update={"paragraphs": own})] if own else []
    return tuple(shorter) or sections


def _letters(text: str) -> int:
    return weight(text, sum(map(str.isalpha, text)))


def _is_not_shown_here(texts: list[str]) -> bool:
    """Return whether a text is little but a notice that the page is not shown in a country."""
    others = [text for text in texts if not NOT_HERE.search(text)]
    return len(others) < len(texts) and sum(map(_letters, others)) < _FEWEST_LETTERS


def _is_of_something_else(found: Extraction, texts: list[str]) -> bool:
    """Return whether a short text shares no word with the page's headline and summary, which alone says more than it.

    Not of one whose words are all too short to tell.
    """
    headline, summary = said(found)
    if _letters(summary) < max(_TELLING_LETTERS, sum(map(_letters, texts))):
        return False
    terms = _terms(" ".join(texts))
    return bool(terms) and terms.isdisjoint(_terms(f"{headline} {summary}"))


def _terms(text: str) -> frozenset[str]:
    """Return the words of a text that say something: of five letters or more; each two characters of scripts whose words are shorter.

    Those are scripts without spaces, Hangul, and those of India, where vowel signs part the letters of a word.
    """
    return frozenset(_TERM.findall(text.casefold()))


def _without_offers(found: Extraction, texts: list[str]) -> int:
    """Return the letters of the texts that offer no subscription; set `paywalled` where a notice among few others says so."""
    notice = next(
        (text for text in texts if len(text) <= LONGEST_OFFER and SUBSCRIBERS_ONLY.search(text)), None
    )
    walled = found.paywalled is not None and found.paywalled.value == "true"
    if notice is None and not walled:
        return sum(_letters(text) for text in texts if not is_wall(text))
    if found.paywalled is None and notice is not None:
        found.paywalled = Candidate("true", "text", 0.6, raw=notice)
    return sum(
        _letters(text)
        for text in texts
        if len(text) > LONGEST_OFFER or not (is_wall(text) or len(OFFER.findall(text)) >= _OFFERS)
    )


def _other(kinds: frozenset[str]) -> Literal["video-page", "gallery-page"] | None:
    if kinds & _VIDEOS or any(kind.lower().startswith("video.") for kind in kinds):
        return "video-page"
    return "gallery-page" if kinds & _GALLERIES else None
