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
    assert only(late).evidence.rule == "content-hash", "an earlier content, captured before"
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


def test_another_form_is_refused():
    with pytest.raises(StateFormatError, match="has format 0, this code reads 2 and 3: start the stage with"):
        Known.unpack("x", bytes(41))


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
    assert former.state.data[key][0] >> 6 == 3
    data = only(former.send("ferry", TEXT + "\nMore.", **same, paywalled=True))
    assert data.revision.changed_fields == ("sections",)
