"""IPTC 7901 (the text message format of teleprinters, still sent): header line, keywords, headline, text, date.

SOH? ABC0123 4 pl 0120 optional        service and number of the day, priority, category, words
Keywords/And more/                     where there are some
REFILE                                 what the desk says of it, where it does
Headline =                             where there is one
By Somebody =
STX?    PORT ELLERY 5/3 (ABC) = Text, its paragraphs indented or apart
ETX?
051430 MAR 26                          day, hour, minute, month, year: in GMT
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from newswire.text.charset import decode
from newswire.text.hygiene import line as one_line
from newswire.wires import desk_words
from newswire.wires.embargo_words import embargo_in, is_embargo_note
from newswire.wires.item import Body, WireError, WireItem
from newswire.wires.text_lines import is_indented, lines_of, paragraphs
from newswire.wires.values import urgency
from newswire.written_dates.months import month_of
from newswire.written_dates.zones import offset_of
from schemas.core.rights import Rights
from schemas.core.wire import Wire

_BEFORE: Final = b"\x00\x16\x7f\r\n \x01"
"""What stands before a header: filling, and SOH."""
_HEADER: Final = re.compile(
    rb"([A-Za-z]{2,10})([0-9]{1,5}) +([0-9]) +([A-Za-z]{1,4}) +([0-9]{1,5})(?: [^\r\n]{0,200})?\s*?[\r\n]"
)
_APART: Final = re.compile(rb"[\x01\x04]")
"""SOH begins a message, EOT ends one."""
_MONTHS: Final = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DATED: Final = re.compile(
    rf"\b([0-3][0-9])([0-2][0-9])([0-5][0-9])\s*(?!(?:{_MONTHS})\b)([A-Z]{{1,5}})?\s*([^\W\d_]{{3,9}})\.?\s*([0-9]{{4}}|[0-9]{{2}})\s*\Z"
)
_SHORT: Final = re.compile(r"[^\s/]{1,60}(?:/[^\s/]{0,60}){1,12}\s*")
_KEYWORDS: Final = re.compile(r"[^/]{1,60}(?:/[^/]{0,60}){0,20}/\s*")
_MOST_KEYWORDS: Final = 20
"""Lines of them."""
_LONGEST_HEADLINE: Final = 4
"""Lines; more are text, unless a headline is marked by `=` at its end,"""
_LONGEST_MARKED: Final = 16
"""within so many."""
_FOR_EMBARGOES: Final = 2
"""Paragraphs of the text in which a note may hold it."""


def is_iptc7901(data: bytes) -> bool:
    """Return whether a document begins as a message of this format."""
    return _HEADER.match(data.lstrip(_BEFORE)[:400]) is not None


def messages(data: bytes) -> Iterator[bytes]:
    """Yield the messages of a document."""
    for message in _APART.split(data):
        if message.strip(_BEFORE):
            yield message


def read_iptc7901(data: bytes) -> WireItem:
    """Return the item of one message.

    WireError: `not-a-wire`, `undecodable`, `unreadable-embargo`, `no-uri` where nothing says of which day it is. The number begins anew
    each day: service, number and day together are the item's uri. The format knows no versions, embargoes or kills; what the desk writes of
    them is read (`desk_words`, `embargo_words`). A message that kills another one by its number is taken as a version of that.
    """
    whole = data.lstrip(_BEFORE)
    header = _HEADER.match(whole)
    if header is None:
        raise WireError("not-a-wire", "it does not begin with the header of IPTC 7901")
    service, number, priority, category, _ = (part.decode("ascii") for part in header.groups())
    try:
        text = decode(whole[header.end() :]).text
    except ValueError as error:
        raise WireError("undecodable", f"{error}: send it in UTF-8 or ISO 8859-1") from error
    before, _, after = lines_of(text).replace("\x04", " ").rpartition("\x03")
    sent = _sent(after)
    content = before if before.strip() else _DATED.sub("", after)
    if sent is None:
        raise WireError(
            "no-uri",
            f"nothing says of which day message {service}{number} is: it needs its date at the end, as in `051430 MAR 26`",
        )
    slugline, ahead, lines = _parts(content.replace("\x03", "\n"))
    lines, note = desk_words.without_notebook(lines)
    blocks = tuple(paragraphs(lines))
    first = [block.text for block in blocks[:_FOR_EMBARGOES]]
    until, withheld = embargo_in([one_line(each) for each in (*ahead, *first)], sent)
    heading = desk_words.read_heading([each for each in ahead if not is_embargo_note(one_line(each))])
    notes = [
        *(each.rstrip("= ") for each in ahead if is_embargo_note(one_line(each))),
        *heading.notes,
        *((note,) if note else ()),
    ]
    signals = tuple(dict.fromkeys((*heading.signals, *(("kill",) if _says_kill(slugline) else ()))))
    told = (*ahead, *notes, *(block.text for block in blocks[:3]))
    killed = desk_words.number_named(told, service, own=number, killed=True) if "kill" in signals else None
    of_another = desk_words.of_another(signals) if not killed else None
    named = (
        desk_words.number_named((*ahead, *notes), service, own=number, killed=False) if of_another else None
    )
    other = _uri(service, named, number, sent) if named else None
    return WireItem(
        wire=Wire(
            format="iptc7901",
            uri=_uri(service, killed or number, number, sent),
            version_created=sent,
            urgency=urgency(priority),
            slugline=slugline,
            ed_note=" ".join(notes) or None,
            byline=heading.byline,
            signals=signals,
            corrects=other if of_another == "corrects" else None,
            associations=desk_words.goes_with(other, of_another),
        ),
        rights=Rights(
            status="canceled" if killed else "withheld" if withheld else "usable", embargoed_until=until
        ),
        headline=heading.headline or (heading.byline if not blocks else None),
        published=sent.isoformat(),
        section=category,
        body=Body(blocks=tuple(block for block in blocks if not is_embargo_note(block.text))),
    )


def _uri(service: str, named: str, own: str, sent: datetime) -> str:
    day = desk_words.day_of(named, own, sent)
    return f"iptc7901:{service.upper()}{named.zfill(len(own))}:{day:%Y-%m-%d}"


def _says_kill(slugline: str | None) -> bool:
    return any(desk_words.signal_of(word) == "kill" for word in (slugline or "").split("/") if word.strip())


def _sent(text: str) -> datetime | None:
    found = _DATED.search(text.rstrip()[-100:])
    month = month_of(found[5]) if found else None
    if found is None or month is None:
        return None
    year = int(found[6])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    try:
        local = datetime(year, month, int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - its zone comes next
        return (local - (offset_of(found[4] or "GMT", local) or timedelta())).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _parts(content: str) -> tuple[str | None, list[str], list[str]]:
    """Return keywords, what stands before the text, and the lines of the text."""
    heading, marked, rest = content.partition("\x02")
    lines = [line.rstrip() for line in (rest if marked else heading).split("\n")]
    before = [line.strip() for line in heading.split("\n") if line.strip()] if marked else []
    before, lines = before[:_MOST_KEYWORDS], [*before[_MOST_KEYWORDS:], *lines]
    keywords = [line for line in before if _KEYWORDS.fullmatch(line) or _SHORT.fullmatch(line)]
    ahead = [line for line in before if line not in keywords]
    if not marked:
        begin = 0
        while (
            begin < len(lines)
            and not is_indented(lines[begin])
            and (not lines[begin] or _KEYWORDS.fullmatch(lines[begin]))
        ):
            keywords += [lines[begin]] if lines[begin] and len(keywords) < _MOST_KEYWORDS else []
            begin += 1
        lines = lines[begin:]
    # What stands before the text is not always before STX too.
    end = next(
        (
            at
            for at, line in enumerate(lines[:_LONGEST_MARKED])
            if line.endswith("=") and not is_indented(line)
        ),
        None,
    )
    if end is None or any(is_indented(line) for line in lines[:end]):
        end = _end_of_heading(lines, len(ahead))
    else:
        while (
            end + 1 < min(len(lines), _LONGEST_MARKED)
            and lines[end + 1].endswith("=")
            and not is_indented(lines[end + 1])
        ):
            end += 1
        end += 1
    ahead += [line for line in lines[:end] if line]
    lines = lines[end:]
    if not any(line.strip() for line in lines):
        ahead, lines = ahead[:1], ahead[1:]
    return " ".join(keywords).strip("/ ") or None, ahead, lines


def _end_of_heading(lines: list[str], ahead: int) -> int:
    for at, line in enumerate(lines):
        if ahead > _LONGEST_HEADLINE or is_indented(line) or (ahead and not line):
            return at
        ahead += bool(line)
    return len(lines)
