"""The posts of a live blog, out of schema.org's LiveBlogPosting: in order of time, each with its own id."""

from __future__ import annotations

import hashlib
import html
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from consumers.normalize.bylines import read_bylines
from consumers.normalize.dates import read_moment
from consumers.normalize.jsonld_graph import Graph, strings
from consumers.normalize.page_tree import parse_page, without_hidden
from consumers.normalize.source_zone import offset_of_address
from newswire.dates import NO_OFFSET
from newswire.errors import Reject
from newswire.text.hygiene import clean, paragraph, title
from newswire.wires.xml import blocks
from schemas.normalized.model import Section

MAX_POSTS: Final = 5_000
_LONGEST_INTRODUCTION: Final = 30
"""Paragraphs before the first post."""
_OWN_WORDS: Final = ("headline", "name", "articleBody", "text", "description", "datePublished")
_LISTS: Final = ("itemListElement", "item")
"""Under which an ItemList has its members, and each of those what it is."""
_MAX_ID: Final = 200
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""A post's time is not judged here: when the page was captured is not known."""
_MARKUP: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})$")
_CORRECTED: Final = re.compile(
    r"^\W{0,3}(?:correction|corrected|clarification|korrektur|berichtigung|korrigiert|rectificatif|correctif|corrección|rectificación"
    r"|correção|errata|rettifica|correzione|correctie|rättelse|rettelse|oikaisu|sprostowanie|исправление|уточнение|訂正|更正|تصحيح)\b\s*[:：—–.(-]"
    r"|^\W{0,3}(?:this (?:post|update|entry|item) (?:was|has been) (?:corrected|amended|updated to correct)"
    r"|an earlier (?:version of this )?(?:post|update|entry|item) (?:said|stated|had|was|gave|incorrectly|misstated|wrongly)\b)",
    re.IGNORECASE,
)


def live_posts(node: dict[str, Any], graph: Graph, address: str | None) -> tuple[Section, ...]:
    """Return the posts of a LiveBlogPosting, the oldest first; those without a time stay behind the one that they were given behind.

    Without heading and text there is no post. The id is the source's own (`@id`, `url` or `identifier`; of an address its fragment), else a
    hash of time and heading. Markup in a post's text is read as paragraphs. `Reject` (`not-an-article`) for more than `MAX_POSTS`.
    """
    updates = list(itertools.islice(_updates(node.get("liveBlogUpdate")), MAX_POSTS + 1))
    if len(updates) > MAX_POSTS:
        raise Reject(
            "not-an-article",
            f"more than {MAX_POSTS} posts, which are the most: not one live blog",
            "/body",
        )
    own = [
        text for key in ("url", "@id", "mainEntityOfPage") for text in strings(node.get(key), "@id", "url")
    ]
    offset = next(
        (size for raw in strings(node.get("datePublished")) if (size := _written_offset(raw))), None
    )
    posts = [
        post
        for update in updates
        if (post := _post(graph.resolved(_whole(update, graph)), own, offset, address))
    ]
    return with_ids(in_order(posts))


def with_ids(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return the sections of a live blog, each under a heading or with a time having an id that no other has; what comes twice, once."""
    found: dict[str, Section] = {}
    for number, section in enumerate(sections):
        if section.heading is None and section.posted_at is None and section.post_id is None:
            found[f"\0{number}"] = section
            continue
        id_ = given = section.post_id or _hashed(section)
        twin = 1
        while (before := found.get(id_)) is not None and _content(before) != _content(section):
            twin += 1
            id_ = f"{given}~{twin}"
        found.setdefault(id_, section.model_copy(update={"post_id": id_}))
    return tuple(found.values())


def blog(page: Sequence[Section], posts: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections of a live blog: what its page shows before its posts, and the posts.

    Where the posts are only headings their text is that of the page's sections with the same headings; the others stay without.
    """
    if tells(posts):
        return (*_introduction(page, posts), *posts)
    left = {post.heading.casefold(): post for post in posts if post.heading}
    first = [section for section in page if not section.heading]
    told = [
        post.model_copy(update={"heading": section.heading, "paragraphs": section.paragraphs})
        if (post := left.pop((section.heading or "").casefold(), None))
        else section
        for section in page
        if section.heading
    ]
    return with_ids([*first, *in_order([*told, *left.values()])])


def _introduction(page: Sequence[Section], posts: Sequence[Section]) -> tuple[Section, ...]:
    """Return what stands before the first text of a post; nothing when the page shows none of them, or too much before them."""
    of_posts = {_bare(text) for post in posts for text in (post.heading or "", *post.paragraphs)}
    before: list[str] = []
    for text in (text for section in page for text in (section.heading or "", *section.paragraphs)):
        if text and _bare(text) in of_posts:
            return (Section(paragraphs=tuple(before)),) if before else ()
        before += [text] if text else []
        if len(before) > _LONGEST_INTRODUCTION:
            break
    return ()


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))[:80]


def in_order(posts: Sequence[Section]) -> list[Section]:
    """Return posts by their time, the oldest first."""
    times = [post.posted_at for post in posts if post.posted_at]
    falls = sum(a > b for a, b in itertools.pairwise(times))
    newest_first = falls * 2 > max(1, len(times) - 1)
    ordered = list(reversed(posts)) if newest_first else list(posts)
    keys: list[datetime] = []
    last = datetime.min.replace(tzinfo=UTC)
    for post in ordered:
        last = post.posted_at or last
        keys.append(last)
    return [post for _, post in sorted(zip(keys, ordered, strict=True), key=lambda each: each[0])]


def tells(posts: Iterable[Section]) -> bool:
    """Return whether posts have text, and are not only headings."""
    return any(post.paragraphs for post in posts)


def corrects(texts: Iterable[str]) -> bool:
    """Return whether one of a post's texts says that it was corrected."""
    return any(_CORRECTED.search(text) for text in texts)


def _updates(given: Any) -> Iterator[dict[str, Any]]:
    """Yield what stands under `liveBlogUpdate`: objects, also in lists of lists, or as the members of an ItemList."""
    pending = [given]
    while pending:
        each = pending.pop()
        if isinstance(each, list):
            pending += reversed(each)
        elif isinstance(each, dict):
            listed = next((each[key] for key in _LISTS if isinstance(each.get(key), (dict, list))), None)
            if listed is None:
                yield each
            else:
                pending.append(listed)


def _post(
    update: dict[str, Any], own: Sequence[str], offset: timedelta | None, address: str | None
) -> Section | None:
    heading = next(
        (text for key in ("headline", "name") for each in strings(update.get(key)) if (text := title(each))),
        None,
    )
    bodies = ("\n".join(strings(update.get(key))) for key in ("articleBody", "text", "description"))
    body = next(filter(None, bodies), "")
    paragraphs = tuple(text for text in _paragraphs(body) if text != heading)
    if not heading and not paragraphs:
        return None
    posted, modified = (
        next(
            (
                at
                for key in keys
                for raw in strings(update.get(key))[:1]
                if (at := _time(raw, offset, address))
            ),
            None,
        )
        for keys in (("datePublished", "dateCreated", "uploadDate"), ("dateModified",))
    )
    people = [
        text for text in strings(update.get("author"), "name") if not text.startswith(("http://", "https://"))
    ]
    return Section(
        heading=heading,
        posted_at=posted,
        paragraphs=paragraphs,
        post_id=_own_id(update, own),
        authors=read_bylines(people) or None,
        modified_at=modified if modified and posted and modified > posted else None,
        corrected=True if update.get("correction") or corrects([heading or "", *paragraphs]) else None,
    )


def _whole(update: dict[str, Any], graph: Graph) -> dict[str, Any]:
    """Return a post as given, or what it only refers to. Two posts with one `@id` are two: what has words or a time is no reference."""
    if any(update.get(key) for key in _OWN_WORDS):
        return update
    return graph.by_id.get(str(update.get("@id")), update)


def _paragraphs(body: str) -> Iterator[str]:
    if "<" in body and _MARKUP.search(body):
        try:
            tree = parse_page(f"<div>{body}</div>")
        except Reject:  # nothing in it, or beyond all bounds
            return
        without_hidden(tree)
        yield from (block.text for block in blocks(tree))
        return
    text = html.unescape(body) if "&" in body else body
    yield from (found for each in clean(text).split("\n") if (found := paragraph(each)))


def _time(raw: str, offset: timedelta | None, address: str | None) -> datetime | None:
    moment = read_moment(raw, not_after=_LATEST)
    if isinstance(moment, str) or moment.precision == "day":
        return None
    if moment.note != NO_OFFSET:
        return moment.value
    known = offset if offset is not None else offset_of_address(address, moment.value)
    return None if known is None else moment.value - known


def _written_offset(raw: str) -> timedelta | None:
    found = _OFFSET.search(raw) if "T" in raw or ":" in raw else None
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -size if found[1] == "-" else size


def _own_id(update: dict[str, Any], own: Sequence[str]) -> str | None:
    for raw in (
        *strings(update.get("@id")),
        *strings(update.get("url")),
        *strings(update.get("identifier"), "value"),
    ):
        try:
            parts = urlsplit(raw)
        except ValueError:
            continue
        id_ = title(parts.fragment or raw)
        if id_ and raw not in own and len(id_) <= _MAX_ID:
            return id_
    return None


def _hashed(section: Section) -> str:
    first = section.heading or next(iter(section.paragraphs), "")
    told = f"{section.posted_at.isoformat() if section.posted_at else ''}\x1f{first}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _content(section: Section) -> tuple[Any, ...]:
    return section.heading, section.posted_at, section.paragraphs
