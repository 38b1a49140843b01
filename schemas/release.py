"""Keeps the schemas of a release: `python -m schemas.release VERSION [--replace]` writes `schemas/released/`.

From then on `schemas.compatibility` compares with them. A tree with breaking changes is refused, so that a release cannot be the way
around the gate; `--replace` is for a release that nobody has taken yet.
"""

from __future__ import annotations

import shutil
import sys

from schemas import compatibility
from schemas.registry import EVENTS, version

_USAGE = "usage: python -m schemas.release VERSION [--replace]"


def release(name: str, *, replace: bool = False) -> list[str]:
    """Write the snapshot of this tree's schemas as release `name`, e.g. `0.1.0`; return the files' names below `schemas/released/`.

    Majors that are no longer written stay. ValueError when a schema file is not what its model says, and, unless `replace` is set, with
    every breaking change.
    """
    from schemas.generate import COMMAND, render, stale

    if out_of_step := stale():
        files = ", ".join(f"schemas/{path.parent.name}/schema.json" for path in out_of_step)
        raise ValueError(f"{files} do not say what the models say; run first: {COMMAND}")
    breaking = compatibility.check()
    if breaking and not replace:
        raise ValueError("\n".join(["the release would break subscribers:", *map(str, breaking)]))
    if replace:
        for event in compatibility.released():
            if event not in EVENTS:
                shutil.rmtree(compatibility.RELEASED / event)
    written = []
    for event in EVENTS:
        path = compatibility.RELEASED / event / f"v{version(event)}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(event), encoding="utf-8")
        written.append(f"{event}/{path.name}")
    (compatibility.RELEASED / "VERSION").write_text(f"{name}\n", encoding="utf-8")
    return written


def released_version() -> str | None:
    """Return the name of the release that the snapshot holds; None before the first."""
    path = compatibility.RELEASED / "VERSION"
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def main(arguments: list[str]) -> int:
    """Run the command: 0 when the snapshot was written, 2 for a wrong command line, 5 when the tree breaks the contract."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    if len(names) != 1 or set(arguments) - {*names, "--replace"}:
        print(_USAGE, file=sys.stderr)  # noqa: T201 - a command's output
        return 2
    try:
        written = release(names[0], replace="--replace" in arguments)
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command's output
        return 5
    print(f"{len(written)} schemas kept as release {names[0]}", file=sys.stderr)  # noqa: T201 - a command's output
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
