"""A slug that was edited with its headline, in an address without a number: the article is recognised by when it was published.

Of a near copy of the same source it is asked that site and directory are the same, that both have the same time of publication, to the
second, and that no name differs. Nothing of this alone, nor text and directory together, makes two captures one article: forecasts for
two counties, written by one template and published at once, are in one directory too.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from consumers.deduplicate.near import Match
from consumers.deduplicate.places import asked_of, beside, guid_in
from consumers.deduplicate.record import Known
from schemas.normalized.model import Normalized

_MOST_IN_COMMON: Final = 0.6
"""Of both texts: of a revision no less, with the error of the samples; an excerpt and its whole have less."""
_ONE_CHANGED: Final = 3  # facts must agree beside a number that differs
_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 24 * 60 * _MINUTE_MS
_SHARED: Final = 0.5  # of the words of the headline that has fewer
_HEADLINE: Final = 300  # characters that are looked at
_WORD: Final = re.compile(r"\w+")
_LITTLE: Final = 3  # Latin letters: such words are in any headline


def renamed(article: Normalized, original: Known, match: Match | None) -> bool:
    """Return whether a copy of an article of the same source is that article under an edited slug; without `match` the content is the same.

    A time on the full minute is a schedule's, or was typed by hand: others have it too. Then half of the headline's words must be the same
    as well, and no number may differ.
    """
    if not beside(article, original.place) or _are_two_by_guid(article, original):
        return False
    published = published_ms(article)
    if published is None or published != original.published_ms:
        return False
    if match is None:
        return True
    found, both = match.agreement, match.overlap
    if min(both.of_stored, both.of_arrived) < _MOST_IN_COMMON or found.names_other:
        return False
    if published % _MINUTE_MS:
        return not found.numbers_other or (found.numbers_other == 1 and found.same >= _ONE_CHANGED)
    return not found.numbers_other and _share_words(article.headline, original.headline)


def published_ms(article: Normalized) -> int | None:
    """Return when it was published; None where that is not said to the second, or says nothing."""
    at = article.published_at
    if at is None or article.published_precision != "second" or "frozen" in (article.date_notes or ()):
        return None
    seconds = round(at.timestamp())
    offset = article.published_offset or "+00:00"
    minutes = int(offset[1:3]) * 60 + int(offset[4:])
    there = seconds * 1000 + (minutes if offset[0] == "+" else -minutes) * _MINUTE_MS
    midnight = not there % _DAY_MS or not seconds * 1000 % _DAY_MS
    return None if midnight else seconds * 1000


def _are_two_by_guid(article: Normalized, original: Known) -> bool:
    """Whether their source gave them two ids. An id that is the address is edited with it."""
    before, now = guid_in(original.place), guid_in(asked_of(article))
    if not before or not now or before == now:
        return False
    return _path(article.guid) != _path(article.url)


def _path(address: str | None) -> str:
    """Return the path, and the query, which in a guid often is what counts (`/?p=4711`)."""
    parts = urlsplit(address or "")
    return f"{parts.path.rstrip('/')}?{parts.query}"


def _share_words(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    return len(first & second) >= max(1, _SHARED * min(len(first), len(second)))


def _words(headline: str) -> set[str]:
    found = _WORD.findall(headline[:_HEADLINE].casefold())
    if headline.endswith("…"):  # what is remembered was cut within a word
        found = found[:-1]
    return {word for word in found if len(word) > _LITTLE or not word.isascii()}
