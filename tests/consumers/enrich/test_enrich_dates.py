"""Date expressions: what is found, what it means, what is left alone. All texts are published on Thursday, 1 February 2024."""

from __future__ import annotations

from datetime import date

import pytest

from consumers.enrich.dates import find_dates

PUBLISHED = date(2024, 2, 1)

ENGLISH = [
    ("He said on Thursday that it was over.", [("Thursday", "2024-02-01")]),
    ("The White House said on Wednesday that it knew.", [("Wednesday", "2024-01-31")]),
    ("Three soldiers were killed on Sunday.", [("Sunday", "2024-01-28")]),
    ("The court will decide on Monday.", [("Monday", "2024-02-05")]),
    (
        "He said on Tuesday he will travel on Saturday.",
        [("Tuesday", "2024-01-30"), ("Saturday", "2024-02-03")],
    ),
    ("They were due to meet on Friday.", [("Friday", "2024-02-02")]),
    ("Council to vote on Friday", [("Friday", "2024-02-02")]),
    ("Kishida to be questioned on Monday", [("Monday", "2024-02-05")]),
    ("On Friday, councillors are due to meet.", [("Friday", "2024-02-02")]),
    ("A hearing is set for Wednesday.", [("Wednesday", "2024-02-07")]),
    ("Airlines expect delays until Sunday.", [("Sunday", "2024-02-04")]),
    ("The concert is this Saturday.", [("this Saturday", "2024-02-03")]),
    ("On Tuesday, police said that two had died.", [("Tuesday", "2024-01-30")]),
    ("Police on Tuesday arrested two men.", [("Tuesday", "2024-01-30")]),
    ("The bridge closed on Friday.", [("Friday", "2024-01-26")]),
    ("The firm announced on Tuesday a new plan.", [("Tuesday", "2024-01-30")]),
    ("Ministers met to discuss the crisis on Sunday.", [("Sunday", "2024-01-28")]),
    ("He failed to appear on Monday.", [("Monday", "2024-01-29")]),
    ("He was released on a bail of $20,000 on Monday.", [("Monday", "2024-01-29")]),
    ("She told the BBC in London on Monday that he would go.", [("Monday", "2024-01-29")]),
    ("The vote on Monday was close.", [("Monday", "2024-01-29")]),
    ("The fair opens on Friday, 2 August.", [("Friday, 2 August", "2024-08-02")]),
    ("It was cancelled last Thursday.", [("last Thursday", "2024-01-25")]),
    ("It was cancelled last Monday.", [("last Monday", "2024-01-29")]),
    ("She left on Monday night.", [("Monday night", "2024-01-29")]),
    ("Talks resume next Monday.", [("next Monday", "2024-02-05")]),
    ("Talks on Friday last week failed.", [("Friday last week", "2024-01-26")]),
    ("Yesterday it rained, today it snowed.", [("Yesterday", "2024-01-31"), ("today", "2024-02-01")]),
    (
        "It snowed last night and this morning.",
        [("last night", "2024-01-31"), ("this morning", "2024-02-01")],
    ),
    ("It will snow tomorrow.", [("tomorrow", "2024-02-02")]),
    ("Three were killed last weekend.", [("last weekend", "2024-01-27/2024-01-28")]),
    ("Shops were closed over the weekend.", [("the weekend", "2024-01-27/2024-01-28")]),
    ("Shops will be closed at the weekend.", [("the weekend", "2024-02-03/2024-02-04")]),
    ("Prices rose last week.", [("last week", "2024-01-22/2024-01-28")]),
    ("Prices rose last month and last year.", [("last month", "2024-01"), ("last year", "2023")]),
    ("It happened two days ago.", [("two days ago", "2024-01-30")]),
    ("It happened 3 years ago.", [("3 years ago", "2021")]),
    ("It was signed on 2 February 2023.", [("2 February 2023", "2023-02-02")]),
    ("It was signed on February 2, 2023.", [("February 2, 2023", "2023-02-02")]),
    ("It was signed on Feb. 2nd, 2023.", [("Feb. 2nd, 2023", "2023-02-02")]),
    ("It was signed on Friday, 2 February.", [("Friday, 2 February", "2024-02-02")]),
    ("It was signed on 12 December.", [("12 December", "2023-12-12")]),
    ("It will be signed on 12 December.", [("12 December", "2024-12-12")]),
    ("The talks ran from 5-8 January 2024.", [("5-8 January 2024", "2024-01-05/2024-01-08")]),
    (
        "The talks ran January 28 to February 3, 2024.",
        [("January 28 to February 3, 2024", "2024-01-28/2024-02-03")],
    ),
    ("It closed in March 2020.", [("March 2020", "2020-03")]),
    ("It closed in December.", [("December", "2023-12")]),
    ("It fell from March to August 2011.", [("March to August 2011", "2011-03/2011-08")]),
    ("It closed in July last year.", [("July last year", "2023-07")]),
    ("He was born in 1961.", [("1961", "1961")]),
    ("He ruled from 1990 to 1995.", [("1990 to 1995", "1990/1995")]),
    ("The 2014 election was close.", [("2014", "2014")]),
    ("He lived (1914–1918) there.", [("1914–1918", "1914/1918")]),
    ("Music of the 1980s.", [("1980s", "1980/1989")]),
    ("Since 9/11 much has changed.", [("9/11", "2001-09-11")]),
    ("Updated 2024-01-15 by the desk.", [("2024-01-15", "2024-01-15")]),
    ("Updated 15/01/2024 by the desk.", [("15/01/2024", "2024-01-15")]),
]

LEFT_ALONE = [
    # The present tense may be a plan or a headline's past.
    "The council votes on Friday.",
    "The court hears the case on Tuesday.",
    "Aberdeen and Turkey play on Tuesday.",
    "The strike is on Monday.",
    "The match on Sunday is sold out.",
    "Ministers say talks on Friday are crucial.",
    "Friday’s vote is crucial, he said.",
    "The vote is crucial, and it is on Friday, he said.",
    "The striker, injured in Leeds, plays on Saturday.",
    "The minister, elected to the house, addresses the nation on Tuesday.",
    # The day may be that of the announcement or that of what was announced.
    "Unions announced a strike on Friday.",
    "He agreed to resign on Friday.",
    "He could be released on Friday.",
    "He would resign on Friday.",
    "The match was cancelled due to heavy rain on Monday.",
    "The vote was moved to Friday.",
    "The vote, scheduled for Friday, was delayed.",
    "He was in hospital until Friday.",
    "He will be charged over the attack on Sunday.",
    "Prices are higher than expected on Friday.",
    "The meeting had been scheduled for Monday.",
    # Five months ahead or seven back.
    "The law takes effect on 1 July.",
    "The festival runs from 12 to 18 August.",
    # Six days ago or tomorrow: only a verb beside it tells.
    "He won praise for the match on Friday.",
    "She was born in November and is 40 in May.",
    "She was born on 3 March.",
    "He said that the vote on 20 April was wrong.",
    "Updated 02/01/2024 by the desk.",
    "The shop opens every Monday.",
    "Black Friday was quiet.",
    "He wrote for the Sunday Times.",
    "Theresa May resigned.",
    "They may march in protest.",
    "She earned 2000 dollars and 1999 shares.",
    "It is a 1500-page report.",
    "The score was 3-2.",
    "Version 10.12.1 is out.",
    "It cost £2024.",
    "Talks resume next Friday.",
    "On 31 February nothing happens.",
    "It was almost ten years ago.",
    "In 1832 he fought. The duel took place on 30 May.",
]

WORLD = [
    ("de", "Das sagte er am Mittwoch in Berlin.", [("Mittwoch", "2024-01-31")]),
    ("de", "Am 3. Februar 2024 wird gewählt.", [("3. Februar 2024", "2024-02-03")]),
    ("de", "Er starb gestern, am 31.01.2024.", [("gestern", "2024-01-31"), ("31.01.2024", "2024-01-31")]),
    ("de", "Am kommenden Montag tagt der Rat.", [("kommenden Montag", "2024-02-05")]),
    ("de", "Am Freitag tagt der Rat.", []),
    ("de", "Bis morgen früh, am Morgen.", []),
    ("fr", "Il est mort mercredi, a dit sa famille.", [("mercredi", "2024-01-31")]),
    ("de", "Das Treffen ist am Freitag.", []),
    ("de", "Das Treffen ist am Freitag geplant.", []),
    ("de", "Er ist am Montag gestorben.", [("Montag", "2024-01-29")]),
    ("de", "Am Montag hat die Polizei zwei Männer verhaftet.", [("Montag", "2024-01-29")]),
    ("de", "Sie kündigte einen Streik am Montag an.", []),
    ("de", "Am Freitag tagt der Rat, der 2020 gewählt wurde.", []),
    ("de", "Die Sitzung wurde auf Montag verschoben.", []),
    ("fr", "Il a décrété un deuil national vendredi.", []),
    ("fr", "Il a annoncé une grève lundi.", []),
    ("fr", "Il a annoncé lundi une grève.", [("lundi", "2024-01-29")]),
    ("fr", "Le vote a lieu mardi.", []),
    ("fr", "Le match est lundi.", []),
    ("fr", "Le vote se tient mardi, a dit le maire.", []),
    ("fr", "Le vote aura lieu le 30 mars.", [("30 mars", "2024-03-30")]),
    ("fr", "Le vote se tiendra le 30 mars, selon l’Élysée.", [("30 mars", "2024-03-30")]),
    ("fr", "La session reprendra le 15 janvier.", []),
    ("fr", "Le texte fut adopté le 2 octobre.", [("2 octobre", "2023-10-02")]),
    ("es", "Anunció una huelga el martes.", []),
    ("es", "Murió el martes.", [("martes", "2024-01-30")]),
    ("es", "El partido es el martes.", []),
    ("fr", "Le 1er mars 2023, il est parti.", [("1er mars 2023", "2023-03-01")]),
    (
        "fr",
        "Lundi dernier, hier et aujourd’hui.",
        [("Lundi dernier", "2024-01-29"), ("hier", "2024-01-31"), ("aujourd’hui", "2024-02-01")],
    ),
    (
        "es",
        "Murió el pasado miércoles 31 de enero de 2024.",
        [("miércoles 31 de enero de 2024", "2024-01-31")],
    ),
    ("es", "Mañana por la mañana.", []),
    ("it", "È morto ieri, il 31 gennaio 2024.", [("ieri", "2024-01-31"), ("31 gennaio 2024", "2024-01-31")]),
    (
        "pt",
        "Ontem, 31 de janeiro de 2024.",
        [("Ontem", "2024-01-31"), ("31 de janeiro de 2024", "2024-01-31")],
    ),
    ("ru", "Он умер 3 января 2024 года.", [("3 января 2024", "2024-01-03")]),
    ("pl", "Zmarł 3 stycznia 2024 r.", [("3 stycznia 2024", "2024-01-03")]),
    ("xx", "Whatever on Monday, 2024-01-15.", [("2024-01-15", "2024-01-15")]),
]


def resolved(text: str, published: date | None, language: str) -> list[tuple[str, str]]:
    return [
        (
            text[found.start : found.end],
            found.span.first
            if found.span.first == found.span.last
            else f"{found.span.first}/{found.span.last}",
        )
        for found in find_dates(text, published, language)
    ]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english(text: str, expected: list[tuple[str, str]]) -> None:
    assert resolved(text, PUBLISHED, "en") == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_no_date_or_not_safe_is_left_alone(text: str) -> None:
    assert [words for words, _ in resolved(text, PUBLISHED, "en") if words != "1832"] == []


@pytest.mark.parametrize(("language", "text", "expected"), WORLD)
def test_other_languages(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert resolved(text, PUBLISHED, language) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (date(2024, 1, 27), "2024-01-20/2024-01-21"),
        (date(2024, 1, 29), "2024-01-27/2024-01-28"),
        (date(2024, 2, 4), "2024-01-27/2024-01-28"),
    ],
)
def test_last_weekend_is_never_the_one_of_publication(published: date, expected: str) -> None:
    assert resolved("It was last weekend.", published, "en") == [("last weekend", expected)]


def test_without_a_publication_date_only_complete_dates_are_resolved() -> None:
    text = "On Thursday, yesterday, 2 February, in December, last week and on 3 March 2023."
    assert resolved(text, None, "en") == [("3 March 2023", "2023-03-03")]


@pytest.mark.parametrize("published", [date.min, date.max])
def test_a_placeholder_date_of_publication_is_none(published: date) -> None:
    assert resolved("It was last weekend, two days ago, tomorrow.", published, "en") == []
