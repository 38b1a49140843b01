"""IPTC 7901 (the text message format of teleprinters, still sent): header line, keywords, headline, text, date.

SOH? ABC123 4 POL 0120 optional        service and number of the day, priority, category, words
KEYWORDS/AND MORE/                     where there are some
Headline                               where there is one
STX?    PORT ELLERY 5/3 (ABC) = Text, each paragraph indented
ETX?
051430 MAR 26                          day, hour, minute, month, year: in GMT
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from newswire.text.charset import decode
from newswire.wires.item import Block, Body, WireError, WireItem
from newswire.wires.values import urgency
from schemas.core.rights import Rights
from schemas.core.wire import Wire

_BEFORE: Final = b"\x00\x16\x7f\r\n \x01"
"""What stands before a header: filling, and SOH."""
_HEADER: Final = re.compile(
    rb"([A-Za-z]{2,10})([0-9]{1,5}) +([0-9]) +([A-Z]{1,4}) +([0-9]{1,5})(?: [^\r\n]{0,200})?\s*?[\r\n]"
)
_APART: Final = re.compile(rb"[\x01\x04]")
"""SOH begins a message, EOT ends one."""
_DATED: Final = re.compile(
    r"\b([0-3][0-9])([0-2][0-9])([0-5][0-9])\s*(?:GMT|UTC|Z)?\s*([A-Za-z]{3})[A-Za-z]*\.?\s*([0-9]{4}|[0-9]{2})\s*\Z"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_END_OF_TEXT: Final = re.compile(r"[ \t]{0,20}\./\.\S{0,20}")
_KEYWORDS: Final = re.compile(r"[^a-z]{0,200}/\s*")
_LINE: Final = re.compile(r"\r+\n?")
"""Lines end with CR, CR, LF on teleprinters."""
_INDENTED: Final = re.compile(r"\s{2,}\S")
_LONGEST_HEADLINE: Final = 4
"""Lines; more are text."""


def is_iptc7901(data: bytes) -> bool:
    """Return whether a document begins as a message of this format."""
    return _HEADER.match(data.lstrip(_BEFORE)[:400]) is not None


def messages(data: bytes) -> Iterator[bytes]:
    """Yield the messages of a document."""
    for message in _APART.split(data):
        if message.strip(_BEFORE):
            yield message


def read_iptc7901(data: bytes) -> WireItem:
    """Return the item of one message. WireError: `not-a-wire`, `undecodable`, `no-uri` where nothing says of which day it is.

    The number begins anew each day: service, number and day together are the item's uri. The format knows no versions, embargoes or
    kills: what corrects an item is another one.
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
    before, _, after = _LINE.sub("\n", text).replace("\x04", " ").rpartition("\x03")
    sent = _sent(after)
    content = before if before.strip() else _DATED.sub("", after)
    if sent is None:
        raise WireError(
            "no-uri",
            f"nothing says of which day message {service}{number} is: it needs its date at the end, as in `051430 MAR 26`",
        )
    slugline, headline, lines = _parts(content.replace("\x03", "\n"))
    return WireItem(
        wire=Wire(
            format="iptc7901",
            uri=f"iptc7901:{service.upper()}{number}:{sent:%Y-%m-%d}",
            version_created=sent,
            urgency=urgency(priority),
            slugline=slugline,
        ),
        rights=Rights(),
        headline=headline,
        published=sent.isoformat(),
        section=category,
        body=Body(blocks=tuple(_paragraphs(lines))),
    )


def _sent(text: str) -> datetime | None:
    found = _DATED.search(text.rstrip()[-100:])
    if found is None or found[4].lower() not in _MONTHS:
        return None
    year = int(found[5])
    try:
        return datetime(
            year if year > 99 else year + (2000 if year < 70 else 1900),
            _MONTHS.index(found[4].lower()) + 1,
            int(found[1]),
            int(found[2]),
            int(found[3]),
            tzinfo=UTC,
        )
    except ValueError:
        return None


def _parts(content: str) -> tuple[str | None, str | None, list[str]]:
    """Return keywords, headline and the lines of the text."""
    heading, marked, rest = content.partition("\x02")
    lines = [line.rstrip() for line in (rest if marked else heading).splitlines()]
    lines = [line for line in lines if not _END_OF_TEXT.fullmatch(line)]
    ahead = [line.strip() for line in heading.splitlines() if line.strip()] if marked else []
    # What stands before the text is not always before STX too.
    text_at = len(lines)
    for at, line in enumerate(lines):
        if len(ahead) > _LONGEST_HEADLINE or _INDENTED.match(line) or (ahead and not line):
            text_at = at
            break
        if line:
            ahead.append(line.strip())
    lines = lines[text_at:]
    keywords = [line for line in ahead if _KEYWORDS.fullmatch(line)]
    headline = [line for line in ahead if line not in keywords]
    if not any(line.strip() for line in lines):
        headline, lines = headline[:1], headline[1:]
    return " ".join(keywords).strip("/ ") or None, " ".join(headline) or None, lines


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    """Yield paragraphs: a blank line or an indentation opens one."""
    held: list[str] = []
    for line in [*lines, ""]:
        if held and (not line.strip() or _INDENTED.match(line)):
            yield Block(" ".join(held))
            held = []
        if line.strip():
            held.append(" ".join(line.split()))
