"""A state that rules 1 wrote goes on: nothing that was known is new, and what it lacks is made up for by the next record."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from consumers.deduplicate.record import Known, article_id_of
from newswire.errors import StateFormatError

HOUR = timedelta(hours=1)
TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
Mara Lindqvist, who speaks for the port, hopes that two pilots from Saltby will begin their work there in early summer."""
STATE = {
    "c": "Mjk1NDA4OA==",
    "o000000": "W3sibmFtZSI6ImhlcmFsZCIsImtpbmQiOiJmaWxlcyJ9LCJuZXdzLnJhdy52MSJd",
    "dTsKLVgi4UnOXvkDm-MriQQ": "AQQCgLWa7sozgN3bAdymtAEAAAERARqyYbXWI6+yjSSiitwbmkYlEygGQnm40lU0DEr1zQ9lk8C579oxxS0yTj2GdGBgdDtgYJVgX"
    "wDVXhV783dZGKU1XE8e6GEwcpk7X5uwQWJJgNWl07sez7VpkR4aja4oEU9/OMIgAyHZORvnMFsb2vvDcf1Xw4OtKWOxOmeO1jE0dZWVa09FndqtOGoDBpPk1h23Qo3as3h5"
    "vkbyinxEjTwTDUovpIgHSRZGZXJyeSB0byBsZWF2ZSBlYXJsaWVyGmh0dHBzOi8vbmV3cy5leGFtcGxlL2ZlcnJ5",
    "d67CNnvAsWpm_Nm2_CQqBrQ": "AQEAgO/R8cozAOKmtAEAAAIAAHGINfpPrnIggK7g0f4nSOjzHQG+TbjNG1SbK066LWDyFK/5aE7Ci1YIuFJzl75A5vjK4kE=",
    "d-j8KgVyKWrqBtmy6QIXyZQ": "AQMCgO/R8cozgN3bAeimtAEAAAQAAW6OWtMekhvVJCRI7WAgQeZ87jStBsCos09mZG9oq3AmZiHBecYCqpdxR8Hy",
}
"""An article of two revisions (`ferry`), a copy of it (`copy`) and one that was withdrawn (`gone`), four hours from the start on."""

NARROW = {
    "dTsKLVgi4UnOXvkDm-MriQQ": "hIC1mu7KMwAAAAAAAQBfANVeFXvzdye9yq2o6XH0FIwlq4NCfGYeV8ItT1go4YxIEhUG2jGTu4Y7qVgc/FFWaPrjaneuBhxj7WmtbKXB"
    "4Rs5XRvtawemUfssDF3IgN3pWzCfIugb8og8llINp1iQTDlnOivrGPza/GqJaM2lzpwYNo06SR2nArPWQnxEPM+UbiS8TFSNSQ2kir6i+gMAAAAA7t4AFkZlcnJ5IHRvIGxl"
    "YXZlIGVhcmxpZXI=",
}
"""`ferry` as the first form of rules 2 had it: its mask of compared fields had two bytes."""

THREE = {
    "dTsKLVgi4UnOXvkDm-MriQQ": "xIC1mu7KM4Dd2wEMAAABAgEasmG11iOvso0koorcG5pGJRMoBkJ5uNJVNAxK9c0PZV8A1V67njYVBhLaMTJOhjsqWRxqUVZo"
    "+uNqd64GHGPtaa1spcHhGzldG+1rB6ZR+ywMXciA3elbMJ8ieEQeS6mGUyxIppwznZV1DH5tfhXGaYlozaVmTkw2jTpJHacCs9ZCfEQ8z5RuJLxMVI1JDaSKvrJUAAAAAO"
    "7eABZGZXJyeSB0byBsZWF2ZSBlYXJsaWVy",
    "d67CNnvAsWpm_Nm2_CQqBrQ": "wYDv0fHKMwAAAQACAABZQdlQZMgtwU7Ci1YIuFJzl75A5vjK4kE=",
    "d-j8KgVyKWrqBtmy6QIXyZQ": "w4DMrfPKMwAAAAAEAgFujlrTHpIb1SQkSO1gIEHmfO40rQbAqLNPZmRvaKtwJsYCqpc=",
    "dWmWkNef6UMuQ-BDDJWBE6A": "xICpifXKMwAAAAAFAQAYddbsM8ouqR3812YSNm39CmZBMGiPOOQfpsxOSZecl72ysx0CAPiOXa4WTDsaGv//HmI3Iq/CNudU"
    "zRoB+dSZl+KWgFEmeUgFpjHsbewI06rw6ti+um8qEDXOJhYkwFAvjqPDTql8TQabSjPOxdQAUnixMLEn2fFDAoNIsNZCiMdIFlKKAAAAAAAAAAAp0J/QsNGA0L7QvCDRg9"
    "C50LTRkdGCINGA0LDQvdGM0YjQtTog0L/igKY=",
}
"""`ferry`, `copy`, `gone` and a live blog as the last form of rules 2 before today's had them (see `test_records_of_the_last_form`)."""


@pytest.fixture
def former(partition):
    partition.state.data = {key: base64.b64decode(value) for key, value in STATE.items()}
    partition.now += 4 * HOUR
    partition.offset = 10
    return partition


def only(emits):
    (emit,) = emits
    return emit.data


def test_an_article_goes_on(former):
    assert (
        only(former.send("ferry", TEXT + "\nMore.", headline="Ferry to leave earlier")).evidence.rule
        == "content-hash"
    )
    late = former.send("ferry", TEXT, headline="Ferry to leave earlier", at=former.now - 4 * HOUR)
    assert only(late).evidence.rule == "older-version", "an earlier content, captured before"
    data = only(former.send("ferry", TEXT + "\nMore, and the rest.", headline="Ferry to leave earlier"))
    assert (data.revision.number, data.revision.relation, data.revision.changed_fields) == (3, "correct", ())
    again = only(former.send("ferry", TEXT + "\nMore, and all the rest.", headline="Ferry to leave earlier"))
    assert again.revision.changed_fields == ("sections",)


def test_copies_and_siblings_of_it_are_told(former):
    data = only(former.send("x", "From our desk. " + TEXT, source="other"))
    assert (data.verdict, data.original.headline) == ("near", "Ferry to leave earlier")
    other = (
        TEXT.translate(str.maketrans("0123456789", "3456789012"))
        .replace("Norvik", "Kalvo")
        .replace("Saltby", "Ostrand")
    )
    assert (
        only(
            former.send("y", other.replace("Ellery", "Tolna").replace("Mara", "Ida"), source="other")
        ).revision.change
        == "new"
    )


def test_a_copy_and_a_withdrawal_stay_what_they_are(former):
    assert only(former.send("copy", "Our desk says this. " + TEXT)).verdict == "exact"
    former.send("gone", TEXT[:100])
    assert former.refused == [(11, "withdrawn")]


def test_it_is_written_in_the_new_form(former):
    for key, value in list(former.state.data.items()):
        if key.startswith("d"):
            known = Known.unpack(article_id_of(key), value)
            assert Known.unpack(known.article_id, known.pack()).pack() == known.pack()
            assert len(known.pack()) < len(value)


@pytest.mark.parametrize("read", [Known.unpack, lambda _, value: Known.peek(value)])
def test_another_form_is_refused(read):
    with pytest.raises(StateFormatError, match="has format 0, this code reads 1 to 4: start the stage with"):
        read("x", bytes(41))


def test_a_record_with_a_narrow_mask_of_fields_goes_on(former):
    former.state.data |= {key: base64.b64decode(value) for key, value in NARROW.items()}
    same = {"headline": "Ferry to leave earlier", "guid": "n-17", "published_at": "2026-03-02T00:00:00Z"}
    more = TEXT + "\nMore, and the rest."
    changed = same | {"guid": "n-18", "paywalled": False, "published_precision": "second"}
    data = only(former.send("ferry", more, **changed))
    assert data.revision.changed_fields == ("sections", "guid"), "of the others nothing was remembered"
    data = only(former.send("ferry", TEXT, **same, paywalled=True, published_precision="day"))
    assert data.revision.changed_fields == ("sections", "paywalled", "published_precision", "guid")


def test_a_narrow_mask_that_is_written_again_is_still_known_to_be_one(former):
    former.state.data |= {key: base64.b64decode(value) for key, value in NARROW.items()}
    same = {"headline": "Ferry to leave earlier", "guid": "n-17", "published_at": "2026-03-02T00:00:00Z"}
    assert only(former.send("ferry", TEXT, **same, after=9 * HOUR)).verdict == "exact", "seen again: written"
    (key,) = NARROW
    assert former.state.data[key][0] >> 6 == 1, "as today's"
    data = only(former.send("ferry", TEXT + "\nMore.", **same, paywalled=True))
    assert data.revision.changed_fields == ("sections",)


def test_records_of_the_last_form_are_read_as_todays(partition):
    same = {"headline": "Ferry to leave earlier", "guid": "n-17", "published_precision": "minute"}
    same |= {"published_at": "2026-03-02T07:30:00Z"}
    partition.send("ferry", TEXT, **same)
    partition.send("ferry", TEXT + "\nMore.", after=HOUR, **same, paywalled=True)
    partition.send(
        "copy", "Our desk says this. " + TEXT, source="other", after=HOUR, headline="Fähre fährt früher"
    )
    partition.send("gone", TEXT[:100], after=HOUR)
    partition.send("gone", TEXT[:100], status="canceled")
    posts = [f"{TEXT.splitlines()[2].replace('Ellery', 'Tolna')} Day {number}." for number in range(3)]
    partition.send("live", posts, headline="Паром уйдёт раньше: пилотов не хватает в порту", after=HOUR)
    written = {key: value for key, value in partition.state.data.items() if key.startswith("d")}
    assert written.keys() == THREE.keys()
    for key, value in written.items():
        before = base64.b64decode(THREE[key])
        assert (Known.unpack(key, before), Known.peek(before)) == (
            Known.unpack(key, value),
            Known.peek(value),
        )
        assert before[0] >> 6 == 3
        assert len(value) < len(before)


def test_the_last_form_goes_on(former):
    former.state.data |= {key: base64.b64decode(value) for key, value in THREE.items()}
    same = {"headline": "Ferry to leave earlier", "guid": "n-17", "published_precision": "minute"}
    data = only(former.send("ferry", TEXT, **same, published_at="2026-03-02T07:30:00Z"))
    assert (data.revision.number, data.revision.changed_fields) == (3, ("sections", "paywalled"))
    assert only(former.send("y", "From our desk. " + TEXT, source="other")).original.revision == 3
    former.send("gone", TEXT[:100])
    assert former.refused == [(12, "withdrawn")]
