"""Brings all that is generated from the contract in step: `python -m newswire.contracts.generate [--check]`.

Schemas from models, then docs/asyncapi.yaml and docs/contracts.md from schemas and topology.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import schemas

ROOT: Final = Path(schemas.__file__).parents[1]
COMMAND: Final = "python -m newswire.contracts.generate"


def stale() -> list[str]:
    """Return the names, from the repository's root, of the generated files that are not what they should be."""
    return [name for name, text in _wanted() if _text(ROOT / name) != text]


def write() -> list[str]:
    """Write the files that are stale; return their names."""
    written = []
    for name, text in _wanted():
        if _text(ROOT / name) != text:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(text, encoding="utf-8")
            written.append(name)
            schemas.schema.cache_clear()
    return written


def main(arguments: list[str]) -> int:
    """Run the command: 0 when all is in step or was written, 5 when `--check` finds a stale file."""
    check = "--check" in arguments
    found = stale() if check else write()
    for name in found:
        print(name, file=sys.stderr)  # noqa: T201 - a command's output
    if check and found:
        print(f"are out of step with the contract; run: {COMMAND}", file=sys.stderr)  # noqa: T201 - a command's output
        return 5
    return 0


def _wanted() -> Iterator[tuple[str, str]]:
    """Yield each file's name and text; the documents after the schemas that they are made from."""
    from newswire.contracts import asyncapi, page
    from schemas import generate

    for event in schemas.EVENTS:
        yield f"schemas/{event}/schema.json", generate.render(event)
    yield "docs/asyncapi.yaml", asyncapi.render()
    yield "docs/contracts.md", page.render()


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
