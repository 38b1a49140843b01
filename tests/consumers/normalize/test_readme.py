"""The normalize room's README says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import consumers.normalize
from consumers import purges

ROOM = Path(str(consumers.normalize.__file__)).parent
README = (ROOM / "README.md").read_text(encoding="utf-8")


def test_every_module_is_documented() -> None:
    table = README.partition("| module |")[2].partition("## Fields")[0]
    modules = {path.stem for path in ROOM.glob("*.py")} - {"__init__", "extraction"}
    assert modules <= set(re.findall(r"`([a-z_]+)`", table))


def test_every_reason_is_documented() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    reasons = set(re.findall(r"(?:Reject|Drop)\(\s*\"([a-z-]+)\"", code)) | {purges.REASON}
    assert reasons == set(
        re.findall(r"^\| `([a-z-]+)` \|", README.partition("## Rejections")[2], re.MULTILINE)
    )
