"""What is sent by those who mean harm, or by programs that are broken: bounded in time, and never an exception that is no verdict."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime

import pytest
from wire_cases import CAPTURED_AT, CASES, outcome_of

from newswire.capture import Captured
from producers.wires.capture import captures_of
from schemas.validation import writer

_HEAD = '<nitf><head><docdata><doc-id id-string="n1"/></docdata></head><body><body.head><hedline><hl1>H</hl1></hedline></body.head>'
MUTATIONS = 5


def nitf(content: str) -> bytes:
    return f"{_HEAD}<body.content>{content}</body.content></body></nitf>".encode()


def ninjs(**fields: object) -> bytes:
    return json.dumps({"uri": "u", "headline": "h", "body_text": "Some text."} | fields).encode()


def many(attribute: str) -> str:
    return f"<p {' '.join(attribute.format(n) for n in range(60_000))}>Text of it.</p>"


HOSTILE = {
    "attributes": (nitf(many("a{0}='1'")), "normalized"),
    "namespaces": (nitf(many("xmlns:a{0}='u{0}'")), "normalized"),
    "elements": (nitf("<p/>" * 310_000), "too-large"),
    "paragraphs": (nitf("<p>x y</p>" * 25_000), "not-an-article"),
    "a text of 11 MB": (nitf(f"<p>{'word ' * 2_300_000}</p>"), "invalid-xml"),
    "an item of 9 MB": (ninjs(body_text="t" * 9_000_000), "too-large"),
    "references": (nitf(f"<p>{'&nbsp;&#0;&eacute;' * 20_000}</p>"), "normalized"),
    "a bomb": (b'<!DOCTYPE n [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + nitf("&b;"), "declares-entities"),
    "a bomb in UTF-16": ('<!DOCTYPE n [<!ENTITY a "aa">]><nitf>&a;</nitf>'.encode("utf-16"), "declares-entities"),
    "an outer document": (b'<!DOCTYPE nitf SYSTEM "file:///dev/zero">' + nitf("<p>Text of it.</p>"), "normalized"),
    "arrays": (b'{"uri":"u","headline":' + b"[" * 100_000, "invalid-json"),
    "subjects": (ninjs(subject=[{"name": f"s{n}"} for n in range(60_000)]), "normalized"),
    "attributes of HTML": (ninjs(body_html=many("a{0}=1")), "normalized"),
    "nested HTML": (ninjs(body_html="<div>" * 50_000 + "<p>Text of it.</p>"), "normalized"),
    "a long headline": (ninjs(headline="h" * 100_000, slugline="s" * 1_000_000), "no-headline"),
    "half a pair": (b'{"uri":"u","headline":"\\ud800","body_text":"Some text."}', "no-headline"),
    "a version of 5,000 digits": (ninjs(version="9" * 5_000), "unreadable-version"),
    "a version of 5,000 digits in XML": (
        nitf("<p>Text.</p>").replace(b"<docdata>", b'<docdata><du-key key="k" version="' + b"9" * 5_000 + b'"/>'),
        "unreadable-version",
    ),
    "a rule that is none": (
        b"npa0003 3 i 380  npa 0045\n\nVarnhaven/bridge/\nBridge closed =\nVarnhaven (npa) - The port closed its bridge on Tuesday.\n\n"
        + b"* " * 50_000 + b"x\n\n051430 MAR 26\n",
        "normalized",
    ),
    "NaN": (b'{"uri":"u","headline":"h","version":NaN}', "invalid-json"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_bounded(name: str) -> None:
    data, expected = HOSTILE[name]
    began = time.process_time()
    (item,) = captures_of(data, source="desk", language=None, captured_at=datetime.now(UTC), path="wire")
    outcome = outcome_of(item)
    assert time.process_time() - began < 10
    found = {
        key: value.get("reason", key) for key, value in outcome.items() if key not in ("key", "captured")
    }
    assert list(found.values()) == [expected]


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_documents_broken_at_random_end_in_a_verdict(case: str) -> None:
    (wire,) = (CASES / case).glob("wire.*")
    dice = random.Random(case)
    for _ in range(MUTATIONS):
        data = bytearray(wire.read_bytes())
        for _ in range(dice.randint(1, 4)):
            at, to = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
            match dice.randrange(4):
                case 0:
                    del data[at : min(to, at + 40)]
                case 1:
                    data[at:at] = dice.choice(
                        (b"<", b">", b'"', b"&#x1F;", b"\0", b"\xff\xfe", b"null", b"[{", b"</p>")
                    )
                case 2:
                    data[at:at] = data[at : at + dice.randint(1, 200)]
                case _:
                    del data[max(at, 1) :]
        for item in captures_of(
            bytes(data), source="desk", language=None, captured_at=CAPTURED_AT, path="wire"
        ):
            outcome = outcome_of(item)
            if isinstance(item, Captured):
                writer("raw").check(item.raw.to_data())
            if "normalized" in outcome:
                writer("normalized").check(outcome["normalized"] | {"lineage": _LINEAGE})


_LINEAGE = {
    "was_derived_from": {"topic": "t", "partition": 0, "offset": 0},
    "was_generated_by": [],
}


def test_half_a_surrogate_pair_costs_none_of_the_others() -> None:
    items = [{"uri": f"urn:x:{n}", "headline": "Ferries again", "body_text": "They sail."} for n in range(10)]
    data = json.dumps(items).replace("They sail.", r"They \ud800 sail.", 1).encode()
    found = list(captures_of(data, source="desk", language=None, captured_at=datetime.now(UTC), path="wire"))
    assert len(found) == 10
    assert all(isinstance(each, Captured) for each in found)
    assert isinstance(found[0], Captured)
    assert json.loads(found[0].raw.body)["body_text"] == "They \ufffd sail."
    [alone] = captures_of(
        rb'{"uri":"u","headline":"Ferries again \udc00","body_text":"They sail."}',
        source="desk", language=None, captured_at=datetime.now(UTC), path="wire",
    )  # fmt: skip
    assert isinstance(alone, Captured)
    assert outcome_of(alone)["normalized"]["headline"] == "Ferries again \ufffd"
