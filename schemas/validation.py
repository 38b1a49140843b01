"""Checks events against their published schema: `reader(event)` for what was read, `writer(event)` for what is about to be written.

Readers take the published schema, which is open: fields they do not know are ignored. Writers take the closed variant that is derived
from it: no unknown field, and every field that has a default is there. Both are compiled (jsonschema-rs) and cached per process.
`reference(event)` is the same schema under the plain `jsonschema` package, the yardstick in tests and what subscribers in Python have.

What JSON cannot say is refused by the compiled validators with the field's path where the schema looks at the value: NaN, infinities,
bytes. Half a surrogate pair is seen only in a string that has a pattern, format or length: elsewhere it is the JSON parser (reading) and
the encoder (writing) that refuse it. Integers of any size are integers (JSON Schema sets no limit), and so is 1.0. A tuple passes for an
array.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import jsonschema_rs

from schemas.registry import schema, schema_id

if TYPE_CHECKING:
    import jsonschema.protocols

Side = Literal["reader", "writer"]
_SHOWN: Final = 80
"""Characters of an offending value that an error shows: a body may have millions."""


class Invalid(ValueError):  # noqa: N818 - read as `except Invalid`: it is the answer, not an accident
    """An event breaks its schema.

    `path` is a JSON Pointer (RFC 6901) to the offending value, or to where a missing or surplus field is or should be; `keyword` is the
    JSON Schema keyword that it breaks; `message` says what is wrong there.
    """

    def __init__(self, path: str, message: str, keyword: str) -> None:
        super().__init__(f"{path or 'the event'} {message}")
        self.path = path
        self.message = message
        self.keyword = keyword


class Validator:
    """One event's schema, compiled. `is_valid(data)` answers yes or no without making an error."""

    __slots__ = ("_compiled", "_validate", "event", "is_valid", "side")

    def __init__(self, event: str, side: Side) -> None:
        self.event = event
        self.side = side
        self._compiled = jsonschema_rs.Draft202012Validator(
            closed(event) if side == "writer" else schema(event),
            validate_formats=True,
            ignore_unknown_formats=False,
            # No backtracking: hostile text cannot make a pattern slow, and patterns stay portable.
            pattern_options=jsonschema_rs.RegexOptions(),
        )
        self._validate = self._compiled.validate
        self.is_valid = self._compiled.is_valid

    def check(self, data: Any) -> None:
        """Return if `data`, a decoded payload, is valid; otherwise raise `Invalid` with the first error found."""
        try:
            self._validate(data)
        except jsonschema_rs.ValidationError as error:
            raise next(_explained(error)) from None
        except ValueError as error:
            raise _not_json(data, error) from None

    def errors(self, data: Any) -> list[Invalid]:
        """Return all that is wrong with `data`, sorted by path."""
        try:
            found = [invalid for error in self._compiled.iter_errors(data) for invalid in _explained(error)]
        except ValueError as error:
            found = [_not_json(data, error)]
        return sorted(found, key=lambda invalid: (invalid.path, invalid.keyword))


@functools.cache
def reader(event: str) -> Validator:
    """Return the validator of what subscribers may rely on. ValueError when there is no such event."""
    return Validator(event, "reader")


@functools.cache
def writer(event: str) -> Validator:
    """Return the validator of what we may write. ValueError when there is no such event."""
    return Validator(event, "writer")


def closed(event: str) -> dict[str, Any]:
    """Return the writer's variant of an event's schema.

    Every object with named properties takes no others (`additionalProperties: false` is enough: the generator composes by `$ref` only,
    one object to a definition) and must have those with a default. Maps, such as `provenance`, stay maps.
    """
    variant: dict[str, Any] = _closed(schema(event))
    variant["$id"] = f"{schema_id(event)}:writer"
    return variant


def reference(event: str, *, closed: bool = False) -> jsonschema.protocols.Validator:
    """Return the schema under the plain `jsonschema` validator, with formats checked. Slow to import; 100 times slower to run.

    One thing is put right: `pattern` is an ECMA-262 expression, in which `$` is the end of the text. Python's `$` also matches before
    a line break at the end.
    """
    import jsonschema
    from jsonschema.validators import extend

    ecma = extend(  # type: ignore[no-untyped-call]  # not annotated there
        jsonschema.Draft202012Validator, {"pattern": _ecma_pattern}
    )
    made: jsonschema.protocols.Validator = ecma(
        _closed_schema(event) if closed else schema(event), format_checker=jsonschema.FormatChecker()
    )
    return made


_closed_schema = closed


def pointer(path: list[str | int]) -> str:
    """Return a JSON Pointer (RFC 6901) of the steps from the root; the empty string is the root."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    variant = {key: _closed(value) for key, value in node.items()}
    properties = node.get("properties")
    # A property may itself be called `properties`; only a schema has a `type` that is a string beside it.
    if isinstance(properties, dict) and node.get("type") == "object":
        variant["additionalProperties"] = False
        required = set(node.get("required", ()))
        variant["required"] = [
            name for name, rules in properties.items() if name in required or "default" in rules
        ]
    return variant


def _explained(error: jsonschema_rs.ValidationError) -> Iterator[Invalid]:
    """Yield what one error of the compiled validator says, one per missing or surplus field."""
    keyword = error.kind.name
    path = pointer(error.instance_path)
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=name):
            yield Invalid(path + pointer([_text(name)]), "is missing", keyword)
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            for name in sorted(names):
                yield Invalid(
                    path + pointer([name]), "is not in the contract: writers may not set it", keyword
                )
        case jsonschema_rs.ValidationErrorKind.Type(types=types):
            yield Invalid(path, f"is {_kind(error.instance)}, must be of type {' or '.join(types)}", keyword)
        case jsonschema_rs.ValidationErrorKind.Enum(options=options):
            allowed = ", ".join(str(option) for option in options)
            yield Invalid(path, f"is {_shown(error.instance)}, must be one of: {allowed}", keyword)
        case jsonschema_rs.ValidationErrorKind.Pattern(pattern=pattern):
            yield Invalid(path, f"is {_shown(error.instance)}, must match {pattern}", keyword)
        case jsonschema_rs.ValidationErrorKind.Format(format=name):
            yield Invalid(path, f"is {_shown(error.instance)}, which is no {name}", keyword)
        case kind:
            yield Invalid(path, f"is {_shown(error.instance)}, which breaks {keyword} {kind.value}", keyword)


def _text(name: Any) -> str:
    return name if isinstance(name, str) else str(name)


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null (what is not known is left out)"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return f"the number {value}"
        case list() | tuple():
            return "an array"
        case _:
            return "an object"


def _shown(value: Any) -> str:
    if isinstance(value, str) and len(value) > _SHOWN:
        return f"{value[:_SHOWN]!r}… ({len(value)} characters)"
    return repr(value) if isinstance(value, str | int | float) else _kind(value)


def _not_json(data: Any, error: ValueError) -> Invalid:
    """Find what in `data` JSON has no form for; the compiled validator only says that there is something."""
    for path, value in _walk(data, []):
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            return Invalid(pointer(path), "holds half of a surrogate pair, which is no Unicode text", "type")
        if not isinstance(value, str | int | float | list | tuple | Mapping | None):
            return Invalid(
                pointer(path), f"is a Python {type(value).__name__}, which JSON has no form for", "type"
            )
    return Invalid("", f"cannot be written as JSON: {error}", "type")


def _walk(value: Any, path: list[str | int]) -> Iterator[tuple[list[str | int], Any]]:
    yield path, value
    if isinstance(value, Mapping):
        for name, part in value.items():
            # The path of a name that is no text ends at its object.
            yield from _walk(name, path) if not isinstance(name, str) else _walk(part, [*path, name])
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _walk(part, [*path, index])


def _ecma_pattern(
    validator: Any,  # noqa: ARG001 - jsonschema's signature for a keyword
    pattern: str,
    instance: Any,
    schema: Any,  # noqa: ARG001 - jsonschema's signature for a keyword
) -> Iterator[Any]:
    import re

    import jsonschema

    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")
