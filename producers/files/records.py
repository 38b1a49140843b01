"""JSON documents and JSONL streams to records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic_core import from_json

from producers.files.found import Refusal
from producers.files.lines import lines

_BOM: Final = b"\xef\xbb\xbf"


def records_of_lines(read: Callable[[int], bytes | None]) -> Iterator[tuple[int, Any | Refusal] | None]:
    """Yield (line number, record or refusal) of a JSONL stream; None whenever `read` has nothing yet. Bad lines do not end it."""
    for each in lines(read):
        if each is None:
            yield None
            continue
        number, line = each
        if isinstance(line, Refusal):
            yield number, line
            continue
        if number == 1:
            line = line.removeprefix(_BOM)
        if line:
            yield number, parse(line)


def records_of_document(data: bytes) -> Iterator[tuple[int, Any | Refusal]]:
    """Yield (number, record or refusal) of a JSON document: one record (number 0), or an array of them (from 1).

    A document whose first line is a record of its own is read as JSONL: many programs write that under the name `.json`.
    """
    data = data.removeprefix(_BOM)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    whole = parse(data)
    if isinstance(whole, list):
        yield from enumerate(whole, start=1)
        return
    if not isinstance(whole, Refusal):
        yield 0, whole
        return
    first, _, rest = data.lstrip().partition(b"\n")
    if rest.strip() and not isinstance(parse(first), Refusal):
        remaining = iter((data,))
        yield from (each for each in records_of_lines(lambda _: next(remaining, b"")) if each is not None)
    else:
        yield 0, whole


def parse(data: bytes) -> Any | Refusal:
    """Return decoded JSON, or why it is none. Strict: no NaN, no lone surrogates, UTF-8 only, at most about 200 levels deep."""
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError as error:
        return Refusal(
            "invalid-json",
            f"not valid JSON: {error} of it. Write one object a record",
            original=data,
            size=len(data),
        )
