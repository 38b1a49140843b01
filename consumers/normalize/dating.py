"""Which of the dates found are those of publication and change, and what to know before trusting them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal

from consumers.normalize.choose import Choice, No, choose, printable
from consumers.normalize.dates import read_moment
from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.source_zone import offset_of_address
from newswire.dates import NO_OFFSET, Moment, in_zone, offset_in, without_time
from schemas.core.provenance import Provenance, Refused

DateNote = Literal["offset-inferred", "future", "edit-time", "frozen"]
_DAY: Final = timedelta(days=1)
_TWO_DAYS: Final = timedelta(days=2)
_MINUTE: Final = timedelta(minutes=1)
_NO_PLACE_FURTHER: Final = timedelta(hours=14)
_QUARTER: Final = timedelta(minutes=15)
_SAME_OFFSET: Final = timedelta(days=7)
"""Two dates of a page within a week have the same offset, but for the two weeks in which clocks are changed."""
_OFFSET: Final = re.compile(r"[T ]\d{1,2}:?\d{2}.*?\s*([+-])(\d{2}):?(\d{2})$")
_LONGEST: Final = 100
"""Characters of a date that are searched for its offset. Of a `time` element it may be a megabyte of spaces."""
_MACHINES: Final = ("item", "jsonld", "microdata", "opengraph", "meta", "url")


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of an article."""

    published: Choice[Moment]
    modified: Choice[Moment]
    notes: tuple[DateNote, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    by: Candidate
    moment: Moment | str


def choose_dates(
    found: Extraction, captured_at: datetime, address: str | None, zone: str | None = None
) -> Dates:
    """Return the dates of publication and change, the provenance of both, and notes.

    Of the candidates the first that can be read is taken. Refused are, beside what `read_moment` refuses, a date of publication that is
    also the date of change while another says that the article was published before (`edit-time`), and for a change days without a time and
    what lies before the publication. `future`: a date was refused since it lies more than a day after the capture, or the one taken lies
    after it.

    A time without an offset is completed (`offset-inferred`) by, in this order, another date of the same field that names the same
    minute with an offset, the source's `zone` as configured, the offset of another date of the page within a week, and the zone of a
    country that has one, by the `address`.
    Else it is taken as its day. Where the first date is only a day, or a midnight, an instant of the item's on that day is taken.
    """
    latest = captured_at + _DAY
    published = [_Read(each, read_moment(each.value, not_after=latest)) for each in found.of("published_at")]
    modified = [_Read(each, read_moment(each.value, not_after=latest)) for each in found.of("modified_at")]
    published = _with_time_of_day(published, [*published, *modified], address, zone)
    notes: list[DateNote] = []
    edits = _edit_times(published, modified)
    inferred: set[str] = set()

    def read(value: str, own: Sequence[_Read]) -> Moment | No:
        moment = next(each.moment for each in own if each.by.value == value)
        if isinstance(moment, str):
            return No(moment)
        whole = _with_offset(moment, own, [*published, *modified], address, zone)
        if whole is not None and moment.note == NO_OFFSET:
            inferred.update(printable(each.by.raw or value) for each in own if each.by.value == value)
        return whole or without_time(moment)

    def read_published(value: str) -> Moment | No:
        return (
            No("the time of an edit: another date says that it was published before")
            if value in edits
            else read(value, published)
        )

    first = choose([each.by for each in published], read_published)

    def read_modified(value: str) -> Moment | No:
        moment = read(value, modified)
        if isinstance(moment, Moment) and moment.precision == "day":
            return No("only a day: a change needs a time")
        if isinstance(moment, Moment) and first.value and _is_before(moment, first.value):
            return No("lies before the publication")
        return moment

    last = choose([each.by for each in modified], read_modified)
    if edits:
        notes.append("edit-time")
    if any(isinstance(each.moment, str) and "future" in each.moment for each in published) or (
        first.value and first.value.value > captured_at
    ):
        notes.append("future")
    if any(_raw(each) in inferred for each in (first, last)):
        notes.append("offset-inferred")
    return Dates(_noted(first, inferred), _noted(last, inferred), tuple(sorted(notes)))


def written_offset(moment: Moment | None) -> str | None:
    """Return the offset from UTC in which a time is written, as `+01:00`; None for days and where it is not known."""
    if moment is None or moment.offset is None or moment.precision == "day":
        return None
    minutes = round(moment.offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _with_time_of_day(
    own: list[_Read], every: Sequence[_Read], address: str | None, zone: str | None
) -> list[_Read]:
    """Return the dates with the instant that the item names before the first date, if that is its day and no more.

    A feed writes UTC where its page writes the day of its country: either may be the day, and so may that of the offset as written.
    """
    at = next((place for place, each in enumerate(own) if isinstance(each.moment, Moment)), None)
    if at is None or own[at].by.origin == "item":
        return own
    first = own[at].moment
    assert isinstance(first, Moment)
    first = _with_offset(first, own, every, address, zone) or without_time(first)
    if first.precision != "day" and not _is_midnight(first):
        return own
    day = _as_written(first).date()
    for each in own[at + 1 :]:
        moment = each.moment
        if each.by.origin != "item" or isinstance(moment, str) or moment.precision == "day":
            continue
        offsets = (
            moment.offset,
            timedelta(),
            offset_in(zone, moment.value),
            offset_of_address(address, moment.value),
        )
        if not _is_midnight(moment) and any(
            (moment.value + offset).date() == day for offset in offsets if offset is not None
        ):
            rest = [other for other in own if other is not each]
            return [*rest[:at], each, *rest[at:]]
    return own


def _as_written(moment: Moment) -> datetime:
    return moment.value + (moment.offset or timedelta())


def _is_midnight(moment: Moment) -> bool:
    """Return whether a time is one that is put where only the day is known."""
    return _as_written(moment).time() == time.min


def _edit_times(published: Sequence[_Read], modified: Sequence[_Read]) -> set[str]:
    """Return the dates of publication, before the one to be taken, that are those of a change.

    They name the same minute as a date of change, and another date of publication, of machines for machines, is earlier.
    """
    changes = [
        each.moment.value
        for each in modified
        if isinstance(each.moment, Moment) and each.moment.precision != "day"
    ]
    edits: set[str] = set()
    for each in published:
        moment = each.moment
        if isinstance(moment, str):
            continue
        is_change = moment.precision != "day" and any(abs(moment.value - at) < _MINUTE for at in changes)
        if not is_change or not any(_is_earlier(other, moment) for other in published):
            break
        edits.add(each.by.value)
    return edits


def _is_earlier(other: _Read, than: Moment) -> bool:
    if isinstance(other.moment, str) or other.by.origin not in _MACHINES or other.by.confidence < 0.5:
        return False
    # A day may be another one in UTC, and so may a time without offset.
    sure = (
        _TWO_DAYS if other.moment.precision == "day" else _DAY if other.moment.note == NO_OFFSET else _MINUTE
    )
    return than.value - other.moment.value >= sure


def _with_offset(
    moment: Moment, own: Sequence[_Read], every: Sequence[_Read], address: str | None, zone: str | None
) -> Moment | None:
    """Return the moment with its offset from UTC, inferred where it was not given; None when there is nothing to infer it from."""
    if moment.note != NO_OFFSET:
        return moment
    for each in own:
        other = each.moment
        said = each.by.origin in _MACHINES and isinstance(other, Moment) and other.precision != "day"
        if isinstance(other, Moment) and said and other.note is None:
            apart = moment.value.replace(second=0) - other.value.replace(second=0)
            if abs(apart) <= _NO_PLACE_FURTHER and not apart % _QUARTER:
                return Moment(other.value, moment.precision, offset=apart)
    as_configured = in_zone(moment, zone)
    if as_configured is not moment:
        return as_configured
    for each in every:
        if isinstance(each.moment, Moment) and abs(each.moment.value - moment.value) <= _SAME_OFFSET:
            written = _OFFSET.search(each.by.value[-_LONGEST:])
            if written:
                size = timedelta(hours=int(written[2]), minutes=int(written[3]))
                size = -size if written[1] == "-" else size
                if size:  # +00:00 is also what is written by who knows no offset
                    return Moment(moment.value - size, moment.precision, offset=size)
    offset = offset_of_address(address, moment.value)
    return None if offset is None else Moment(moment.value - offset, moment.precision, offset=offset)


def _is_before(changed: Moment, published: Moment) -> bool:
    if published.precision == "day":
        return changed.value.date() < published.value.date()
    return changed.value < published.value.replace(second=0)


def _raw(choice: Choice[Moment]) -> str | None:
    return choice.provenance.raw if choice.provenance and choice.value else None


def _noted(choice: Choice[Moment], inferred: set[str]) -> Choice[Moment]:
    """Put beside a moment what was not taken of it (the time of one without offset), or that its offset is inferred."""
    why = choice.provenance
    if why is None or choice.value is None or why.raw is None:
        return choice
    if why.raw in inferred:
        note = Refused(
            value=printable(why.raw), origin=why.origin, why="no offset from UTC is given: it is inferred"
        )
        confidence = round(why.confidence * 0.8, 3)
    elif choice.value.note:
        note, confidence = (
            Refused(value=printable(why.raw), origin=why.origin, why=choice.value.note),
            why.confidence,
        )
    else:
        return choice
    refused = (note, *why.refused)
    return Choice(
        choice.value, Provenance(origin=why.origin, raw=why.raw, confidence=confidence, refused=refused)
    )
