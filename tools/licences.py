"""Lists the licence of each library that newswire runs with, as the library itself says: `python tools/licences.py`."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
_SHORT: Final = 60  # characters: a longer `License` is the text of one


def runtime_libraries() -> list[str]:
    """Return the names of all that `requirements.lock` installs on this machine."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = [Requirement(line.rstrip(" \\")) for line in re.findall(r"^[\w.-]+==.*$", text, re.MULTILINE)]
    return sorted({canonicalize_name(r.name) for r in found if r.marker is None or r.marker.evaluate()})


def licence_of(name: str) -> str:
    """Return what an installed library says its licence is: an SPDX expression where it has one, else its own words."""
    told = distribution(name).metadata
    expression, own = told.get("License-Expression"), (told.get("License") or "").strip()
    if expression:
        return str(expression)
    classified = [c.split(" :: ")[-1] for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    return own if own and len(own) < _SHORT and "\n" not in own else ", ".join(classified)


if __name__ == "__main__":
    for library in runtime_libraries():
        print(f"{library:<28} {distribution(library).version:<14} {licence_of(library)}")
