"""`newswire sources check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.config import Settings

_SHOWN = 50
_LONGEST_ADDRESS = 120
"""Characters in the table; `--json` has all."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def check(
    what: Annotated[
        str,
        typer.Argument(metavar="NAME|URL", help="A source of the list, or any address.", show_default=False),
    ],
    sources: options.Sources = None,
    as_json: options.AsJson = False,
) -> int:
    """Ask a source once and show what would be published, and why not. Nothing is published; no broker is needed.

    Shown are the request and its redirects, the decision of robots.txt, rights, each item with date and canonical address, what had to be
    mended, and when it would be asked next. Ends with 3 when it cannot be fetched, or is no feed or sitemap.
    """
    import time

    from newswire.cli.output import json_line
    from newswire.cli.session import begin
    from newswire.errors import BadInputError
    from newswire.sources import room

    settings = begin()
    checking = room("checking")
    source = _source(what, sources or settings.sources, settings)
    client = room("fetch.configured").client(settings, body_bytes=room("sitemaps").MAX_SITEMAP_BYTES)
    now = time.time()
    checked = (
        checking.check_address(client, what, now) if source is None else checking.check(client, source, now)
    )
    if as_json:
        json_line(_as_data(checked))
    else:
        _show(checked)
    return BadInputError.exit_code if checked.failure is not None else 0


def _source(what: str, path: Any, settings: Settings) -> Any:
    """Return the source that is meant; None for an address that is in no list."""
    from newswire.errors import UsageError
    from newswire.source_list import read_list
    from newswire.source_list.model import same_address
    from newswire.sources import room
    from newswire.text.logins import without_logins

    is_address = "://" in what
    listed = read_list(path, missing_is_empty=is_address)
    if not is_address:
        found = listed.named(what)
        if found is None:
            raise UsageError(
                f"{path} has no source called {what!r}: `newswire sources list` shows those it has"
            )
        return found
    why = room("discovery").refusal(what, settings)
    if why is not None:
        raise UsageError(f"{without_logins(what)} cannot be asked: {why}")
    return next((each for each in listed.source if same_address(each.url) == same_address(what)), None)


def _as_data(checked: Any) -> dict[str, Any]:
    fetched = checked.fetched
    return {
        "name": checked.source.name,
        "kind": checked.source.kind,
        "request": {
            "url": fetched.requested_url,
            "hops": [{"url": hop.url, "status": hop.status} for hop in fetched.hops],
            "moved_to": fetched.moved_to,
            "media_type": fetched.media_type,
            "bytes": len(fetched.body) if fetched.body is not None else None,
            "seconds": round(fetched.timing.total, 3),
        },
        "robots": {"decision": checked.robots, "crawl_delay": checked.crawl_delay},
        "rights": {
            "text_and_data_mining": fetched.rights.text_and_data_mining,
            "signals": list(fetched.rights.signals),
            "directives": list(fetched.rights.directives),
        },
        "failure": {
            "kind": str(checked.failure.kind),
            "reason": checked.failure.reason,
            "detail": checked.failure.detail,
        }
        if checked.failure is not None
        else None,
        "problems": list(checked.remarks),
        "asks_for_seconds": checked.asks_for,
        "skip_hours": list(checked.skip_hours),
        "skip_days": [_DAYS[day] for day in checked.skip_days],
        "next_at": _instant(checked.next_at),
        "articles": [
            {
                "title": each.title,
                "published": each.published.value.isoformat() if each.published else None,
                "precision": each.published.precision if each.published else None,
                "published_text": each.published_text,
                "url": each.url,
                "canonical_url": each.canonical,
                "published_as": each.published_as,
                "why": each.why,
            }
            for each in checked.articles
        ],
    }


def _show(checked: Any) -> None:
    from newswire.cli.output import line, note, table
    from newswire.cli.safe import safe

    for name, value in _facts(checked):
        line(f"{name:<10} {safe(value)}")
    if checked.articles:
        line("")
        table(
            ("published as", "date (UTC)", "title", "canonical address", "why"),
            [
                (
                    each.published_as,
                    _date(each),
                    safe(each.title or "", 60),
                    safe(each.canonical or each.url or "", _LONGEST_ADDRESS),
                    safe(each.why or "", _LONGEST_ADDRESS),
                )
                for each in checked.articles[:_SHOWN]
            ],
        )
    if checked.failure is not None and checked.failure.reason == "not-a-feed-html":
        note("newswire: it is a page: `newswire sources add URL` finds the feeds that a page names")
    if checked.failure is not None and not checked.articles:
        return  # of what could not be read there is nothing to count
    count = {
        how: sum(1 for each in checked.articles if each.published_as == how)
        for how in ("page", "feed", "nothing")
    }
    more = len(checked.articles) - _SHOWN
    note(
        f"newswire: {len(checked.articles):,} items: {count['page']:,} would be published with their page, {count['feed']:,} with what the "
        f"source holds, {count['nothing']:,} not"
        + (f"; {more:,} more than are shown, see --json" if more > 0 else "")
    )


def _facts(checked: Any) -> Iterator[tuple[str, str]]:
    fetched = checked.fetched
    yield "source", f"{checked.source.name} ({checked.source.kind})"
    for number, hop in enumerate(fetched.hops):
        yield "" if number else "request", f"{hop.status}  {hop.url}"
    if fetched.failure is not None and (not fetched.hops or fetched.hops[-1].url != fetched.url):
        sent = bool(fetched.hops or fetched.timing.total)
        yield "" if fetched.hops else "request", f"{'failed' if sent else 'not sent'}  {fetched.url}"
    if fetched.moved_to:
        yield "", f"it has moved for good to {fetched.moved_to}"
    if fetched.media_type:
        size = f", {len(fetched.body):,} bytes" if fetched.body is not None else ""
        yield "answer", f"{fetched.media_type}{size}, {fetched.timing.total:.2f} s"
    delay = f", {checked.crawl_delay:g} s between requests" if checked.crawl_delay else ""
    yield "robots.txt", f"{checked.robots}{delay}"
    mining = fetched.rights.text_and_data_mining
    signals = ", ".join((*fetched.rights.signals, *fetched.rights.directives))
    yield "rights", f"text and data mining: {mining or 'nothing is said'}{f' ({signals})' if signals else ''}"
    if checked.failure is not None:
        yield "failure", f"{checked.failure.detail} [{checked.failure.reason}]"
    for number, problem in enumerate(checked.remarks):
        yield "" if number else "problems", problem
    if checked.asks_for:
        yield "asks for", f"{checked.asks_for:,.0f} s between polls"
    if checked.skip_hours or checked.skip_days:
        hours = ", ".join(f"{hour}:00" for hour in checked.skip_hours)
        skipped = [f"the hours from {hours}"] * bool(hours) + [_DAYS[day] for day in checked.skip_days]
        yield "skips", f"{', '.join(skipped)} (UTC)"
    yield "next poll", _instant(checked.next_at) or "never: it is gone for good"


def _date(article: Any) -> str:
    if article.published is None:
        return f"? {article.published_text}" if article.published_text else ""
    shown = "%Y-%m-%d" if article.published.precision == "day" else "%Y-%m-%d %H:%M"
    return str(article.published.value.strftime(shown))


def _instant(seconds: float | None) -> str | None:
    from datetime import UTC, datetime

    return (
        datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds is not None else None
    )
