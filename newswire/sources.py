"""Getting at the sources: the wire knows them by name only."""

from __future__ import annotations

import importlib
from typing import Any


def source_class(kind: str) -> Any:
    """Return the class of a kind of source: by convention `producers.<kind>` has a class of that name, `FilesSource` for `files`.

    Untyped on purpose: what a source is made with is its own affair; what it is, is `newswire.capture.Source`.
    """
    return getattr(room(kind), f"{kind.capitalize()}Source")


def room(name: str) -> Any:
    """Return a room of the producers, `producers.<name>`, for commands that show what it finds. Untyped, as `source_class` is."""
    return importlib.import_module(f"producers.{name}")
