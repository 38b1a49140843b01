"""Embargoes in words: which lines are one, and until when. Too late rather than too early; news of an embargo is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.wires import WireError
from newswire.wires.embargo_words import embargo_in

SENT = datetime(2026, 3, 3, 9, 31, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 0001 GMT THURSDAY, MARCH 5", "2026-03-05T00:01"),
        ("Embargo: 5 March 2026 14:00 GMT", "2026-03-05T14:00"),
        ("EMBARGOED UNTIL 2026-03-05T10:00:00+02:00", "2026-03-05T08:00"),
        ("EMBARGOED FOR PUBLICATION UNTIL Mar 5, 2026 at 10:00 am ET", "2026-03-05T15:00"),
        ("HOLD FOR RELEASE 6 P.M. EST", "2026-03-03T23:00"),
        ("NOT FOR RELEASE BEFORE 0001 GMT MARCH 5", "2026-03-05T00:01"),
        ("Not for publication or broadcast before 10:00 GMT tomorrow", "2026-03-04T10:00"),
        ("Sperrfrist: 04.03.2026, 10:00 Uhr MEZ", "2026-03-04T09:00"),
        ("Embargo : mercredi 4 mars 12 h", "2026-03-05T00:00"),  # no zone: where it is twelve last
        ("Sperrfrist 5. März 14.00 Uhr - Rede wird erwartet", "2026-03-06T02:00"),
        ("(Sperrfrist: 18.00 Uhr)", "2026-03-04T06:00"),
        ("EMBARGO JUSQU'AU 5 mars à 18h00", "2026-03-06T06:00"),
        ("EMBARGO 03/04/2026 10:00 GMT", "2026-04-03T10:00"),  # March 4 or April 3: the later
        ("EMBARGOED UNTIL 0901 GMT", "2026-03-04T09:01"),  # it is past today
        ("FOR RELEASE SUNDAY, MARCH 8, 2026, AND THEREAFTER", "2026-03-08T12:00"),
        ("embargoed until noon GMT tomorrow", "2026-03-04T12:00"),
        ("embargoed until midnight GMT", "2026-03-04T00:00"),
        ("EMBARGOED UNTIL JANUARY 1 1000 GMT", "2027-01-01T10:00"),
        ("EMBARGOED UNTIL FEBRUARY 20 1000 GMT", "2026-02-20T10:00"),  # it is over
    ],
)
def test_until_when(line: str, until: str) -> None:
    assert embargo_in(["Bridge closed", line], SENT) == (datetime.fromisoformat(f"{until}+00:00"), False)


@pytest.mark.parametrize(
    "line",
    ["EMBARGOED", "Embargoed until the minister speaks", "UNDER EMBARGO:", "Sperrfrist", "HOLD FOR RELEASE"],
)
def test_an_embargo_without_a_time_holds_all_the_same(line: str) -> None:
    assert embargo_in([line], SENT) == (None, True)


@pytest.mark.parametrize(
    "line",
    [
        "EU widens arms embargo against Varnia",
        "Embargo on arms extended until 2030",
        "Embargo against Varnia until 2030 agreed",
        "Embargo lifted",
        "Embargo: none",
        "FOR IMMEDIATE RELEASE",
        "Hold the front page",
        "The port was held until 6 p.m.",
        "",
    ],
)
def test_what_is_none(line: str) -> None:
    assert embargo_in([line], SENT) == (None, False)


@pytest.mark.parametrize(
    "line", ["Embargoed until 45 March", "Sperrfrist 31. Februar", "EMBARGO 99/99/2026", "Embargo: 7 or so"]
)
def test_a_time_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(WireError) as refused:
        embargo_in([line], SENT)
    assert refused.value.reason == "unreadable-embargo"


def test_of_several_the_last_holds() -> None:
    lines = ["EMBARGOED UNTIL 1000 GMT MARCH 4", "EMBARGOED UNTIL 1000 GMT MARCH 6", "EMBARGOED"]
    assert embargo_in(lines, SENT) == (datetime(2026, 3, 6, 10, tzinfo=UTC), False)


@given(st.text(max_size=60))
def test_whatever_follows_holds_or_is_refused(rest: str) -> None:
    try:
        until, withheld = embargo_in([f"EMBARGOED UNTIL {rest}"], SENT)
    except WireError:
        return
    assert (
        withheld
        or until is not None
        or any(
            word in rest.lower()
            for word in ("lifted", "no", "off", "kein", "n/a", "lev", "aufg", "entf", "remo")
        )
    )
