"""Reads `sources.toml`, and says of what is wrong in it where it stands and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from newswire.errors import UsageError
from newswire.source_list.model import ListedSource, SourceList, same_address

MAX_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = re.compile(r"\s*\[\[\s*[\"']?source[\"']?\s*\]\]")
_SHOWN: Final = 10


def read_list(path: Path, *, missing_is_empty: bool = False) -> SourceList:
    """Return the list in a file. UsageError names file, line, source and field of what is wrong, and what to do."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        if missing_is_empty:
            return SourceList()
        raise UsageError(
            f"there is no list of sources at {path}: make one with `newswire sources add URL` or `newswire sources import FILE.opml`, or "
            "name another with --sources or NEWSWIRE_SOURCES"
        ) from None
    except OSError as error:
        raise UsageError(f"the list of sources at {path} cannot be read: {error.strerror}") from error
    return parse(data, str(path))


def parse(data: bytes, where: str) -> SourceList:
    """Return the list that the bytes of a file hold; `where` names the file in errors (UsageError)."""
    if len(data) > MAX_BYTES:
        raise UsageError(f"{where} is larger than {MAX_BYTES:,} bytes: split it, and name one with --sources")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{where}, line {line}: not UTF-8: save it as UTF-8") from None
    try:
        found: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise UsageError(
            f"{where} is no valid TOML: {error}. Values in quotes, one `name = value` a line"
        ) from None
    places = _Places(text, found.get("source"))
    try:
        parsed = SourceList.model_validate(found)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)
        raise _refusal(where, [_message(each, places) for each in details]) from None
    doubles = list(_doubles(parsed.source, places))
    if doubles:
        raise _refusal(where, doubles)
    return parsed


def _refusal(where: str, messages: Sequence[str]) -> UsageError:
    more = f"\n  … and {len(messages) - _SHOWN} more" if len(messages) > _SHOWN else ""
    return UsageError(f"{where} is not right:\n  " + "\n  ".join(messages[:_SHOWN]) + more)


class _Places:
    """Where each source stands in the text."""

    def __init__(self, text: str, sources: object) -> None:
        self._lines = text.splitlines()
        self._begins = [n for n, line in enumerate(self._lines) if _HEADER.match(line)]
        self._names = (
            [each.get("name") if isinstance(each, dict) else None for each in sources]
            if isinstance(sources, list)
            else []
        )
        if len(self._begins) != len(self._names):
            self._begins = []  # written in another way, or within a text of several lines

    def of(self, number: int, field: str | None = None) -> str:
        """Return the place of a source, or of its field, for people: line, number, name."""
        name = self._names[number] if number < len(self._names) else None
        shown = f"source {number + 1}" + (f" ({name!r:.60})" if isinstance(name, str) else "")
        if not self._begins:
            return shown
        first = self._begins[number]
        end = self._begins[number + 1] if number + 1 < len(self._begins) else len(self._lines)
        assigned = re.compile(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=") if field else None
        line = next((n for n in range(first, end) if assigned and assigned.match(self._lines[n])), first)
        return f"line {line + 1}, {shown}"


_ADVICE: Final = {
    "extra_forbidden": "there is no such setting: leave it out, or mend its spelling",
    "missing": "it must be there",
    "string_type": "it must be a text in quotes",
    "bool_type": "it must be true or false, without quotes",
    "tuple_type": 'it must be a list of texts: ["one", "two"]',
    "greater_than_equal": "it must be 60s at least",
    "less_than_equal": "it must be 30d at most",
}
_FORMS: Final = {
    "name": "a name has lower-case letters, digits, `.`, `_` and `-`, begins with a letter or digit, and has at most 100 characters",
    "kind": "a kind is feed or sitemap",
    "language": "a language is written as in BCP 47: en, en-GB, pt-BR",
    "country": "a country is two capital letters (ISO 3166-1): GB",
}
_BEGIN: Final = "sources are written as tables that begin with [[source]]"


def _message(error: ErrorDetails, places: _Places) -> str:
    location = error["loc"]
    form = _FORMS.get(str(location[-1])) if error["type"] == "string_pattern_mismatch" else None
    advice = form or _ADVICE.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if location[:1] == ("source",) and len(location) > 1 and isinstance(location[1], int):
        field = ".".join(str(part) for part in location[2:])
        return f"{places.of(location[1], str(location[2]) if field else None)}{f', {field}' if field else ''}: {advice}"
    name = ".".join(str(part) for part in location)
    return f"{name}: {_BEGIN if name == 'source' else f'there is no such setting here: {_BEGIN}'}"


def _doubles(sources: Sequence[ListedSource], places: _Places) -> Iterator[str]:
    for field in ("name", "url"):
        first: dict[str, int] = {}
        for number, source in enumerate(sources):
            key = source.name if field == "name" else same_address(source.url)
            before = first.setdefault(key, number)
            if before != number:
                yield f"{places.of(number, field)}: it has the {field} of {places.of(before, field)}: leave one of them out"
