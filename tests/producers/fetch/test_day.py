"""A day of polling in simulated time, against a real server: 80 feeds on ten hosts, each feed with habits of its own.

The server notes the simulated time of every request; what was asked is judged by its notes, not by what the client says of itself.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict
from email.utils import formatdate
from itertools import pairwise

from polite import BEGIN, SimulatedClock, polite_client
from web_server import Handler, web_server

from producers.fetch import FEED_TYPES, Courtesy, Fetched
from producers.fetch.schedule import DAY, HOUR, MINUTE, Pace, Plan, Seen, after, begin

HOSTS = [f"h{n}.example.org" for n in range(10)]
KINDS = ("busy", "quiet", "etag-lies", "gone", "missing", "moved", "broken-route", "retry-date")
COURTESY = Courtesy(interval=2.0)


class World:
    """What the feeds do as the simulated day goes by."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self.asked: dict[str, list[float]] = defaultdict(list)
        """Times of requests by host."""
        self.polled: dict[str, list[float]] = defaultdict(list)
        """Times of requests by host and feed."""
        self.statuses: Counter[int] = Counter()

    def answer(self, handler: Handler) -> None:
        now = self.clock.now()
        host = handler.headers["Host"].partition(":")[0]
        self.asked[host].append(now)
        path = handler.path
        if not path.startswith("/feed/"):
            delay = b"User-agent: *\nCrawl-delay: 20\n" if host == HOSTS[0] else b""
            handler.answer(200 if delay and path == "/robots.txt" else 404, delay)
            return
        self.polled[host + path].append(now)
        kind = path.rpartition("/")[2]
        getattr(self, kind.replace("-", "_"))(handler, host, now)

    def respond(self, handler: Handler, status: int, body: bytes = b"", **headers: object) -> None:
        self.statuses[status] += 1
        handler.answer(status, body, Date=formatdate(self.clock.now(), usegmt=True), **headers)

    def versioned(self, handler: Handler, version: int, tag: str | None = None) -> None:
        tag = tag or f'"{version}"'
        same = handler.headers.get("If-None-Match") == tag
        self.respond(handler, 304 if same else 200, b"" if same else b"version %d" % version, ETag=tag)

    def busy(self, handler: Handler, host: str, now: float) -> None:
        self.versioned(handler, int(now // (7 * MINUTE)))

    def quiet(self, handler: Handler, host: str, now: float) -> None:
        self.versioned(handler, 1)

    def etag_lies(self, handler: Handler, host: str, now: float) -> None:
        """Another tag each time, for the same bytes."""
        self.respond(handler, 200, b"the same", ETag=f'"{now}"')

    def gone(self, handler: Handler, host: str, now: float) -> None:
        self.respond(handler, 410 if now > BEGIN + 3 * HOUR else 200, b"was here")

    def missing(self, handler: Handler, host: str, now: float) -> None:
        self.respond(handler, 404)

    def moved(self, handler: Handler, host: str, now: float) -> None:
        self.respond(handler, 301, Location="/feed/quiet")

    def broken_route(self, handler: Handler, host: str, now: float) -> None:
        self.respond(handler, 503, Retry_After="5400")

    def retry_date(self, handler: Handler, host: str, now: float) -> None:
        """For the first half of the day: come back at noon."""
        noon = BEGIN + DAY / 2
        if now < noon:
            self.respond(handler, 503, Retry_After=formatdate(noon, usegmt=True))
        else:
            self.versioned(handler, 1)


def seen_of(found: Fetched, known: int) -> tuple[Seen, int]:
    """What a poll showed, and the version that is known now: each version is one new item."""
    version = known
    if found.body is not None and not found.unchanged:
        last = found.body.split()[-1]
        version = int(last) if last.isdigit() else known + 1
    new = max(version - known, 0) if known else 1
    return Seen(new=new, failure=found.failure, fresh=found.fresh_seconds), version


def test_a_day_of_polling_obeys_every_host_and_every_feed() -> None:
    clock, chance, pace = SimulatedClock(), random.Random(5), Pace()
    world = World(clock)
    with web_server() as web:
        web.pages |= dict.fromkeys(("/robots.txt", "/ai.txt", "/.well-known/tdmrep.json"), world.answer)
        web.pages |= dict.fromkeys((f"/feed/{kind}" for kind in KINDS), world.answer)
        client = polite_client(web, clock=clock, courtesy=COURTESY)
        urls = [web.url(f"/feed/{kind}", host=host) for host in HOSTS for kind in KINDS]
        plans: dict[str, Plan] = {url: begin(pace, BEGIN, chance.random) for url in urls}
        last = dict.fromkeys(urls)
        changes: Counter[str] = Counter()
        versions: Counter[str] = Counter()
        queue = [(plan.due, url) for url, plan in plans.items()]
        heapq.heapify(queue)
        while queue and queue[0][0] < BEGIN + DAY:
            due, url = heapq.heappop(queue)
            clock.sleep(max(0.0, due - clock.now()))
            found = client.fetch(url, accept=FEED_TYPES, last=last[url])
            last[url] = found.validators
            seen, versions[url] = seen_of(found, versions[url])
            changes[url] += seen.new
            plans[url] = after(plans[url], seen, pace, clock.now(), chance.random)
            if not plans[url].retired:
                heapq.heappush(queue, (plans[url].due, url))

    for host, times in world.asked.items():
        apart = 20.0 if host == HOSTS[0] else COURTESY.interval
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert min(gaps) >= apart - 1e-3, host
    for host in HOSTS:
        polled = {kind: world.polled[f"{host}/feed/{kind}"] for kind in KINDS}
        assert all(polled.values())
        assert sum(time > BEGIN + 3 * HOUR for time in polled["gone"]) == 1, "410 is heard once"
        assert plans[urls[HOSTS.index(host) * len(KINDS) + KINDS.index("gone")]].retired
        waits = [b - a for a, b in pairwise(polled["broken-route"])]
        assert min(waits) >= 5400 - 1e-3
        assert len([time for time in polled["retry-date"] if time < BEGIN + DAY / 2]) == 1
        assert len(polled["retry-date"]) > 1
        assert len(polled["missing"]) <= 6
        assert len(polled["busy"]) > 3 * len(polled["etag-lies"]), (
            "a tag that changes without a change is no yield"
        )
        lying = urls[HOSTS.index(host) * len(KINDS) + KINDS.index("etag-lies")]
        assert changes[lying] == 1
        busy = polled["busy"]
        assert min(b - a for a, b in pairwise(busy)) >= pace.least - 1e-3
    assert world.statuses[304] > 0
