"""Every case folder gives what it says, and what it gives is valid."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from wire_cases import CAPTURED_AT, CASES, outcomes_of

from newswire.capture import Captured
from newswire.wires import read_item
from producers.wires.capture import captures_of
from schemas.validation import writer

ALL = sorted(path.name for path in CASES.iterdir())


@pytest.mark.parametrize("case", ALL)
def test_case(case: str) -> None:
    folder: Path = CASES / case
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert outcomes_of(folder) == expected
    for outcome in expected:
        assert "internal" not in outcome


@pytest.mark.parametrize("case", ALL)
def test_what_is_captured_is_valid_and_holds_what_came(case: str) -> None:
    (wire,) = (CASES / case).glob("wire.*")
    data = wire.read_bytes()
    items = list(captures_of(data, source="desk", language="en", captured_at=CAPTURED_AT, path=wire.name))
    assert items
    for item in items:
        if isinstance(item, Captured):
            writer("raw").check(item.raw.to_data())
            body = item.raw.body.encode()
            if item.raw.body_encoding == "base64":
                body = base64.b64decode(body)
            if len(items) == 1 and "#" not in (item.raw.path or ""):
                assert body == data
            assert read_item(body).wire.uri == item.raw.guid
        else:
            assert item.original


def test_there_are_cases_of_every_format() -> None:
    assert len(ALL) >= 40
    for start in ("ninjs-", "g2-", "nitf-", "newsml-", "iptc7901-", "anpa1312-", "mail-", "other-"):
        assert len([name for name in ALL if name.startswith(start)]) >= 4
