"""`newswire explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire.cli import options
from newswire.text.plural import plural

if TYPE_CHECKING:
    from newswire.explaining import Explained, Field

_PARAGRAPHS = 3
_SHOWN = 160


def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="URL|FILE",
            help="An address, a file (text, HTML, JSON, JSON lines, an agency's item), or `-` for standard input.",
            show_default=False,
        ),
    ],
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Where the page in a file came from.", show_default=False),
    ] = None,
    as_json: options.AsJson = False,
) -> int:
    """Show what is read out of a page or file: each field with its source, and what was refused and why. No broker is needed.

    An address is fetched politely, as by `newswire produce` (NEWSWIRE_CONTACT_URL says who asks); nothing is published. What became of an
    article that was published: `newswire trace`. Ends with 3 when something could not be taken.
    """
    from newswire.capture import Unreadable
    from newswire.cli.output import json_line, line
    from newswire.cli.safe import safe
    from newswire.cli.session import begin
    from newswire.errors import BadInputError
    from newswire.explaining import explain as read
    from newswire.sources import room

    settings = begin()
    status = 0
    for number, each in enumerate(room("checking").capture(what, settings, url=url)):
        if isinstance(each, Unreadable):
            status = BadInputError.exit_code
            if as_json:
                json_line(
                    {"what": each.what, "outcome": "unreadable", "reason": each.reason, "detail": each.detail}
                )
            else:
                line(f"{safe(each.what)} cannot be read: {safe(each.detail)} [{each.reason}]")
            continue
        explained = read(each.raw)
        status = BadInputError.exit_code if explained.refused is not None else status
        if as_json:
            json_line({"what": each.raw.path or each.raw.url or what, **_as_data(explained)})
        else:
            line("") if number else None
            _show(each.raw.path or each.raw.url or what, explained)
    return status


def _as_data(explained: Explained) -> dict[str, Any]:
    refused = explained.refused
    if refused is not None:
        return {
            "outcome": "rejected",
            "reason": refused.reason,
            "detail": refused.detail,
            "path": getattr(refused, "path", None),
        }
    assert explained.article is not None
    article = explained.article.to_data()
    return {
        "outcome": "normalized",
        "fields": [
            {"name": field.name, "value": article.get(field.name), **field.why.to_data()}
            for field in explained.fields
            if field.name != "sections"
        ],
        "article": article,
    }


def _show(what: str, explained: Explained) -> None:
    from newswire.cli.output import line, table
    from newswire.cli.safe import safe

    refused = explained.refused
    if refused is not None:
        where = getattr(refused, "path", None)
        line(
            f"{safe(what)} is refused: {safe(refused.detail)} [{refused.reason}]{f' at {where}' if where else ''}"
        )
        return
    article = explained.article
    assert article is not None
    line(f"{safe(what)}: {article.kind.replace('_', ' ')}, article id {article.article_id}")
    line("")
    table(
        ("field", "value", "from", "sure", "read from"),
        [
            (
                field.name,
                safe(_value(field, explained), _SHOWN),
                field.why.origin,
                f"{field.why.confidence:.2f}",
                safe(field.why.raw or "", _SHOWN),
            )
            for field in explained.fields
        ],
        right=("sure",),
    )
    rows = list(_refused(explained))
    if rows:
        line("")
        table(("refused for", "value", "from", "why"), rows)
    if article.date_notes:
        line(f"\nThe dates: {', '.join(article.date_notes)}.")
    line("")
    for text in _beginning(explained):
        line(text)


def _value(field: Field, explained: Explained) -> str:
    article = explained.article
    value = field.value
    if value is None:
        return ""
    if field.name == "sections":
        paragraphs = [text for section in value for text in section.paragraphs]
        letters = sum(map(len, paragraphs))
        return (
            f"{len(value):,} {plural('section', len(value))}, {len(paragraphs):,} {plural('paragraph', len(paragraphs))}, "
            f"{letters:,} characters"
        )
    if isinstance(value, (tuple, list)):
        return "; ".join(_words(each) for each in value)
    if isinstance(value, datetime):
        is_day = field.name == "published_at" and article is not None and article.published_precision == "day"
        return f"{value:%Y-%m-%d}" if is_day else f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return str(value)


def _words(each: object) -> str:
    from schemas.core.translation import Translation
    from schemas.normalized.model import Image

    if isinstance(each, Translation):
        return f"{each.language or 'another language'} ({each.role}) {each.url or each.guid}"
    if not isinstance(each, Image):
        return str(each)
    words = ", ".join(filter(None, (each.caption, each.credit)))
    return f"{each.url} ({words})" if words else each.url


def _refused(explained: Explained) -> Iterator[tuple[str, str, str, str]]:
    from newswire.cli.safe import safe

    for field in explained.fields:
        for each in field.why.refused:
            yield field.name, safe(each.value, _SHOWN), each.origin, safe(each.why)


def _beginning(explained: Explained) -> Iterator[str]:
    """Yield the first paragraphs, each with what stands over it, how many are not shown, and the last one."""
    from newswire.cli.safe import safe

    sections = explained.article.sections if explained.article else ()
    count = sum(len(section.paragraphs) for section in sections)
    shown = 0
    for section in sections:
        if shown >= _PARAGRAPHS:
            break
        when = f" ({section.posted_at:%Y-%m-%d %H:%M} UTC)" if section.posted_at else ""
        if section.heading or when:
            yield f"## {safe(section.heading or '')}{when}"
        for text in section.paragraphs[: _PARAGRAPHS - shown]:
            yield safe(text, 600)
            shown += 1
    if (left := count - shown - 1) > 0:
        yield f"… {left:,} more {plural('paragraph', left)} …"
    if count > shown:
        last = next(section for section in reversed(sections) if section.paragraphs)
        yield safe(last.paragraphs[-1], 600)
