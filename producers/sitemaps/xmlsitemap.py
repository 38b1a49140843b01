"""`urlset` and `sitemapindex` documents (sitemaps.org 0.9) with the news, image and video extensions."""

from __future__ import annotations

import re
from typing import Final, Literal

from newswire.text import hygiene
from newswire.written_dates.read import read_written_date
from producers.reading.addresses import absolute
from producers.reading.document import read_elements
from producers.sitemaps.model import Child, Entry, News, Sitemap, Video

MAX_URLS: Final = 100_000
"""Addresses of one sitemap. The protocol allows half as many."""
_MAX_TEXT: Final = 10_000
_MAX_PARTS: Final = 1_000
"""Images and videos of one page: the protocol's own limit for images."""
_MENDED: Final = "the XML is broken: it was read as what it was meant to be"
_CUT_OFF: Final = "the sitemap breaks off: what was whole was read"
_ENTRIES: Final = frozenset(("url", "sitemap"))
_END_OF_ROOT: Final = re.compile(r"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE)
_END_OF_ENTRY: Final = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_END_OF_LOC: Final = re.compile(r"</(?:[\w.-]+:)?loc\s*>", re.IGNORECASE)
_OF_PARTS: Final = re.compile("image|video|news", re.IGNORECASE)
_EMPTY: Final = re.compile(r"<[^<>]*/>")
_ROOT_NAME: Final = re.compile(r"<([^\s/>]+)")


def read_xml_sitemap(text: str, root: str, base: str | None) -> Sitemap:
    """Return the sitemap of a document that starts at its root element, `urlset` or `sitemapindex`.

    A document that breaks off is read up to the end of its last whole entry: half an address is another address.
    """
    problems: list[str] = []
    if not _END_OF_ROOT.search(text) and not _EMPTY.match(text):
        text = _whole(text)
        problems.append(_CUT_OFF)
    reader = _Reader("index" if root == "sitemapindex" else "urlset", base)
    if not read_elements(text, reader):
        problems.append(_MENDED)
    return reader.sitemap(problems)


def _whole(text: str) -> str:
    for end in (_END_OF_ENTRY, _END_OF_LOC):
        last = None
        for last in end.finditer(text):  # noqa: B007 - the last one is wanted
            pass
        if last is not None:
            break
    name = _ROOT_NAME.match(text)
    start = text[: last.end()] if last is not None else text[: text.find(">") + 1]
    return f"{start}</{name[1]}>" if name is not None else start


class _Reader:
    """Takes elements as a parser finds them. An element is told by its name and those around it, so that no namespace has to be right."""

    def __init__(self, kind: Literal["urlset", "index"], base: str | None) -> None:
        self._kind = kind
        self._base = base
        self._entries: dict[str, Entry] = {}
        self._children: dict[str, Child] = {}
        self._path: list[str] = []
        """Names of the open elements within the entry, the outermost first."""
        self._open: list[int] = []
        """Lengths of the path at which the entries around begin: more than one only where end tags are missing."""
        self._text: list[str] = []
        self._length = 0
        self._fields: dict[str, str] = {}
        self._news: dict[str, str] | None = None
        self._images: list[str] = []
        self._video: dict[str, str] = {}
        self._videos: list[Video] = []
        self._alternates: list[tuple[str, str]] = []
        self._left_out = 0
        self._unusable = 0

    def start(self, expanded: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        space, _, local = expanded.rpartition(" ")
        name = local.lower()
        if name in _ENTRIES:
            self._finish()
            self._open.append(len(self._path))
        elif self._open:
            direct = len(self._path) == self._open[-1]
            # An image's or video's `loc` that stands outside its element is no address of the page.
            self._path.append("other" if direct and name == "loc" and _OF_PARTS.search(space) else name)
            if direct:
                self._begin_part(name, attributes)
        self._text.clear()
        self._length = 0

    def text(self, data: str) -> None:
        """Take text of the innermost open element."""
        if self._open and self._length < _MAX_TEXT:
            self._text.append(data)
            self._length += len(data)

    def end(self, _expanded: str) -> None:
        """End the innermost open element."""
        if not self._open:
            return
        if len(self._path) == self._open[-1]:
            self._finish()
            self._open.pop()
            return
        within = self._path[self._open[-1] :]
        value = "".join(self._text)[:_MAX_TEXT].strip()
        self._path.pop()
        if len(within) == 1 and within[0] == "video":
            self._end_video()
        elif value and len(within) < 5:
            self._take(within, value)
        self._text.clear()
        self._length = 0

    def sitemap(self, problems: list[str]) -> Sitemap:
        """Return what was read."""
        if self._left_out:
            problems.append(
                f"only the first {MAX_URLS:,} addresses were read, {self._left_out:,} were left out"
            )
        if self._unusable:
            problems.append(f"left out, having no address of http or https: {self._unusable:,} entries")
        return Sitemap(
            self._kind, tuple(self._entries.values()), tuple(self._children.values()), tuple(problems)
        )

    def _begin_part(self, name: str, attributes: dict[str, str]) -> None:
        if name == "news":
            self._news = self._news if self._news is not None else {}
        elif name == "video":
            self._video = {}
        elif name == "link" and attributes.get("rel", "alternate").lower() == "alternate":
            url = absolute(attributes.get("href"), self._base)
            language = hygiene.line(attributes.get("hreflang", "")[:100])
            if url and language and len(self._alternates) < _MAX_PARTS:
                self._alternates.append((language, url))

    def _take(self, within: list[str], value: str) -> None:
        name = within[-1]
        if len(within) == 1:
            self._fields.setdefault(name, value)
        elif within[0] == "news":
            if self._news is not None:
                self._news.setdefault(name, value)
        elif within[0] == "image" and name == "loc":
            url = absolute(value, self._base)
            if url and len(self._images) < _MAX_PARTS:
                self._images.append(url)
        elif within[0] == "video" and len(within) == 2:
            self._video.setdefault(name, value)

    def _end_video(self) -> None:
        given, self._video = self._video, {}
        written = given.get("publication_date")
        if given and len(self._videos) < _MAX_PARTS:
            self._videos.append(
                Video(
                    title=_line(given.get("title")),
                    content=absolute(given.get("content_loc"), self._base),
                    player=absolute(given.get("player_loc"), self._base),
                    published=read_written_date(written) if written else None,
                    published_text=_line(written),
                )
            )

    def _finish(self) -> None:
        """Take the entry that was begun, if it is one; begin the next."""
        fields, news = self._fields, self._news
        images, videos, alternates = self._images, self._videos, self._alternates
        self._fields, self._news = {}, None
        self._images, self._videos, self._alternates = [], [], []
        if not self._open or not (fields or news):
            return
        url = absolute(fields.get("loc"), self._base)
        if url is None:
            self._unusable += 1
            return
        if len(self._entries) + len(self._children) >= MAX_URLS:
            self._left_out += 1
            return
        written = fields.get("lastmod")
        modified = read_written_date(written) if written else None
        if self._kind == "index":
            self._children.setdefault(url, Child(url, modified, _line(written)))
            return
        entry = Entry(
            url=url,
            modified=modified,
            modified_text=_line(written),
            news=_news_of(news) if news is not None else None,
            images=tuple(dict.fromkeys(images)),
            videos=tuple(videos),
            alternates=tuple(dict.fromkeys(alternates)),
        )
        before = self._entries.setdefault(url, entry)
        if before.modified_text is None and before.news is None:
            self._entries[url] = entry  # named twice: what says more counts


def _news_of(given: dict[str, str]) -> News:
    written = given.get("publication_date")
    return News(
        publication=_line(given.get("name")),
        language=_line(given.get("language")),
        title=hygiene.title(given["title"]) or None if "title" in given else None,
        published=read_written_date(written) if written else None,
        published_text=_line(written),
        keywords=_listed(given.get("keywords")),
        genres=_listed(given.get("genres")),
        access=_line(given.get("access")),
        stock_tickers=_listed(given.get("stock_tickers")),
    )


def _line(text: str | None) -> str | None:
    return hygiene.line(text) or None if text else None


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in (text or "").split(",") if (word := hygiene.line(part))))
