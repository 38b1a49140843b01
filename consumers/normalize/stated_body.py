"""What a page states to machines and to its scripts of an article that it does not show: its text, and when it was published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from consumers.normalize.captions import without_captions
from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.jsonld_graph import ARTICLE_TYPES, strings, types
from consumers.normalize.page_body import sections_of
from consumers.normalize.page_reading import PageReading
from consumers.normalize.script_state.article import StatedArticle, stated_article
from consumers.normalize.script_state.dates import StatedDate
from consumers.normalize.script_state.prose import Blocks, Prose, is_prose
from consumers.normalize.script_state.scripts import states
from consumers.normalize.site_names import fold
from newswire.text.hygiene import title
from schemas.core.provenance import Origin

_FEWEST_LETTERS: Final = 150
"""Of an `articleBody`: as many as of a page that shows its text."""
_TIMES_SHOWN: Final = 3
"""So many times more than the page shows has to be stated: a short report is not looked for elsewhere."""
_ALMOST_ALL: Final = 0.85
_BEGINNING: Final = 80
_FEWEST_OF_LINE: Final = 20
_WORD: Final = re.compile(r"(?<![^\W_])[A-Za-z]{4,}(?![^\W_])")
"""A word of which every letter stands in a script as it is, however that writes others."""
_SHOWN: Final = ("html", "text", "url")
"""Origins of dates that are believed less than those of a state."""
_DATE_CONFIDENCE: Final = 0.4
_CUT_OFF: Final = ("…", "...", "[…]", "[...]")


@dataclass(frozen=True, slots=True)
class _Stated:
    blocks: Blocks
    origin: Origin
    raw: str
    confidence: float
    dates: Sequence[StatedDate] = ()


def add_stated_body(reading: PageReading) -> bool:
    """Put the text that a page states in the place of the little that it shows; return whether there is one.

    First the `articleBody` of the node that is this page; but where the article in the state of its scripts, which has the page's headline,
    begins with the same and is as long, that one: it has paragraphs, and is not cut. Else what is in the state. Nothing of an
    article that is not free by what the page or its state says, and nothing that is less than three times as long as what the page
    shows. The provenance of `sections` says where it was found, with a confidence of 0.5 for JSON-LD, 0.4 for a state, 0.3 for what ends
    with an ellipsis. With a text out of a state come the dates that are stated there (`add_stated_dates`).
    """
    found = reading.found
    if reading.posts or (found.paywalled is not None and found.paywalled.value == "true"):
        return False
    stated = _of_nodes(reading.nodes, [fold(title(each.value)) for each in found.of("summary")])
    in_state = _of_state(reading)
    if in_state is not None and (stated is None or _goes_on(stated.blocks, in_state.blocks)):
        stated = in_state
    if stated is None or not _is_more(stated.blocks, list(found.text())):
        return False
    headlines = frozenset(title(each.value).casefold() for each in found.of("headline"))
    sections = without_captions(sections_of(stated.blocks, headlines), (image for image, _ in found.images))
    if not sections:
        return False
    found.sections, found.beside, found.links = sections, (), ()
    found.sections_from, found.sections_raw, found.sections_confidence = (
        stated.origin,
        stated.raw,
        stated.confidence,
    )
    _add_dates(found, stated.dates)
    return True


def add_stated_dates(reading: PageReading) -> None:
    """Add when the article was published and changed, as the state of the page's scripts says beside the article's text.

    For pages of which nothing else says when they were published. Only where a line of the article is in the text that the state has.
    The dates are candidates behind those of the metadata and before what the page shows and its address, with a confidence of 0.4.
    """
    article = _article_in_state(reading)
    if article is not None and _has_line_of(article.blocks, reading.found.text()):
        _add_dates(reading.found, article.dates)


def _add_dates(found: Extraction, dates: Sequence[StatedDate]) -> None:
    for field in ("published_at", "modified_at"):
        known = found.of(field)
        stated = [
            Candidate(each.value, "heuristic", _DATE_CONFIDENCE, raw=each.raw)
            for each in dates
            if each.field == field
        ]
        if stated:
            shown = [each for each in known if each.origin in _SHOWN]
            found.fields[field] = [*(each for each in known if each not in shown), *stated, *shown]


def _of_nodes(nodes: Sequence[dict[str, Any]], summaries: Sequence[str]) -> _Stated | None:
    for node in nodes:
        text = next(iter(strings(node.get("articleBody"))), None) if types(node) & ARTICLE_TYPES else None
        blocks = Prose().read(text) if text else []
        if is_prose(blocks, _FEWEST_LETTERS) and not _is_summary(blocks, summaries):
            return _Stated(blocks, "jsonld", "articleBody", 0.3 if _is_cut_off(blocks) else 0.5)
    return None


def _of_state(reading: PageReading) -> _Stated | None:
    article = _article_in_state(reading)
    if article is None or not article.is_free:
        return None
    confidence = 0.3 if _is_cut_off(article.blocks) else 0.4
    return _Stated(article.blocks, "heuristic", article.found_in, confidence, article.dates)


def _article_in_state(reading: PageReading) -> StatedArticle | None:
    titles = [title(each.value) for each in reading.found.of("headline") if not each.refused]
    words = [word for text in titles for word in _WORD.findall(text)]
    return stated_article(states(reading.scripts, words), titles)


def _is_more(blocks: Blocks, shown: Sequence[str]) -> bool:
    """Return whether a text is more than the lines that a page shows: much longer than a few, or as long and none of them is in it."""
    size = sum(map(len, shown))
    if size < _FEWEST_LETTERS:
        return _letters(blocks) >= _TIMES_SHOWN * size
    return _letters(blocks) >= size and not _has_line_of(blocks, shown)


def _has_line_of(blocks: Blocks, shown: Iterable[str]) -> bool:
    """Return whether one of the lines that a page shows begins in a text, but for very short ones."""
    letters = "".join(fold(text) for _, text in blocks)
    return any(len(line) >= _FEWEST_OF_LINE and line[:_BEGINNING] in letters for line in map(fold, shown))


def _is_summary(blocks: Blocks, summaries: Sequence[str]) -> bool:
    """Return whether a text is hardly more than one of the summaries, which some publishers give for the text."""
    letters = "".join(fold(text) for _, text in blocks)
    return any(
        each[:_BEGINNING] == letters[:_BEGINNING] and len(letters) <= 2 * len(each) for each in summaries
    )


def _goes_on(blocks: Blocks, longer: Blocks) -> bool:
    """Return whether a text is in another one from its beginning on, which is as long at least."""
    letters, others = ("".join(fold(text) for _, text in each) for each in (blocks, longer))
    return letters[:_BEGINNING] in others and len(others) >= _ALMOST_ALL * len(letters)


def _letters(blocks: Blocks) -> int:
    return sum(len(text) for _, text in blocks)


def _is_cut_off(blocks: Blocks) -> bool:
    return blocks[-1][1].endswith(_CUT_OFF)
