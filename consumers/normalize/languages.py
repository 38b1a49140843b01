"""The language of the partition that an article went to: remembered, so that its revisions follow it, and forgotten after a while.

`language:<article id>` holds `<language>@<day of last sight>` and after it the names of its source. It outlives the 30 days for which
deduplicate remembers an article that is not seen any more: until then a revision reaches the partition that knows it.
"""

from __future__ import annotations

from typing import Final

from newswire.state.contract import State
from schemas.core.source import Source
from schemas.purge.model import source_names

KEY: Final = "language:"
_CLOCK: Final = "language-hour"
_SEPARATOR: Final = "\x1f"
_HOUR_MS: Final = 60 * 60 * 1000
_HOURS_A_DAY: Final = 24
_KEPT_DAYS: Final = 45
_REFRESH_DAYS: Final = 7
"""The day of last sight is written anew only when it has moved by so much: a record on the changelog each time."""
_SLICES: Final = 256
"""Each hour one part of all articles is swept, by the first two digits of their ids: all of them in eleven days."""


def of_partition(state: State, article_id: str, language: str, source: Source, now_ms: int) -> str:
    """Return the language of the partition that an article's first capture went to, which is this one's if there was none."""
    _sweep(state, now_ms)
    today = now_ms // _HOUR_MS // _HOURS_A_DAY
    key = f"{KEY}{article_id}"
    remembered = state.get(key)
    first, seen = (language, None) if remembered is None else _read(remembered)
    if seen is None or today - seen >= _REFRESH_DAYS:
        state.put(key, _SEPARATOR.join((f"{first}@{today}", *source_names(source))).encode())
    return first


def of_source(name: str, state: State) -> list[str]:
    """Return the state keys of all articles of a source, by one of its folded names."""
    return [key for key, value in state.scan(KEY) if name in value.decode().split(_SEPARATOR)[1:]]


def _read(value: bytes) -> tuple[str, int | None]:
    """Return language and day of last sight; none in what an earlier version wrote."""
    language, _, day = value.decode().split(_SEPARATOR)[0].partition("@")
    return language, int(day) if day else None


def _sweep(state: State, now_ms: int) -> None:
    """Forget, of the parts that are due, what was not seen for long."""
    hour, before = now_ms // _HOUR_MS, int(state.get(_CLOCK) or b"0")
    if hour <= before:
        return
    state.put(_CLOCK, str(hour).encode())
    if not before:
        return
    today = hour // _HOURS_A_DAY
    for each in range(max(before, hour - _SLICES) + 1, hour + 1):
        changes: list[tuple[str, bytes | None]] = []
        for key, value in state.scan(f"{KEY}{each % _SLICES:02x}"):
            language, seen = _read(value)
            if seen is None:  # its time begins now
                rest = value.decode().split(_SEPARATOR)[1:]
                changes.append((key, _SEPARATOR.join((f"{language}@{today}", *rest)).encode()))
            elif today - seen > _KEPT_DAYS:
                changes.append((key, None))
        for key, new in changes:
            state.delete(key) if new is None else state.put(key, new)
