"""The client: fetches an address politely, and answers with data, never with an exception of the network."""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import httpx2

from producers.fetch import rights
from producers.fetch.errors import Exceeded, FetchError, Refused
from producers.fetch.exchange import Answer, Wire
from producers.fetch.failures import Failure, Scope, of_error, of_status
from producers.fetch.gate import Clock, Gate, SystemClock
from producers.fetch.http_time import fresh_seconds, retry_after
from producers.fetch.limits import Identity, Limits
from producers.fetch.network import Deadline, Resolver, system_resolver
from producers.fetch.result import KEPT_HEADERS, Fetched, Hop, Timing, Validators, validators_of
from producers.fetch.robots import Robots
from producers.fetch.sites import Sites
from producers.fetch.target import Target, target
from producers.fetch.turns import Courtesy, Turns
from producers.reading.content_type import read_content_type

FEED_TYPES: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
"""What to accept for feeds (RFC 9110, 12.5.1)."""
PAGE_TYPES: Final = "text/html, application/xhtml+xml, */*;q=0.1"
"""What to accept for pages."""
_CONTENT: Final = (200, 203)  # other 2xx have none, a part, or a page that says to wait (202)
_REDIRECT: Final = (301, 302, 303, 307, 308)
_PERMANENT: Final = (301, 308)
_SAID: Final = 300  # bytes of an answer to a form that are kept for people
_PAUSE: Final = 60.0  # seconds that a host is left alone that says 429 without Retry-After


@dataclass(slots=True)
class _Way:
    """What is known of a fetch while it goes on."""

    at: Target | None = None
    hops: list[Hop] = field(default_factory=list)
    asked: float = 0.0
    waited: float = 0.0
    answer: Answer | None = None
    rules: Robots | None = None
    conditional: bool = False
    host_wide: bool = False


class Client:
    """Fetches for all sources of a process. Safe for threads: what a host is asked is counted over all of them."""

    def __init__(
        self,
        identity: Identity,
        *,
        limits: Limits | None = None,
        courtesy: Courtesy | None = None,
        ports: Set[int] = frozenset({80, 443}),
        most_wait: float = 120.0,
        resolver: Resolver = system_resolver,
        clock: Clock | None = None,
        context: ssl.SSLContext | None = None,
        allow_loopback: bool = False,
    ) -> None:
        """Take who asks, and how.

        `most_wait` is for how many seconds a fetch waits for its host's turn before it is deferred. `ports` are those that may be
        asked. `context` says which certificates are trusted (default: those that the system trusts). `allow_loopback` lets
        addresses of this machine pass: for tests, and only there.
        """
        self._identity = identity
        self._limits = limits or Limits()
        self._ports = ports
        self._clock = clock or SystemClock()
        self._loopback = allow_loopback
        context = context or httpx2.create_ssl_context(trust_env=False)
        self._wire = Wire(self._limits, resolver, context, loopback=allow_loopback)
        self._gate = Gate(Turns(courtesy), self._clock, most_wait)
        self._sites = Sites(
            identity.product, self._ask_site, self._target, self._clock, self._limits.robots_bytes
        )

    def fetch(self, url: str, *, accept: str = PAGE_TYPES, last: Validators | None = None) -> Fetched:
        """Return what is at an address: content, or that it is as `last` time, or why there is none.

        Every hop is judged as the first is: form of the address, IP address, robots.txt, turn of its host.
        """
        started = self._clock.now()
        way = _Way()
        try:
            self._walk(way, url, accept, last)
        except FetchError as error:
            return self._outcome(url, way, started, last, of_error(error))
        return self._outcome(url, way, started, last, self._judged(way))

    def submit(self, url: str, form: Mapping[str, str]) -> str | None:
        """Send a form with POST, and return why it was not taken (any status but 2xx), or None.

        For interfaces that a publisher names, as WebSub's hubs: robots.txt is about pages, and is not asked. 307 and 308 are followed,
        each hop judged as the first is; what else redirects is no acceptance.
        """
        sent = urlencode(form).encode()
        try:
            at = self._target(url)
            for _ in range(self._limits.redirects + 1):
                with self._gate.turn(at.host):
                    deadline = Deadline.after(self._limits.total_seconds)
                    answer = self._wire.exchange(
                        at, self._headers("*/*"), deadline, body_bytes=_SAID, cut=True, form=sent
                    )
                self._heed(at, answer)
                location = answer.headers.get("location")
                if answer.status not in (307, 308) or not location:
                    break
                at = self._target(location, at.url)
        except FetchError as error:
            return str(error)
        if 200 <= answer.status < 300:
            return None
        said = " ".join(answer.body.decode("utf-8", "replace").split())
        return f"status {answer.status}" + (f": {said}" if said.isprintable() and said else "")

    def allowed(self, url: str) -> Robots:
        """Return the robots rules that hold for an address, for a dry run or for sitemaps. Raises FetchError."""
        return self._sites.robots(self._target(url))

    def alone(self) -> dict[str, float]:
        """Return the hosts that have asked to be left alone, each with the Unix time at which that ends."""
        return self._gate.alone()

    def leave_alone(self, host: str, until: float) -> None:
        """Leave a host alone until a Unix time, as it has asked a client before this one."""
        self._gate.leave_alone(host, until - self._clock.now())

    def _walk(self, way: _Way, url: str, accept: str, last: Validators | None) -> None:
        way.at = self._target(url)
        seen: set[str] = set()
        while True:
            if way.at.url in seen:
                raise Exceeded("redirects", f"the redirects go round in a circle at {way.at.url}")
            seen.add(way.at.url)
            way.rules = self._permitted(way.at)
            conditions = last.conditions(way.at.url, self._clock.now()) if last else []
            way.conditional = bool(conditions)
            answer = self._ask(way, [*self._headers(accept), *conditions])
            way.hops.append(Hop(way.at.url, answer.status))
            location = answer.headers.get("location")
            if answer.status not in _REDIRECT or not location:
                way.answer = answer
                return
            if len(way.hops) > self._limits.redirects:
                raise Exceeded("redirects", f"more than {self._limits.redirects} redirects")
            way.at = self._target(location, way.at.url)

    def _permitted(self, at: Target) -> Robots:
        rules = self._sites.robots(at)
        if rules.state == "unreachable":
            raise Refused(
                "robots-unreachable",
                f"the robots.txt of {at.host} cannot be read ({rules.why}), so nothing is allowed",
            )
        if not rules.allows(at.url):
            raise Refused("robots", f"the robots.txt of {at.host} does not allow {at.path}")
        return rules

    def _ask(self, way: _Way, headers: list[tuple[str, str]]) -> Answer:
        assert way.at is not None
        came = self._clock.now()
        with self._gate.turn(way.at.host, way.rules.crawl_delay if way.rules else None):
            way.waited += self._clock.now() - came
            began = time.monotonic()
            try:
                answer = self._wire.exchange(
                    way.at, headers, Deadline.after(self._limits.total_seconds - way.asked)
                )
            finally:
                way.asked += time.monotonic() - began
        way.host_wide = self._heed(way.at, answer)
        return answer

    def _ask_site(self, at: Target, most: int, crawl_delay: float | None) -> Answer:
        with self._gate.turn(at.host, crawl_delay):
            answer = self._wire.exchange(
                at,
                self._headers("*/*"),
                Deadline.after(self._limits.total_seconds),
                body_bytes=most,
                cut=True,
            )
        self._heed(at, answer)
        return answer

    def _heed(self, at: Target, answer: Answer) -> bool:
        """Give a host the pause that it asks for, and return whether all of it gets one."""
        if answer.status == 429:
            self._gate.leave_alone(at.host, self._pause(answer) or _PAUSE)
            return True
        pause = self._pause(answer) if answer.status == 503 else None
        return bool(pause) and self._gate.trouble(at.host, at.url, pause or 0.0)

    def _pause(self, answer: Answer) -> float | None:
        return retry_after(answer.headers, self._date())

    def _judged(self, way: _Way) -> Failure | None:
        answer = way.answer
        assert answer is not None
        if answer.status in _CONTENT or (answer.status == 304 and way.conditional):
            return None
        failure = of_status(answer.status, self._pause(answer))
        return replace(failure, scope=Scope.HOST) if way.host_wide else failure

    def _outcome(
        self, url: str, way: _Way, started: float, last: Validators | None, failure: Failure | None
    ) -> Fetched:
        answer, at = way.answer, way.at
        headers = _kept(answer.headers) if answer is not None else {}
        body = answer.body if answer is not None and failure is None and answer.status != 304 else None
        media_type, charset = read_content_type(headers.get("content-type", ""))
        validators, unchanged = last, None
        if failure is None and at is not None and answer is not None:
            validators = validators_of(at.url, headers, body, last, self._clock.now())
            if body is None:
                unchanged = "304"
            elif last is not None and hashlib.sha256(body).hexdigest() == last.sha256:
                unchanged = "same-body"
        permanent = len(way.hops) > 1 and all(hop.status in _PERMANENT for hop in way.hops[:-1])
        return Fetched(
            requested_url=url,
            url=at.url if at is not None else url,
            hops=tuple(way.hops),
            moved_to=at.url if permanent and failure is None and at is not None else None,
            peer=answer.peer if answer is not None else None,
            status=answer.status if answer is not None else None,
            headers=headers,
            media_type=media_type or None,
            charset=charset,
            body=body,
            unchanged=unchanged,
            validators=validators,
            fresh_seconds=fresh_seconds(headers, self._date()) if failure is None else None,
            failure=failure,
            rights=self._rights(way, body, media_type) if failure is None else rights.SeenRights(),
            timing=Timing(started, way.waited, answer.first_byte_seconds if answer else None, way.asked),
        )

    def _rights(self, way: _Way, body: bytes | None, media_type: str) -> rights.SeenRights:
        answer, at = way.answer, way.at
        assert answer is not None
        assert at is not None
        file, ai = self._sites.statements(at, way.rules.crawl_delay if way.rules else None)
        is_page = body is not None and media_type in ("text/html", "application/xhtml+xml")
        metas, meta = rights.page_statements(body or b"", self._identity.product) if is_page else ([], None)
        return rights.combine(
            file=file,
            header=rights.reservation(
                answer.headers.get("tdm-reservation"), answer.headers.get("tdm-policy")
            ),
            meta=meta,
            tags=rights.robots_tags(answer.headers.get_list("x-robots-tag"), self._identity.product),
            metas=metas,
            ai_txt_allows=ai,
        )

    def _headers(self, accept: str) -> list[tuple[str, str]]:
        return [
            ("User-Agent", self._identity.user_agent),
            ("Accept", accept),
            ("Accept-Encoding", "gzip, br, zstd"),
        ]

    def _target(self, url: str, base: str | None = None) -> Target:
        return target(url, base=base, ports=self._ports, loopback=self._loopback)

    def _date(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def _kept(headers: httpx2.Headers) -> dict[str, str]:
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}
