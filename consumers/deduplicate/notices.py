"""Notices: articles by which a publisher takes another one of its own back, corrects it, or adds a note to it.

Such an article is published as what it is, and says which one it is about (`notice_of`). The other is left as it stands: a notice of
another address is no kill, and what is found by an address or a headline may be wrong. But what comes of it later, a revision or a copy,
says that there is a notice (`noticed_by`): `n<id>` holds it, 41 bytes with its key, the gravest one, and of equals the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from consumers import notice_words, packing
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.headlines import cut
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.names import headline_key, letters
from consumers.deduplicate.places import guid_in, place_of
from consumers.deduplicate.record import NOTICE, Known, Status
from consumers.hosts import on_site_of
from consumers.notices import SAYS, Worded, in_headline, worded
from newswire.state.contract import State
from schemas.core.notice import Notice
from schemas.ids import article_id
from schemas.normalized.model import Normalized

MOST: Final = 8
"""Articles that one notice is linked with."""
_BY: Final = ("item", "link", "guid", "headline", "copy")
_LEAST_QUOTED: Final = 12  # letters: fewer in quotation marks are a word, not a headline
_MOST_ASKED: Final = 16


def found_in(arrival: Arrival, memory: Memory, state: State) -> tuple[Notice, ...]:
    """Return the remembered articles that an arriving one is a notice of."""
    told, item = _read(arrival.article), _item(arrival.article)
    if told is None and item is None:
        return ()
    notices: dict[str, Notice] = {}
    if item is not None and load(state, item) is not None:
        notices[item] = Notice(article_id=item, says="corrected", known_by="item")
    if told is not None:
        for known, by in _named(arrival, told, memory, state):
            notices.setdefault(
                known.article_id, Notice(article_id=known.article_id, says=told.says, known_by=by)
            )
    notices.pop(arrival.id, None)
    return tuple(notices.values())[:MOST]


def remember(speaker: str, notices: Iterable[Notice], state: State) -> None:
    """Note with the articles that a notice is about that there is one."""
    for notice in notices:
        key = key_of(notice.article_id)
        value = bytes((SAYS.index(notice.says), _BY.index(notice.known_by))) + packing.raw(speaker)
        before = state.get(key)
        if before != value and (before is None or before[0] <= value[0]):
            state.put(key, value)


def of_killed_copy(killed: Known | None, state: State) -> tuple[Notice, ...]:
    """Return what the kill of a copy says of its original: it carries the text that was killed, and its own publisher has not killed it."""
    original = packing.long_raw(killed.copy_of) if killed is not None and killed.copy_of else None
    known = load(state, original) if original is not None else None
    if known is None or known.status is not Status.PUBLISHED:
        return ()
    return (Notice(article_id=known.article_id, says="retracted", known_by="copy"),)


def about(identifier: str, state: State) -> tuple[Notice, ...]:
    """Return the notice that there is about an article; none where it was withdrawn or forgotten itself."""
    value = state.get(key_of(identifier))
    if value is None:
        return ()
    speaker = packing.long_raw(value[2:])
    known = load(state, speaker)
    killed = _BY[value[1]] == "copy"  # that one is withdrawn, and says so by it
    if known is None or (known.status in {Status.WITHDRAWN, Status.WITHHELD} and not killed):
        return ()
    return (Notice(article_id=speaker, says=SAYS[value[0]], known_by=_BY[value[1]]),)


def are_two(headline: str, remembered: str) -> bool:
    """Return whether two headlines are those of notices about different articles; the second may be cut."""
    mine, its = (in_headline(text)[1] for text in (headline, remembered))
    if mine is None or its is None:
        return False
    return not letters(mine).startswith(letters(its))


def key_of(identifier: str) -> str:
    """Return the state key of the notice about an article."""
    return NOTICE + packing.short(identifier)


def _read(article: Normalized) -> Worded | None:
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    return worded(article.headline, paragraphs or [article.summary or ""])


def _quoted(told: Worded) -> Iterator[str]:
    for text in told.texts if told.of_articles else ():
        for match in notice_words.QUOTED.finditer(text):
            words = next(filter(None, match.groups()))
            if len(letters(words)) >= _LEAST_QUOTED:
                yield words


def _addresses(article: Normalized, told: Worded) -> tuple[str, ...]:
    """Return the addresses of the publisher's own site that it links to, or that stand in it, in canonical form."""
    written = [
        match.group().rstrip(".,;:!?'’")
        for text in told.texts
        for match in notice_words.ADDRESS.finditer(text)
    ]
    return on_site_of(article.url, (*(article.links or ()), *written))


def _item(article: Normalized) -> str | None:
    """Return the id of the item that an agency's item says it corrects."""
    if article.wire is None or not article.wire.corrects:
        return None
    return article_id(source=article.source.name, guid=article.wire.corrects)


def _named(arrival: Arrival, told: Worded, memory: Memory, state: State) -> Iterator[tuple[Known, str]]:
    """Yield the articles that a notice names, the surest first."""
    for address in _addresses(arrival.article, told)[:_MOST_ASKED]:
        known = load(state, article_id(url=address))
        if known is not None and (
            told.of_articles or (told.rest is not None and _is_headline(told.rest, known))
        ):
            yield known, "link"
    guid = guid_in(place_of(arrival.article))
    namesake = _only(memory.window.with_guid(guid), arrival, memory, state) if guid else None
    if namesake is not None and guid_in(namesake.place) == guid:
        yield namesake, "guid"
    for words in list(dict.fromkeys(filter(None, (told.rest, *_quoted(told)))))[:_MOST_ASKED]:
        held = memory.window.with_headline(headline_key(arrival.article.source.name, cut(words)))
        ids = [each for each in held if (it := load(state, each)) and _is_headline(words, it)]
        if known := _only(ids, arrival, memory, state):
            yield known, "headline"


def _only(ids: Iterable[str], arrival: Arrival, memory: Memory, state: State) -> Known | None:
    """Return the one article of the same source among these; None where there are several."""
    known = [load(state, each) for each in ids if each != arrival.id]
    name = arrival.article.source.name
    same = [each for each in known if each is not None and memory.origin_of(each)[0].name == name]
    return same[0] if len(same) == 1 else None


def _is_headline(words: str, known: Known) -> bool:
    """Return whether these are the words of an article's headline, as far as it is remembered."""
    kept = letters(known.headline)
    if not kept:
        return False
    return letters(words).startswith(kept) if known.headline.endswith("…") else letters(words) == kept
