"""A function that a script calls at once with its arguments: how Nuxt writes a state in which values come more than once."""

from __future__ import annotations

import re
from typing import Any, Final

from consumers.normalize.script_state.literals import Literal, read_literal

_SET: Final = re.compile(
    r"\s{0,20}(?P<name>[A-Za-z_$][\w$]{0,60})(?:\.(?P<key>[\w$]{1,60})|\[\"?(?P<at>[^\"\]\n]{1,60})\"?\])\s?=\s?"
    r"(?:(?P<other>[A-Za-z_$][\w$]{0,60})(?=;)|(?P<plain>(?:-?\d[\d.]{0,20}|![01]|void 0|null|true|false)(?=;)))?;?"
)
_RETURN: Final = re.compile(r"\s{0,20};?\s{0,20}return\s{0,5}")
_CALL: Final = re.compile(r"\s{0,5};?\s{0,5}\}\s?\)?\s?(?=\()")
_MOST_SET: Final = 20_000


def read_call(text: str, at: int, parameters: str) -> Literal:
    """Return what a function gives back, whose body begins at a place, with the arguments behind it in the place of its `parameters`.

    Of its body only assignments to parts of its parameters and one `return` are read; anything else, and there is no value.
    """
    names = [each.strip() for each in parameters.split(",")]
    set_: list[tuple[str, str, Literal | str | None]] = []
    while len(set_) < _MOST_SET and (found := _SET.match(text, at)) and not _RETURN.match(text, at):
        value: Literal | str | None = found["other"] or None
        at = found.end()
        if not (found["other"] or found["plain"]):
            value = read_literal(text, at)
            if not value.is_whole:
                return value
            at = value.end + (text[value.end : value.end + 1] == ";")
        set_.append((found["name"], found["key"] or found["at"], value))
    begins = _RETURN.match(text, at)
    given = read_literal(text, begins.end()) if begins else Literal(None, at, is_whole=False)
    called = _CALL.match(text, given.end) if given.is_whole else None
    arguments = read_literal(text, called.end()) if called else Literal(None, given.end, is_whole=False)
    if not isinstance(arguments.value, list):
        return Literal(None, arguments.end, is_whole=False)
    known = dict(zip(names, arguments.value, strict=False))
    for name in {name for name, _, _ in set_}:
        if not isinstance(known.get(name), (dict, list)):
            known[name] = {}  # `Array(3)`
    slots = list(given.names)
    for name, key, value in set_:
        slots += value.names if isinstance(value, Literal) else ()
        _put(known[name], key, known.get(value) if isinstance(value, str) else value.value if value else None)
    for container, key, name in slots:
        if name in known:
            container[key] = known[name]
    return Literal(given.value, arguments.end)


def _put(container: Any, key: str, value: Any) -> None:
    if isinstance(container, dict):
        container[key] = value
    elif key.isdigit() and int(key) <= len(container):
        container[int(key) :] = [value, *container[int(key) + 1 :]]
