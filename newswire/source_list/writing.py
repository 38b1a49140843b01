"""Adds sources to `sources.toml`. What people wrote there, comments and order, stays as it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import tomlkit
from filelock import FileLock

from newswire.errors import UsageError
from newswire.source_list.model import ListedSource
from newswire.source_list.reading import parse, read_list

_BEGINNING: Final = """# The sources of Newswire: what each setting means is in docs/sources.md.
# Add more with `newswire sources add URL` and `newswire sources import FILE.opml`, or by hand.
"""


def add_sources(path: Path, sources: Sequence[ListedSource]) -> None:
    """Append sources to a list, which is made if it is not there. All of them, or none: UsageError says why.

    The file is replaced at once, so that a reader finds either the old list or the new one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            read_list(path, missing_is_empty=True)  # what is not right is not touched
            before = path.read_bytes().decode() if path.exists() else _BEGINNING
            after = _appended(before, sources)
            parse(after.encode(), str(path))
            _replace(path, after)
    except OSError as error:
        raise UsageError(
            f"the list of sources at {path} cannot be written: {error.strerror or error}"
        ) from error


def _appended(text: str, sources: Sequence[ListedSource]) -> str:
    """Return the text with the tables behind it. Comments at its end stay where they are, before what is added."""
    pieces = [text if not text or text.endswith("\n") else f"{text}\n"]
    for source in sources:
        document = tomlkit.document()
        table = tomlkit.table()
        for name, value in _written(source).items():
            table.add(name, value)
        listed = tomlkit.aot()
        listed.append(table)
        document.add("source", listed)
        pieces.append(f"\n{tomlkit.dumps(document)}")
    return "".join(pieces)


def _written(source: ListedSource) -> dict[str, Any]:
    """Return what has to be written of a source: what is not the default."""
    given = source.model_dump(exclude_defaults=True)
    given["kind"] = source.kind  # a reader should not have to know the default
    order = [name for name in type(source).model_fields if name in given]
    return {name: list(given[name]) if isinstance(given[name], tuple) else given[name] for name in order}


def _replace(path: Path, text: str) -> None:
    target = path.resolve()  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
