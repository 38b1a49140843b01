"""`newswire sources`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire.cli import options, sources_check, sources_list
from newswire.cli.group import group

if TYPE_CHECKING:
    from newswire.config import Settings
    from newswire.source_list import ListedSource, SourceList

app = group("See to the list of sources: feeds and sitemaps.")

app.command("list")(sources_list.list_sources)
app.command()(sources_check.check)

_LONGEST_LIST = 64 * 1024 * 1024


@app.command("import")
def import_list(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.opml", help="A list of feeds, as other readers export it.", show_default=False
        ),
    ],
    sources: options.Sources = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    """Add the feeds of an OPML file to the list of sources.

    Shown is what becomes of each: added, known (its address is there), or refused. Ends with 3 when some were refused, or when the
    list breaks off; the rest is added.
    """
    from newswire.cli.output import json_line, note, table
    from newswire.cli.session import begin
    from newswire.errors import BadInputError
    from newswire.source_list import read_list
    from newswire.source_list.writing import add_sources
    from newswire.sources import room

    settings = begin()
    path = _path(sources, settings)
    discovery = room("discovery")
    there = read_list(path, missing_is_empty=True)
    problems: list[str] = []
    outcomes = discovery.outcomes_of_opml(_bytes_of(file), there, settings, problems)
    for problem in problems:
        note(f"newswire: {file}: {problem}")
    new = discovery.added(outcomes)
    if new and not dry_run:
        add_sources(path, new)
    count = {
        status: sum(1 for each in outcomes if each.status == status)
        for status in ("added", "known", "refused")
    }
    if as_json:
        for each in outcomes:
            json_line({"status": each.status, "name": each.name, "url": each.url, "why": each.why})
    else:
        table(
            ("", "name", "address", "why"),
            [(each.status, each.name, each.url, each.why) for each in outcomes],
        )
    note(
        f"newswire: {count['added']:,} {'would be added to' if dry_run else 'added to'} {path}, {count['known']:,} known, "
        f"{count['refused']:,} refused"
    )
    return BadInputError.exit_code if count["refused"] or problems else 0


@app.command()
def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="A feed, a sitemap, or a page whose feeds are looked for.", show_default=False
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="Name of the source. Default: from its title.", show_default=False
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Add all that is found, not only the best.")] = False,
    sources: options.Sources = None,
    dry_run: options.DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    """Find what there is to read at an address, show it, and add the best of it to the list of sources.

    Asked are the address itself, what its page names, what robots.txt names, and the usual places. Ends with 3 when nothing is found.
    """
    from newswire.cli.output import json_line, note, table
    from newswire.cli.session import begin
    from newswire.errors import BadInputError, UsageError
    from newswire.source_list import read_list
    from newswire.source_list.model import NAME
    from newswire.source_list.writing import add_sources
    from newswire.sources import room
    from newswire.text.logins import without_logins

    settings = begin()
    path = _path(sources, settings)
    if name is not None and every:
        raise UsageError("--name is for one source: leave out --all")
    if name is not None and not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a source: lower-case letters, digits, `.`, `_`, `-`, at most 100"
        )
    there = read_list(path, missing_is_empty=True)
    discovery = room("discovery")
    address = discovery.absolute(url, None) or (url if "://" in url else f"https://{url}")
    why = discovery.refusal(address, settings)
    if why is not None:
        raise UsageError(f"{without_logins(url)} cannot be asked: {why}")
    client = room("fetch.configured").client(settings, body_bytes=_LONGEST_LIST)
    found = discovery.find(client, address)
    if found.failure:
        raise BadInputError(f"{address} could not be fetched: {found.failure}")
    if not found.candidates:
        raise BadInputError(
            f"no feed or sitemap was found at {address} (asked: {len(found.tried)} addresses). Look on the site for the address of its "
            "feed, and add that"
        )
    wanted = found.candidates if every else [discovery.best(found.candidates)]
    made = _sources_of(wanted, there, name)
    fresh = [source for source in made.values() if source is not None]
    if fresh and not dry_run:
        add_sources(path, fresh)
    rows = [_row(each, made) for each in found.candidates]
    if as_json:
        for row in rows:
            json_line(row)
    else:
        table(
            ("", "kind", "items", "newest", "title", "address", "found"),
            [
                (r["status"], r["kind"], r["items"], (r["newest"] or "")[:16], r["title"], r["url"], r["why"])
                for r in rows
            ],
            right=("items",),
        )
    added = ", ".join(source.name for source in fresh)
    if fresh:
        note(
            f"newswire: {'would add' if dry_run else 'added'} {added} ({path}); `newswire sources check NAME` shows what it gives"
        )
    else:
        note(f"newswire: nothing to add: it is in {path} already")
    return 0


def _sources_of(candidates: Any, there: SourceList, name: str | None) -> dict[str, ListedSource | None]:
    """Return the sources that candidates become, by their address; None for those that are there already."""
    from newswire.source_list import ListedSource
    from newswire.source_list.model import same_address
    from newswire.sources import room

    discovery = room("discovery")
    names = {source.name for source in there.source}
    addresses = {same_address(source.url) for source in there.source}
    made: dict[str, ListedSource | None] = {}
    for each in candidates:
        if same_address(each.url) in addresses:
            made[each.url] = None
            continue
        chosen = name or discovery.name_for(each.title, each.url, names)
        source = ListedSource(
            name=chosen, url=each.url, kind=each.kind, publisher=each.title[:200] if each.title else None
        )
        made[each.url] = discovery.with_language(source, each.language)
        names.add(chosen)
        addresses.add(same_address(each.url))
    return made


def _row(candidate: Any, made: dict[str, ListedSource | None]) -> dict[str, Any]:
    source = made.get(candidate.url)
    status = "found" if candidate.url not in made else "known" if source is None else "added"
    return {
        "status": status,
        "name": source.name if source else None,
        "url": candidate.url,
        "kind": candidate.kind,
        "title": candidate.title,
        "language": candidate.language,
        "items": candidate.items,
        "newest": candidate.newest.isoformat() if candidate.newest else None,
        "why": candidate.why,
        "problems": list(candidate.problems),
    }


def _path(given: Path | None, settings: Settings) -> Path:
    return given or settings.sources


def _bytes_of(file: Path) -> bytes:
    from newswire.errors import UsageError

    try:
        with file.open("rb") as opened:
            return opened.read(_LONGEST_LIST)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
