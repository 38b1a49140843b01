"""JSON documents and JSONL streams to records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from newswire.text.json_document import read_json
from producers.files.found import Refusal
from producers.files.lines import lines

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file of many, or the only one."""

    number: int
    """Line or place in the array, from 1; 0 for the only one."""
    value: Any | Refusal
    """Decoded JSON, or why there is none."""
    original: bytes
    """The bytes it was read from."""


def records_of_lines(read: Callable[[int], bytes | None]) -> Iterator[Record | None]:
    """Yield the records of a JSONL stream; None whenever `read` has nothing yet. Bad lines do not end it."""
    for each in lines(read):
        if each is None:
            yield None
            continue
        number, line = each
        if isinstance(line, Refusal):
            yield Record(number, line, line.original or b"")
            continue
        if number == 1:
            line = line.removeprefix(_BOM)
        if line:
            yield Record(number, parse(line), line)


def records_of_document(data: bytes) -> Iterator[Record]:
    """Yield the records of a JSON document: the only one, or those of an array.

    A document whose first line is a record of its own is read as JSONL: many programs write that under the name `.json`.
    """
    data = data.removeprefix(_BOM)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    whole = parse(data)
    if isinstance(whole, list):
        for number, record in enumerate(whole, start=1):
            yield Record(number, record, to_json(record))
        return
    if not isinstance(whole, Refusal):
        yield Record(0, whole, data)
        return
    first, _, rest = data.lstrip().partition(b"\n")
    if rest.strip() and not isinstance(parse(first), Refusal):
        remaining = iter((data,))
        yield from (each for each in records_of_lines(lambda _: next(remaining, b"")) if each is not None)
    else:
        yield Record(0, whole, data)


def parse(data: bytes) -> Any | Refusal:
    """Return decoded JSON, or why it is none. Strict: no NaN, UTF-8 only, at most about 200 levels deep."""
    try:
        return read_json(data)
    except ValueError as error:
        return Refusal(
            "invalid-json",
            f"not valid JSON: {error} of it. Write one object a record",
            original=data,
            size=len(data),
        )
