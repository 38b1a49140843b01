"""Which object of a page's states is its article, and the text of that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from consumers.normalize.dates import read_moment
from consumers.normalize.script_state.dates import StatedDate, stated_dates
from consumers.normalize.script_state.kinds import OTHER_KINDS, kind_of
from consumers.normalize.script_state.prose import Blocks, Prose, is_prose
from consumers.normalize.script_state.references import containers
from consumers.normalize.script_state.scripts import State
from consumers.normalize.site_names import fold
from newswire.text.hygiene import title

_HEADLINE: Final = re.compile(
    r"title|headline|^name$|hed$|^heading$|titel|titre|titulo|titolo|rubrik|tytul", re.IGNORECASE
)
_HOLDERS: Final = re.compile(r"meta|seo|head|^fields$|^attributes$|^properties$", re.IGNORECASE)
"""Keys of objects within an article that may have its headline under a key of their own."""
_FEWEST_OF_HEADLINE: Final = 12
_FEWEST_UNSPACED: Final = 6
_ALMOST_ALL: Final = 0.85
_MAX_ARTICLES: Final = 40
_MOST_KEYS: Final = 3
_LONGEST_HEADLINE: Final = 1_000
_SAME_DAY: Final = timedelta(hours=36)
"""A day may be another one in UTC."""
_ANY: Final = datetime.max.replace(tzinfo=UTC)
_NOT_FREE: Final = re.compile(
    r"^(?:is)?(?:premium|paid|paywall(?:ed)?|locked|subscriberonly|subscribersonly|forsubscribers|plus|pluscontent|paidcontent|premiumcontent|exclusive"
    r"|haspaywall|behindpaywall|paywallactive|accessrestricted|membersonly|metered)(?:article|content|only)?$"
)
_FREE: Final = re.compile(r"^(?:is)?(?:accessibleforfree|free|freearticle|freecontent|public)$")
_PAID_WORDS: Final = frozenset(
    (
        "true",
        "premium",
        "paid",
        "locked",
        "plus",
        "subscriber",
        "subscribers",
        "subscription",
        "restricted",
        "metered",
    )
)


@dataclass(frozen=True, slots=True)
class StatedArticle:
    """An article as the state of a page has it."""

    found_in: str
    """The state's name and the key of the text in the article's object."""
    blocks: Blocks
    """Its text."""
    is_free: bool
    """Whether nothing beside its text says that it is for subscribers only."""
    dates: tuple[StatedDate, ...] = ()
    """When it was published and changed, the most believed first."""


def stated_article(states: Iterable[State], titles: Iterable[str]) -> StatedArticle | None:
    """Return the article among the states whose headline agrees with one of a page's titles; of several, that with the most text.

    Agreement: the same letters and digits, or one begins with the other. What has the headline may also be an object right within the
    article's (`headlines.basic`, `meta.title`). Where the article's own object does not say when it was published, the others that have
    exactly its headline do, if all that say it agree about the day.
    """
    known = {folded for text in titles if _is_telling(folded := fold(text), text)}
    if not known:
        return None
    prose = Prose()
    found: list[tuple[int, StatedArticle]] = []
    every: list[tuple[StatedDate, ...]] = []
    for state, node in islice(_articles(states, known), _MAX_ARTICLES):
        dates = tuple(stated_dates(state.name, node))
        if not OTHER_KINDS.search(kind_of(node)) and any(
            fold(title(text)) in known for text in _headlines(node)
        ):
            every.append(dates)
        weights = sorted(prose.keys(node), key=lambda each: -each[0])
        most = weights[0][0] if weights else 0
        for size, name in weights[:_MOST_KEYS]:
            if size >= _ALMOST_ALL * most and is_prose(blocks := prose.read(node[name])):
                letters = sum(len(text) for _, text in blocks)
                article = StatedArticle(f"{state.name}: {name}", blocks, _is_free(node), dates)
                found.append((letters, article))
    most = max((size for size, _ in found), default=0)
    # the same text is often there more than once: as one string, and in paragraphs
    alike = [article for size, article in found if size >= _ALMOST_ALL * most]
    chosen = max(alike, key=lambda each: len(each.blocks), default=None)
    if chosen is None or any(each.field == "published_at" for each in chosen.dates):
        return chosen
    return replace(chosen, dates=_agreed(every) or chosen.dates)


def _agreed(every: Iterable[tuple[StatedDate, ...]]) -> tuple[StatedDate, ...]:
    """Return the dates of the first object that gives a time of publication, or a day; of none where they differ about the day."""
    said = []
    for dates in every:
        moment = read_moment(dates[0].value, not_after=_ANY) if dates else ""
        if not isinstance(moment, str) and dates[0].field == "published_at":
            said.append((moment, dates))
    values = [moment.value for moment, _ in said]
    if not values or max(values) - min(values) > _SAME_DAY:
        return ()
    return min(said, key=lambda each: each[0].precision == "day")[1]


def _articles(states: Iterable[State], known: set[str]) -> Iterator[tuple[State, dict[Any, Any]]]:
    for state in states:
        for each in containers(state.value):
            if isinstance(each, dict) and any(_agrees(text, known) for text in _headlines(each)):
                yield state, each


def _headlines(node: dict[Any, Any]) -> Iterator[str]:
    for name, value in node.items():
        if not isinstance(name, str):
            continue
        if isinstance(value, str):
            if _HEADLINE.search(name):
                yield value
        elif isinstance(value, dict) and _HEADLINE.search(name):  # `headlines.basic`, `title.rendered`
            yield from (text for text in value.values() if isinstance(text, str))
        elif isinstance(value, dict) and _HOLDERS.search(name):
            yield from (
                text
                for inner, text in value.items()
                if isinstance(text, str) and isinstance(inner, str) and _HEADLINE.search(inner)
            )


def _is_telling(folded: str, text: str) -> bool:
    return len(folded) >= (_FEWEST_OF_HEADLINE if text.isascii() else _FEWEST_UNSPACED)


def _agrees(text: str, known: set[str]) -> bool:
    if not text or len(text) > _LONGEST_HEADLINE:
        return False
    told = title(text)
    folded = fold(told)
    return folded in known or (
        _is_telling(folded, told)
        and any(folded.startswith(each) or each.startswith(folded) for each in known)
    )


def _is_free(node: dict[Any, Any]) -> bool:
    for name, value in node.items():
        plain = re.sub(r"[-_]", "", str(name)).lower()
        said = value.lower() if isinstance(value, str) else value
        if _NOT_FREE.match(plain) and (said is True or (isinstance(said, str) and said in _PAID_WORDS)):
            return False
        if _FREE.match(plain) and (said is False or said == "false"):
            return False
    return True
