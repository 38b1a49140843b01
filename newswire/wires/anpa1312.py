"""ANPA 1312, also NAA 89-3: the high-speed wire of North America, of which AP, CP, UPI and AAP each have a dialect.

SYN SYN SOH  a0123 US selector         level of service, number of the day
r a DC3 DC1  BC-US--Bridge  1stLd-Writethru a0101 03-05 0416      priority, category, kind of text, keyword, version, reference, day, words
STX ^BC-US--Bridge, 1st Ld-Writethru,416<
^Bridge closed after crack found<
^Eds: Updates with quotes.<
^By SOMEBODY=
    TAB VARNHAVEN (AP) _ Text, each paragraph a line
ETX AP-WF-03-05-26 0337GMT<  EOT
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from newswire.text.charset import decode
from newswire.text.hygiene import line as one_line
from newswire.wires import desk_words
from newswire.wires.embargo_words import embargo_in, is_embargo_note
from newswire.wires.item import Block, Body, WireError, WireItem
from newswire.wires.text_lines import is_indented, lines_of, paragraphs
from newswire.written_dates.zones import offset_of
from schemas.core.rights import Rights
from schemas.core.wire import Wire

_BEFORE: Final = re.compile(rb"(?:[\x00\x16\x7f\r\n \x01]|\x05[^\r\n]{0,200}\r?\n)*")
"""Filling, codes of receivers, and SOH."""
_HEADER: Final = re.compile(
    rb"([A-Za-z]?)([0-9]{4})(?:[A-Za-z0-9_ -]{0,16}\x1f)?([A-Za-z0-9-]{0,8})\r*\n"
    rb"([A-Za-z]) ([A-Za-z])(?:[\x13\x14]([\x11\x12]))? +([^\s\x00-\x1f]{1,40})([^\r\n]{0,80}?) ([0-9]{1,2})-([0-9]{1,2})"
    rb" +([0-9]{1,5})[ \r]*\n"
)
_TABULAR: Final = b"\x12"
_STX: Final = "\x02"
_ETX: Final = "\x03"
_SENT: Final = (
    re.compile(r"(?P<who>[A-Z]{2,5})-[A-Z]{2,3}-(?P<m>\d\d)-(?P<d>\d\d)-(?P<y>\d\d) (?P<h>\d\d)(?P<min>\d\d)\s?(?P<zone>[A-Z]{1,4})?\W*$"),
    re.compile(r"(?P<who>)(?P<h>\d\d):(?P<min>\d\d)\s?(?P<zone>[A-Z]{1,4})?\s+(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d\d)\W*$"),
    re.compile(r"(?P<who>)(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d\d) (?P<h>\d\d)-(?P<min>\d\d)-\d\d(?P<zone>)\W*$"),
)  # fmt: skip
"""The line of transmission of AP, CP and AAP."""
_PRIORITIES: Final = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "h": 5}
"""Flash, bulletin, urgent, regular, deferred. What others mean differs between agencies."""
_SLUG: Final = re.compile(r"^(?P<slug>.{1,120}?)(?:, ?(?P<version>[^,]{1,60}))?,[0-9 ]{1,5}$")
_CYCLE: Final = re.compile(r"^(?:am|pm|bc|ap)-", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"^([A-Za-z])([0-9]{4})$")
_NUMBERS: Final = re.compile(r"\b[A-Za-z][0-9]{4}\b|\b[A-Z]{2}[0-9]{2}\b")
_ADVANCE: Final = re.compile(r"\badv ?([0-3]?[0-9])\b", re.IGNORECASE)
_TTS: Final = ((" _ ", " — "), ("``", "“"), ("''", "”"))
"""What teletypesetters had no characters for."""
_FIELD: Final = re.compile(r"^HL: ?")
_LONGEST_ADVANCE: Final = timedelta(days=31)
_FEWEST_IN_ROW: Final = 2
"""`;` of a line that is a row of a table, and more."""
_MOST_BEFORE: Final = 60
"""Lines before a text; more are text."""
_FOR_EMBARGOES: Final = 2


@dataclass(frozen=True, slots=True)
class _Header:
    level: str
    number: str
    priority: str
    category: str
    tabular: bool
    keyword: str
    version: str
    filed: tuple[int, int]
    ends: int


def is_anpa1312(data: bytes) -> bool:
    """Return whether a document begins as a message of this format."""
    return _header_of(data[:2_000]) is not None


def read_anpa1312(data: bytes) -> WireItem:
    """Return the item of one message.

    WireError: `not-a-wire`, `undecodable`, `unreadable-embargo`, `no-uri` where nothing says of which day it is. Level of service, number
    and day together are the item's uri: the number begins anew each day. Otherwise as `read_iptc7901`.
    """
    header = _header_of(data)
    if header is None:
        raise WireError("not-a-wire", "it does not begin with the header of ANPA 1312")
    try:
        text = decode(data[header.ends :].removeprefix(b"\x02")).text
    except ValueError as error:
        raise WireError("undecodable", f"{error}: send it in ASCII or UTF-8") from error
    text = lines_of(text).replace(_STX, "\n").replace("\x04", " ")
    sent, written, provider, text = _sent(text, header)
    ahead, body = _parts(text.replace(_ETX, "\n").split("\n"))
    units = list(_units(ahead))
    slug, version = _slug(units, header)
    blocks = tuple(_blocks(body, tabular=header.tabular))
    first = [one_line(block.text) for block in blocks[:_FOR_EMBARGOES]]
    until, withheld = embargo_in([*map(one_line, units), *first], sent)
    if (day := _advance(f"{header.keyword} {version}", sent)) is not None:
        until, withheld = max(day, until or day), False
    held = [each for each in units if is_embargo_note(one_line(each))]
    heading = desk_words.read_heading([_FIELD.sub("", each) for each in units if each not in held])
    notes = (*held, *heading.notes)
    signals = tuple(
        dict.fromkeys((*desk_words.signals_in_version(_NUMBERS.sub("", version)), *heading.signals))
    )
    told = (*units, *(block.text for block in blocks[:3]))
    killed = _named(told, header, version, killed=True) if "kill" in signals else None
    of_another = desk_words.of_another(signals) if not killed else None
    named = _named((*units, version), header, version, killed=False) if of_another else None
    other = _uri(named, header, sent) if named else None
    return WireItem(
        wire=Wire(
            format="anpa1312",
            uri=_uri(killed, header, sent) if killed else _uri((header.level, header.number), header, sent),
            version_created=sent,
            urgency=_PRIORITIES.get(header.priority),
            slugline=slug,
            ed_note=" ".join(notes) or None,
            byline=heading.byline,
            provider=provider,
            signals=signals,
            corrects=other if of_another == "corrects" else None,
            associations=desk_words.goes_with(other, of_another),
        ),
        rights=Rights(
            status="canceled" if killed else "withheld" if withheld else "usable", embargoed_until=until
        ),
        headline=heading.lines[0] if heading.lines else None,
        summary=" ".join(heading.lines[1:]) or None,
        published=written,
        section=header.category,
        body=Body(blocks=tuple(block for block in blocks if not is_embargo_note(one_line(block.text)))),
    )


def _header_of(data: bytes) -> _Header | None:
    before = _BEFORE.match(data)
    found = _HEADER.match(data, before.end() if before else 0)
    if found is None:
        return None
    level, number, _, priority, category, kind, keyword, version, one, other, _ = found.groups()
    return _Header(
        level.decode().upper(),
        number.decode(),
        priority.decode().lower(),
        category.decode().lower(),
        kind == _TABULAR,
        keyword.decode("latin-1"),
        " ".join(version.decode("latin-1").split()),
        (int(one), int(other)),
        found.end(),
    )


def _uri(named: tuple[str, str], header: _Header, sent: datetime) -> str:
    level, number = named
    day = desk_words.day_of(number, header.number, sent)
    return f"anpa1312:{level.upper()}{number.zfill(4)}:{day:%Y-%m-%d}"


def _named(texts: Sequence[str], header: _Header, version: str, *, killed: bool) -> tuple[str, str] | None:
    """Return level and number of the message that another one kills or corrects; its reference says it, or its words."""
    for word in reversed(re.split(r"[\s,]+", version)):
        if found := _REFERENCE.match(word):
            return found[1].upper(), found[2]
    if not header.level:
        return None
    number = desk_words.number_named(texts, header.level, own=header.number, killed=killed)
    return (header.level, number) if number else None


def _sent(text: str, header: _Header) -> tuple[datetime, str, str | None, str]:
    """Return when a message was sent, that as written, by whom, and the text without it."""
    tail = text.rstrip()
    at = max(tail.rfind("\n"), tail.rfind(_ETX)) + 1
    last = tail[at:].strip().strip("<^").strip()
    found = next((match for form in _SENT if (match := form.search(last))), None)
    moment = _moment(found, header) if found else None
    if found is None or moment is None:
        raise WireError(
            "no-uri",
            f"nothing says of which day message {header.level}{header.number} is: it needs its line of transmission at the end, "
            "as in `AP-WF-03-05-26 0337GMT`",
        )
    local, offset = moment
    sent = (local - (offset or timedelta())).replace(tzinfo=UTC)
    return (
        sent,
        sent.isoformat() if offset is not None else local.isoformat(),
        found["who"] or None,
        tail[:at],
    )


def _moment(found: re.Match[str], header: _Header) -> tuple[datetime, timedelta | None] | None:
    """Return local time and offset of a line of transmission. Which number is the month is told by the form, unless it cannot be one."""
    day, month = int(found["d"]), int(found["m"])
    if month > 12 or header.filed == (day, month) != (month, day):
        day, month = month, day
    try:
        local = datetime(2000 + int(found["y"]), month, day, int(found["h"]), int(found["min"]))  # noqa: DTZ001 - its zone comes next
        return local, offset_of(found["zone"], local) if found["zone"] else None
    except ValueError:
        return None


def _parts(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines before the text and those of it."""
    begin = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    lines = lines[begin:]
    marked = bool(lines) and lines[0].startswith("^")
    for at, line in enumerate(lines):
        open_still = at > 0 and not lines[at - 1].rstrip().endswith(("<", "=", "@"))
        unmarked = marked and not line.startswith("^") and not open_still
        if is_indented(line) or line.count(";") > _FEWEST_IN_ROW or unmarked or at == _MOST_BEFORE:
            return lines[:at], desk_words.without_sign_off(lines[at:])
    return lines, []


def _units(lines: Sequence[str]) -> Iterator[str]:
    """Yield what stands before the text: `^` begins a unit, where there are such."""
    marked = any(line.startswith("^") for line in lines)
    held: list[str] = []
    for line in lines:
        if held and (line.startswith("^") or not marked):
            yield " ".join(held)
            held = []
        if text := _plain(line):
            held.append(text)
    if held:
        yield " ".join(held)


def _slug(units: list[str], header: _Header) -> tuple[str, str]:
    """Return slugline and version; the line that repeats them is taken out of the units."""
    keyword = _CYCLE.sub("", header.keyword)
    version = header.version
    for at, unit in enumerate(units[:2]):
        found = _SLUG.match(unit)
        begins = unit.lower() == keyword.lower() or (
            at > 0 and unit.lower().startswith(f"{keyword.lower()} ")
        )
        if found or _CYCLE.match(unit) or begins:
            slug, _, last = (found["slug"] if found else unit).partition(", ")
            if last and not desk_words.signals_in_version(last):
                slug, last = f"{slug}, {last}", ""
            del units[at]
            return _CYCLE.sub("", slug).rstrip(", "), ", ".join(
                filter(None, (version, last, found and found["version"]))
            )
    return keyword, version


def _plain(line: str) -> str:
    text = " ".join(line.strip().strip("^").rstrip("<=@ ").split())
    for given, meant in _TTS:
        text = text.replace(given, meant)
    return text


def _blocks(lines: Sequence[str], *, tabular: bool) -> Iterator[Block]:
    """Yield the paragraphs of a text; each line of a table is one."""
    held: list[str] = []
    for line in [*lines, "^"]:
        row = tabular or line.count(";") > _FEWEST_IN_ROW
        if line.startswith("^") or row:
            yield from (Block(_plain(block.text)) for block in paragraphs(held) if block.text.strip("_<= "))
            held = []
            text = _plain(line)
            if text:
                yield Block(text, is_heading=line.startswith("^") and not row and line.rstrip().endswith("="))
        else:
            held.append(line)


def _advance(words: str, sent: datetime) -> datetime | None:
    """Return when the day of an advance begins (`Adv05`), where it begins last on earth."""
    found = _ADVANCE.search(words)
    if found is None:
        return None
    for ahead in range(_LONGEST_ADVANCE.days + 1):
        day: date = sent.date() + timedelta(days=ahead)
        if day.day == int(found[1]):
            return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return None
