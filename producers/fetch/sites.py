"""What a site says of itself in well-known files, asked once and kept for a day: robots.txt, tdmrep.json, ai.txt."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from producers.fetch import rights
from producers.fetch.errors import Deferred, FetchError, Refused
from producers.fetch.exchange import Answer
from producers.fetch.gate import Clock
from producers.fetch.robots import Robots, decoded, of_answer
from producers.fetch.target import Target

Ask = Callable[[Target, int, float | None], Answer]
"""Asks for one address in its host's turn, at most so many bytes, with the host's crawl-delay. Raises FetchError."""
Resolve = Callable[[str, str], Target]
"""Returns the target of an address relative to another. Raises Refused."""

_DAY: Final = 86400.0  # RFC 9309, 2.4: rules are not kept for longer
_AGAIN: Final = 600.0  # seconds until a site whose file could not be read is asked for it again
_OLD_COPY: Final = (
    30 * _DAY
)  # RFC 9309, 2.3.1.4: while the file cannot be read, the last copy holds for about so long
_REDIRECTS: Final = 5  # RFC 9309, 2.3.1.2
_MOST_SITES: Final = 10_000
_RIGHTS_BYTES: Final = 256 * 1024
_REDIRECT: Final = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class _Site:
    lock: threading.Lock = field(default_factory=threading.Lock)
    robots: Robots | None = None
    read_at: float = float("-inf")
    """When the robots.txt was last read, for good or as absent."""
    robots_until: float = float("-inf")
    tdm: bytes | None = None
    tdm_until: float = float("-inf")
    ai: str | None = None
    ai_until: float = float("-inf")


class Sites:
    """The sites of a client. Safe for threads; a file is asked for by one of them."""

    def __init__(self, agent: str, ask: Ask, resolve: Resolve, clock: Clock, robots_bytes: int) -> None:
        self._agent = agent
        self._ask = ask
        self._resolve = resolve
        self._clock = clock
        self._robots_bytes = robots_bytes
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._lock = threading.Lock()

    def robots(self, at: Target) -> Robots:
        """Return the rules of the target's origin. Raises Deferred when its host may not be asked now."""
        site = self._site(at)
        with site.lock:
            now = self._clock.now()
            if site.robots is None or now >= site.robots_until:
                found = self._read_robots(at)
                now = self._clock.now()
                if found.state != "unreachable":
                    site.robots, site.read_at, site.robots_until = found, now, now + _DAY
                else:
                    if site.robots is None or now - site.read_at > _OLD_COPY:
                        site.robots = found
                    site.robots_until = now + _AGAIN
            return site.robots

    def statements(
        self, at: Target, crawl_delay: float | None
    ) -> tuple[rights.Reservation | None, bool | None]:
        """Return what tdmrep.json and ai.txt say of the target; None of each for nothing, or while it cannot be asked."""
        site = self._site(at)
        with site.lock:
            if self._clock.now() >= site.tdm_until:
                site.tdm, site.tdm_until = self._file(at, "/.well-known/tdmrep.json", crawl_delay, site.tdm)
            if self._clock.now() >= site.ai_until:
                old = site.ai.encode() if site.ai is not None else None
                body, site.ai_until = self._file(at, "/ai.txt", crawl_delay, old)
                site.ai = decoded(body) if body is not None else None
            path = at.path.partition("?")[0]
            tdm = rights.file_statement(site.tdm, path) if site.tdm is not None else None
            ai = rights.ai_txt_allows(site.ai, at.url, self._agent) if site.ai is not None else None
            return tdm, ai

    def _site(self, at: Target) -> _Site:
        with self._lock:
            site = self._sites.setdefault(at.origin, _Site())
            self._sites.move_to_end(at.origin)
            while len(self._sites) > _MOST_SITES:
                self._sites.popitem(last=False)
            return site

    def _read_robots(self, at: Target) -> Robots:
        try:
            answer = self._follow(at, "/robots.txt", self._robots_bytes, None)
        except Deferred:
            raise
        except FetchError as error:
            return Robots("unreachable", self._agent, why=error.detail)
        if answer is None:  # too many redirects: as if there were none
            return Robots("none", self._agent)
        return of_answer(answer.status, answer.body, self._agent, cut=answer.cut)

    def _file(
        self, at: Target, path: str, crawl_delay: float | None, old: bytes | None
    ) -> tuple[bytes | None, float]:
        """Return a small file's bytes, and until when they hold. While it cannot be read, the old ones do."""
        try:
            answer = self._follow(at, path, _RIGHTS_BYTES, crawl_delay)
        except FetchError:
            return old, self._clock.now() + _AGAIN
        if answer is not None and (answer.status >= 500 or answer.status == 429):
            return old, self._clock.now() + _AGAIN
        found = answer is not None and answer.status == 200 and not answer.cut and not _is_page(answer)
        return (answer.body if answer is not None and found else None), self._clock.now() + _DAY

    def _follow(self, at: Target, path: str, most: int, crawl_delay: float | None) -> Answer | None:
        """Return the answer after redirects, to other hosts too; None when there are more than five."""
        where = self._resolve(path, at.url)
        for _ in range(_REDIRECTS + 1):
            answer = self._ask(where, most, crawl_delay if where.host == at.host else None)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECT or not location:
                if 300 <= answer.status < 400:
                    raise Refused("redirect", "a redirect to nowhere")
                return answer
            where = self._resolve(location, where.url)
        return None


def _is_page(answer: Answer) -> bool:
    """Whether a page came instead of the file, as from sites that answer everything with 200."""
    return "html" in answer.headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
