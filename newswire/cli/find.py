"""`newswire find`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.config import Settings
    from newswire.log.contract import Log

_PLAIN = {".txt", ".text", ""}


def find(
    text: Annotated[
        str,
        typer.Argument(
            metavar="FILE|ID|URL|GUID",
            help="A file with the text, - for standard input; or an article that was captured.",
            show_default=False,
        ),
    ],
    least: Annotated[
        float,
        typer.Option(
            "--least",
            metavar="SHARE",
            min=0,
            max=1,
            help="So much of it, or of the article, must be the same.",
        ),
    ] = 0.2,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Only in articles of this source.", show_default=False),
    ] = None,
    lane: options.Lane = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Find where a text stands, word for word: the articles that have it, or part of it, the most first. Ends with 1 when none has.

    A file of plain text, or standard input, may be any passage of three words or more; of another file (HTML, JSON …) the article in it is
    looked for. All that is kept on news.normalized.v1 is read, copies and revisions too. Why one is a copy of another,
    `newswire explain-duplicate` says.
    """
    from dataclasses import asdict

    from newswire.cli.output import json_line, note, table
    from newswire.cli.session import begin, connected, enter
    from newswire.same_text import find as matches_of

    enter(lane)
    settings = begin()
    with connected(bootstrap_servers, settings) as log:
        found = matches_of(log, _text(text, log, settings), least=least, source=source)
    if as_json:
        for match in found:
            json_line(asdict(match))
    elif found:
        table(
            ("of the text", "of the article", "source", "published", "headline", "article"),
            [
                (
                    f"{match.of_text:.0%}",
                    f"{match.of_article:.0%}",
                    match.source,
                    "" if match.published_at is None else f"{match.published_at:%Y-%m-%d}",
                    match.headline,
                    match.url or match.article_id,
                )
                for match in found
            ],
            right=("of the text", "of the article"),
        )
    if not found:
        note("newswire: no article that is kept has as much of it; --least asks for less")
    return 0 if found else 1


def _text(given: str, log: Log, settings: Settings) -> str:
    """Return the text that is looked for. Raises NewswireError when there is none."""
    from newswire.cli.explain_duplicate import read_article
    from newswire.comparing import captured
    from newswire.errors import BadInputError

    if given == "-":
        return sys.stdin.buffer.read().decode(errors="replace")
    path = Path(given)
    if path.is_file() and path.suffix.lower() in _PLAIN:
        try:
            return path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise BadInputError(f"{given} cannot be read: {error.strerror}") from None
    article: Any = read_article(given, settings) if path.is_file() else captured(log, [given])[given]
    return "\n".join(
        line for section in article.sections for line in (section.heading, *section.paragraphs) if line
    )
