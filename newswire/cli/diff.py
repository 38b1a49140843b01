"""`newswire diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.differing import Change


def diff(
    article: Annotated[
        str,
        typer.Argument(
            metavar="ID|URL|GUID", help="Article id, its address, or its guid.", show_default=False
        ),
    ],
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="N", help="Revision to compare with the one before it; default the last.", min=2
        ),
    ] = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Show what changed from one revision of an article to the next: fields, then passages, words that are gone and that are new.

    Reads what news.unique.v1 still has of it. With --json one change a line: path, before, after.
    """
    from newswire.cli.output import json_line, line
    from newswire.cli.session import begin, connected
    from newswire.differing import difference, revisions

    with connected(bootstrap_servers, begin()) as log:
        found = revisions(log, article)
    before, after = _pair(found, number)
    changes = difference(before, after)
    if as_json:
        for change in changes:
            json_line({"path": change.path, "before": change.before, "after": change.after})
        return 0
    line(_head(before, after))
    if not changes:
        line("\nnothing that is compared differs")
    for change in changes:
        _show(change)
    return 0


def _pair(found: list[dict[str, Any]], number: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    from newswire.errors import UsageError

    by_number = {each["revision"]["number"]: each for each in found}
    there = ", ".join(map(str, sorted(by_number)))
    if len(by_number) == 1 and number is None:
        raise UsageError(f"there is only revision {there}: nothing to compare it with")
    wanted = max(by_number) if number is None else number
    if wanted not in by_number or wanted - 1 not in by_number:
        raise UsageError(f"revisions {wanted - 1} and {wanted} are not both on the topic: there are {there}")
    return by_number[wanted - 1], by_number[wanted]


def _head(before: dict[str, Any], after: dict[str, Any]) -> str:
    from newswire.cli.safe import safe

    revision = after["revision"]
    words = f"{safe(after['headline'])}\nrevision {before['revision']['number']} of {before['captured_at']} -> {revision['number']} of "
    words += f"{after['captured_at']}: {revision['change']}"
    if revision.get("relation"):
        words += f", {revision['relation']}"
    said = revision.get("signals")
    return words + (f"; the publisher says: {', '.join(map(safe, said))}" if said else "")


def _show(change: Change) -> None:
    from newswire.cli.output import line
    from newswire.cli.safe import safe
    from newswire.differing import words

    line(f"\n{safe(change.path)}")
    if isinstance(change.before, str) and isinstance(change.after, str):
        marks = {"=": ("", ""), "-": ("[-", "-]"), "+": ("{+", "+}")}
        shown = [f"{marks[sign][0]}{safe(text)}{marks[sign][1]}" for sign, text in words(change)]
        line("  " + " ".join(shown))
        return
    for sign, value in (("-", change.before), ("+", change.after)):
        if value is not None:
            line(f"  {sign} {safe(value if isinstance(value, str) else _plain(value))}")


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(value)
