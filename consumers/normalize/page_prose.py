"""What a page shows, in letters: links, running text, and what speaks of the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from consumers.normalize.page_kind_words import (
    ABOUT_THE_PAGE,
    ADDRESSES_THE_READER,
    CHALLENGE_TEXT,
    CONSENT,
    SPEAKS_FOR_ITSELF,
)
from consumers.normalize.short_text import short_text
from consumers.normalize.weight import weight

_NOT_TEXT: Final = frozenset(("script", "style", "noscript", "template", "svg", "iframe"))
_BESIDE_TEXT: Final = frozenset(("footer", "nav", "aside"))
_SENTENCE: Final = re.compile(
    r"[.!?…]['\"”’»)\]]?(?:\s|$)|[。！？।؟۔։።။។]|[\u0e00-\u0eff][^\u0e00-\u0eff]+[\u0e00-\u0eff]"
)
"""Thai and Lao have no mark at the end of a sentence: a space is one."""
_LONGEST_READ: Final = 6_000
_HEADLINE_LETTERS: Final = 25
_PARAGRAPH_LETTERS: Final = 45
_LONGEST_TEASED: Final = 1_000
_ONE_PARAGRAPH: Final = 100
_RUNNING: Final = 150
_RUNNING_ALONE: Final = 300


@dataclass(slots=True)
class Shown:
    """What a page shows, in letters."""

    plain: int = 0
    """Outside of links."""
    linked: int = 0
    """In links."""
    consenting: int = 0
    """In blocks that speak of cookies, consent, partners or advertising."""
    asking: int = 0
    """In those of them in which the publisher speaks for itself."""
    addressed: int = 0
    """In the others of them in which the reader is addressed."""
    headlines: int = 0
    """How many links are as long as headlines."""
    challenges: bool = False
    """Whether it asks to prove that somebody is human."""
    paragraphs: int = 0
    """How many paragraphs are whole sentences, speak neither of the page nor of consent, and are no teaser beside a link."""
    running: int = 0
    """Letters of those paragraphs; characters of scripts without spaces count threefold."""
    reported: int = 0
    """As `running`, of paragraphs that speak of consent while nobody in them speaks for the publisher or to the reader."""
    in_article: bool = False
    """Whether one of them stands in an `article` element."""

    def tells(self) -> bool:
        """Return whether there is running text as in an article: two paragraphs, a long one, or one in an `article` element."""
        return (
            (self.paragraphs >= 2 and self.running >= _RUNNING)
            or self.running >= _RUNNING_ALONE
            or (self.in_article and self.running >= _ONE_PARAGRAPH)
        )


def shown_by(tree: HtmlElement) -> Shown:
    """Return what a page shows, in one walk over its tree. Scripts and styles show nothing.

    The words of running text are read until there is enough of it to `tell`; then nothing that the other counts could say matters, and
    those of consent and challenge stay zero: they take half of the time of a page.
    """
    shown = Shown()
    texts: list[tuple[str, int]] = []
    said: list[str] = []
    prose: list[tuple[HtmlElement, str, int, bool]] = []
    pending = [(body, False, False) for body in tree.iterfind("body")]
    while pending:
        element, beside, in_article = pending.pop()
        if element.tag in _NOT_TEXT:
            continue
        beside = beside or element.tag in _BESIDE_TEXT
        in_article = in_article or element.tag == "article"
        if element.tag == "a":
            text = "".join(element.itertext())
            shown.headlines += len(text.strip()) >= _HEADLINE_LETTERS
            letters = len("".join(text.split()))
            shown.linked += letters
        else:
            text = " ".join((element.text or "", *(child.tail or "" for child in element)))
            pending += [(child, beside, in_article) for child in element if isinstance(child, HtmlElement)]
            letters = len("".join(text.split()))
            shown.plain += letters
            said.append(text)
            if letters and not beside:
                prose.append((element, text[:_LONGEST_READ], letters, in_article))
        if letters:
            texts.append((text[:_LONGEST_READ], letters))
    for each in prose:
        _prose(shown, *each)
        if shown.tells():
            return shown
    for text, letters in texts:
        _consent(shown, text, letters)
    shown.challenges = bool(CHALLENGE_TEXT.search(" ".join(said)[:_LONGEST_READ]))
    return shown


def _consent(shown: Shown, text: str, letters: int) -> None:
    if CONSENT.search(text):
        shown.consenting += letters
        if SPEAKS_FOR_ITSELF.search(text):
            shown.asking += letters
        elif ADDRESSES_THE_READER.search(text):
            shown.addressed += letters


def _prose(shown: Shown, element: HtmlElement, text: str, letters: int, in_article: bool) -> None:
    weighs = weight(text, letters)
    if weighs < _PARAGRAPH_LETTERS or not _SENTENCE.search(text):
        return
    if ABOUT_THE_PAGE.search(text) or _is_teaser(element):
        return
    if CHALLENGE_TEXT.search(text) and not (in_article and weighs >= _ONE_PARAGRAPH):
        return
    if CONSENT.search(text):
        speaks = SPEAKS_FOR_ITSELF.search(text) or ADDRESSES_THE_READER.search(text)
        shown.reported += 0 if speaks else weighs
        return
    shown.paragraphs += 1
    shown.running += weighs
    shown.in_article = shown.in_article or in_article


def _is_teaser(element: HtmlElement) -> bool:
    """Return whether a link as long as a headline stands right before it, alone or in a heading."""
    before = element.getprevious()
    around = element.getparent()
    if before is None and around is not None and len(around) <= 2:
        before = around.getprevious()
    for _ in range(3):  # a picture, a day or a label may stand between
        if before is None:
            return False
        if before.tag in ("a", "h2", "h3", "h4", "h5", "div", "header"):
            link = before if before.tag == "a" else next(before.iter("a"), None)
            whole = (
                short_text(before, _LONGEST_TEASED).strip() if link is not None and len(before) <= 3 else ""
            )
            if (
                link is not None
                and len(whole) >= _HEADLINE_LETTERS
                and len(short_text(link, _LONGEST_TEASED).strip()) > 0.7 * len(whole)
            ):
                return True
        before = before.getprevious()
    return False
