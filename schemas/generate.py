"""Writes each event's published JSON Schema from its pydantic model: `python -m schemas.generate [--check]`.

The published schema is what *readers* validate with, so it says no more than a reader may rely on:

* It is open: unknown properties are allowed, because a later minor version may add some. The model's `extra="forbid"` is the writer's
  side; `schemas.validation.writer` derives the closed variant.
* What is not known is absent, never null (`Contract.to_data`), so an optional field `X | None` is published as plain `X`, not required.
* A field with a default other than None is always written, but is not required in the published schema: an event that was written
  before the field existed must stay valid, and a reader that misses it takes the published `default`. The writer's variant requires it.

Files are stable: properties in the model's order, keywords in a fixed order, definitions by name.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from schemas.registry import EVENTS, model, schema_id, version

if TYPE_CHECKING:
    from pydantic_core import core_schema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ROOM: Final = Path(__file__).parent
COMMAND: Final = "python -m schemas.generate"
_KEYWORD_ORDER: Final = (
    "$schema",
    "$id",
    "title",
    "description",
    "$ref",
    "type",
    "format",
    "const",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "items",
    "additionalProperties",
    "properties",
    "required",
    "default",
    "$defs",
)


def published(event: str) -> dict[str, Any]:
    """Return the JSON Schema that the event's model implies. ValueError names a property that is not described."""
    found = model(event)
    generated = found.model_json_schema(mode="serialization", schema_generator=_Published)
    body = _tidy(generated)
    body["title"] = f"{found.__name__} v{version(event)}"
    _describe(event, body)
    ordered: dict[str, Any] = _ordered({"$schema": DIALECT, "$id": schema_id(event), **body})
    return ordered


def render(event: str) -> str:
    """Return the text of the event's schema.json."""
    return json.dumps(published(event), indent=2, ensure_ascii=False) + "\n"


def path_of(event: str) -> Path:
    """Return where the event's schema.json stands in the source tree."""
    return ROOM / event / "schema.json"


def stale() -> list[Path]:
    """Return the schema files that differ from what their models imply."""
    return [path for event in EVENTS if _text(path := path_of(event)) != render(event)]


def write() -> list[Path]:
    """Write every schema file that is stale; return those."""
    written = stale()
    for path in written:
        path.write_text(render(path.parent.name), encoding="utf-8")
    return written


def main(arguments: list[str]) -> int:
    """Run the command: 0 when all is in step or was written, 5 when `--check` finds a stale file."""
    found = stale() if "--check" in arguments else write()
    for path in found:
        print(f"schemas/{path.parent.name}/schema.json", file=sys.stderr)  # noqa: T201 - a command's output
    if found and "--check" in arguments:
        print(f"do not say what the models say; run: {COMMAND}", file=sys.stderr)  # noqa: T201 - a command's output
        return 5
    return 0


class _Published(GenerateJsonSchema):
    """Renders what `Contract.to_data` writes."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: an unknown value is absent."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave out `default: null`, and nulls inside of defaults."""
        if "default" in schema and schema["default"] is None:
            return self.generate_inner(schema["schema"])
        rendered = super().default_schema(schema)
        if isinstance(rendered.get("default"), dict):
            rendered["default"] = {
                name: value for name, value in rendered["default"].items() if value is not None
            }
        return rendered

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """Leave titles of properties out: they only repeat the name."""
        return False

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002 - pydantic's signature
        """Leave sorting to `_ordered`."""
        return value


def _tidy(node: Any) -> Any:
    """Open every object, and put descriptions on one line."""
    if isinstance(node, list):
        return [_tidy(part) for part in node]
    if not isinstance(node, dict):
        return node
    tidied = {key: _tidy(value) for key, value in node.items()}
    if tidied.get("additionalProperties") is False:
        del tidied["additionalProperties"]
    if isinstance(tidied.get("description"), str):
        tidied["description"] = " ".join(tidied["description"].split())
    return tidied


def _describe(event: str, body: dict[str, Any]) -> None:
    """See that every property says what it means; a part that is used under its own name may say it at its definition."""
    definitions = body.get("$defs", {})
    for name, part in {"": body, **definitions}.items():
        for field, rules in part.get("properties", {}).items():
            if "$ref" in rules and "description" not in rules:
                rules["description"] = definitions[rules["$ref"].rpartition("/")[2]].get("description", "")
            if not rules.get("description"):
                where = f"{name or model(event).__name__}.{field}"
                raise ValueError(f"{where} of {event} has no docstring: say below the field what it means")


def _ordered(node: Any, *, names: bool = False) -> Any:
    """Put keywords in the fixed order. `names`: the keys are names of properties (kept) or definitions (sorted), not keywords."""
    if isinstance(node, list):
        return [_ordered(part) for part in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {name: _ordered(part) for name, part in node.items()}
    ordered: dict[str, Any] = {}
    for key in sorted(node, key=_rank):
        value = node[key]
        if key == "$defs":
            value = dict(sorted(value.items()))
        literal = key in ("default", "enum", "const", "required", "examples")
        ordered[key] = value if literal else _ordered(value, names=key in ("properties", "$defs"))
    return ordered


def _rank(keyword: str) -> tuple[int, str]:
    known = _KEYWORD_ORDER.index(keyword) if keyword in _KEYWORD_ORDER else len(_KEYWORD_ORDER)
    return known, keyword


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
