"""The files source's README says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import producers.files
from producers.files.article import FIELDS
from producers.files.formats import BY_SUFFIX

ROOM = Path(str(producers.files.__file__)).parent
README = (ROOM / "README.md").read_text(encoding="utf-8")


def test_every_field_and_its_other_names_are_documented() -> None:
    table = README.partition("## A record")[2].partition("## What a raw")[0]
    documented = set(re.findall(r"`([a-z_]+)`", table))
    assert {name for field, others in FIELDS.items() for name in (field, *others)} <= documented


def test_every_suffix_is_documented() -> None:
    assert set(BY_SUFFIX) <= set(re.findall(r"`(\.[a-z]+)`", README))


def test_every_reason_is_documented() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    reasons = set(re.findall(r"Refusal\(\s*\"([a-z-]+)\"", code))
    table = README.partition("## What is refused")[2].partition("## Watching")[0]
    assert reasons == set(re.findall(r"`([a-z]+(?:-[a-z]+)+|binary|schema|unreadable)`", table))
